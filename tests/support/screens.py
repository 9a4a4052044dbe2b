"""Every screen of the studio, found by itself: a house with one of everything in it, and all its pages by their routes.

What looks at screens (accessibility, pictures of them) takes them from here, so a new page is looked at without being
named; one whose address needs something new fails until ``furnished`` makes it.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from overprint.wiring import House
from overprint.wiring.people import admissions_of
from overprint.wiring.web import web_app
from tests.http.tenants import routes_of
from tests.support.browser import Browser, Visitor, open_browser
from tests.support.command_line import free_port
from tests.support.database import TestDatabase
from tests.support.house import CHEAP_PASSWORDS, house_on

KEEPER, PASSWORD = "keeper@example.org", "three loud geese"
VARIABLES = {
    "OVERPRINT_ACCOUNTS": "open",
    "OVERPRINT_ADMIN_SECOND_FACTOR": "false",
    "OVERPRINT_WEB_REQUESTS_PER_MINUTE": "100000",
    "OVERPRINT_WEB_ADDRESS_REQUESTS_PER_MINUTE": "100000",
}
THEMES = ("light", "dark")
PHONE_MAX_PX = 600
PREMISE = "A shy fox wants to fly a lantern boat to the moon"
PHOTO = Path(__file__).parent.parent / "craft" / "photos" / "data" / "astronaut.jpg"
MADE_WITHIN_SECONDS = 120.0
# Answered with something else than a page, or on to one.
_NO_PAGES = re.compile(r"/(api/|static/|files/|healthz|readyz|metrics|offline-worker|app\.webmanifest|identity/)")


@dataclass(frozen=True)
class Screen:
    """``name`` for files; ``path`` as it is visited; ``route`` as the application has it."""

    name: str
    path: str
    route: str


@asynccontextmanager
async def serving(house: House) -> AsyncIterator[tuple[str, FastAPI, Callable[[], Awaitable[None]]]]:
    """The house behind a real socket: its address, the application, and what ends it before the block does."""
    web, app = house.settings.web, web_app(house, passwords=CHEAP_PASSWORDS)
    config = uvicorn.Config(app, host=web.host, port=web.port, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)

    async def stop() -> None:
        server.should_exit = True
        await task

    try:
        yield house.settings.site_url, app, stop
    finally:
        await stop()


async def keeper_of(house: House, browser: Browser) -> Visitor:
    """Whoever looks after the house, signed in, in a window of their own."""
    site = house.settings.site_url
    admission = await admissions_of(house.settings, house.database).set_site_admin(KEEPER, is_admin=True)
    keeper = await browser.visitor()
    await keeper.goto(str(admission.link))
    await keeper.fill(password=PASSWORD)
    await keeper.click("password")
    await keeper.goto(f"{site}/login")
    await keeper.fill(email=KEEPER, password=PASSWORD)
    await keeper.click("Sign in")
    return keeper


@dataclass(frozen=True)
class Studio:
    """A house behind ``site`` that somebody may look at: all its screens, each with the window that shows it."""

    site: str
    screens: tuple[tuple[Visitor, Screen], ...]
    windows: tuple[Visitor, ...]
    stop: Callable[[], Awaitable[None]]
    """Nobody answers any more, as when the network is gone."""


@asynccontextmanager
async def open_studio(urls: TestDatabase, folder: Path, only: str = "") -> AsyncIterator[Studio]:
    """Pages that anybody may see are shown to somebody unknown, all others to whoever looks after the house.

    ``only``: the screens of which the name begins so.
    """
    variables = {**VARIABLES, "OVERPRINT_WEB_PORT": str(free_port())}
    async with (
        house_on(urls, folder / "data", works=True, **variables) as house,
        serving(house) as (site, app, stop),
        open_browser() as browser,
    ):
        keeper, nobody = await keeper_of(house, browser), await browser.visitor()
        async with beside(keeper, site) as client, beside(nobody, site) as stranger:
            ids = await furnished(client) if _is_about_something(app, only) else {}
            wanted = list(_candidates(app, only, ids))
            to_all = await _shown(wanted, stranger)
            to_keeper = await _shown([screen for screen in wanted if screen not in to_all], client)
        shown = [(nobody, screen) for screen in to_all] + [(keeper, screen) for screen in to_keeper]
        yield Studio(site, tuple(shown), (keeper, nobody), stop)


async def dress(window: Visitor, width_px: int, theme: str) -> None:
    """The window as wide as this; the person's system ``light`` or ``dark``, and without motion."""
    metrics = {"width": width_px, "height": 900, "deviceScaleFactor": 1, "mobile": width_px < PHONE_MAX_PX}
    await window.send("Emulation.setDeviceMetricsOverride", **metrics)
    wishes = {"prefers-color-scheme": theme, "prefers-reduced-motion": "reduce"}
    features = [{"name": name, "value": value} for name, value in wishes.items()]
    await window.send("Emulation.setEmulatedMedia", features=features)


