"""The shelf behind its API and its pages, over books that nobody works at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from overprint.core.principal import Principal
from overprint.features.books import room as books_room
from overprint.features.library import room as library_room
from overprint.features.shelf import Shelf
from overprint.features.shelf import room as shelf_room
from overprint.http.problems import answer_problems
from overprint.http.scope import always
from tests.support.studio import Studio

KEPT = timedelta(days=30)


def shelf_of(studio: Studio) -> Shelf:
    return Shelf({"book": studio.books}, studio.jobs, studio.library, None)


@pytest.fixture
def shelf(studio: Studio) -> Shelf:
    return shelf_of(studio)


@asynccontextmanager
async def client_as(who: Principal, studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is this person."""
    app = FastAPI()
    answer_problems(app)
    app.state.identify, app.state.database = always(who), studio.engine.database
    rooms = (
        books_room.room(studio.books),
        library_room.room(studio.library),
        shelf_room.room(shelf_of(studio), kept=KEPT),
    )
    for room in rooms:
        for router in (*room.routers, *room.pages):
            app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as opened:
        yield opened


@pytest.fixture
async def client(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    async with client_as(studio.owner, studio) as opened:
        yield opened
