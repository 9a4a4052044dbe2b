"""What a person was told of in a team, and what they want mails of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from overprint.core.clock import Clock
from overprint.core.principal import Principal, Via
from overprint.core.problems import Denied
from overprint.db.database import Database, Transaction
from overprint.engine.schedule import ScheduleContext
from overprint.features.accounts import Post
from overprint.features.notifications import rules, store
from overprint.features.notifications.rules import Notice
from overprint.features.teams import Action, permit

UNREAD_MAX = 100

_log = structlog.get_logger(__name__)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notifications:
    """``post`` writes mails."""

    database: Database
    clock: Clock
    post: Post

    async def list_mine(
        self, transaction: Transaction, principal: Principal, *, before: UUID | None = None, limit: int = rules.PAGE
    ) -> list[Row]:
        """The newest first, of the team of this transaction. They tell of its work by name."""
        permit(principal, Action.SEE_WORK)
        limit = max(1, min(rules.PAGE, limit))
        return await store.list_of(transaction.driver, transaction.team_id, principal.person_id, before, limit)

    async def count_unread(self, transaction: Transaction, principal: Principal) -> int:
        """At most ``UNREAD_MAX``."""
        return await store.count_unread(transaction.driver, transaction.team_id, principal.person_id, UNREAD_MAX)

    async def mark_read(self, transaction: Transaction, principal: Principal) -> None:
        """All of the caller's in this team."""
        permit(principal, Action.SEE_WORK)
        await store.mark_read(transaction.driver, transaction.team_id, principal.person_id, self.clock.now())

    async def wishes(self, principal: Principal) -> list[str]:
        """What they want mails of."""
        unwanted = await store.find_unwanted(self.database.system, principal.person_id)
        return [notice.value for notice in Notice if notice not in unwanted]

    async def wish(self, principal: Principal, wanted: Iterable[str]) -> list[str]:
        """Mails of these alone, in all teams. Raises ``Invalid``, and ``Denied`` for who has no address."""
        if principal.via is not Via.SESSION:
            raise Denied("There is nobody here whom mails could be sent to.", "Sign in as a person.")
        chosen = rules.checked_wishes(wanted)
        unwanted = [notice.value for notice in Notice if notice not in chosen]
        async with self.database.system_transaction() as connection:  # wishes hold in all teams, so they are of none
            await store.keep_unwanted(connection, principal.person_id, unwanted)
        return chosen

    async def write_mails(self, context: ScheduleContext | None = None) -> None:
        """The mails that are due. Each is noted in its own transaction, so none is lost or written twice, and one that
        cannot be written keeps the others from nothing."""
        pool = self.database.system
        for row in await store.list_due(pool, rules.MAILS_PER_TURN):
            try:
                await self._write_mail(row)
            except Exception as error:
                _log.warning("a notification cannot be mailed", notification=str(row["id"]), error=repr(error))

    async def _write_mail(self, row: Row) -> None:
        async with self.database.system.acquire() as connection, connection.transaction():
            if await store.note_mailed(connection, row["id"]) and row["email"]:
                link = "/billing" if row["kind"] == Notice.LOW else f"/jobs/{row['job_id']}"
                told = {key: row[key] for key in ("language", "name", "team", "title")}
                await self.post(connection, row["kind"], row["email"], link=link, **told)

    async def forget(self, context: ScheduleContext) -> None:
        await store.forget(context.database.system, context.clock.now() - rules.KEPT)
