"""A shared film, for whoever has its link: the screen, its chapters, and its files where they may be taken."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.problems import NotFound
from overprint.db.database import Database
from overprint.features.sharing import Share, Sharing
from overprint.features.videos.service import Storyboards, Videos
from overprint.features.videos.web.start import TEMPLATES
from overprint.features.videos.web.work import seen
from overprint.http.pages import Pages
from overprint.http.responses import UNKEPT
from overprint.http.routes import Router


def shared_router(videos: Videos, boards: Storyboards, sharing: Sharing) -> APIRouter:
    """Routes that anybody may follow who has the link of a film."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)

    async def found(request: Request, token: str) -> tuple[Share, dict[str, Any]]:
        share = await sharing.open(token)
        database: Database = request.app.state.database
        async with database.transaction(share.team_id) as transaction:
            await sharing.look(transaction, share, "video")
            return share, await seen(videos, boards, transaction, share.work_id)

    @web.get("/watch/{film_token}")
    async def watch(request: Request, film_token: str) -> Response:
        share, film = await found(request, film_token)
        await sharing.count_view(share)
        address = f"{sharing.site_url.rstrip('/')}/watch/{film_token}"
        answer = pages.render("film_shared.html", **film, share=share, address=address)
        answer.headers.update({**UNKEPT, "X-Robots-Tag": "noindex"})
        return answer

    @web.get("/watch/{film_token}/poster")
    async def show_poster(request: Request, film_token: str) -> Response:
        """For previews of the link."""
        _, film = await found(request, film_token)
        poster = film["poster"]
        if poster is None:
            raise NotFound("This film has no picture.")
        return RedirectResponse(poster["thumbnail_url"] or poster["url"], status_code=302, headers=UNKEPT)

    return web
