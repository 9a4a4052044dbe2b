"""The page of notifications, and which of them come by mail. It works without JavaScript."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.principal import Via
from overprint.features.notifications.rules import PAGE, Notice
from overprint.features.notifications.service import Notifications
from overprint.http.forms import read_form
from overprint.http.pages import Pages
from overprint.http.responses import UNKEPT, next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import InScope
from overprint.http.wording import N_

_FIELDS_MAX = 10
_MAILS = {
    Notice.FINISHED: (N_("A work is ready"), N_("if it took longer than ten minutes")),
    Notice.FAILED: (N_("A work could not be made"), N_("with what to do next")),
    Notice.LOW: (N_("Few credits are left"), N_("for those who may buy some, once a week at most")),
}


def router(notifications: Notifications) -> APIRouter:
    """Routes over ``notifications``."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")

    @web.get("/notifications")
    async def show(scope: InScope, cursor: Annotated[str | None, Query(max_length=100)] = None) -> Response:
        who = scope.principal
        rows = await notifications.list_mine(scope.transaction, who, before=read_cursor(cursor))
        answer = pages.render(
            "notifications.html",
            rows=rows,
            unread=await notifications.count_unread(scope.transaction, who),
            next_cursor=next_cursor(rows, PAGE),
            mails=_MAILS,
            wanted=await notifications.wishes(who) if who.via is Via.SESSION else None,
        )
        answer.headers.update(UNKEPT)
        return answer

    @web.post("/notifications/read")
    async def read_all(scope: InScope) -> Response:
        await notifications.mark_read(scope.transaction, scope.principal)
        return RedirectResponse("/notifications", status_code=303)

    @web.post("/notifications/mails")
    async def choose_mails(scope: InScope, request: Request) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX)
        await notifications.wish(scope.principal, [str(each) for each in form.getlist("mails")])
        return RedirectResponse("/notifications#mails", status_code=303)

    return web
