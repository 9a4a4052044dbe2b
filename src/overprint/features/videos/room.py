"""The videos room's manifest. What speaks HTTP is loaded for a web process only."""

from typing import Any
from uuid import UUID

from overprint.core.codec import Json, decode
from overprint.core.principal import Principal
from overprint.db.database import Transaction
from overprint.features.videos.pipeline import MAKE, pipeline
from overprint.features.videos.projection import VideosProjection
from overprint.features.videos.service import Source, Videos
from overprint.features.videos.steps import MakeFilm
from overprint.http.room import Room


def room(videos: Videos) -> Room:
    from overprint.features.videos.api import router, storyboard_router

    async def begin(
        transaction: Transaction,
        principal: Principal,
        request: Json,
        project_id: UUID | None,
        idempotency_key: str | None,
    ) -> dict[str, Any]:
        wanted = decode(MakeFilm, request, at="request")
        _, job = await videos.start(
            transaction,
            principal,
            wanted.brief,
            source=Source(script=wanted.script, book=wanted.source),
            target=wanted.target,
            project_id=project_id,
            idempotency_key=idempotency_key,
        )
        return job

    return Room("videos", routers=(router(videos), storyboard_router(videos)), starters={MAKE: begin})


PIPELINES = (pipeline,)
PARTICIPANTS = (VideosProjection(),)
