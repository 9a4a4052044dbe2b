"""Routes are looked through when they are first asked for, and then answer and are described like any other."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI

from overprint.http.problems import answer_problems
from overprint.http.routes import Router, asking


def router(order: list[str]) -> Router:
    made = Router(prefix="/things", tags=["things"])

    @made.get("/{number}")
    async def read(number: int, before: Annotated[None, Depends(lambda: order.append("own"))]) -> dict[str, int]:
        return {"number": number}

    @made.post("/{number}", status_code=201)
    async def write(number: int) -> dict[str, int]:
        return {"number": number}

    return made


async def test_a_route_asks_first_for_what_its_house_asks_for_and_then_for_its_own() -> None:
    order: list[str] = []
    app = FastAPI()
    app.router.routes.extend(asking(router(order), [Depends(lambda: order.append("house"))]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        assert (await client.get("/things/5")).json() == {"number": 5}
        assert order == ["house", "own"]
        assert (await client.get("/things/five")).status_code == 422
        assert (await client.post("/things/6")).status_code == 201
        assert (await client.delete("/things/6")).status_code == 405


async def test_what_may_be_as_large_as_files_are_is_not_read_where_json_is_taken() -> None:
    made, read = Router(), list[int]()

    @made.post("/told")
    async def tell(told: dict[str, int]) -> dict[str, int]:
        return told

    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b'{"a":', b"1}"):
            read.append(len(piece))
            yield piece

    app = FastAPI()
    answer_problems(app)
    app.router.routes.extend(asking(made, []))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        form = {"Content-Type": "Multipart/Form-Data; boundary=x", "Accept": "application/json"}
        refused = await client.post("/told", content=pieces(), headers=form)
        assert (refused.status_code, refused.json()["title"], read) == (422, "This address takes JSON and no form.", [])
        json = {"Content-Type": "application/json"}
        assert (await client.post("/told", content=pieces(), headers=json)).json() == {"a": 1}
        assert (await client.put("/told", headers=form)).status_code == 405


def test_it_is_described_as_if_it_had_been_read_at_once() -> None:
    late, soon = FastAPI(), FastAPI()
    late.router.routes.extend(asking(router([]), []))
    at_once = APIRouter(prefix="/things", tags=["things"])
    for route in router([]).routes:
        told: Any = route
        at_once.add_api_route(
            told.path.removeprefix("/things"), told.endpoint, methods=told.methods, status_code=told.status_code
        )
    soon.include_router(at_once)
    assert late.openapi() == soon.openapi()


def test_one_that_nobody_asked_for_was_not_read() -> None:
    made = Router()

    @made.get("/odd", status_code=204)
    async def odd() -> dict[str, int]:
        return {}

    (route,) = asking(made, [])
    with pytest.raises(AssertionError, match="204"):
        route.dependant  # type: ignore[attr-defined]  # noqa: B018


def test_what_was_read_already_cannot_be_asked_for_more() -> None:
    made = router([])
    assert all(route.dependant for route in made.routes)  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError, match="read already"):
        asking(made, [Depends(int)])


async def test_a_router_of_another_kind_asks_for_the_same() -> None:
    other, order = APIRouter(), list[str]()
    other.add_api_route("/", lambda: order.append("own"))
    app = FastAPI()
    app.router.routes.extend(asking(other, [Depends(lambda: order.append("house"))]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        assert (await client.get("/")).status_code == 200
    assert order == ["house", "own"]
