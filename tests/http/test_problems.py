"""Every failure becomes a problem that says what happened and what to do, and nothing else."""

import socket
from collections.abc import AsyncIterator, Callable
from typing import Annotated

import asyncpg
import httpx
import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from overprint.core.problems import Conflict, Denied, Invalid, LimitReached, NotFound, Problem, Unavailable
from overprint.db.connections import open_pool
from overprint.db.database import Database, DatabaseAway
from overprint.http.problems import answer_problems
from overprint.ports.errors import ProviderError
from overprint.ports.errors import Unavailable as ProviderUnavailable


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    pages: list[list[int]]


class Unheard(Problem):
    code = "unheard_of"


@pytest.fixture
async def caller() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(openapi_url=None)
    answer_problems(app)
    waiting: list[Exception] = []
    app.state.waiting = waiting

    @app.get("/fails")
    @app.get("/api/fails")
    async def fails() -> None:
        raise waiting.pop()

    @app.post("/api/wish")
    async def wish(wish: Wish, size: Annotated[int, Query(le=9)] = 1) -> int:
        return size

    @app.patch("/api/wish")
    async def change() -> None: ...

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        opened.app = app  # type: ignore[attr-defined]
        yield opened


async def _failing(caller: httpx.AsyncClient, error: Exception, path: str = "/api/fails") -> httpx.Response:
    caller.app.state.waiting.append(error)  # type: ignore[attr-defined]
    return await caller.get(path, headers={"Accept": "text/html,*/*"})


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (NotFound("No such fox.", "Look elsewhere."), 404),
        (Denied("No such fox.", "Look elsewhere."), 403),
        (Conflict("No such fox.", "Look elsewhere."), 409),
        (Invalid("No such fox.", "Look elsewhere.", field="fox"), 422),
        (LimitReached("No such fox.", "Look elsewhere."), 413),
        (Unavailable("No such fox.", "Look elsewhere."), 503),
        (Unheard("No such fox.", "Look elsewhere."), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Problem) else str(value),
)
async def test_every_kind_of_problem_has_its_status_and_its_body(
    caller: httpx.AsyncClient, problem: Problem, status: int
) -> None:
    answer = await _failing(caller, problem)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    field = {"field": "fox"} if isinstance(problem, Invalid) else {}
    assert answer.json() == {
        "type": "about:blank" if isinstance(problem, Unheard) else f"/problems/{problem.code}",
        "title": "No such fox.",
        "detail": "Look elsewhere.",
        "status": status,
        "code": problem.code,
        "request_id": None,
        **field,
    }
    assert answer.headers.get("retry-after") == ("5" if status == 503 else None)


def _caused_by(error: Exception) -> Exception:
    """As SQLAlchemy wraps what its driver raised."""
    wrapped = Exception("secret of the house")
    wrapped.__cause__ = error
    return wrapped


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ProviderUnavailable("The disk is full.", provider="local storage"), 503, "unavailable"),
        (asyncpg.ConnectionDoesNotExistError("connection to 10.0.0.7 was closed"), 503, "unavailable"),
        (asyncpg.InterfaceError("the pool to 10.0.0.7 is closed"), 503, "unavailable"),
        (asyncpg.LockNotAvailableError("secret lock"), 503, "unavailable"),
        (PoolTimeoutError("QueuePool limit of 10.0.0.7"), 503, "unavailable"),
        (DatabaseAway("10.0.0.7 did not answer for 60 seconds."), 503, "unavailable"),
        (DBAPIError("SELECT secret", None, Exception("10.0.0.7"), connection_invalidated=True), 503, "unavailable"),
        (DBAPIError("SELECT secret", None, _caused_by(asyncpg.DeadlockDetectedError())), 503, "unavailable"),
        (DBAPIError("SELECT secret", None, _caused_by(asyncpg.UniqueViolationError())), 500, "bug"),
        (asyncpg.UndefinedTableError("no table secret"), 500, "bug"),
        (ConnectionRefusedError(111, "connect to 10.0.0.7 failed"), 500, "bug"),
        (PermissionError(13, "secret of the house"), 500, "bug"),
        (TimeoutError("secret of the house"), 500, "bug"),
        (ZeroDivisionError("secret of the house"), 500, "bug"),
    ],
)
async def test_what_breaks_inside_is_told_without_internals(
    caller: httpx.AsyncClient, error: Exception, status: int, code: str
) -> None:
    answer = await _failing(caller, error)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]
    for internal in ("secret", "10.0.0.7", "Traceback", "ZeroDivision"):
        assert internal not in answer.text


