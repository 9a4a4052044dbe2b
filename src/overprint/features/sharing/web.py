"""The page on which a work's link is made, changed and taken back, which works without JavaScript; and the files that
whoever has the link is shown."""

from pathlib import Path
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.principal import Via
from overprint.features.library import works
from overprint.features.sharing.service import Sharing
from overprint.features.teams import Action, is_allowed
from overprint.http.files import SHOWN, sent
from overprint.http.pages import Pages
from overprint.http.responses import UNKEPT
from overprint.http.routes import Router
from overprint.http.scope import InScope

CHOICES = (7, 30, 365)
_ASKED_AGAIN = "private, no-cache"


class _Target(NamedTuple):
    key: str
    file_name: str | None


def router(sharing: Sharing) -> APIRouter:
    """Routes over ``sharing``."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")

    @web.get("/share/{work_id}")
    async def show(scope: InScope, work_id: UUID) -> Response:
        work, share = await sharing.find(scope.transaction, scope.principal, work_id)
        kept_days = (share.ends_at - share.made_at).days if share and share.ends_at else None
        answer = pages.render(
            "share.html",
            work=work,
            path=works.path_of(work),
            share=share,
            address=sharing.address_of(work, share) if share else "",
            choices=sorted({*CHOICES, *([kept_days] if kept_days else [])}),
            kept_days=kept_days,
            may_share=sharing.is_on and is_allowed(scope.principal, Action.MAKE_WORK),
            is_guest=scope.principal.via is Via.GUEST,
        )
        answer.headers.update(UNKEPT)
        return answer

    @web.post("/share/{work_id}")
    async def share(
        scope: InScope,
        work_id: UUID,
        days: Annotated[int | None, Form()] = None,
        with_files: Annotated[bool, Form()] = False,
    ) -> Response:
        await sharing.share(scope.transaction, scope.principal, work_id, days=days, with_files=with_files)
        return RedirectResponse(f"/share/{work_id}", status_code=303)

    @web.post("/share/{work_id}/end")
    async def end(scope: InScope, work_id: UUID) -> Response:
        await sharing.end(scope.transaction, scope.principal, work_id)
        return RedirectResponse(f"/share/{work_id}", status_code=303)

    return web


def open_router(sharing: Sharing) -> APIRouter:
    """What shared pages show. Each time it is looked up whether the link is still good, so that it ends at once for
    files, too."""
    web = Router(include_in_schema=False)

    @web.api_route("/shared/{share_token}/{content_hash}", methods=["GET", "HEAD"])
    async def show_file(request: Request, share_token: str, content_hash: str) -> Response:
        asset, key = await sharing.find_file(share_token, content_hash)
        is_shown = key != asset["storage_key"] or asset["media_type"] in SHOWN
        target = _Target(key, None if is_shown else asset["name"])
        return await sent(request, sharing.library.storage, target, _ASKED_AGAIN)

    return web
