"""Use cases of sharing."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from overprint.core.clock import Clock
from overprint.core.principal import Principal, Via
from overprint.core.problems import Conflict, Denied, NotFound
from overprint.db.database import Database, Transaction
from overprint.engine.schedule import ScheduleContext
from overprint.features import audit
from overprint.features.library import Library, works
from overprint.features.sharing import rules, store
from overprint.features.sharing.rules import Share
from overprint.features.teams import Action, permit

Row = dict[str, Any]
_READY = ("ready", "edited")


@dataclass(frozen=True, slots=True)
class Sharing:
    """``site_url``: where people find this house. ``is_on``: whether its works may be shown to strangers."""

    database: Database
    clock: Clock
    library: Library
    site_url: str
    is_on: bool = True

    async def find(self, transaction: Transaction, principal: Principal, work_id: UUID) -> tuple[Row, Share | None]:
        """The work, and its link if it has one that is still good. Raises ``NotFound`` for a work that is not there."""
        permit(principal, Action.SEE_WORK)
        work = await works.find_usable(transaction, work_id)
        if work is None:
            raise NotFound("There is no such work.")
        share = await store.find(transaction, work_id)
        return work, share if share and share.is_good(self.clock.now()) else None

    async def share(
        self, transaction: Transaction, principal: Principal, work_id: UUID, *, days: int | None, with_files: bool
    ) -> tuple[Row, Share]:
        """Let whoever has the link look at a finished work, for so many ``days`` from now (None: without an end).

        A work that is shared keeps its link; only its end and whether files may be taken are changed.
        """
        permit(principal, Action.MAKE_WORK)
        if not self.is_on:
            raise Denied("Works are not shared with strangers here.", "Ask who runs this installation.")
        if principal.via is Via.GUEST:
            raise Denied("Guests cannot share what they made.", "Register first: what you made stays yours.")
        work, known = await self.find(transaction, principal, work_id)
        rules.path_of(work["kind"], "")
        if known is None and work["state"] not in _READY:
            raise Conflict("This work is not finished.", "Share it once it is.")
        now = self.clock.now()
        token = secrets.token_urlsafe(rules.TOKEN_BYTES)
        made = await store.keep(transaction, work_id, token, now, rules.end_of(now, days), with_files)
        detail = {"days": days, "with_files": with_files}
        await audit.record(transaction, principal, "work.shared", work["kind"], work_id, detail)
        return work, made

    async def end(self, transaction: Transaction, principal: Principal, work_id: UUID) -> None:
        """Take the link back: it leads nowhere any more, and the next one is another."""
        permit(principal, Action.MAKE_WORK)
        work, _ = await self.find(transaction, principal, work_id)
        if await store.end(transaction, work_id):
            await audit.record(transaction, principal, "work.unshared", work["kind"], work_id)

    def address_of(self, work: Row, share: Share) -> str:
        """The link, whole."""
        return self.site_url.rstrip("/") + rules.path_of(work["kind"], share.token)

    async def open(self, token: str) -> Share:
        """What a stranger's link leads to. Raises ``NotFound`` whatever the reason is."""
        found = await store.find_by_token(self.database.system, token) if rules.is_token(token) else None
        if found is None or not self.is_on or not found.is_good(self.clock.now()):
            raise NotFound("This link leads nowhere.", "It may have ended. Ask whoever gave it to you for another.")
        return found

    async def look(self, transaction: Transaction, share: Share, kind: str) -> Row:
        """The shared work, in a transaction of its team. Raises ``NotFound`` where it is of another kind, or gone."""
        work = (await works.find(transaction, [share.work_id])).get(share.work_id)
        if work is None or work["kind"] != kind or work["discarded_at"] is not None:
            raise NotFound("This link leads nowhere.", "It may have ended. Ask whoever gave it to you for another.")
        return work

    async def find_file(self, token: str, content_hash: str) -> tuple[Row, str]:
        """A file of the shared work, and under which key it, or its preview, lies in storage. Raises ``NotFound``."""
        share = await self.open(token)
        async with self.database.transaction(share.team_id) as transaction:
            work = (await works.find(transaction, [share.work_id])).get(share.work_id)
            is_there = rules.is_content_hash(content_hash) and work is not None and work["discarded_at"] is None
            asset = await self.library.find_of_work(transaction, share.work_id, content_hash) if is_there else None
        if asset is None or not rules.may_be_had(share, asset):
            raise NotFound("This link leads nowhere.", "It may have ended. Ask whoever gave it to you for another.")
        is_itself = asset["content_hash"] == content_hash
        return asset, asset["storage_key"] if is_itself else asset["thumbnail_key"]

    async def count_view(self, share: Share) -> None:
        await store.count_view(self.database.system, share.token, self.clock.now())

    async def forget(self, context: ScheduleContext) -> None:
        """Links that lead nowhere any more."""
        await store.forget(context.database.system, self.clock.now() - rules.ENDED_KEPT)