@pytest.mark.parametrize("wrap", [lambda error: error, lambda error: DBAPIError("secret", None, _caused_by(error))])
async def test_a_full_disk_of_the_database_is_told(
    caller: httpx.AsyncClient, wrap: Callable[[Exception], Exception]
) -> None:
    answer = await _failing(caller, wrap(asyncpg.DiskFullError("could not extend file secret")))
    assert (answer.status_code, answer.json()["title"]) == (503, "The database's disk is full.")
    assert "secret" not in answer.text


async def test_a_server_that_refuses_the_driver_is_the_database_being_away(caller: httpx.AsyncClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    with pytest.raises(OSError) as caught:
        await open_pool(f"postgresql://system@127.0.0.1:{port}/overprint", size=1)
    assert (await _failing(caller, caught.value)).status_code == 503


async def test_a_value_that_the_driver_refuses_to_send_is_a_bug(caller: httpx.AsyncClient, database: Database) -> None:
    with pytest.raises(Exception, match="int64") as caught:
        await database.system.fetchval("SELECT $1::bigint", 10**20)
    assert (await _failing(caller, caught.value)).status_code == 500


async def test_a_provider_says_in_its_own_words_what_is_wrong(caller: httpx.AsyncClient) -> None:
    error: ProviderError = ProviderUnavailable("The disk is full.", provider="local storage")
    assert (await _failing(caller, error)).json()["title"] == "The disk is full."


async def test_people_get_a_page_and_programs_get_json(caller: httpx.AsyncClient) -> None:
    page = await _failing(caller, NotFound("No <b>fox</b>."), "/fails")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "No &lt;b&gt;fox&lt;/b&gt;." in page.text
    caller.app.state.waiting.append(NotFound("No fox."))  # type: ignore[attr-defined]
    answer = await caller.get("/fails", headers={"Accept": "application/json"})
    assert answer.json()["title"] == "No fox."


async def test_a_wrong_method_says_which_ones_there_are(caller: httpx.AsyncClient) -> None:
    answer = await caller.delete("/api/wish")
    assert answer.status_code == 405
    assert {"POST", "PATCH"} == {method.strip() for method in answer.headers["allow"].split(",")}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "query", "field"),
    [
        ('{"pages": [[1], [2, "x"]]}', "", "pages.1.1"),
        ('{"pages": [], "surprise": 1}', "", "surprise"),
        ("{}", "", "pages"),
        ('{"pages": []}', "?size=10", "query.size"),
    ],
)
async def test_what_does_not_validate_names_its_field(
    caller: httpx.AsyncClient, body: str, query: str, field: str
) -> None:
    answer = await caller.post(f"/api/wish{query}", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert answer.json()["title"].startswith(f"{field.removeprefix('query.')} ")


@pytest.mark.parametrize("body", ["{", '{"pages": nope}', "[" * 100_000, '{"pages": [[' + "9" * 5000 + "]]}"])
async def test_what_is_no_json_is_refused_plainly(caller: httpx.AsyncClient, body: str) -> None:
    answer = await caller.post("/api/wish", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "field" not in answer.json()


async def test_a_problem_is_told_in_the_language_that_was_asked_for(caller: httpx.AsyncClient) -> None:
    german = {"Accept-Language": "de-AT, en;q=0.5"}
    told = await caller.post("/api/wish", json={"pages": [], "size": 1}, headers=german)
    assert (told.json()["title"], told.json()["code"]) == ("size ist kein Feld dieser Anfrage.", "invalid")
    assert told.headers["content-language"] == "de"