@asynccontextmanager
async def beside(visitor: Visitor, site: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the cookies of somebody's window."""
    kept = (await visitor.send("Network.getCookies", urls=[site]))["cookies"]
    cookies = {cookie["name"]: cookie["value"] for cookie in kept}
    async with httpx.AsyncClient(base_url=site, cookies=cookies, timeout=60, headers={"Origin": site}) as client:
        yield client
        for cookie in client.cookies.jar:
            await visitor.send("Network.setCookie", url=site, name=cookie.name, value=cookie.value or "")


async def furnished(client: httpx.AsyncClient) -> dict[str, str]:
    """One of everything that a page can be about: the ids, by the names that routes give them."""

    async def made(answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code < 300, (str(answer.url), answer.text)
        found: dict[str, Any] = answer.json()
        return found

    me = await made(await client.get("/api/auth/me"))
    everybody = (await made(await client.get("/api/admin/people")))["items"]
    team = await made(await client.post("/api/teams", json={"name": "The Workshop"}))
    plan = {"plan": "team", "reason": "to look at everything"}
    await made(await client.put(f"/api/admin/teams/{team['id']}/plan", json=plan))
    assert (await client.post(f"/teams/{team['id']}/switch")).status_code == 303
    gift = {"credits": 500, "reason": "to look at everything"}
    await made(await client.post(f"/api/admin/teams/{team['id']}/credits", json=gift))
    project = await made(await client.post("/api/projects", json={"name": "Bedtime"}))
    order = {"premise": PREMISE, "pages": 6, "chapters": 1, "picture_dpi": 72}
    book = await made(await client.post("/api/books", json=order))
    film = {"premise": PREMISE, "seconds": 5, "style": "flat", "aspect": "1:1", "target": "film"}
    video = await made(await client.post("/api/videos", json=film))
    consent = (await made(await client.get("/api/photos/consent")))["version"]
    photo = {"file": (PHOTO.name, PHOTO.read_bytes())}
    pictured = await made(await client.post("/api/photos", files=photo, data={"consent": consent}))
    asset = await made(await client.post("/api/assets", files=photo, data={"project_id": project["id"]}))
    look = {"name": "Round the tower", "category": "camera", "config": {"camera": [{"horizontal": 5, "pan": -5}]}}
    preset = await made(await client.post("/api/presets", json=look))
    await made(await client.post("/api/keys", json={"name": "the bindery", "scopes": ["work:read"]}))
    invited = await made(await client.post(f"/api/teams/{team['id']}/members", json={"email": "tom@example.org"}))
    till = await made(await client.post("/api/billing/checkout", json={"pack": "pack-500"}))
    assert (await client.post(till["url"], data={"card": "works"})).status_code == 303
    receipts = (await made(await client.get("/api/billing/invoices")))["items"]
    sent = await made(await client.post("/api/billing/checkout", json={"pack": "pack-500"}))
    assert (await client.post(sent["url"], data={"card": "bank"})).status_code == 303
    other = await made(await client.post("/api/billing/checkout", json={"pack": "pack-500"}))
    await until_ended(client, book["job_id"])
    shared = await made(await client.put(f"/api/shares/{book['book_id']}", json={"days": 30}))
    await until_ended(client, video["job_id"])
    shared_film = await made(await client.put(f"/api/shares/{video['video_id']}", json={}))
    hero = (await made(await client.get(f"/api/books/{book['book_id']}")))["characters"][0]["id"]
    return {
        "team_id": team["id"],
        "project_id": project["id"],
        "book_id": book["book_id"],
        "work_id": book["book_id"],
        "token": shared["url"].rpartition("/")[2],
        "film_token": shared_film["url"].rpartition("/")[2],
        "share_token": shared_film["url"].rpartition("/")[2],
        "content_hash": "ab" * 32,
        "playlist": "film.m3u8",
        "job_id": book["job_id"],
        "preset_id": preset["id"],
        "video_id": video["video_id"],
        "photo_id": pictured["id"],
        "asset_id": asset["id"],
        "person_id": next(person["id"] for person in everybody if person["id"] != me["id"]),
        "invitation_id": invited["id"],
        "invoice_id": receipts[0]["id"],
        "checkout_id": other["url"].rpartition("/")[2],
        "code": "not_found",
        "provider": "work",
        "number": "1",
        "page": "1-1",
        "name": "FrauncesSoft-Bold.ttf",
        "who": hero,
        "key": "pro",
    }


async def until_ended(client: httpx.AsyncClient, job_id: str) -> None:
    async with asyncio.timeout(MADE_WITHIN_SECONDS):
        while (state := (await client.get(f"/api/jobs/{job_id}")).json()["state"]) not in ("completed", "failed"):
            await asyncio.sleep(0.1)
    assert state == "completed"


async def _shown(screens: Sequence[Screen], client: httpx.AsyncClient) -> list[Screen]:
    """Those that answer this client with a page."""
    found = []
    for screen in screens:
        async with client.stream("GET", screen.path, headers={"Accept": "text/html"}) as answer:
            assert answer.status_code < 500, screen.path
            is_html = answer.headers.get("content-type", "").startswith("text/html")
            # What a script asks for is a part of a page.
            if answer.status_code == 200 and is_html and (await answer.aread()).lstrip().startswith(b"<!doctype"):
                found.append(screen)
    return found


def _routes(app: FastAPI, only: str) -> list[tuple[str, str]]:
    """Whatever might answer with a page, each with the name of its screen."""
    paths = sorted(path for method, path in routes_of(app) if method == "GET" and not _NO_PAGES.match(path))
    named = [(path, re.sub(r"[^a-z]+", "-", re.sub(r"\{\w+\}", "one", path)).strip("-") or "landing") for path in paths]
    return [(path, name) for path, name in named if name.startswith(only)]


def _is_about_something(app: FastAPI, only: str) -> bool:
    return any("{" in path for path, _ in _routes(app, only))


def _candidates(app: FastAPI, only: str, ids: Mapping[str, str]) -> Iterator[Screen]:
    """A route that needs an id which ``ids`` lacks is a ``KeyError``."""
    for route, name in _routes(app, only):
        yield Screen(name, re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: ids[part[1]], route), route)
