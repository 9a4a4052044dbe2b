"""``/api/admin/mail``: what the embedded mail adapter keeps, and what is still on its way. For site admins."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from overprint.features.accounts.rules import require_confirmed
from overprint.features.accounts.service.counter import Counter
from overprint.http.responses import UNKEPT, Out, next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import Who

PAGE_MAX = 100


class MailOut(Out):
    id: UUID
    recipient: str
    subject: str
    text: str
    sent_at: datetime


class WaitingOut(Out):
    id: UUID
    kind: str
    recipient: str
    subject: str
    made_at: datetime
    tries: int
    failed_at: datetime | None
    error: str | None


class MailPage(Out):
    items: list[MailOut]
    waiting: list[WaitingOut]
    next_cursor: str | None


def router(counter: Counter) -> APIRouter:
    """Routes over mail."""
    api = Router(prefix="/api/admin/mail", tags=["admin"])

    @api.get("")
    async def list_mail(
        who: Who, response: Response, limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50, cursor: str | None = None
    ) -> MailPage:
        """Mail that was kept here, the newest first. It holds keys to accounts, so the password is asked for first."""
        counter.permit_site(who)
        require_confirmed(who, counter.office.clock.now())
        kept = await counter.list_kept_mail(limit, read_cursor(cursor))
        response.headers.update(UNKEPT)
        return MailPage(
            items=[MailOut.model_validate(row) for row in kept],
            waiting=[WaitingOut.model_validate(row) for row in await counter.list_waiting_mail(limit)],
            next_cursor=next_cursor(kept, limit),
        )

    return api
