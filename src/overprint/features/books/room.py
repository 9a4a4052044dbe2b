"""The books room's manifest. What speaks HTTP is loaded for a web process only."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from overprint.core.codec import Json, decode
from overprint.core.principal import Principal
from overprint.db.database import Transaction
from overprint.engine.schedule import Every, Schedule
from overprint.features.billing import FreeOnes
from overprint.features.books.pipeline import MAKE, SAMPLE, pipeline, sample
from overprint.features.books.projection import BooksProjection
from overprint.features.books.service import Books, Samples
from overprint.features.books.service.samples import SAMPLES_A_DAY, SAMPLES_OF_GUESTS
from overprint.features.books.steps import MakeBook
from overprint.http.room import Product, Room
from overprint.http.wording import N_

_BOOK = Product("book", "/make", N_("A book"), N_("Illustrated, from one sentence"), "book-open")


def room(books: Books) -> Room:
    from overprint.features.books.api import editing_router, printers_router, router, settings_router
    from overprint.features.books.web import editor_router, type_router
    from overprint.features.books.web import router as pages
    from overprint.features.books.web import settings_router as settings_pages
    from overprint.features.books.web import start_router as start_pages

    async def begin(
        transaction: Transaction,
        principal: Principal,
        request: Json,
        project_id: UUID | None,
        idempotency_key: str | None,
    ) -> dict[str, Any]:
        if isinstance(request, Mapping) and isinstance(request.get("brief"), Mapping):
            brief, is_aloud = await books.filled(
                transaction, principal, request["brief"], request.get("is_aloud"), idempotency_key
            )
            request = {**request, "brief": brief, "is_aloud": is_aloud}
        wanted = decode(MakeBook, request, at="request")
        _, job = await books.start(
            transaction,
            principal,
            wanted.brief,
            target=wanted.target,
            printer=wanted.printer,
            is_aloud=wanted.is_aloud,
            photos=wanted.photos,
            project_id=project_id,
            idempotency_key=idempotency_key,
        )
        return job

    return Room(
        "books",
        routers=(
            router(books, "/api/books"),
            router(books, "/api/ebooks"),
            editing_router(books, "/api/books"),
            editing_router(books, "/api/ebooks"),
            settings_router(),
        ),
        pages=(start_pages(books), editor_router(books), pages(books), editor_router(books), settings_pages()),
        open_routers=(printers_router(), type_router()),
        starters={MAKE: begin},
        products=(_BOOK,),
    )


def schedules(books: Books) -> tuple[Schedule, ...]:
    return (Schedule("books.samples", Every(timedelta(hours=1)), Samples(books).forget),)


PIPELINES = (pipeline, sample)
PARTICIPANTS = (BooksProjection(),)
# What a day's quota does not count, and how many of them a team may begin a day instead.
UNCOUNTED = {SAMPLE: FreeOnes(SAMPLES_A_DAY, SAMPLES_OF_GUESTS)}
