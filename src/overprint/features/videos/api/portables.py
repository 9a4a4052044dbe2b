"""JSON API of films that travel: out as one file, and in from one."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, UploadFile
from fastapi.responses import StreamingResponse

from overprint.core.files import file_name, sha256_of
from overprint.features.videos.api.videos import VideoStarted, started
from overprint.features.videos.portable import Portables
from overprint.features.videos.service import Videos
from overprint.http.arrivals import ArrivalOut, MostCredits, arrival_out
from overprint.http.once import Once
from overprint.http.responses import saved_as, sends
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
        headers = {"Content-Disposition": saved_as(file_name(parcel.header.title, "overprint"))}
        return StreamingResponse(await portables.send(parcel), media_type="application/zip", headers=headers)

    @api.post("/import", status_code=202)
    async def import_video(
        scopes: InScopes, once: Once, file: UploadFile, most_credits: MostCredits = None
    ) -> VideoStarted:
        """Take in what `GET …/archive` or `overprint export` wrote, and make the film from it again. What that costs,
        and what of it is made that did not come along, `POST …/import/quote` says; anything of that is only made with
        ``most_credits``."""
        who = scopes.principal
        sent = await asyncio.to_thread(sha256_of, file.file)
        async with portables.opened(who, file.file, scopes.transaction) as judged:
            async with scopes.transaction() as before:
                look = await portables.look(before, who, judged)
            look.agreed(most_credits)
            stored = await portables.store_files(who, judged)
            async with scopes.transaction() as after:

                async def keep() -> VideoStarted:
                    return started(judged.arrival.video_id, await portables.keep(after, who, judged, stored, look))

                return await once.answer(after, VideoStarted, sent, keep)

    @api.post("/import/quote")
    async def quote_import(scopes: InScopes, file: UploadFile) -> ArrivalOut:
        """What `POST …/import` would do with this file, without doing it."""
        who = scopes.principal
        async with portables.opened(who, file.file, scopes.transaction) as judged, scopes.transaction() as transaction:
            return arrival_out(await portables.look(transaction, who, judged))

    return api
