"""Whoever asks too often is told when to go on, and takes nothing from others."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI, WebSocket
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role, Via
from overprint.core.problems import TooOften
from overprint.http.problems import answer_problems
from overprint.http.rates import CALLERS_MAX, OPEN_LEAST, WINDOW_SECONDS, Counting, Rate, Rates
from overprint.http.scope import Who, always


def test_a_minutes_allowance_may_be_used_at_once_and_comes_back_evenly() -> None:
    now = 0.0
    rate = Rate("person", 6, lambda: now)
    assert [rate.count("a").left for _ in range(6)] == [5, 4, 3, 2, 1, 0]
    with pytest.raises(TooOften, match="Go on in 10 seconds") as refused:
        rate.count("a")
    now = refused.value.retry_after_seconds
    assert rate.count("a").left == 0
    now = 1000.0
    assert rate.count("a").left == 5


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 20))
def test_no_minute_ever_holds_more_than_twice_the_limit_nor_does_waiting_as_told_fail(
    waits: list[float], limit: int
) -> None:
    now, passed = 0.0, []
    rate = Rate("person", limit, lambda: now)
    for wait in waits:
        now += wait
        try:
            rate.count("a")
        except TooOften as refused:
            now += refused.retry_after_seconds
            rate.count("a")
        passed.append(now)
    for end in passed:
        assert sum(end - WINDOW_SECONDS < at <= end for at in passed) <= 2 * limit


def test_one_caller_takes_nothing_from_another_and_few_are_remembered() -> None:
    rate = Rate("address", 1, lambda: 0.0)
    for n in range(CALLERS_MAX + 10):
        rate.count(str(n))
    assert len(rate._until) == CALLERS_MAX
    with pytest.raises(TooOften):
        rate.count(str(CALLERS_MAX + 9))


def _app(principal: Principal, *, address: int, person: int) -> FastAPI:
    app = FastAPI()
    answer_problems(app)
    app.state.identify = always(principal)
    app.state.rates = Rates.of(address=address, person=person, key=person * 2)
    app.add_middleware(Counting, rates=app.state.rates)

    @app.get("/api/me")
    async def me(who: Who) -> str:
        return str(who.person_id)

    @app.get("/api/open")
    async def anyone() -> str:
        return "hello"

    @app.get("/shared/{token}/{name}")
    async def shared(token: str, name: str) -> str:
        return name

    @app.websocket("/api/ws")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    return app


async def test_answers_tell_the_limit_of_who_was_recognised_and_of_the_address_of_others() -> None:
    app = _app(Principal(new_id(), new_id(), Role.OWNER, via=Via.SESSION), address=10, person=2)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        assert (await client.get("/api/open")).headers["RateLimit-Policy"] == '"address";q=10;w=60'
        first = await client.get("/api/me")
        assert first.headers["RateLimit"] == '"person";r=1;t=30'
        await client.get("/api/me")
        refused = await client.get("/api/me")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_often")
        assert 1 <= int(refused.headers["Retry-After"]) <= 30
        assert (await client.get("/api/open")).status_code == 200


async def test_an_address_is_refused_before_anything_is_asked_of_the_database() -> None:
    app = _app(Principal(new_id(), new_id(), Role.OWNER, via=Via.API_KEY, session_id=new_id()), address=1, person=9)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        assert (await client.get("/api/me")).headers["RateLimit-Policy"] == '"key";q=18;w=60'
        refused = await client.get("/api/me")
        assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
        assert refused.headers["Retry-After"] == "60"


async def test_files_of_shared_works_are_counted_for_themselves_for_they_are_many() -> None:
    app = _app(Principal(new_id(), new_id(), Role.OWNER), address=1, person=9)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        answers = [await client.get(f"/shared/made-up/{n}") for n in range(21)]
        assert [answer.status_code for answer in answers] == [200] * 20 + [429]
        assert (await client.get("/api/open")).status_code == 200


async def test_an_address_has_only_so_much_open_at_a_time_whatever_it_is() -> None:
    app = _app(Principal(new_id(), new_id(), Role.OWNER), address=2, person=9)
    begun, may_end = asyncio.Semaphore(0), asyncio.Event()

    @app.get("/healthz")
    async def healthz() -> str:
        return "alive"

    @app.get("/static/slow")
    async def slow() -> str:
        begun.release()
        await may_end.wait()
        return "done"

    here, elsewhere = (httpx.ASGITransport(app, client=(address, 1)) for address in ("192.0.2.1", "192.0.2.2"))
    async with (
        httpx.AsyncClient(transport=here, base_url="http://localhost") as client,
        httpx.AsyncClient(transport=elsewhere, base_url="http://localhost") as other,
        asyncio.timeout(30),
    ):
        going = [asyncio.create_task(client.get("/static/slow")) for _ in range(OPEN_LEAST)]
        for _ in going:
            await begun.acquire()
        refused = await client.get("/static/slow")
        assert (refused.status_code, refused.json()["title"]) == (429, "Too much is open from your address.")
        assert (await client.get("/healthz")).status_code == 200, "else who watches would begin the process anew"
        assert (await other.get("/api/open")).status_code == 200
        may_end.set()
        assert [answer.status_code for answer in await asyncio.gather(*going)] == [200] * OPEN_LEAST
        assert (await client.get("/static/slow")).status_code == 200


def test_a_socket_too_many_is_closed_with_the_reason() -> None:
    client = TestClient(_app(Principal(new_id(), new_id(), Role.OWNER), address=1, person=9))
    with client.websocket_connect("/api/ws"):
        pass
    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/api/ws"):
        pass
    assert closed.value.code == 1013
