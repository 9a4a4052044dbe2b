"""Use cases of jobs. Products submit through here and nowhere else."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from overprint.core.codec import Json, digest
from overprint.core.crowd import PatientCrowd
from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, NotFound
from overprint.db.database import Database, Transaction
from overprint.engine import graph, job_pauses
from overprint.engine.events import Event, read_events
from overprint.engine.forecast import Forecast
from overprint.engine.job import JOB_ENDED, JobState, Origin
from overprint.engine.outlook import Outlook, expected_seconds, outlook
from overprint.engine.participants import JobInfo
from overprint.engine.retention import JOBS_PER_BATCH
from overprint.engine.schedule import ScheduleContext
from overprint.engine.store import (
    Edit,
    delete_edit,
    delete_some_work,
    delete_work,
    find_edits,
    hold_work,
    save_edit,
)
from overprint.features import audit
from overprint.features.billing import Plans, Quote, Quotes, check_reason
from overprint.features.jobs import store
from overprint.features.jobs.rules import Sums, sums_of
from overprint.features.jobs.store import Row
from overprint.features.library import works
from overprint.features.teams import Action, permit, permit_site

PAGE_MAX = 200
IMPORTS_AT_ONCE, IMPORTS_ASKED_MAX = 2, 8
"""Works that a process takes in: each unpacks up to 2 GB onto the disk, and opens clips in a child. A team takes in one
of them at a time, and so many may wait with it."""
PAUSED_MAX, STOPPED_AT_ONCE = timedelta(days=30), 1000
PAUSED = "It is paused. What was made is kept; the rest is made once you go on."


class Renewal(Protocol):
    """What the next job of a work is asked when an earlier one is run again: of the work as it stands now, for what was
    changed since. With a principal it is about to begin; without, somebody asks what it would do."""

    async def __call__(self, transaction: Transaction, principal: Principal | None, job: Row, /) -> Json: ...


@dataclass(frozen=True, slots=True)
class Jobs:
    """``poke`` tells workers and watchers that something was committed. ``renewals``: of kinds of jobs whose works are
    changed beside them; others are asked again what they were. ``imports``: held by whoever takes a work in, who
    joined ``imports_of_team`` before."""

    rules: graph.Rules
    poke: Callable[[], None]
    quotes: Quotes
    plans: Plans
    renewals: Mapping[str, Renewal] = field(default_factory=dict)
    imports: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, IMPORTS_AT_ONCE))
    imports_of_team: PatientCrowd = field(default_factory=partial(PatientCrowd, 1, IMPORTS_ASKED_MAX))

    async def submit(
        self,
        transaction: Transaction,
        principal: Principal,
        kind: str,
        request: Json,
        *,
        title: str = "",
        lineage: UUID | None = None,
        project_id: UUID | None = None,
        idempotency_key: str | None = None,
        rerun_of: UUID | None = None,
        has_outputs: bool = False,
    ) -> Row:
        """Set a job going. The same request under the same idempotency key answers the job that was made first.

        What it may cost at most is held for it; of a work that was made before, or that brings outputs from elsewhere
        (``has_outputs``), what is not there already. Raises ``Conflict`` when the key was another request's, or when
        the work ``lineage`` is being made; ``NotInPlan``; ``TooOften`` over the day's quota; ``OutOfCredits``.
        """
        permit(principal, Action.MAKE_WORK)
        if lineage is not None:
            await self.hold_work(transaction, lineage)
        plan = await self.plans.of_team(transaction)
        await self.plans.permit(transaction, plan, self.rules.registry.features(kind, request))
        made_before = lineage if rerun_of is not None or has_outputs else None
        quote = await self.quotes.quote(transaction, kind, request, lineage=made_before)
        job = JobInfo(
            id=new_id(),
            team_id=principal.team_id,
            kind=kind,
            lineage=lineage or new_id(),
            project_id=project_id,
            request=request,
            created_by=principal.person_id,
            terms=quote.as_terms(),
        )
        is_new = await graph.submit(
            transaction,
            self.rules,
            job,
            title=title,
            idempotency_key=idempotency_key,
            rerun_of=rerun_of,
            weight=plan.weight,
        )
        if not is_new:
            first = await self.find_first(transaction, idempotency_key, kind, request, project_id)
            if first is None:
                raise Conflict("This is being made right now.", "Wait for it, or cancel its job first.")
            return first
        await audit.record(transaction, principal, "job.submitted", "job", job.id, {"kind": kind})
        transaction.after_commit(self.poke)
        return await self.get(transaction, job.id)

    async def get(self, transaction: Transaction, job_id: UUID) -> Row:
        job = await store.find_job(transaction.driver, job_id)
        if job is None:
            raise NotFound("There is no such job.")
        return job

    async def find_status(self, database: Database, team_id: UUID, job_id: UUID) -> Row:
        """A job with its ``steps`` and what it can expect while it is ``waiting``, by one question unless it waits."""
        job = await store.find_status(database.quick, team_id, job_id)
        if job is None:
            raise NotFound("There is no such job.")
        states = {step["state"] for step in job["steps"]}
        is_waiting = job["paused_at"] is not None or ("ready" in states and "running" not in states)
        if is_waiting:
            async with database.transaction(team_id) as transaction:
                job["waiting"] = await self.find_outlook(transaction, job)
        return job

    async def check_there(self, database: Database, team_id: UUID, job_id: UUID) -> None:
        """By one question. Raises ``NotFound`` where the team has no such job."""
        if not await store.is_of(database.quick, team_id, job_id):
            raise NotFound("There is no such job.")

    def queue_of(self, kind: str) -> str:
        """Where steps of a kind wait; empty for one that this version does not know."""
        found = self.rules.registry.kinds.get(kind)
        return str(found.queue) if found else ""

    async def get_by_key(self, transaction: Transaction, idempotency_key: str) -> Row | None:
        return await store.find_by_idempotency_key(transaction.driver, idempotency_key)

    async def find_first(
        self, transaction: Transaction, idempotency_key: str | None, kind: str, request: Json, project_id: UUID | None
    ) -> Row | None:
        """The job that this very request began under this key. Raises ``Conflict`` if the key was another request's."""
        if not idempotency_key:
            return None
        job = await self.get_by_key(transaction, idempotency_key)
        if job is not None and (job["kind"], job["request"], job["project_id"]) != (kind, request, project_id):
            raise Conflict("This idempotency key was used for another request.", "Use a new key.")
        return job

    async def hold_work(self, transaction: Transaction, lineage: UUID) -> None:
        """Before anything else is looked at: keep others from beginning, changing or deleting this work meanwhile."""
        await hold_work(transaction.driver, lineage)

    async def find_newest(self, transaction: Transaction, lineage: UUID) -> Row | None:
        """The latest job of one work."""
        return await store.newest_of(transaction.driver, lineage)

    async def list_jobs(
        self,
        transaction: Transaction,
        *,
        limit: int = 50,
        before: UUID | None = None,
        state: JobState | None = None,
        kind: str | None = None,
    ) -> list[Row]:
        return await store.list_jobs(transaction.driver, max(1, min(PAGE_MAX, limit)), before, state, kind)

    async def list_going(self, transaction: Transaction, limit: int = 20) -> list[Row]:
        """Jobs that have not ended, the oldest first."""
        return await store.list_going(transaction.driver, limit)

    async def sum_up(self, transaction: Transaction, jobs: Sequence[Row]) -> dict[UUID, Sums]:
        """How far each of these jobs is, and what it came to; by its id."""
        rows = await store.sum_steps(transaction.driver, [job["id"] for job in jobs])
        return {job["id"]: sums_of(job["state"], [row for row in rows if row["job_id"] == job["id"]]) for job in jobs}

    async def count_delivered(self, transaction: Transaction, job_ids: list[UUID]) -> Mapping[UUID, int]:
        """How many steps of each of these jobs have their output; jobs without any are left out."""
        return await store.count_delivered(transaction.driver, job_ids)

    async def list_steps(self, transaction: Transaction, job_id: UUID) -> list[Row]:
        return await store.list_steps(transaction.driver, job_id)

    async def list_logs(self, transaction: Transaction, job_id: UUID, key: str | None = None) -> list[Row]:
        return await store.list_logs(transaction.driver, job_id, key, 2000)

    async def list_events(self, transaction: Transaction, job_id: UUID, after: int = 0) -> list[Event]:
        await self.get(transaction, job_id)
        return await read_events(transaction.driver, job_id, after)

    async def list_said(self, transaction: Transaction, job: Row, keys: list[str]) -> dict[str, str]:
        """The words that steps which run have told so far, up to the newest event that ``job`` knows."""
        return await store.list_said(transaction.driver, job["id"], job["last_seq"], keys)

    async def find_output(self, transaction: Transaction, lineage: UUID, key: str) -> Json:
        """What a step of this work delivered last, in whichever of its jobs; None if it never did."""
        return await store.find_output(transaction.driver, lineage, key)

    async def find_input(self, transaction: Transaction, lineage: UUID, key: str) -> Json:
        """What that step was made of then, filled in; None if it never delivered anything."""
        return await store.find_input(transaction.driver, lineage, key)

    async def list_outputs(self, transaction: Transaction, lineage: UUID) -> list[Row]:
        """What each step of this work delivered last: key, kind, seed, filled-in input (``resolved``) and output."""
        return await store.list_outputs(transaction.driver, lineage)

    async def list_edits(self, transaction: Transaction, lineage: UUID) -> dict[str, Json]:
        """What a person wrote in place of steps' outputs."""
        found = await find_edits(transaction.driver, lineage)
        return {key: edit.output for key, edit in found.items() if edit.made_of is None}

    async def list_unmade(self, transaction: Transaction, lineage: UUID) -> list[Row]:
        """A person's edits that no run has used yet, the oldest first: key, output, made_at, and what was delivered
        last (``made``, None if nothing ever was) with its ``origin``."""
        return await store.list_unmade(transaction.driver, lineage)

    async def list_versions(self, transaction: Transaction, lineage: UUID, key: str, limit: int = 20) -> list[Row]:
        """What a step of this work has delivered so far, each once, the newest first: output, filled-in input
        (``resolved``), origin, provider, and when it was first there."""
        return await store.list_versions(transaction.driver, lineage, key, limit)

    async def undo_edit(self, transaction: Transaction, principal: Principal, lineage: UUID, key: str) -> Row:
        """Take back an edit that no run has used; answers it, with what stands there again (``made``).

        Raises ``NotFound`` where there is none.
        """
        permit(principal, Action.MAKE_WORK)
        unmade = {row["key"]: row for row in await self.list_unmade(transaction, lineage)}
        if key not in unmade:
            raise NotFound("There is no such edit to take back.", "It may have been made, or taken back already.")
        edit = unmade[key]
        if edit["origin"] in (Origin.PERSON, Origin.IMPORTED):  # an earlier edit, or what came from elsewhere
            await save_edit(
                transaction.driver, lineage, key, principal.team_id, Edit(edit["made"]), principal.person_id
            )
        else:
            await delete_edit(transaction.driver, lineage, key)
        await audit.record(transaction, principal, "step.edit_undone", "work", lineage, {"step": key})
        return edit

    async def drop_edit(self, transaction: Transaction, principal: Principal, lineage: UUID, key: str) -> None:
        """Let the next run make a step again that a person's output stands for; nothing happens where none does."""
        permit(principal, Action.MAKE_WORK)
        await delete_edit(transaction.driver, lineage, key)

    async def bring_outputs(
        self, transaction: Transaction, principal: Principal, lineage: UUID, edits: Mapping[str, Edit]
    ) -> None:
        """Have the outputs that a work brings from elsewhere, and a person's edits of it, stand in its next job."""
        permit(principal, Action.MAKE_WORK)
        for key, edit in edits.items():
            await save_edit(transaction.driver, lineage, key, principal.team_id, edit, principal.person_id)

    async def delete_work(self, transaction: Transaction, lineage: UUID) -> None:
        """Delete all jobs of a work, what they answered, and a person's edits. Its room audits the deletion."""
        await delete_work(transaction.driver, lineage)

    async def find_outlook(self, transaction: Transaction, job: Row) -> Outlook | None:
        """Its place in the queue, when it begins and why it waits; None when it does not wait."""
        if job["paused_at"] is not None:
            return Outlook(0, None, PAUSED)
        return await outlook(transaction, self.rules, job["id"]) if is_going(job) else None

    async def pause(self, transaction: Transaction, principal: Principal, job_id: UUID) -> Row:
        """Begin nothing more of a job that goes on, until ``resume``; what runs ends. Its credits stay held."""
        permit(principal, Action.MAKE_WORK)
        await self.get(transaction, job_id)
        if await job_pauses.pause(transaction, job_id):
            await audit.record(transaction, principal, "job.paused", "job", job_id)
            transaction.after_commit(self.poke)
        return await self.get(transaction, job_id)

    async def resume(self, transaction: Transaction, principal: Principal, job_id: UUID) -> Row:
        """Go on with a paused job; any other stays as it is."""
        permit(principal, Action.MAKE_WORK)
        await self.get(transaction, job_id)
        if await job_pauses.resume(transaction, self.rules, job_id):
            await audit.record(transaction, principal, "job.resumed", "job", job_id)
            transaction.after_commit(self.poke)
        return await self.get(transaction, job_id)

    async def expected_seconds(self, transaction: Transaction, kind: str, request: Json) -> float | None:
        """About how long such a job takes when nobody is before it; None when nobody can tell."""
        return await expected_seconds(transaction, self.rules, self.rules.registry.most(kind, request))

    async def cancel(self, transaction: Transaction, principal: Principal, job_id: UUID) -> Row:
        """Ask a job to stop; one that has ended stays as it is. What was delivered stays."""
        permit(principal, Action.MAKE_WORK)
        return await self._stop(transaction, principal, job_id)

    async def cancel_for(self, transaction: Transaction, principal: Principal, job_id: UUID, reason: str) -> Row:
        """The same for another's team. Raises ``Denied`` for who is no site admin, ``Conflict`` where it has ended."""
        permit_site(principal)
        why = check_reason(reason)
        if not is_going(await self.get(transaction, job_id)):
            raise Conflict("This job has ended.", "Load the page again; it says what came of it.")
        return await self._stop(transaction, principal, job_id, {"reason": why})

    async def _stop(
        self,
        transaction: Transaction,
        principal: Principal | None,
        job_id: UUID,
        detail: Mapping[str, str] | None = None,
    ) -> Row:
        job = await self.get(transaction, job_id)
        if not is_going(job):
            return job
        await graph.cancel(transaction, self.rules, job_id)
        await audit.record(transaction, principal, "job.cancelled", "job", job_id, detail)
        transaction.after_commit(self.poke)
        return await self.get(transaction, job_id)

    async def cancel_all(self, transaction: Transaction, principal: Principal | None) -> bool:
        """Stop whatever the team is making; whether anything was going. No principal: it comes about by itself."""
        # All are held before the first is stopped: that takes the purse, which whoever holds another may wait for.
        going = await store.hold_going(transaction.driver)
        for job_id in going:
            await self._stop(transaction, principal, job_id)
        return bool(going)

    async def stop_closed(self, context: ScheduleContext) -> None:
        """Stop what closed teams are still making: who closes an account does not wait for it."""
        for team_id in await store.closed_teams_at_work(context.database.system):
            async with context.database.transaction(team_id) as transaction:
                await self.cancel_all(transaction, None)

    async def stop_long_paused(self, context: ScheduleContext) -> None:
        """Stop what was paused for ``PAUSED_MAX``: the credits that are held for it outlast their month else."""
        for job in await store.list_long_paused(context.database.system, PAUSED_MAX, STOPPED_AT_ONCE):
            async with context.database.transaction(job["team_id"]) as transaction:
                if await store.hold_long_paused(transaction.driver, PAUSED_MAX, job["id"]):
                    await self._stop(transaction, None, job["id"])

    async def count_begun(self, kind: str) -> int:
        """How many jobs of a kind all teams began today (UTC)."""
        midnight = self.plans.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return await store.count_begun(self.plans.pool, kind, midnight)

    async def list_ended_before(self, context: ScheduleContext, kind: str, kept: timedelta, limit: int) -> list[Row]:
        """Jobs of a kind, of all teams, that ended so long ago: team, id and work."""
        return await store.list_ended_before(context.database.system, kind, kept, limit)

    async def purge(self, context: ScheduleContext, team_id: UUID) -> bool:
        """Delete all jobs of a closed team, some at a time; whether none is left."""
        async with context.database.transaction(team_id) as transaction:
            if await self.cancel_all(transaction, None):
                return False
        deleted = True
        while deleted:
            if not context.has_time:
                return False
            async with context.database.transaction(team_id) as transaction:
                deleted = await delete_some_work(transaction.driver, JOBS_PER_BATCH)
        return True

    async def rerun(self, transaction: Transaction, principal: Principal, job_id: UUID, request: Json = None) -> Row:
        """A new job for the same work. Steps whose recipe is unchanged are reused, not run."""
        permit(principal, Action.MAKE_WORK)
        await self.hold_work(transaction, (await self.get(transaction, job_id))["lineage"])
        job = await self.get(transaction, job_id)  # it may have been deleted with its work while that was waited for
        if is_going(await store.newest_of(transaction.driver, job["lineage"])):
            raise Conflict("This work is being made right now.", "Wait for it, or cancel it first.")
        work = await works.find_usable(transaction, job["lineage"])
        return await self.submit(
            transaction,
            principal,
            job["kind"],
            request if request is not None else await self._renewed(transaction, principal, job),
            title=work["title"] if work else job["title"],
            lineage=job["lineage"],
            project_id=work["project_id"] if work else job["project_id"],
            rerun_of=job_id,
        )

    async def rerun_from(self, transaction: Transaction, principal: Principal, job_id: UUID, key: str) -> Row:
        """As ``rerun``, with one step made again whatever was made before; then all that comes out differently for it.

        Raises ``Conflict`` where there is nothing to make again: somebody wrote it, or it was never made.
        """
        permit(principal, Action.MAKE_WORK)
        job = await self.get(transaction, job_id)
        lineage = job["lineage"]
        await self.hold_work(transaction, lineage)
        await self._forget(transaction, job, key)
        self.quotes.forecasts.drop(transaction.team_id, lineage)
        await audit.record(transaction, principal, "step.made_again", "work", lineage, {"step": key})
        return await self.rerun(transaction, principal, job_id)

    async def forecast_again(self, transaction: Transaction, job: Row, key: str | None) -> tuple[Forecast, Quote]:
        """What ``rerun`` would do, or ``rerun_from`` with the ``key`` of a step, and what it can cost at most."""
        asked = job["kind"], await self._renewed(transaction, None, job)

        async def forget() -> None:
            await self._forget(transaction, job, key or "")

        supposing = (f"{job['id']} {key}", forget) if key is not None else None
        found = await self.quotes.forecasts.find(transaction, self.rules, *asked, job["lineage"], supposing)
        return found, self.quotes.again(*asked, found)

    async def _renewed(self, transaction: Transaction, principal: Principal | None, job: Row) -> Json:
        renew = self.renewals.get(job["kind"])
        return await renew(transaction, principal, job) if renew else job["request"]

    async def _forget(self, transaction: Transaction, job: Row, key: str) -> None:
        is_written = key in await self.list_edits(transaction, job["lineage"])
        if is_written or not await store.forget_recipe(transaction.driver, job["id"], key):
            raise Conflict(
                "This step cannot be made again: it was never made, or somebody wrote what it gives.",
                "Change what was written in the work's editor.",
            )

    async def forecast(
        self,
        transaction: Transaction,
        kind: str,
        request: Json,
        lineage: UUID,
        standing: Mapping[str, Json] | None = None,
    ) -> Forecast:
        """What a run would do now: which steps are reused, which run. ``standing``: outputs, by the keys of their
        steps, that will stand by then as those do that a person wrote."""
        stands = await self.list_edits(transaction, lineage) if standing else {}
        more = {key: output for key, output in (standing or {}).items() if key not in stands}

        async def stand() -> None:
            for key, output in more.items():
                await save_edit(transaction.driver, lineage, key, transaction.team_id, Edit(output), None)

        supposing = (digest(more), stand) if more else None
        return await self.quotes.forecasts.find(transaction, self.rules, kind, request, lineage, supposing)

    async def forecast_brought(
        self, transaction: Transaction, kind: str, request: Json, lineage: UUID, edits: Mapping[str, Edit]
    ) -> tuple[Forecast, Quote]:
        """What a job would do for a work that is to be and brings ``edits`` from elsewhere, and what it can cost at
        most; nothing of it is kept."""

        async def stand() -> None:
            for key, edit in edits.items():
                await save_edit(transaction.driver, lineage, key, transaction.team_id, edit, None)

        supposing = ("brought", stand)
        found = await self.quotes.forecasts.find(transaction, self.rules, kind, request, lineage, supposing)
        return found, self.quotes.again(kind, request, found)

    async def edit_output(
        self, transaction: Transaction, principal: Principal, lineage: UUID, key: str, output: Json
    ) -> None:
        """Put a person's output in place of a step's. The next run uses it; no run overwrites it."""
        permit(principal, Action.MAKE_WORK)
        await save_edit(transaction.driver, lineage, key, principal.team_id, Edit(output), principal.person_id)
        await audit.record(transaction, principal, "step.edited", "work", lineage, {"step": key})


def is_going(job: Row | None) -> bool:
    """Whether there is such a job and it has not ended."""
    return job is not None and JobState(job["state"]) not in JOB_ENDED
