"""Moving a job along its graph, inside a transaction that holds the job's row.

``advance`` looks at the steps that wait for nothing any more. Each one is answered by a person's edit, or by an output
that the same recipe made before, or gets ready to run. What is answered at once may free further steps, so it goes on
until nothing moves; then, if all steps have ended, the job ends.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from overprint.core.codec import Json, decode
from overprint.core.files import files_in
from overprint.core.problems import Invalid, Problem
from overprint.db.database import Transaction
from overprint.engine import endings, queue, store
from overprint.engine.changes import Changes, Event, Ready, record
from overprint.engine.job import JOB_ENDED, STEP_DELIVERED, JobState, Origin, StepState, outcome
from overprint.engine.participants import JobInfo, Participants, StepDone
from overprint.engine.pipeline import INPUT_MAX_BYTES, Registry, StepKind, StepSpec, bounded, checked
from overprint.engine.recipe import recipe, resolve
from overprint.ports.provider import Provider

TAG_STRIDE = 60


@dataclass(frozen=True, slots=True)
class Rules:
    """What the engine was wired with: what it can run, who takes part, and who the providers are (by port)."""

    registry: Registry
    participants: Participants
    providers: Mapping[str, Provider] = field(default_factory=dict)

    def providers_of(self, kind: StepKind) -> dict[str, Provider]:
        return {port: self.providers[port] for port in kind.ports}


async def add_steps(
    transaction: Transaction, rules: Rules, job: JobInfo, specs: Sequence[StepSpec], known: int, changes: Changes
) -> None:
    """Insert steps behind the ``known`` ones the job has already."""
    queues = [str(rules.registry.get_kind(spec.kind).queue) for spec in specs]
    for spec in specs:
        bounded(spec.input, INPUT_MAX_BYTES, f"The input of step {spec.key}")
    await store.insert_steps(transaction.driver, job, specs, queues, known)
    changes.added += len(specs)


async def expand(transaction: Transaction, rules: Rules, done: StepDone, changes: Changes) -> list[str]:
    """Insert the further steps that a delivered step asks for; answers their keys."""
    job = done.job
    specs = rules.registry.expand(job.kind, job.request, rules.registry.get_kind(done.kind), done.input, done.output)
    if not specs:
        return []
    known = await store.step_keys(transaction.driver, job.id)
    feeds = any(spec.feeds for spec in specs)
    needs = await store.needs_of(transaction.driver, job.id) if feeds else {}
    await add_steps(transaction, rules, job, checked(specs, known, needs), len(known), changes)
    return [spec.key for spec in specs]


async def advance(
    transaction: Transaction, rules: Rules, job: store.LockedJob, free: Sequence[store.FreeStep], changes: Changes
) -> JobState | None:
    """Go on from the steps that wait for nothing any more, and write ``changes``.

    Answers the state that the job ended in, if it did.
    """
    if job.cancel_requested:
        await _cancel_waiting(transaction, job.info.id, changes)
        free = []
    while free:
        job, near = await _move(transaction, rules, job, free, changes)
        free = await store.free_steps(transaction.driver, job.info.id, job.info.lineage, near) if near else []
    state = None
    if job.steps_ended + changes.ended == job.steps_total + changes.added:
        state = await _end(transaction, rules, job, changes)
    if changes:
        await record(transaction.driver, job.info, changes, stride=_stride(job))
    return state


def _stride(job: store.LockedJob) -> int:
    return max(1, TAG_STRIDE // max(1, job.weight))


async def _move(
    transaction: Transaction, rules: Rules, job: store.LockedJob, free: Sequence[store.FreeStep], changes: Changes
) -> tuple[store.LockedJob, list[str]]:
    """Decide about free steps; answers the job, and the steps that ended at once with what they added."""
    near: list[str] = []
    prepared: list[_Prepared] = []
    for step in free:
        try:
            prepared.append(_prepare(rules, step))
        except Problem as problem:
            state = StepState.SKIPPED if isinstance(problem, _Lacking) else StepState.FAILED
            await _settle_unmade(transaction, job.info, step.key, state, problem, changes)
            near.append(step.key)
    for ready in prepared:
        if ready.step.is_edited:
            near += await _deliver(transaction, rules, job.info, ready, ready.step.edit, Origin.PERSON, changes)
    candidates = [ready for ready in prepared if not ready.step.is_edited]
    if not candidates:
        return job, near
    changes.ready = [Ready(ready.step.key, ready.resolved_text, ready.made) for ready in candidates]
    told = await record(transaction.driver, job.info, changes, stride=_stride(job))
    for ready in candidates:
        if ready.made in told.made_before:
            output = told.made_before[ready.made]
            near += await _deliver(transaction, rules, job.info, ready, output, Origin.REUSED, changes)
    return dataclasses.replace(job, steps_total=told.steps_total, steps_ended=told.steps_ended), near


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A free step with its input filled in, and the recipe of that."""

    step: store.FreeStep
    resolved: Json
    resolved_text: str
    made: str


class _Lacking(Problem):
    """Something it needs was not made."""

    code = "skipped"


def _prepare(rules: Rules, step: store.FreeStep) -> _Prepared:
    for need in step.needs:
        if not need.soft and need.state not in STEP_DELIVERED:
            raise _Lacking(f"It needs {need.key}, which was not made.")
    kind = rules.registry.get_kind(step.kind)
    outputs = {need.key: need.output for need in step.needs if need.state in STEP_DELIVERED}
    resolved = resolve(step.input, outputs)
    text = bounded(resolved, INPUT_MAX_BYTES, f"The input of step {step.key}")
    return _Prepared(step, resolved, text, recipe(kind.name, resolved, rules.providers_of(kind), step.seed))


