"""Every route of the house, with another tenant's credentials and the ids of what is really there: they find nothing.

A route that nobody thought of fails the walk: say in ``tenants.py`` what is to be sent to it.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import APIRouter, FastAPI

from overprint.core.ids import new_id
from tests.features.accounts.conftest import PASSWORD, SITE, Town, open_town, town
from tests.http.tenants import MARK, PUBLIC, WRITES, Route, asked_of_lists, routes_of, sent_to_lists, sent_to_objects
from tests.support.authenticator import Authenticator, text_of
from tests.support.database import TestDatabase

__all__ = ["open_town", "town"]

MIRA, EVE = "mira@example.org", "eve@example.org"
NOTHING = {403, 404}
NAMES = ("number", "scene", "character_id", "who", "page", "step")  # of parts; they are no secrets
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63f8cfc0f01f0005000201a5f645400000000049454e44ae426082"
)
NOTHING_MOVES = {"category": "camera", "config": {"camera": [{"shake": 0}]}}
Ids = dict[str, str]


async def made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code < 300, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def furnished(town: Town, urls: TestDatabase) -> Ids:
    """One of everything that a tenant can have: the ids by the names that routes give them."""
    mira = await town.person(MIRA, f"Mira {MARK}")
    team = await made(await mira.post("/api/teams", json={"name": MARK, "slug": "quiet-harbour-7"}))
    mira.headers["X-Team"] = team["slug"]
    project = await made(await mira.post("/api/projects", json={"name": MARK}))
    book = await made(await mira.post("/api/books", json={"premise": f"Mira sails to {MARK}", "title": MARK}))
    film = await made(await mira.post("/api/videos", json={"premise": f"Mira sails to {MARK}", "title": MARK}))
    files = {"file": (f"{MARK}.png", PNG)}
    asset = await made(await mira.post("/api/assets", files=files, data={"project_id": project["id"]}))
    preset = await made(await mira.post("/api/presets", json={"name": MARK, **NOTHING_MOVES}))
    key = await made(await mira.post("/api/keys", json={"name": MARK, "scopes": ["work:read"]}))
    invited = await made(await mira.post(f"/api/teams/{team['id']}/members", json={"email": "zoe@example.org"}))
    till = await made(await mira.post("/api/billing/checkout", json={"plan": "pro"}))
    pack = await made(await mira.post("/api/billing/checkout", json={"pack": "pack-500"}))
    assert (await mira.post(pack["url"], data={"card": "works"})).status_code == 303
    receipts = await made(await mira.get("/api/billing/invoices"))
    own = Authenticator()
    asked = (await made(await mira.post("/api/auth/passkeys/options")))["public_key"]
    passkey = await made(await mira.post("/api/auth/passkeys", json={"name": MARK, "credential": own.make(asked)}))
    me = await made(await mira.get("/api/auth/me"))
    sessions = await made(await mira.get("/api/auth/sessions"))
    stored = await town.house.database.system.fetchval("SELECT storage_key FROM assets")
    return {
        "email": MIRA,
        "team_id": team["id"],
        "project_id": project["id"],
        "book_id": book["book_id"],
        "work_id": book["book_id"],
        "job_id": book["job_id"],
        "asset_id": asset["id"],
        "preset_id": preset["id"],
        "photo_id": await photographed(urls, team["id"], me["id"]),
        "key_id": key["id"],
        "identity_id": await vouched_for(town, me["id"]),
        "provider": "nobody-signs-in-here",
        "invitation_id": invited["id"],
        "token": await town.link("zoe@example.org"),
        "film_token": "a-film-that-is-no-film",
        "share_token": "a-work-that-is-no-work",
        "content_hash": "ab" * 32,
        "playlist": "film.m3u8",
        "passkey_id": passkey["id"],
        "credential": text_of(own.credential_id),
        "member_id": me["id"],
        "person_id": me["id"],
        "session_id": sessions["items"][0]["id"],
        "checkout_id": till["url"].rpartition("/")[2],
        "invoice_id": receipts["items"][0]["id"],
        "video_id": film["video_id"],
        "number": "1",
        "scene": "1",
        "character_id": "mira",
        "who": "mira",
        "page": "1-1",
        "step": "text/1",
        "key": stored,
    }


IDENTITY = """
INSERT INTO identities (id, person_id, provider, issuer, subject, email, made_at, used_at)
VALUES ($1, $2, 'work', 'https://work.example.org', $3, '', now(), now())
"""


async def vouched_for(town: Town, person_id: str) -> str:
    """The id of an identity at a provider that nobody had to ask."""
    identity_id = new_id()
    await town.house.database.system.execute(IDENTITY, identity_id, person_id, MARK)
    return str(identity_id)


PHOTO = """
INSERT INTO photos (id, team_id, storage_key, content_hash, uploaded_hash, size_bytes, width_px, height_px,
                    consent_version, consent_language, created_by, expires_at)
