"""The audit log as a page: who did what to what, the newest first."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from overprint.core.principal import Principal
from overprint.core.problems import Denied, NotConfirmed
from overprint.features.audit.rules import SITE, Of
from overprint.features.audit.service import Audit, Filters
from overprint.features.audit.web.actions import ACTIONS, WAYS
from overprint.http.asked import read_day, read_id
from overprint.http.pages import Pages
from overprint.http.responses import UNKEPT, cursor_after, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import InScope

_PAGE = 50

# Raises ``Denied`` for who may not see it.
Permits = Callable[[Principal], None]
# Names of people by their ids; who is gone has none.
Names = Callable[[Sequence[UUID]], Awaitable[dict[UUID, str]]]


def router(audit: Audit, permit: Permits, permit_all: Permits, names: Names) -> APIRouter:
    """Routes over ``audit``; the two say who may see their team's lines, and who all."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent.parent / "templates")

    @web.get("/audit")
    async def show_log(
        scope: InScope,
        of: Of = Of.TEAM,
        cursor: Annotated[str | None, Query(max_length=100)] = None,
        action: Annotated[str, Query(max_length=100, pattern=r"^[a-z_.]*$")] = "",
        actor: Annotated[str, Query(max_length=60)] = "",
        since: Annotated[str, Query(max_length=10)] = "",
        until: Annotated[str, Query(max_length=10)] = "",
    ) -> Response:
        who, before = scope.principal, read_cursor(cursor)
        filters = Filters(action or None, read_id(actor), read_day(since), read_day(until, 1))
        asked = {"of": of.value, "action": action, "actor": actor, "since": since, "until": until}
        if of is Of.TEAM:
            permit(who)
            links = await audit.list_links(scope.transaction.driver, who.team_id, _PAGE, before, filters)
        else:
            permit_all(who)
            async with audit.pool.acquire() as connection:
                chain = None if of is Of.ALL else SITE
                links = await audit.list_links(connection, chain, _PAGE, before, filters)
        actors = await names(sorted({link.line.actor_id for link in links if link.line.actor_id}))
        answer = pages.render(
            "audit.html",
            lines=[(link.line, actors.get(link.line.actor_id or SITE, "")) for link in links],
            actions=ACTIONS,
            ways=WAYS,
            of=of.value,
            asked=asked,
            query=urlencode({name: value for name, value in asked.items() if value}),
            older=cursor_after(links[-1].line.id) if len(links) == _PAGE else "",
            sees_all=_sees_all(who, permit_all),
        )
        answer.headers.update(UNKEPT)
        return answer

    return web


def _sees_all(who: Principal, permit_all: Permits) -> bool:
    try:
        permit_all(who)
    except NotConfirmed:
        return True
    except Denied:
        return False
    return True