async def _settle_unmade(
    transaction: Transaction, job: JobInfo, key: str, state: StepState, problem: Problem, changes: Changes
) -> None:
    await store.settle_unrun(transaction.driver, job.id, key, state, error_kind=problem.code, error=str(problem))
    changes.events.append((f"step.{state}", {"key": key, "error": str(problem)}))
    changes.ended += 1


async def _deliver(
    transaction: Transaction,
    rules: Rules,
    job: JobInfo,
    ready: _Prepared,
    output: Json,
    origin: Origin,
    changes: Changes,
) -> list[str]:
    """End a step that need not run: a person wrote its output, or the same recipe made it before."""
    key, is_reused = ready.step.key, origin is Origin.REUSED
    kind = rules.registry.get_kind(ready.step.kind)
    state = StepState.REUSED if is_reused else StepState.COMPLETED
    await store.settle_unrun(
        transaction.driver,
        job.id,
        key,
        state,
        origin=origin,
        output=output,
        recipe=ready.made if is_reused else None,
        resolved=ready.resolved,
    )
    changes.ended += 1
    files = tuple(files_in(decode(kind.output, output)))
    done = StepDone(job, key, kind.name, ready.resolved, output, files, origin, ready.made, ready.step.seed, 0)
    return await deliver(transaction, rules, done, state, changes)


async def deliver(
    transaction: Transaction, rules: Rules, done: StepDone, state: StepState, changes: Changes
) -> list[str]:
    """Tell everybody of a delivered step, and add what it asks for; answers its key and the added ones."""
    for participant in rules.participants:
        await participant.completed(transaction, done)
    changes.events.append(completed_event(done, rules.registry.get_kind(done.kind), state))
    return [done.key, *await expand(transaction, rules, done, changes)]


def completed_event(done: StepDone, kind: StepKind, state: StepState) -> Event:
    """What watchers are told of a delivered step."""
    files = [
        {"name": f.name, "kind": f.kind, "key": f.key, "content_hash": f.content_hash, "media_type": f.media_type}
        for f in done.files
    ]
    data = {"key": done.key, "kind": done.kind, "queue": kind.queue, "origin": done.origin, "files": files}
    return f"step.{state}", data


async def _end(transaction: Transaction, rules: Rules, job: store.LockedJob, changes: Changes) -> JobState | None:
    states = await store.step_states(transaction.driver, job.info.id)
    state = outcome(states, cancel_requested=job.cancel_requested)
    if state is None:
        return None
    error = await endings.end_job(transaction.driver, job.info.id, state)
    for participant in rules.participants:
        await participant.ended(transaction, job.info, state)
    counts = {str(kind): states.count(kind) for kind in set(states)}
    changes.events.append((f"job.{state}", {"state": state, "error": error, "steps": counts}))
    return state


async def submit(
    transaction: Transaction,
    rules: Rules,
    job: JobInfo,
    *,
    title: str = "",
    idempotency_key: str | None = None,
    rerun_of: UUID | None = None,
    weight: int = 1,
) -> bool:
    """Store a job with its first steps and set it going, all in this transaction.

    False when the team already has a job with this idempotency key, or one of this work that goes on: nothing was
    written. Raises ``Invalid`` or ``LimitReached`` if the request does not decode or plans too much.
    """
    specs = rules.registry.plan(job.kind, job.request)
    if not specs:
        raise Invalid("There is nothing to do in this request.")
    bounded(job.request, INPUT_MAX_BYTES, "The request")
    driver = transaction.driver
    if not await store.insert_job(
        driver, job, title=title, idempotency_key=idempotency_key, rerun_of=rerun_of, weight=weight
    ):
        return False
    locked = store.LockedJob(job, JobState.QUEUED, weight, cancel_requested=False, steps_total=0, steps_ended=0)
    changes = Changes(events=[("job.queued", {"kind": job.kind, "title": title})])
    await add_steps(transaction, rules, job, specs, 0, changes)
    for participant in rules.participants:
        await participant.submitted(transaction, job)
    await advance(transaction, rules, locked, await store.free_steps(driver, job.id, job.lineage, None), changes)
    return True


async def cancel(transaction: Transaction, rules: Rules, job_id: UUID) -> JobState | None:
    """Ask a job to stop: what has not begun is cancelled now, what runs is interrupted by its worker.

    Answers the job's state afterwards, None if there is no such job. Cancelling an ended job changes nothing.
    """
    job = await store.lock_job(transaction.driver, job_id)
    if job is None or job.state in JOB_ENDED or job.cancel_requested:
        return None if job is None else job.state
    await endings.ask_to_stop(transaction.driver, job_id)
    changes = Changes(events=[("job.cancelling", {})])
    asked = dataclasses.replace(job, cancel_requested=True)
    return await advance(transaction, rules, asked, [], changes) or job.state


async def _cancel_waiting(transaction: Transaction, job_id: UUID, changes: Changes) -> None:
    keys = await endings.cancel_waiting(transaction.driver, job_id)
    await queue.remove_waiting(transaction.driver, job_id, keys)
    changes.ended += len(keys)
