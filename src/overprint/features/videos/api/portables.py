"""JSON API of films that travel: out as one file, and in from one."""

from uuid import UUID

from fastapi import APIRouter, UploadFile
from fastapi.responses import StreamingResponse

from overprint.features.jobs import arriving, send_parcel
from overprint.features.videos.api.videos import VideoStarted, started
from overprint.features.videos.portable import Portables
from overprint.features.videos.service import Videos
from overprint.http.arrivals import ArrivalOut, MostCredits, archive_of, arrival_out, take_in
from overprint.http.once import Once
from overprint.http.responses import sends
from overprint.http.routes import Router
from overprint.http.scope import InScopes


def portable_router(videos: Videos) -> APIRouter:
    api = Router(prefix="/api/videos", tags=["videos"])
    portables = Portables(videos)

    @api.get("/{video_id}/archive", response_class=StreamingResponse, responses=sends("application/zip"))
    async def export_video(scopes: InScopes, video_id: UUID) -> StreamingResponse:
        """The film with everything as one file, which `POST …/import` takes on another installation."""
        async with scopes.transaction() as transaction:
            parcel = await portables.pack(transaction, video_id)
        return archive_of(parcel.header.title, await send_parcel(videos.library.storage, parcel))

    @api.post("/import", status_code=202)
    async def import_video(
        scopes: InScopes, once: Once, file: UploadFile, most_credits: MostCredits = None
    ) -> VideoStarted:
        """Take in what `GET …/archive` or `overprint export` wrote, and make the film from it again. What that costs,
        and what of it is made that did not come along, `POST …/import/quote` says; anything of that is only made with
        ``most_credits``."""
        async with arriving(portables, scopes.principal, scopes.transaction, file.file) as work:
            return await take_in(work, once, most_credits, VideoStarted, started)

    @api.post("/import/quote")
    async def quote_import(scopes: InScopes, file: UploadFile) -> ArrivalOut:
        """What `POST …/import` would do with this file, without doing it."""
        async with arriving(portables, scopes.principal, scopes.transaction, file.file) as work:
            return arrival_out(work.look)

    return api
