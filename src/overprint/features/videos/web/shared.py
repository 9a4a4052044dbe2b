"""A shared film, for whoever has its link: the screen, its chapters, and its files where they may be taken."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.problems import NotFound
from overprint.db.database import Database
from overprint.features.sharing import Share, Sharing, file_path, shown
from overprint.features.videos.rules.streams import PLAYLIST, PLAYLIST_TYPE
from overprint.features.videos.service import Storyboards, Videos, find_stream
from overprint.features.videos.web.start import TEMPLATES
from overprint.features.videos.web.work import seen
from overprint.http.pages import Pages
from overprint.http.responses import UNKEPT
from overprint.http.routes import Router

_SEEN = ("film", "captions", "poster")


def shared_router(videos: Videos, boards: Storyboards, sharing: Sharing) -> APIRouter:
    """Routes that anybody may follow who has the link of a film."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)

    async def found(request: Request, token: str) -> tuple[Share, dict[str, Any]]:
        share = await sharing.open(token)
        database: Database = request.app.state.database
        async with database.transaction(share.team_id) as transaction:
            await sharing.look(transaction, share, "video")
            film = await seen(videos, boards, transaction, share.work_id)
        return share, {
            **film,
            **{part: shown(share, film[part]) for part in _SEEN if film[part]},
            "offers": [(said, shown(share, file), megabytes) for said, file, megabytes in film["offers"]],
            "stream": f"/watch/{token}/stream/{PLAYLIST}" if film["stream"] else None,
        }

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

    @web.get("/watch/{film_token}/stream/{playlist}")
    async def stream(request: Request, film_token: str, playlist: str) -> Response:
        share = await sharing.open(film_token)
        database: Database = request.app.state.database
        async with database.transaction(share.team_id) as transaction:
            await sharing.look(transaction, share, "video")
            told = await find_stream(videos, transaction, share.work_id, playlist)
        text = await told.read(videos, lambda file: file_path(share, file["content_hash"]))
        return Response(text, media_type=PLAYLIST_TYPE, headers=UNKEPT)

    return web
