"""API keys: shown once, scoped, seen, and over when they are over."""

import hashlib

import httpx
import pytest

from overprint.core.ids import new_id
from tests.features.accounts.conftest import PASSWORD, Town

ALL = ["work:read", "work:write"]


async def made(client: httpx.AsyncClient, **changes: object) -> dict[str, object]:
    answer = await client.post("/api/keys", json={"name": "build server", "scopes": ALL, **changes})
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


def shown(key: dict[str, object]) -> dict[str, str]:
    return {"Authorization": f"Bearer {key['key']}"}


async def test_a_key_is_shown_once_and_kept_hashed(town: Town) -> None:
    client = await town.person()
    key = await made(client)
    secret = str(key["key"])
    assert secret.startswith("op_live_") and len(secret) > 50 and secret.startswith(str(key["prefix"]))
    listed = await client.get("/api/keys")
    assert [item["name"] for item in listed.json()["items"]] == ["build server"] and secret not in listed.text
    row = await town.house.database.system.fetchrow("SELECT hash FROM api_keys")
    assert row["hash"] == hashlib.sha256(secret.encode()).digest()


async def test_a_key_does_what_its_scopes_say_in_its_team(town: Town) -> None:
    client, program = await town.person(), await town.visitor()
    reads = await made(client, scopes=["work:read"])
    me = (await program.get("/api/auth/me", headers=shown(reads))).json()
    assert (me["via"], me["team_id"]) == ("api_key", (await client.get("/api/auth/me")).json()["team_id"])
    assert (await program.get("/api/projects", headers=shown(reads))).status_code == 200
    refused = await program.post("/api/projects", json={"name": "x"}, headers=shown(reads))
    assert refused.status_code == 403 and "work:write" in refused.json()["title"]
    writes = await made(client)
    assert (await program.post("/api/projects", json={"name": "x"}, headers=shown(writes))).status_code == 201


async def test_a_key_needs_no_origin_and_touches_no_account(town: Town) -> None:
    client, program = await town.person(), await town.visitor()
    headers = shown(await made(client, scopes=["keys:write", "work:read"]))
    del program.headers["origin"]
    for method, path, body in (
        ("POST", "/api/keys", {"name": "more", "scopes": ["work:read"]}),
        ("PATCH", "/api/auth/me", {"name": "Somebody else"}),
        ("DELETE", "/api/auth/me", {"password": PASSWORD}),
        ("POST", "/api/auth/change-password", {"old": PASSWORD, "new": "four quiet swans"}),
        ("POST", "/api/auth/confirm", {"password": PASSWORD}),
        ("GET", "/api/auth/sessions", None),
        ("GET", "/api/auth/export", None),
        ("GET", "/api/admin/mail", None),
        ("GET", "/account", None),
        ("GET", "/confirm", None),
        ("POST", "/confirm", None),
    ):
        answer = await program.request(method, path, json=body, headers=headers)
        assert answer.status_code == 403, (path, answer.text)


async def test_a_key_ends_when_it_is_revoked_or_its_time_is_over(town: Town) -> None:
    client, program = await town.person(), await town.visitor()
    key, brief = await made(client), await made(client, days=1)
    assert (await client.delete(f"/api/keys/{key['id']}")).status_code == 204
    assert (await program.get("/api/projects", headers=shown(key))).status_code == 401
    assert (await client.delete(f"/api/keys/{key['id']}")).status_code == 404
    assert (await program.get("/api/projects", headers=shown(brief))).status_code == 200
    town.later(days=1, seconds=1)
    assert (await program.get("/api/projects", headers=shown(brief))).status_code == 401


async def test_a_key_ends_with_its_maker_s_account(town: Town) -> None:
    client, program = await town.person(), await town.visitor()
    key = await made(client)
    await client.request("DELETE", "/api/auth/me", json={"password": PASSWORD})
    assert (await program.get("/api/projects", headers=shown(key))).status_code == 401


async def test_its_last_use_is_noted_at_most_once_a_minute(town: Town) -> None:
    client, program = await town.person(), await town.visitor()
    headers = shown(await made(client))
    uses = []
    for seconds in (0, 30, 31):
        town.later(seconds=seconds)
        await program.get("/api/projects", headers=headers)
        uses.append(await town.house.database.system.fetchval("SELECT used_at FROM api_keys"))
    assert uses[0] is not None and uses[0] == uses[1] < uses[2]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["work:read", "everything"]}, "scopes"),
        ({"name": "\x07"}, "name"),
        ({"days": 0}, "days"),
        ({"days": 99999}, "days"),
    ],
)
async def test_a_key_that_cannot_be_is_not_made(town: Town, change: dict[str, object], field: str) -> None:
    client = await town.person()
    answer = await client.post("/api/keys", json={"name": "build server", "scopes": ALL, **change})
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_who_may_not_do_something_makes_no_key_that_may(town: Town) -> None:
    client, pool = await town.person(), town.house.database.system
    me, other = (await client.get("/api/auth/me")).json(), new_id()
    await pool.execute("INSERT INTO people (id, name) VALUES ($1, 'Other')", other)
    join = "INSERT INTO memberships (team_id, person_id, role) VALUES ($1, $2, 'owner')"
    await pool.execute(join, me["team_id"], other)
    await pool.execute("UPDATE memberships SET role = 'admin' WHERE person_id = $1", me["id"])
    assert (await client.post("/api/keys", json={"name": "x", "scopes": ["work:read"]})).status_code == 201
    assert (await client.post("/api/keys", json={"name": "x", "scopes": ["team:owner"]})).status_code == 403


async def test_a_guest_makes_no_key_that_would_outlive_them_in_another_s_account(town: Town) -> None:
    guest = await town.visitor()
    await guest.post("/api/auth/guest")
    assert (await guest.post("/api/keys", json={"name": "x", "scopes": ALL})).status_code == 403
    assert "op_live_" not in (await guest.post("/account/keys", data={"name": "x", "scopes": "work:read"})).text
    assert await town.house.database.system.fetchval("SELECT count(*) FROM api_keys") == 0
