"""The videos room's manifest. What speaks HTTP is loaded for a web process only."""

from typing import Any
from uuid import UUID

from overprint.core.codec import Json, decode
from overprint.core.principal import Principal
from overprint.db.database import Transaction
from overprint.features.presets import Presets
from overprint.features.sharing import Sharing
from overprint.features.videos.pipeline import MAKE, pipeline
from overprint.features.videos.projection import VideosProjection
from overprint.features.videos.rules.sources import prompted
from overprint.features.videos.service import Source, Storyboards, Videos
from overprint.features.videos.steps import FILM, PICTURE, MakeFilm
from overprint.http.room import PROMPTED, Product, Results, Room
from overprint.http.wording import N_

_FILM = Product("video", "/make/film", N_("A film"), N_("Narrated, scene by scene"), "play")


def room(videos: Videos, presets: Presets, sharing: Sharing) -> Room:
    from overprint.features.videos.api import portable_router, router, storyboard_router
    from overprint.features.videos.web import board_router, shared_router, start_router
    from overprint.features.videos.web import router as film_pages

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
            source=await videos.source_of(transaction, wanted),
            target=wanted.target,
            project_id=project_id,
            idempotency_key=idempotency_key,
        )
        return job

    async def begin_prompted(
        transaction: Transaction,
        principal: Principal,
        request: Json,
        project_id: UUID | None,
        idempotency_key: str | None,
    ) -> dict[str, Any]:
        look = await presets.asked(transaction, principal, request["preset"]) if request["preset"] else {}
        brief, files = prompted(request["prompt"], look, request["settings"])
        _, job = await videos.start(
            transaction,
            principal,
            brief,
            source=Source(picture=files.get("picture"), driving=files.get("driving"), lut=files.get("lut")),
            project_id=project_id,
            idempotency_key=idempotency_key,
        )
        return job

    async def tell(transaction: Transaction, work_id: UUID) -> Results:
        files = {row["slot"]: row for row in await videos.list_parts(transaction, work_id)}
        pictures = [files[slot] for slot in sorted(files) if slot.startswith(PICTURE)]
        first = pictures[0] if pictures else {}
        return Results(first.get("url"), files.get(FILM, {}).get("url"), first.get("thumbnail_url"))

    boards = Storyboards(videos)
    return Room(
        "videos",
        routers=(router(videos, presets), storyboard_router(videos), portable_router(videos)),
        pages=(start_router(videos, presets), film_pages(videos, boards, presets), board_router(videos, boards)),
        open_pages=(shared_router(videos, boards, sharing),),
        starters={MAKE: begin, PROMPTED: begin_prompted},
        tellers={MAKE: tell},
        products=(_FILM,),
    )


PIPELINES = (pipeline,)
PARTICIPANTS = (VideosProjection(),)
