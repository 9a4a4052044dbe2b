"""JSON API of sharing: the link of a work, for the team that it belongs to."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from overprint.core.problems import NotFound
from overprint.features.sharing.rules import DAYS_MAX, Share
from overprint.features.sharing.service import Sharing
from overprint.http.responses import In, Out, example
from overprint.http.routes import Router
from overprint.http.scope import InScope


class ShareIn(In):
    """``days``: how long the link is good from now on; without it, it has no end. ``with_files``: whether whoever has
    it may take the files too."""

    model_config = example(days=30, with_files=False)

    days: Annotated[int, Field(ge=1, le=DAYS_MAX)] | None = None
    with_files: bool = False


class ShareOut(Out):
    """``url`` can be opened by anybody who has it. ``views``: how often it was."""

    url: str
    with_files: bool
    made_at: datetime
    ends_at: datetime | None
    views: int
    seen_at: datetime | None


def router(sharing: Sharing) -> APIRouter:
    """Routes over ``sharing``."""
    api = Router(prefix="/api/shares", tags=["sharing"])

    def told(work: dict[str, Any], share: Share) -> ShareOut:
        facts = {name: getattr(share, name) for name in ("with_files", "made_at", "ends_at", "views", "seen_at")}
        return ShareOut(url=sharing.address_of(work, share), **facts)

    @api.get("/{work_id}")
    async def get_share(scope: InScope, work_id: UUID) -> ShareOut:
        """The link of a book or film, if it is shared."""
        work, share = await sharing.find(scope.transaction, scope.principal, work_id)
        if share is None:
            raise NotFound("This work is not shared.")
        return told(work, share)

    @api.put("/{work_id}")
    async def share(scope: InScope, work_id: UUID, wanted: ShareIn) -> ShareOut:
        """Share a finished work, or change how. The link stays the same as long as it is good."""
        made = await sharing.share(
            scope.transaction, scope.principal, work_id, days=wanted.days, with_files=wanted.with_files
        )
        return told(*made)

    @api.delete("/{work_id}", status_code=204)
    async def end_share(scope: InScope, work_id: UUID) -> None:
        """Take the link back. It leads nowhere at once, and so do the links to files that it gave."""
        await sharing.end(scope.transaction, scope.principal, work_id)

    return api
