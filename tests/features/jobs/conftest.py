"""The jobs room behind its API, over a pipeline that takes no time."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from overprint.core.principal import Principal
from overprint.db.database import Database, Transaction
from overprint.features.jobs.room import room
from overprint.http.problems import answer_problems
from overprint.http.scope import always
from tests.features.jobs.tiny import KIND, TINY
from tests.support.database import TestDatabase
from tests.support.studio import Studio, open_studio


@pytest.fixture
async def studio(database: Database, database_urls: TestDatabase) -> AsyncIterator[Studio]:
    async with open_studio(database, database_urls, pipeline=TINY) as opened:
        yield opened


async def nobodys_names(person_ids: Sequence[UUID]) -> dict[UUID, str]:
    return {}


@pytest.fixture
def app(studio: Studio) -> FastAPI:
    async def begin(
        transaction: Transaction, principal: Principal, request: Any, project_id: UUID | None, key: str | None
    ) -> dict[str, Any]:
        return await studio.jobs.submit(
            transaction, principal, KIND, request, title="Tiny", project_id=project_id, idempotency_key=key
        )

    app = FastAPI()
    answer_problems(app)
    app.state.identify, app.state.database = always(studio.owner), studio.engine.database
    jobs = room(
        studio.jobs,
        lambda: studio.engine.hub,
        lambda: {KIND: begin},
        {},
        lambda key: f"/files/{key}?signed",
        library=studio.library,
        names=nobodys_names,
    )
    for router in (*jobs.quick_routers, *jobs.routers, *jobs.pages):
        app.include_router(router)
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as opened:
        yield opened


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """Where a real server on this machine answers."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving
