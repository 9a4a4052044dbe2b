"""JSON API of the shelf: /api/works and /api/trash."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from overprint.features.library import SEARCH_MAX_CHARACTERS, Wanted, works
from overprint.features.shelf import rules
from overprint.features.shelf.service import Shelf
from overprint.http.responses import In, Out, example, next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import InScope

Word = Annotated[str | None, Query(max_length=40, pattern="^[a-z]+$")]
Ids = Annotated[list[UUID], Field(max_length=rules.PICKS_MAX)]


class WorkOut(Out):
    """``kind`` says of which product it is. ``cover_url`` is signed and good for an hour."""

    id: UUID
    kind: str
    title: str
    about: str | None
    state: str
    project_id: UUID | None
    job_id: UUID | None
    created_at: datetime
    updated_at: datetime
    cover_url: str | None


class WorkPage(Out):
    items: list[WorkOut]
    next_cursor: str | None


class ThrownOut(Out):
    """``sort``: a ``work`` with all that it made, or a ``file``. It counts for the quota until it is deleted."""

    sort: Literal["work", "file"]
    id: UUID
    kind: str
    name: str
    size_bytes: int
    discarded_at: datetime


class TrashOut(Out):
    """The newest come first; of more than are listed, ``things`` and ``size_bytes`` tell."""

    items: list[ThrownOut]
    things: int
    size_bytes: int


class PickedIn(In):
    model_config = example(files=["01939b4e-0000-7000-8000-000000000000"])

    works: Ids = Field([])
    files: Ids = Field([])


class Count(Out):
    things: int


def router(shelf: Shelf) -> APIRouter:
    """Routes over ``shelf``."""
    api = Router(prefix="/api", tags=["library"])
    library = shelf.library

    @api.get("/works")
    async def list_works(
        scope: InScope,
        limit: Annotated[int, Query(ge=1, le=works.PAGE_MAX)] = 50,
        cursor: str | None = None,
        words: Annotated[str, Query(max_length=SEARCH_MAX_CHARACTERS)] = "",
        kind: Word = None,
        state: Word = None,
        project_id: UUID | None = None,
        since: AwareDatetime | None = None,
    ) -> WorkPage:
        """Works of every product, the newest first: those with all ``words`` in their title, story or pictures."""
        wanted = Wanted(words, kind, state, project_id, since)
        before = read_cursor(cursor)
        rows = await works.list_all(scope.transaction, limit=limit, before=before, wanted=wanted)
        covers = [library.link(row["cover_key"]) if row["cover_key"] else None for row in rows]
        items = [WorkOut.model_validate({**row, "cover_url": url}) for row, url in zip(rows, covers, strict=True)]
        return WorkPage(items=items, next_cursor=next_cursor(rows, limit))

    @api.post("/works/{work_id}/move")
    async def move_work(scope: InScope, work_id: UUID, project_id: UUID | None = None) -> Count:
        """Into a project, or out of all; with all that it made."""
        chosen = rules.picked([work_id], [])
        moved = await shelf.move(scope.transaction, scope.principal, chosen, project_id)
        return Count(things=moved)

    @api.get("/trash")
    async def list_trash(scope: InScope) -> TrashOut:
        room = await library.room(scope.transaction)
        items = [ThrownOut.model_validate(row) for row in await works.list_trash(scope.transaction)]
        return TrashOut(items=items, things=room.trash_things, size_bytes=room.trash_bytes)

    @api.post("/trash/restore")
    async def restore(scope: InScope, picked: PickedIn) -> Count:
        """Take things out of the trash; each is as it was."""
        chosen = rules.picked(picked.works, picked.files)
        return Count(things=await shelf.restore(scope.transaction, scope.principal, chosen))

    @api.delete("/trash")
    async def empty_trash(scope: InScope) -> Count:
        """Delete what the list of the trash shows, for good."""
        return Count(things=await shelf.empty_trash(scope.transaction, scope.principal))

    return api
