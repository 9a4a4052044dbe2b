"""The photos room behind its API and its pages."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from overprint.features.photos import Photos
from overprint.features.photos.room import room
from overprint.http.problems import answer_problems
from overprint.http.scope import always
from tests.support.studio import Studio


@pytest.fixture
def photos(studio: Studio) -> Photos:
    return studio.books.photos


@pytest.fixture
async def client(studio: Studio, photos: Photos) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    answer_problems(app)
    app.state.identify, app.state.database = always(studio.owner), studio.engine.database
    made = room(photos)
    for router in (*made.open_routers, *made.routers, *made.pages):
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as opened:
        yield opened
