"""Notifications as a participant of the engine: whoever began a job is told of its end, in the transaction that ends
it; who may buy credits is told when few are left. So each is told exactly once."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from overprint.core.clock import Clock
from overprint.core.ids import new_id
from overprint.db.database import Transaction
from overprint.engine.job import JobState
from overprint.engine.participants import JobInfo, StepDone
from overprint.features.notifications import store
from overprint.features.notifications.rules import LOW_AGAIN_AFTER, LOW_CREDITS, WAITED_LONG, Notice, notice_of

_LEADERS_MAX = 20
# What the team can spend; None where nobody pays. Asked after billing has settled the job.
Available = Callable[[Transaction], Awaitable[int | None]]


@dataclass(frozen=True, slots=True)
class NotificationsProjection:
    """``quiet``: kinds of jobs that nobody waits for elsewhere."""

    clock: Clock
    available: Available
    quiet: Collection[str] = ()

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None:
        pass

    async def completed(self, transaction: Transaction, steps: Sequence[StepDone]) -> None:
        pass

    async def ended(self, transaction: Transaction, job: JobInfo, state: JobState) -> None:
        notice, now = notice_of(state), self.clock.now()
        if job.kind in self.quiet or notice is None:
            return
        if job.created_by is not None:
            after = WAITED_LONG if notice is Notice.FINISHED else None
            await store.tell(transaction.driver, new_id(), notice.value, job.id, job.created_by, now, mail_after=after)
        await self._tell_of_credits(transaction, job, now)

    async def _tell_of_credits(self, transaction: Transaction, job: JobInfo, now: datetime) -> None:
        left = await self.available(transaction)
        if left is None or left >= LOW_CREDITS:
            return
        driver, team_id = transaction.driver, job.team_id
        if await store.was_told(driver, team_id, Notice.LOW, now - LOW_AGAIN_AFTER):
            return
        for person_id in await store.list_leaders(driver, team_id, _LEADERS_MAX):
            await store.tell(driver, new_id(), Notice.LOW, job.id, person_id, now)
