"""How steps that ended are recorded: those that end at the same moment, in one transaction.

A transaction costs more than what a step writes in it, so a busy worker shares one among several steps of a team. They
are of different jobs; a step whose job somebody else holds, and all of them if anything is wrong with one, are
recorded each by itself, as if there were no others.
"""

import asyncio
import contextvars
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import structlog

from overprint.core.codec import Json, decode
from overprint.core.files import files_in
from overprint.db.database import Database, Transaction, patiently
from overprint.engine import endings, graph, ledger, queue, store
from overprint.engine.claims import Claim, LostLease
from overprint.engine.job import Origin, StepState
from overprint.engine.participants import JobInfo, StepDone

AT_ONCE = 4  # transactions; what ends while all are busy goes together in the next one
TOGETHER_MAX = 16
TOGETHER_MAX_CHARACTERS = 100_000  # of output; what is larger has a transaction of its own
T = TypeVar("T")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """Somebody who waits for a step to be recorded with others; false: it has to be recorded by itself."""

    ended: endings.Ended
    is_recorded: asyncio.Future[bool]


class GroupCommit:
    """Records the ends of one worker process's steps."""

    def __init__(self, database: Database, rules: graph.Rules, poke: Callable[[], None]) -> None:
        self._database = database
        self._rules = rules
        self._poke = poke
        self._waiting: list[_Waiting] = []
        self._moving: set[UUID] = set()  # jobs whose steps are being recorded together with others
        self._serving: set[asyncio.Task[None] | None] = set()
        self._is_waking = False

    async def record(self, ended: endings.Ended) -> None:
        """End the step, tell the participants and go on along the graph, all or nothing.

        Raises ``LostLease`` if another worker has it now, ``DatabaseAway``, and what a participant raises. Recording
        what is recorded already changes nothing. Only what was completed is recorded together.
        """
        if ended.ending.state is not StepState.COMPLETED or not await self._is_recorded(ended):
            await self._record_alone(ended)

    async def _is_recorded(self, ended: endings.Ended) -> bool:
        """Whether it was recorded with those that ended at the same moment."""
        waiting = _Waiting(ended, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if not self._is_waking and len(self._serving) < AT_ONCE:
            # Begins when all that ended together are waiting, because they were woken before it was. It works for
            # several steps, so it carries the ids of none.
            self._is_waking = True
            self._serving.add(asyncio.create_task(self._serve(), context=contextvars.Context()))
        return await waiting.is_recorded

    async def in_transaction(self, job: JobInfo, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Do ``work`` until the database took it: it has to bear being done twice, when only the answer was lost."""

        async def once() -> T:
            async with self._database.transaction(job.team_id) as transaction:
                transaction.after_commit(self._poke)
                return await work(transaction)

        return await patiently(once)

    async def _serve(self) -> None:
        """Waits for nobody's job: who has to, does that by itself, and holds up no other."""
        self._is_waking = False
        try:
            while group := self._take():
                jobs = {waiting.ended.job.id for waiting in group}
                self._moving |= jobs
                recorded = await self._record_together(group)
                self._moving -= jobs
                for waiting in group:
                    if not waiting.is_recorded.done():  # who waited was cancelled meanwhile
                        waiting.is_recorded.set_result(waiting.ended in recorded)
        finally:
            self._serving.discard(asyncio.current_task())

    def _take(self) -> list[_Waiting]:
        """The next ones of a team, of different jobs."""
        waiting = [one for one in self._waiting if not one.is_recorded.done()]
        group: dict[UUID, _Waiting] = {}
        team_id, room = None, TOGETHER_MAX_CHARACTERS
        for one in waiting:
            size, job = len(one.ended.ending.output or ""), one.ended.job
            is_like_them = job.team_id == team_id and size <= room and len(group) < TOGETHER_MAX
            if (is_like_them or not group) and job.id not in group and job.id not in self._moving:
                group[job.id] = one
                team_id, room = job.team_id, room - size
        taken = list(group.values())
        self._waiting = [one for one in waiting if one not in taken]
        return taken

    async def _record_together(self, group: Sequence[_Waiting]) -> set[endings.Ended]:
        """Answers those that were recorded. What is wrong with one of them, that one finds out by itself."""
        try:
            async with self._database.transaction(group[0].ended.job.team_id) as transaction:
                transaction.after_commit(self._poke)
                together = [waiting.ended for waiting in group]
                finished = await endings.finish_steps(transaction.driver, together, waits=False)
                await self._go_on(transaction, finished)
        except Exception as error:
            _log.info("steps that ended together are recorded one by one", steps=len(group), error=str(error))
            return set()
        return {one.ended for one in finished}

    async def _record_alone(self, ended: endings.Ended) -> None:
        async def work(transaction: Transaction) -> None:
            driver = transaction.driver
            if ended.ending.state is not StepState.COMPLETED:
                await store.lock_job(driver, ended.job.id)
                await ledger.price_doubts(driver, ended.job.id, ended.delivery.key, ended.attempt)
            finished = await endings.finish_steps(driver, [ended], waits=True)
            if finished:
                await self._go_on(transaction, finished)
            elif await endings.has_ended(driver, ended):
                await queue.remove(driver, ended.delivery)
            else:
                raise LostLease(ended.delivery.key)

        await self.in_transaction(ended.job, work)

    async def _go_on(self, transaction: Transaction, finished: Sequence[endings.Finished]) -> None:
        """Tell of the steps that ended, and go on from what they set free."""
        courses = [graph.Course.of(one.job, ended=1) for one in finished]
        delivered = []
        for course, one in zip(courses, finished, strict=True):
            ending = one.ended.ending
            if one.ended.claim is None or ending.output is None:
                data = {"key": one.ended.delivery.key, "title": one.title, "error": ending.error}
                course.changes.events.append((f"step.{ending.state}", data))
                course.near.append(one.ended.delivery.key)
            else:
                delivered.append((course, self._done(one.ended.claim, one, ending.output)))
        await graph.deliver(transaction, self._rules, delivered)
        for course, one in zip(courses, finished, strict=True):
            if one.free is None or len(course.near) > 1:  # added steps may be free too, or be needed by those that were
                info = course.job.info
                course.free = await store.free_steps(transaction.driver, info.id, info.lineage, course.near)
            else:
                course.free = one.free
        await graph.advance(transaction, self._rules, courses)

    def _done(self, claim: Claim, finished: endings.Finished, output_text: str) -> StepDone:
        output: Json = json.loads(output_text)
        return StepDone(
            finished.job.info,
            claim.key,
            claim.kind,
            claim.input,
            output,
            tuple(files_in(decode(self._rules.registry.get_kind(claim.kind).output, output))),
            Origin.RUN,
            finished.recipe,
            claim.seed,
            finished.price_credits,
        )
