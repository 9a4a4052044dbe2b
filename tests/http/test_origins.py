"""Which pages of other sites may call the API: those the operator lists, with a key, and never with cookies."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from overprint.http.guard import Guard
from overprint.http.origins import cors_options
from overprint.http.problems import answer_problems

SHOP, ELSEWHERE = "https://shop.example", "https://elsewhere.example"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(openapi_url=None)
    answer_problems(app)

    @app.post("/api/books")
    async def make() -> str:
        return "made"

    @app.post("/form")
    async def form() -> str:
        return "made"

    app.add_middleware(CORSMiddleware, **cors_options([SHOP]))
    app.add_middleware(
        Guard, allowed_hosts=frozenset({"localhost"}), observe=lambda *_: None, api_origins=frozenset({SHOP})
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        yield client


def _from(origin: str, **more: str) -> dict[str, str]:
    return {"Origin": origin, "Sec-Fetch-Site": "cross-site", **more}


async def test_a_listed_site_calls_the_api_and_reads_the_answer(client: httpx.AsyncClient) -> None:
    asked = _from(
        SHOP,
        **{
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, idempotency-key",
        },
    )
    before = await client.options("/api/books", headers=asked)
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (200, SHOP)
    made = await client.post("/api/books", headers=_from(SHOP, Authorization="Bearer op_live_x"))
    assert (made.status_code, made.headers["access-control-allow-origin"]) == (200, SHOP)
    assert "access-control-allow-credentials" not in made.headers


async def test_no_other_site_and_no_form_of_a_listed_one_gets_through(client: httpx.AsyncClient) -> None:
    refused = await client.post("/api/books", headers=_from(ELSEWHERE))
    assert (refused.status_code, "access-control-allow-origin" in refused.headers) == (403, False)
    assert (await client.post("/form", headers=_from(SHOP))).status_code == 403


@pytest.mark.parametrize("cookie", ["overprint_access=x", "__Host-overprint_refresh=x"])
async def test_nobodys_cookies_count_there(client: httpx.AsyncClient, cookie: str) -> None:
    assert (await client.post("/api/books", headers=_from(SHOP, Cookie=cookie))).status_code == 403
