"""What people do with a work as a whole, of whichever product: change it while nobody makes it, put it somewhere, throw
it away and take it back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from overprint.core.principal import Principal
from overprint.core.problems import Problem
from overprint.db.database import Transaction
from overprint.engine.schedule import ScheduleContext
from overprint.features import audit
from overprint.features.billing import Feature
from overprint.features.jobs.service.jobs import Jobs, is_going
from overprint.features.jobs.store import Row
from overprint.features.library import Library, WorkRows
from overprint.features.teams import Action, permit

PURGED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A product's works: where their rows are, and what is said of one that cannot be had or changed now.

    ``name`` is what they are called in the audit log: ``book``.
    """

    name: str
    rows: WorkRows
    absent: Callable[[], Problem]
    in_trash: Callable[[], Problem]
    going: Callable[[], Problem]
    paused: Callable[[], Problem]


@dataclass(frozen=True, slots=True)
class Works:
    """Works of one product, which says by ``kind`` what they are, and adds what else people do with them."""

    kind: ClassVar[WorkKind]
    jobs: Jobs
    library: Library

    async def get(self, transaction: Transaction, work_id: UUID, *, in_trash: bool = False) -> Row:
        """``in_trash``: even if it was thrown away. Raises ``NotFound``."""
        work = await self.kind.rows.find(transaction, work_id)
        if work is None:
            raise self.kind.absent()
        if work["discarded_at"] is not None and not in_trash:
            raise self.kind.in_trash()
        return work

    async def lacking(self, transaction: Transaction) -> dict[str, str]:
        """By feature, where that can be had; empty for what the team's plan has."""
        plans = self.jobs.plans
        lacks = await plans.lacking(transaction, await plans.of_team(transaction), tuple(Feature))
        return {str(feature): "" for feature in Feature} | {str(one.feature): one.told for one in lacks}

    async def begin_change(
        self, transaction: Transaction, principal: Principal | None, work_id: UUID, *, in_trash: bool = False
    ) -> tuple[Row, Row | None]:
        """The work, which nobody else may change until this transaction ends, and its newest job.

        No principal: it comes about by itself. Raises ``Denied`` for viewers, ``Conflict`` while it is being made.
        """
        if principal is not None:
            permit(principal, Action.MAKE_WORK)
        await self.jobs.hold_work(transaction, work_id)
        newest = await self.jobs.find_newest(transaction, work_id)
        if newest is not None and is_going(newest):
            raise self.kind.going() if newest["paused_at"] is None else self.kind.paused()
        # Read once its job has ended, which writes to it.
        return await self.get(transaction, work_id, in_trash=in_trash), newest

    async def delete(self, transaction: Transaction, principal: Principal | None, work_id: UUID) -> None:
        """Delete a work and all it made, for good. No principal: it was long enough in the trash."""
        work, _ = await self.begin_change(transaction, principal, work_id, in_trash=True)
        await self.jobs.delete_work(transaction, work_id)
        await self.kind.rows.delete(transaction, work_id)
        await self._record(transaction, principal, "deleted", work)
        await self.library.delete_lineage(transaction, work_id)

    async def discard(self, transaction: Transaction, principal: Principal, work_id: UUID) -> None:
        """Throw a work into the trash, with all that it made."""
        work, _ = await self.begin_change(transaction, principal, work_id)
        await self.kind.rows.discard(transaction, work_id)
        await self._record(transaction, principal, "discarded", work)
        await self.library.discard_lineage(transaction, work_id)

    async def restore(self, transaction: Transaction, principal: Principal, work_id: UUID) -> None:
        """Take a work out of the trash as it was; what is not there stays as it is."""
        work, _ = await self.begin_change(transaction, principal, work_id, in_trash=True)
        if work["discarded_at"] is not None:
            await self.kind.rows.change(transaction, work_id, discarded_at=None)
            await self._record(transaction, principal, "restored", work)
            await self.library.restore_lineage(transaction, work_id)

    async def move(
        self, transaction: Transaction, principal: Principal, work_id: UUID, project_id: UUID | None
    ) -> None:
        """Put a work into a project, or into none, with all that it made."""
        await self.begin_change(transaction, principal, work_id)
        if project_id is not None:
            await self.library.get_project(transaction, project_id)
        await self.kind.rows.change(transaction, work_id, project_id=project_id)
        name, detail = self.kind.name, {"project": str(project_id) if project_id else None}
        await audit.record(transaction, principal, f"{name}.moved", name, work_id, detail)
        await self.library.move_lineage(transaction, work_id, project_id)

    async def purge(self, context: ScheduleContext, team_id: UUID) -> bool:
        """Delete all works of a closed team, some at a time; whether none is left."""
        deleted = True
        while deleted:
            if not context.has_time:
                return False
            async with context.database.transaction(team_id) as transaction:
                deleted = await self.kind.rows.delete_some(transaction, PURGED_AT_ONCE)
        return True

    async def _record(self, transaction: Transaction, principal: Principal | None, done: str, work: Row) -> None:
        name = self.kind.name
        await audit.record(transaction, principal, f"{name}.{done}", name, work["id"], {"title": work["title"]})
