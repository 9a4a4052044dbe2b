"""JSON API of reading: where the caller is in a book."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from overprint.features.reading.rules import MARKS_MAX
from overprint.features.reading.service import Reading
from overprint.http.responses import In, Out, example
from overprint.http.routes import Router
from overprint.http.scope import InScope

Key = Annotated[str, Field(max_length=7)]


class PlaceIn(In):
    """Where to go on reading, and the marked pages: ``cover``, ``title``, ``end`` or a chapter and a page such as
    ``2/3``. What is left out stays."""

    model_config = example(place="1/2", marks=["1/1"])

    place: Key | None = None
    marks: Annotated[list[Key], Field(max_length=MARKS_MAX)] | None = None


class PlaceOut(Out):
    place: str
    marks: list[str]


def router(reading: Reading) -> APIRouter:
    """Routes over ``reading``."""
    api = Router(prefix="/api/reading", tags=["reading"])

    @api.get("/{book_id}")
    async def get_place(scope: InScope, book_id: UUID) -> PlaceOut:
        return PlaceOut.model_validate(await reading.place(scope.transaction, scope.principal, book_id))

    @api.put("/{book_id}")
    async def keep_place(scope: InScope, book_id: UUID, place: PlaceIn) -> PlaceOut:
        kept = await reading.keep_place(
            scope.transaction, scope.principal, book_id, place=place.place, marks=place.marks
        )
        return PlaceOut.model_validate(kept)

    return api
