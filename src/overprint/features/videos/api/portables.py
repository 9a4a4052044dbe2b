"""JSON API of films that travel: out as one file, and in from one."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, UploadFile
from fastapi.responses import StreamingResponse

from overprint.core.files import file_name, sha256_of
from overprint.features.videos.api.videos import VideoStarted, started
from overprint.features.videos.portable import Portables
from overprint.features.videos.service import Videos
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
    async def import_video(scopes: InScopes, once: Once, file: UploadFile) -> VideoStarted:
        """Take in what `GET …/archive` or `overprint export` wrote, and make the film from it again."""
        who = scopes.principal
        sent = await asyncio.to_thread(sha256_of, file.file)
        judged = await portables.open(who, file.file)
        async with scopes.transaction() as before:
            await portables.expect(before, who, judged)
        stored = await portables.store_files(who, judged)
        async with scopes.transaction() as after:

            async def keep() -> VideoStarted:
                return started(judged.arrival.video_id, await portables.keep(after, who, judged, stored))

            return await once.answer(after, VideoStarted, sent, keep)

    return api
