"""Who may open a socket, and for how long it tells them anything."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from overprint.core.ids import new_id
from tests.features.accounts.conftest import SITE, Town, open_town, town

__all__ = ["open_town", "town"]

SUBSCRIBE = json.dumps({"type": "subscribe", "channel": f"job:{new_id()}"})


async def nothing() -> None:
    return None


async def talk(
    town: Town, client: httpx.AsyncClient, *, between: Callable[[], Awaitable[object]] = nothing
) -> list[dict[str, Any]]:
    """All that the socket tells who subscribes twice to a job that is not there, with their browser's cookies."""
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = {"host": SITE.removeprefix("http://"), "origin": SITE, "cookie": cookie}
    scope = {
        "type": "websocket",
        "path": "/api/ws",
        "raw_path": b"/api/ws",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("10.1.1.1", 1),
        "subprotocols": [],
        "scheme": "ws",
        "server": ("127.0.0.1", 8000),
        "extensions": {"websocket.http.response": {}},
    }
    told: list[dict[str, Any]] = []
    answered = asyncio.Event()
    asked = 0

    async def receive() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        if asked == 1:
            return {"type": "websocket.connect"}
        if asked > 2:
            await asyncio.wait_for(answered.wait(), 20)
            answered.clear()
            await between()
        return {"type": "websocket.receive", "text": SUBSCRIBE} if asked < 4 else {"type": "websocket.disconnect"}

    async def send(message: Any) -> None:
        told.append(message)
        answered.set()

    await town.app(scope, receive, send)
    return told


async def test_nobody_who_is_not_signed_in_opens_a_socket(town: Town) -> None:
    told = await talk(town, await town.visitor())
    assert (told[0]["type"], told[0]["status"]) == ("websocket.http.response.start", 401)


async def test_cookies_that_are_renewed_when_a_socket_opens_reach_the_browser_and_later_ones_are_not_needed(
    town: Town,
) -> None:
    mira = await town.person()
    town.later(minutes=16)

    async def later() -> None:
        town.later(minutes=16)

    told = await talk(town, mira, between=later)
    assert told[0]["type"] == "websocket.accept"
    given = [value.decode() for name, value in told[0]["headers"] if name == b"set-cookie"]
    assert len(given) == 2
    errors = [json.loads(message["text"])["error"] for message in told[1:]]
    assert errors == ["There is no such job."] * 2
    for cookie in given:
        name, _, value = cookie.partition(";")[0].partition("=")
        mira.cookies.set(name, value, domain="127.0.0.1", path="/")
    assert (await mira.get("/api/auth/me")).status_code == 200, "and the family has not ended"


async def test_a_socket_answers_no_more_once_its_session_has_ended(town: Town) -> None:
    mira = await town.person()

    async def revoke() -> None:
        await town.house.database.system.execute("UPDATE sessions SET ended_at = now(), ending = 'revoked'")

    told = await talk(town, mira, between=revoke)
    errors = [json.loads(message["text"])["error"] for message in told[1:]]
    assert errors == ["There is no such job.", "This session has ended."]
