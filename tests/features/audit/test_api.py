"""The audit log over the API: owners see their team's lines, site admins all."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.features.audit import SITE, prove_export, record
from overprint.http.scope import always
from overprint.wiring import House
from overprint.wiring.web import web_app
from tests.support.database import TestDatabase
from tests.support.house import CHEAP_PASSWORDS, house_on


@dataclass(frozen=True)
class Door:
    """The house, and its application, which takes whoever asks for the one who was let in last."""

    house: House
    app: FastAPI

    @property
    def owner(self) -> Principal:
        return self.house.owner

    def let_in(self, who: Principal) -> httpx.AsyncClient:
        self.app.state.identify = always(who)
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://localhost")


@pytest.fixture
async def door(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[Door]:
    async with house_on(database_urls, tmp_path / "data", works=False) as house:
        yield Door(house, web_app(house, passwords=CHEAP_PASSWORDS))


async def made(client: httpx.AsyncClient, *names: str) -> None:
    for name in names:
        assert (await client.post("/api/projects", json={"name": name})).status_code == 201


async def test_an_owner_reads_their_teams_lines_page_by_page(door: Door) -> None:
    async with door.let_in(replace(door.owner, address="192.0.2.1")) as client:
        await made(client, "one", "two", "three")
        first = (await client.get("/api/audit", params={"limit": 2, "action": "project"})).json()
        rest = (await client.get("/api/audit", params={"action": "project", "cursor": first["next_cursor"]})).json()
    lines = first["items"] + rest["items"]
    assert [line["detail"]["name"] for line in lines] == ["three", "two", "one"]
    assert {(line["action"], line["address"]) for line in lines} == {("project.made", "192.0.2.1")}
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER, Role.VIEWER])
async def test_who_is_no_owner_sees_no_line(door: Door, role: Role) -> None:
    async with door.let_in(replace(door.owner, role=role, is_site_admin=False)) as client:
        for path in ("/api/audit", "/api/audit/export"):
            assert (await client.get(path)).status_code == 403


async def test_only_site_admins_see_beyond_their_team_and_no_api_key_does(door: Door) -> None:
    key = replace(door.owner, scopes=frozenset({"audit:read"}))
    for who in (replace(door.owner, is_site_admin=False), key):
        async with door.let_in(who) as client:
            for of in ("all", "site"):
                for path in ("/api/audit", "/api/audit/export"):
                    assert (await client.get(path, params={"of": of})).status_code == 403
            assert (await client.get("/api/audit")).status_code == 200


async def test_exports_prove_themselves_and_say_who_took_them(door: Door) -> None:
    async with door.let_in(door.owner) as client:
        await made(client, "one", "two")
        ours = await client.get("/api/audit/export")
        everything = await client.get("/api/audit/export", params={"of": "all"})
    assert ours.headers["content-disposition"].startswith("attachment")
    (proven,) = prove_export(io.BytesIO(ours.content))
    assert proven.fault is None and b"audit.exported" in ours.content
    chains = {each.team_id: each for each in prove_export(io.BytesIO(everything.content))}
    assert set(chains) == {door.owner.team_id, SITE}
    assert all(each.fault is None and each.lines for each in chains.values())


async def test_the_page_shows_who_did_what_and_leads_to_older_lines(door: Door) -> None:
    who = replace(door.owner, address="192.0.2.1")
    async with door.house.database.transaction(who.team_id) as transaction:
        for _ in range(51):
            await record(transaction, who, "project.made", "project", new_id())
    async with door.let_in(who) as client:
        first = await client.get("/audit", params={"action": "project"})
        older = await client.get("/audit", params={"action": "project", "cursor": _cursor_in(first.text)})
        assert (await client.get("/audit", params={"of": "all"})).text.count("<li>") == 50
    assert first.text.count("<strong>Made a project</strong>") == 50
    assert "Owner</bdi>, at this machine, 192.0.2.1" in first.text
    assert older.text.count("<strong>Made a project</strong>") == 1 and "Older ones" not in older.text
    async with door.let_in(replace(door.owner, is_site_admin=False, role=Role.MEMBER)) as client:
        assert (await client.get("/audit")).status_code == 403
    async with door.let_in(replace(door.owner, is_site_admin=False)) as client:
        assert "of=all" not in (await client.get("/audit", params={"action": "<b>"})).text
        assert (await client.get("/audit", params={"of": "all"})).status_code == 403


def _cursor_in(page: str) -> str:
    return page.partition("cursor=")[2].partition('"')[0]


async def test_another_teams_owner_finds_nothing(door: Door) -> None:
    async with door.let_in(door.owner) as client:
        await made(client, "secret")
    stranger = Principal(new_id(), new_id(), Role.OWNER)
    async with door.let_in(stranger) as client:
        assert (await client.get("/api/audit")).json()["items"] == []
        assert b"secret" not in (await client.get("/api/audit/export")).content


QUERIES = ("limit=0", "since=yesterday", "action=x%27--", "actor=1", "of=mine", "cursor=%00")


async def test_what_cannot_be_asked_is_refused(door: Door) -> None:
    async with door.let_in(door.owner) as client:
        for query in QUERIES:
            assert (await client.get(f"/api/audit?{query}")).status_code == 422, query
