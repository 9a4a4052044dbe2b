"""Forms of people who mean no good: nobody's is read before it is known who sends it, and none takes much memory."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

import httpx
import pytest
from fastapi import Depends, FastAPI, Form, Request, UploadFile
from starlette.requests import HTTPConnection
from starlette.types import Message
from structlog.testing import capture_logs

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.core.problems import NotSignedIn
from overprint.http.forms import FIELD_MAX_BYTES, FIELDS_MAX, FILELESS_MAX_BYTES, FILES_MAX, read_form
from overprint.http.guard import Guard
from overprint.http.problems import answer_problems
from overprint.http.routes import Router, asking
from overprint.http.scope import InScope, Who

WHO = Principal(new_id(), new_id(), Role.OWNER)
HEADERS = {"Content-Type": "multipart/form-data; boundary=x", "Accept": "application/json"}
PIECE = bytes(100_000)


class Sent:
    """A body that tells how much of it was read."""

    def __init__(self, *parts: tuple[str, int]) -> None:
        """``parts``: what comes in the head of each after its name, and how many pieces it has."""
        self._parts = parts
        self.read_bytes = 0
        self.is_read = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for head, pieces in self._parts:
            yield f'--x\r\nContent-Disposition: form-data; name="part"{head}\r\n\r\n'.encode()
            for _ in range(pieces):
                self.read_bytes += len(PIECE)
                yield PIECE
            yield b"\r\n"
        yield b"--x--\r\n"
        self.is_read = True


class Transactions:
    """A database that remembers what had come of a body when a transaction was opened."""

    def __init__(self) -> None:
        self.sent = Sent()
        self.opened_with: list[bool] = []

    @asynccontextmanager
    async def transaction(self, team_id: UUID) -> AsyncIterator[None]:
        self.opened_with.append(self.sent.is_read)
        yield


@pytest.fixture
def transactions() -> Transactions:
    return Transactions()


@pytest.fixture
def app(transactions: Transactions) -> Iterator[FastAPI]:
    web = Router()

    @web.post("/api/upload")
    async def upload(who: Who, part: UploadFile) -> int | None:
        return part.size

    @web.post("/api/words")
    async def words(who: Who, part: Annotated[list[str], Form()]) -> int:
        return sum(map(len, part))

    @web.post("/api/json")
    async def told(who: Who, told: dict[str, int]) -> int:
        return len(told)

    @web.post("/api/kept")
    async def kept(scope: InScope, request: Request) -> int:
        return len(await read_form(request, fields=5))

    @web.post("/api/kept/words")
    async def kept_words(scope: InScope, part: Annotated[list[str], Form()]) -> int:
        return len(part)

    open_to_all = Router()

    @open_to_all.post("/api/open")
    async def anybody(request: Request) -> int:
        return len(await read_form(request, fields=200))

    asked = []

    async def identify(connection: HTTPConnection) -> Principal:
        asked.append(connection)
        if connection.headers.get("authorization") != "me":
            raise NotSignedIn("Nobody is signed in.")
        return WHO

    limits = {"max_fields": FIELDS_MAX, "max_files": FILES_MAX, "max_part_size": FIELD_MAX_BYTES}
    app = FastAPI(openapi_url=None, form_limits=limits)  # type: ignore[arg-type]
    app.state.identify, app.state.database = identify, transactions
    answer_problems(app)

    async def may_work(who: Who) -> None:
        """As rooms have it: that somebody is known is asked for in more places than one."""

    app.router.routes.extend([*asking(web, [Depends(may_work)]), *open_to_all.routes])
    app.add_middleware(Guard, allowed_hosts=frozenset({"localhost"}), observe=lambda *seen: None)
    yield app
    assert len(asked) <= 1, "who asks is found out once a request"


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=HEADERS) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/api/upload", "/api/words", "/api/json"])
async def test_of_who_is_not_known_nothing_is_read(client: httpx.AsyncClient, path: str) -> None:
    sent = Sent(('; filename="a"', 50))
    kind = {"Content-Type": "application/json"} if path == "/api/json" else {}
    answer = await client.post(path, content=sent, headers=kind)
    assert (answer.status_code, sent.read_bytes) == (401, 0)


async def test_of_who_is_known_a_file_comes_in_whole(client: httpx.AsyncClient) -> None:
    sent = Sent(('; filename="a"', 50))
    answer = await client.post("/api/upload", content=sent, headers={"Authorization": "me"})
    assert (answer.status_code, answer.json()) == (200, 5_000_000)


@pytest.mark.parametrize("path", ["/api/kept", "/api/kept/words"])
async def test_no_transaction_waits_for_who_takes_long_to_send_a_form(
    client: httpx.AsyncClient, transactions: Transactions, path: str
) -> None:
    transactions.sent = Sent(("", 1), ("", 1))
    answer = await client.post(path, content=transactions.sent, headers={"Authorization": "me"})
    assert (answer.status_code, transactions.opened_with) == (200, [True])


@pytest.mark.parametrize("path", ["/api/open", "/api/kept", "/api/words"])
async def test_who_goes_away_in_the_middle_of_a_form_is_no_bug(app: FastAPI, path: str) -> None:
    coming: list[Message] = [
        {"type": "http.request", "body": b"--x\r\n", "more_body": True},
        {"type": "http.disconnect"},
    ]
    told: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        told.append(message)

    headers = [(b"host", b"localhost"), (b"authorization", b"me"), (b"content-type", HEADERS["Content-Type"].encode())]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b"", "scheme": "http"}
    with capture_logs() as logged:
        await app(scope, receive, send)
    assert [line for line in logged if line["log_level"] == "error"] == []
    assert told[0]["status"] == 400


MANY_FIELDS = [("", 1)] * 300
MANY_FILES = [('; filename="a"', 1)] * 300


@pytest.mark.parametrize(
    ("path", "parts", "status", "most_bytes"),
    [
        ("/api/words", [("", 500)], 400, FIELD_MAX_BYTES),
        ("/api/words", MANY_FIELDS, 413, FILELESS_MAX_BYTES),
        ("/api/words", [("", 0)] * 300, 400, 0),
        ("/api/words", MANY_FILES, 400, FILES_MAX * len(PIECE)),
        ("/api/open", [("", 500)], 400, FIELD_MAX_BYTES),
        ("/api/open", MANY_FIELDS, 413, FILELESS_MAX_BYTES),
        ("/api/open", MANY_FILES, 400, 0),
        ("/api/kept", MANY_FIELDS, 413, FILELESS_MAX_BYTES),
        ("/api/upload", MANY_FILES, 400, FILES_MAX * len(PIECE)),
        ("/api/upload", MANY_FIELDS, 400, FIELDS_MAX * len(PIECE)),
    ],
)
async def test_a_form_that_is_too_much_is_refused_as_soon_as_it_is(
    client: httpx.AsyncClient, path: str, parts: list[tuple[str, int]], status: int, most_bytes: int
) -> None:
    sent = Sent(*parts)
    answer = await client.post(path, content=sent, headers={"Authorization": "me"})
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.json()["detail"] and sent.read_bytes <= most_bytes + len(PIECE)
