"""JSON API of notifications."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from overprint.features.notifications.rules import PAGE, Notice
from overprint.features.notifications.service import Notifications
from overprint.http.responses import In, Out, example, next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import InScope


class NotificationOut(Out):
    """``job_id``: the job it is about. ``title``: of its work."""

    id: UUID
    kind: Notice
    job_id: UUID
    title: str
    made_at: datetime
    read_at: datetime | None


class NotificationPage(Out):
    """``unread`` counts to 100."""

    items: list[NotificationOut]
    unread: int
    next_cursor: str | None


class MailsIn(In):
    """What mails are wanted of; receipts and changes of a plan come always."""

    model_config = example(mails=["work_failed"])

    mails: Annotated[list[Notice], Field(max_length=len(Notice))]


class MailsOut(Out):
    mails: list[Notice]


def router(notifications: Notifications) -> APIRouter:
    """Routes over ``notifications``."""
    api = Router(prefix="/api/notifications", tags=["notifications"])

    @api.get("")
    async def list_notifications(
        scope: InScope,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
        cursor: Annotated[str | None, Query(max_length=100)] = None,
    ) -> NotificationPage:
        """What the caller was told of in this team, the newest first."""
        transaction, who = scope.transaction, scope.principal
        rows = await notifications.list_mine(transaction, who, before=read_cursor(cursor), limit=limit)
        return NotificationPage(
            items=[NotificationOut.model_validate(row) for row in rows],
            unread=await notifications.count_unread(transaction, who),
            next_cursor=next_cursor(rows, limit),
        )

    @api.post("/read", status_code=204)
    async def read_all(scope: InScope) -> None:
        """Mark all of them as read."""
        await notifications.mark_read(scope.transaction, scope.principal)

    @api.get("/mails")
    async def get_mails(scope: InScope) -> MailsOut:
        """What the caller wants mails of."""
        return MailsOut.model_validate({"mails": await notifications.wishes(scope.principal)})

    @api.put("/mails")
    async def choose_mails(scope: InScope, chosen: MailsIn) -> MailsOut:
        return MailsOut.model_validate({"mails": await notifications.wish(scope.principal, chosen.mails)})

    return api