VALUES ($1, $2, 'teams/x', 'x', 'x', 1, 1, 1, $3, 'en', $4, now() + interval '1 day')
"""


async def photographed(urls: TestDatabase, team_id: str, person_id: str) -> str:
    """The id of a photo whose reading nobody had to wait for."""
    photo_id = new_id()
    connection = await asyncpg.connect(urls.superuser)
    await connection.execute(PHOTO, photo_id, team_id, MARK, person_id)
    await connection.close()
    return str(photo_id)


class Walker:
    """Goes to routes as somebody else. ``headers``: their credentials."""

    def __init__(self, routes: set[Route], theirs: Ids, client: httpx.AsyncClient, headers: Mapping[str, str]) -> None:
        self.routes = routes
        self.theirs = theirs
        self.client = client
        self.headers = headers
        self.secrets = {theirs[name] for name in theirs if name not in NAMES} | {MARK}
        self.unplanned: list[str] = []

    async def walk(self, *, is_first: bool = True) -> int:
        """Answers how many routes were gone to. What writes new things, and the same rooms under a second name, need
        no second walk."""
        to_objects, to_lists = sent_to_objects(self.theirs), sent_to_lists(self.theirs, PASSWORD)
        asked, gone = asked_of_lists(self.theirs), 0
        for method, path in sorted(self.routes, key=lambda route: (route[1].endswith("/logout"), route)):
            if path in PUBLIC or method == "WS" or (not is_first and path.startswith("/api/ebooks")):
                continue
            if "{" in path:
                await self._go_to_object(method, path, to_objects.get((method, path), {}))
            elif method not in WRITES:
                await self._go(method, path, path, {"params": asked.get(path, {})})
            elif (method, path) in to_lists:
                if is_first or path.endswith("/logout"):
                    await self._go(method, path, path, to_lists[method, path])
            else:
                self.unplanned.append(f"{method} {path}")
            gone += 1
        assert not self.unplanned, f"say in tenants.py what is to be sent to {'; '.join(self.unplanned)}"
        return gone

    async def _go_to_object(self, method: str, path: str, sent: Mapping[str, Any]) -> None:
        names = re.findall(r"{(\w+)(?::\w+)?}", path)
        if not set(names) <= set(self.theirs):
            self.unplanned.append(f"{method} {path}: {sorted(set(names) - set(self.theirs))}")
            return
        at = re.sub(r"{(\w+)(?::\w+)?}", lambda found: self.theirs[found[1]], path)
        status = await self._go(method, path, at, sent)
        refused = NOTHING | ({401} if not self.headers else set())
        assert status in refused, f"{method} {path} answers {status}: it did not get to look for the object"

    async def _go(self, method: str, path: str, at: str, sent: Mapping[str, Any]) -> int:
        self.client.cookies.clear()
        headers = {**self.headers, **sent.get("headers", {})}
        answer = await self.client.request(method, at, **{**sent, "headers": headers})
        said = answer.text + str(answer.headers)
        told = {secret for secret in self.secrets if secret in said}
        assert told == set(), f"{method} {path} tells {told}"
        assert answer.status_code < 500, f"{method} {path}: {answer.text}"
        return answer.status_code


async def everything_of(urls: TestDatabase, team_id: str) -> dict[str, str]:
    """A digest of all rows that a team has, by table."""
    connection = await asyncpg.connect(urls.superuser)
    tables = await connection.fetch(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'team_id' AND table_schema = 'public'"
    )
    names = sorted(row["table_name"] for row in tables)
    query = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t WHERE team_id = $1"
    found = {name: await connection.fetchval(query.format(name), team_id) for name in names}
    found["teams"] = await connection.fetchval("SELECT md5(t::text) FROM teams t WHERE id = $1", team_id)
    await connection.close()
    return found


async def token_of(town: Town) -> str:
    """What Eve shows who is no browser."""
    sent = {"email": EVE, "password": PASSWORD, "tokens": True}
    token: str = (await made(await (await town.visitor()).post("/api/auth/login", json=sent)))["access_token"]
    return token


async def test_another_tenant_finds_nothing_anywhere_and_changes_nothing(
    town: Town, database_urls: TestDatabase
) -> None:
    theirs = await furnished(town, database_urls)
    before = await everything_of(database_urls, theirs["team_id"])
    assert {
        "books",
        "videos",
        "jobs",
        "steps",
        "projects",
        "assets",
        "photos",
        "invitations",
        "api_keys",
        "audit_log",
    } <= {table for table, rows in before.items() if rows}
    eve = await town.person(EVE, "Eve")
    cookie = "; ".join(f"{name}={value}" for name, value in eve.cookies.items())
    key = (await made(await eve.post("/api/keys", json={"name": "x", "scopes": ["work:read", "work:write"]})))["key"]
    # Each walk ends with signing out.
    ways: tuple[dict[str, str], ...] = (
        {"Authorization": f"Bearer {await token_of(town)}"},
        {"Authorization": f"Bearer {await token_of(town)}", "X-Team": theirs["team_id"]},
        {"Cookie": f"{cookie}; overprint_team={theirs['team_id']}", "Origin": SITE},
        {"Authorization": f"Bearer {key}"},
        {},
    )
    for number, headers in enumerate(ways):
        walker = Walker(routes_of(town.app), theirs, await town.visitor(), headers)
        assert await walker.walk(is_first=number == 0) > 100
    said = await told_over_the_socket(town, await token_of(town), theirs["job_id"])
    assert said["type"] == "error" and "no such job" in said["error"]
    assert await everything_of(database_urls, theirs["team_id"]) == before


async def told_over_the_socket(town: Town, bearer: str, job_id: str) -> dict[str, Any]:
    """The first answer to who subscribes to this job."""
    scope = {
        "type": "websocket",
        "path": "/api/ws",
        "raw_path": b"/api/ws",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8000"), (b"authorization", f"Bearer {bearer}".encode())],
        "client": ("10.1.1.1", 1),
        "subprotocols": [],
        "scheme": "ws",
        "server": ("127.0.0.1", 8000),
        "extensions": {},
    }
    wanted = json.dumps({"type": "subscribe", "channel": f"job:{job_id}"})
    incoming = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": wanted}]
    heard: list[Any] = []
    answered = asyncio.Event()

    async def receive() -> Any:
        if incoming:
            return incoming.pop(0)
        await asyncio.wait_for(answered.wait(), 20)
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(message: Any) -> None:
        heard.append(message)
        if message["type"] == "websocket.send":
            answered.set()

    await town.app(scope, receive, send)
    said: dict[str, Any] = next(json.loads(each["text"]) for each in heard if each["type"] == "websocket.send")
    return said


async def test_a_leak_and_a_route_that_nobody_planned_are_noticed() -> None:
    names = ("email", "project_id", "book_id", "asset_id", "photo_id", "member_id", "token", "credential")
    theirs = dict.fromkeys(names, "nothing")
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    gadgets = APIRouter(prefix="/api/gadgets")
    for method, path in (("GET", ""), ("POST", ""), ("GET", "/{gadget_id}")):
        gadgets.add_api_route(path, lambda: {"name": MARK}, methods=[method])
    app.include_router(gadgets)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as client:
        with pytest.raises(AssertionError, match="GET /api/gadgets tells"):
            await Walker(routes_of(app), theirs, client, {}).walk()
        with pytest.raises(AssertionError, match=r"GET /api/gadgets/\{gadget_id\}.*POST /api/gadgets"):
            await Walker(routes_of(app) - {("GET", "/api/gadgets")}, theirs, client, {}).walk()
