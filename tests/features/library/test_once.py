"""One Idempotency-Key, one thing made: however often the request comes, and however many at a time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from overprint.core.clock import SystemClock
from overprint.engine.schedule import ScheduleContext
from overprint.features.library.room import room
from overprint.http import kept_answers
from overprint.http.problems import answer_problems
from overprint.http.scope import always
from tests.support.studio import Studio


@pytest.fixture
async def client(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    answer_problems(app)
    app.state.identify, app.state.database = always(studio.owner), studio.engine.database
    for router in room(studio.library).routers:
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        yield client


async def make(client: httpx.AsyncClient, name: str, key: str | None) -> httpx.Response:
    return await client.post("/api/projects", json={"name": name}, headers={"Idempotency-Key": key} if key else {})


async def test_the_same_request_under_one_key_is_done_once_and_answered_alike(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    answers = await asyncio.gather(*(make(client, "Bedtime", "a") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await studio.count("projects") == 1


async def test_another_request_under_the_same_key_is_refused(client: httpx.AsyncClient) -> None:
    await make(client, "Bedtime", "a")
    refused = await make(client, "Breakfast", "a")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


async def test_a_request_that_failed_leaves_its_key_free(client: httpx.AsyncClient, studio: Studio) -> None:
    assert (await make(client, "   ", "a")).status_code == 422
    assert (await make(client, "Bedtime", "a")).status_code == 201


async def test_without_a_key_each_request_is_another(client: httpx.AsyncClient, studio: Studio) -> None:
    await make(client, "Bedtime", None)
    await make(client, "Bedtime", None)
    assert await studio.count("projects") == 2


async def test_an_upload_sent_twice_is_kept_once(client: httpx.AsyncClient, studio: Studio) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(92)
    sent = [
        await client.post("/api/assets", files={"file": ("a.png", png)}, headers={"Idempotency-Key": "a"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[0].json()["id"] == sent[1].json()["id"]
    assert await studio.count("assets") == 1


class Later(SystemClock):
    def now(self):  # type: ignore[no-untyped-def]
        return super().now() + kept_answers.KEPT + timedelta(minutes=1)


async def test_old_answers_are_forgotten(client: httpx.AsyncClient, studio: Studio) -> None:
    await make(client, "Bedtime", "a")
    await kept_answers.forgetting().body(ScheduleContext(studio.engine.database, Later(), 10))
    assert await studio.count("kept_answers") == 0
    assert (await make(client, "Breakfast", "a")).status_code == 201
