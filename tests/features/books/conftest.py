"""The books room behind its API and its pages, with nobody at work."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from overprint.features.books.room import room
from overprint.http.problems import answer_problems
from overprint.http.scope import always
from tests.support.studio import Studio


@pytest.fixture
async def client(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    answer_problems(app)
    app.state.identify, app.state.database = always(studio.owner), studio.engine.database
    brought = room(studio.books)
    for router in (*brought.routers, *brought.pages):
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as opened:
        yield opened
