"""The reading room behind its API and its pages, over books that nobody works at."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from overprint.core.clock import SystemClock
from overprint.features.books import room as books_room
from overprint.features.reading import Reading
from overprint.features.reading import room as reading_room
from overprint.features.sharing import Sharing
from overprint.http.problems import answer_problems
from overprint.http.scope import always
from tests.support.studio import Studio


@pytest.fixture
async def reading(studio: Studio) -> Reading:
    await studio.engine.database.system.execute(
        "INSERT INTO people (id, name) VALUES ($1, 'Ann')", studio.owner.person_id
    )
    return Reading(studio.books)


@pytest.fixture
async def client(studio: Studio, reading: Reading) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    sharing = Sharing(studio.engine.database, SystemClock(), studio.books.library, "http://localhost")
    answer_problems(app)
    app.state.identify, app.state.database = always(studio.owner), studio.engine.database
    for room in (books_room.room(studio.books), reading_room.room(reading, sharing)):
        for router in (*room.routers, *room.pages):
            app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as opened:
        yield opened
