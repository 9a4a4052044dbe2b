"""Who may call at all, how much they may send, and what every answer carries."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI, Request, UploadFile, WebSocket
from fastapi.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from overprint.core.problems import NotFound
from overprint.http.forms import BODY_MAX_BYTES, FILELESS_MAX_BYTES
from overprint.http.guard import Guard
from overprint.http.problems import answer_problems
from overprint.observe import ids

HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "books.example"})
SAFETY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
MEGABYTE = bytes(1_000_000)
WITH_FILES = "multipart/form-data; boundary=x"
Seen = list[tuple[str, str, int]]


def _small_app(seen: Seen) -> FastAPI:
    app = FastAPI(openapi_url=None)
    answer_problems(app)

    @app.get("/api/who")
    async def who() -> dict[str, Any]:
        return {"request_id": ids.current().get("request_id")}

    @app.post("/api/count")
    async def count(request: Request) -> dict[str, int]:
        return {"size_bytes": len(await request.body())}

    @app.post("/api/json")
    async def take(value: dict[str, int]) -> dict[str, int]:
        return value

    @app.post("/api/file")
    async def keep(file: UploadFile) -> dict[str, int | None]:
        return {"size_bytes": file.size}

    @app.get("/api/missing")
    async def missing() -> None:
        raise NotFound("There is no such thing.")

    @app.get("/api/bug")
    async def bug() -> None:
        raise ZeroDivisionError("secret of the house")

    @app.get("/api/own-policy")
    async def own_policy() -> PlainTextResponse:
        return PlainTextResponse("ok", headers={"Content-Security-Policy": "sandbox"})

    @app.websocket("/api/ws")
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    def observe(method: str, route: str, status: int, seconds: float) -> None:
        seen.append((method, route, status))

    app.add_middleware(Guard, allowed_hosts=HOSTS, observe=observe, picture_origin="https://pictures.example")
    return app


@pytest.fixture
def seen() -> Seen:
    """What was observed: method, route, status."""
    return []


@pytest.fixture
def app(seen: Seen) -> FastAPI:
    return _small_app(seen)


@pytest.fixture
async def caller(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as opened:
        yield opened


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "LOCALHOST", "127.0.0.1:8000", "[::1]", "[::1]:8000", "books.example"]
)
async def test_the_hosts_that_were_named_are_answered_at_any_port(caller: httpx.AsyncClient, host: str) -> None:
    assert (await caller.get("/api/who", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "",
        "localhost.evil.example",
        "books.example.",
        "[::2]",
        "[::1",
        "]",
        "[",
        "[x]",
        "localhost@evil",
    ],
)
async def test_other_hosts_and_what_is_no_host_are_refused(caller: httpx.AsyncClient, host: str) -> None:
    answer = await caller.get("/api/who", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.json()["code"] == "refused"


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://localhost:8001",
        "null",
        "http://[",
        "localhost:8000",
        "http://localhost:8000@evil",
    ],
)
async def test_a_change_from_another_origin_is_refused_and_its_reading_is_not(
    caller: httpx.AsyncClient, origin: str
) -> None:
    headers = {"Host": "localhost:8000", "Origin": origin}
    assert (await caller.post("/api/count", headers=headers)).status_code == 403
    assert (await caller.get("/api/who", headers=headers)).status_code == 200


@pytest.mark.parametrize("site", ["same-origin", "none"])
async def test_a_change_from_our_own_pages_passes(caller: httpx.AsyncClient, site: str) -> None:
    headers = {"Host": "localhost:8000", "Origin": "http://localhost:8000", "Sec-Fetch-Site": site}
    assert (await caller.post("/api/count", headers=headers)).status_code == 200


async def test_a_request_of_two_hosts_or_with_a_head_without_measure_is_refused(caller: httpx.AsyncClient) -> None:
    two = await caller.get("/api/who", headers=[("Host", "localhost"), ("Host", "localhost")])
    assert (two.status_code, two.json()["code"]) == (421, "refused")
    for asked in (
        {"headers": {"Cookie": "a=b; " * 14_000}},
        {"params": {"q": "x" * 60_000}, "headers": {"Cookie": "a=b; " * 1200}},
    ):
        long = await caller.get("/api/who", **asked)
        assert (long.status_code, long.json()["code"]) == (431, "refused")
    assert (await caller.get("/api/who", headers={"Cookie": "a=b; " * 12_000})).status_code == 200


async def test_a_change_that_the_browser_calls_cross_site_is_refused(caller: httpx.AsyncClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert (await caller.post("/api/count", headers=headers)).status_code == 403
    assert (await caller.get("/api/who", headers=headers)).status_code == 200


async def _chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield MEGABYTE


async def test_a_body_that_is_announced_too_large_is_refused_unread(caller: httpx.AsyncClient) -> None:
    for length, kind, most in (
        (str(BODY_MAX_BYTES + 1), WITH_FILES, "at most 60 MB"),
        (str(FILELESS_MAX_BYTES + 1), "application/json", "at most 4 MB"),
        ("9" * 5000, "", "at most 4 MB"),
    ):
        answer = await caller.post("/api/count", headers={"Content-Length": length, "Content-Type": kind})
        assert answer.status_code == 413
        assert most in answer.json()["title"]
    large = {"Content-Length": str(BODY_MAX_BYTES + 1), "Content-Type": WITH_FILES}
    assert "`overprint import`" in (await caller.post("/api/books/import", headers=large)).json()["detail"]


@pytest.mark.parametrize("length", ["-5", "²", "1e9", " "])
async def test_a_length_that_is_no_number_harms_nobody(caller: httpx.AsyncClient, length: str) -> None:
    answer = await caller.post("/api/count", headers={"Content-Length": length.encode("latin-1")})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "content_type", "most_bytes"),
    [
        ("/api/count", "application/octet-stream", FILELESS_MAX_BYTES),
        ("/api/json", "application/json", FILELESS_MAX_BYTES),
        ("/api/file", WITH_FILES, BODY_MAX_BYTES),
    ],
)
async def test_a_body_that_turns_out_too_large_is_told_so_plainly(
    caller: httpx.AsyncClient, seen: Seen, path: str, content_type: str, most_bytes: int
) -> None:
    async def body() -> AsyncIterator[bytes]:
        if content_type == WITH_FILES:
            yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
        async for chunk in _chunks(most_bytes // len(MEGABYTE) + 1):
            yield chunk

    answer = await caller.post(path, content=body(), headers={"Content-Type": content_type})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "Send less."
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert seen == [("POST", path, 413)]


async def test_a_body_of_just_the_largest_size_passes(caller: httpx.AsyncClient) -> None:
    for most_bytes, kind in ((BODY_MAX_BYTES, WITH_FILES), (FILELESS_MAX_BYTES, "application/json")):
        body = _chunks(most_bytes // len(MEGABYTE))
        answer = await caller.post("/api/count", content=body, headers={"Content-Type": kind})
        assert answer.json() == {"size_bytes": most_bytes}


async def test_an_answer_that_has_begun_is_not_begun_again(seen: Seen) -> None:
    async def early(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            await send({"type": "http.response.body", "body": b".", "more_body": True})
        await send({"type": "http.response.body", "body": b"!"})

    guard = Guard(early, allowed_hosts=HOSTS, observe=lambda *told: seen.append(told[:3]))
    chunks = _chunks(FILELESS_MAX_BYTES // len(MEGABYTE) + 1)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url="http://localhost") as caller:
        answer = await caller.post("/", content=chunks)
    assert (answer.status_code, answer.text) == (200, "." * 4 + "!")
    assert seen == [("POST", "other", 200)]


@pytest.mark.parametrize("path", ["/api/who", "/api/missing", "/api/bug", "/nowhere"])
async def test_every_answer_carries_the_safety_headers_and_the_request_id(caller: httpx.AsyncClient, path: str) -> None:
    for headers in ({}, {"Host": "evil.example"}):
        answer = await caller.get(path, headers={"X-Request-Id": "abc-1_2", **headers})
        assert SAFETY.items() <= dict(answer.headers).items()
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "img-src 'self' data: https://pictures.example;" in policy
        assert answer.headers["x-request-id"] == "abc-1_2"
        assert answer.json()["request_id"] == "abc-1_2"


async def test_a_route_may_have_a_policy_of_its_own(caller: httpx.AsyncClient) -> None:
    assert (await caller.get("/api/own-policy")).headers["content-security-policy"] == "sandbox"


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a;b", "é", "<script>", "a\tb"])
async def test_a_hostile_request_id_is_replaced(caller: httpx.AsyncClient, given: str) -> None:
    answer = await caller.get("/api/who", headers={"X-Request-Id": given.encode("latin-1")})
    told = answer.headers["x-request-id"]
    assert told != given
    assert len(told) == 32
    assert answer.json()["request_id"] == told


async def test_requests_are_observed_by_their_route_and_status(caller: httpx.AsyncClient, seen: Seen) -> None:
    for path in ("/api/who", "/api/missing", "/api/bug", "/nowhere/at/all"):
        await caller.get(path)
    assert seen == [
        ("GET", "/api/who", 200),
        ("GET", "/api/missing", 404),
        ("GET", "/api/bug", 500),
        ("GET", "other", 404),
    ]


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"host": "localhost", "origin": "http://localhost"}, ["websocket.accept", "websocket.close"]),
        ({"host": "localhost", "origin": "http://evil.example"}, ["websocket.close"]),
        ({"host": "evil.example"}, ["websocket.close"]),
    ],
)
async def test_a_web_socket_from_another_site_is_closed_before_it_opens(
    app: FastAPI, headers: dict[str, str], sent: list[str]
) -> None:
    told: list[str] = []
    scope = {
        "type": "websocket",
        "path": "/api/ws",
        "raw_path": b"/api/ws",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": [],
    }

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        told.append(message["type"])

    await app(scope, receive, send)
    assert told == sent


async def test_hosts_that_were_named_in_capitals_are_answered() -> None:
    guard = Guard(_small_app([]), allowed_hosts=frozenset({"Books.Example"}), observe=lambda *told: None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url="http://books.example") as caller:
        # The application within has a guard of its own, which knows this name in small letters.
        assert (await caller.get("/api/who")).status_code == 200


async def test_each_request_is_one_line_in_the_log_without_its_query(caller: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as lines:
        await caller.get("/api/who?signature=hush-hush")
        await caller.get("/nowhere/" + "x" * 500 + "?signature=hush-hush")
    assert [(line["log_level"], line["event"], line["method"], line["status"]) for line in lines] == [
        ("info", "request", "GET", 200),
        ("info", "request", "GET", 404),
    ]
    assert lines[0]["path"] == "/api/who"
    assert lines[1]["path"] == "/nowhere/" + "x" * 191
    assert all(line["milliseconds"] >= 0 for line in lines)
    assert "hush-hush" not in str(lines)


async def test_refusals_are_warnings_in_the_log(caller: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as lines:
        await caller.get("/api/who?signature=hush-hush", headers={"Host": "evil.example"})
        await caller.post("/api/count", headers={"Origin": "http://evil.example"})
        await caller.post("/api/count", headers={"Content-Length": str(FILELESS_MAX_BYTES + 1)})
        await caller.post("/api/count", content=_chunks(FILELESS_MAX_BYTES // len(MEGABYTE) + 1))
    assert [(line["log_level"], line["event"], line["status"]) for line in lines] == [
        ("warning", "request refused", status) for status in (421, 403, 413, 413)
    ]
    assert "hush-hush" not in str(lines)
