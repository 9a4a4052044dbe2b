"""What an API key may do on every route of the house: nothing that it was not made for."""

import re

import httpx
import pytest

from overprint.core.ids import new_id
from tests.features.accounts.conftest import Town, open_town, town
from tests.http.tenants import PUBLIC, routes_of

__all__ = ["open_town", "town"]

# The same for whoever is signed in, or asked for by nobody who is.
OPEN_TO_EVERY_KEY = {
    "/account",
    "/api/auth/me",
    "/api/auth/oidc/{provider}/callback",
    "/api/auth/oidc/{provider}/start",
    "/api/notifications/mails",
    "/api/teams",
    "/api/teams/{team_id}",
    "/confirm",
    "/files/{key:path}",
    "/forgot",
    "/login",
    "/read/{token}",
    "/read/{token}/cover",
    "/register",
    "/reset",
    "/shared/{share_token}/{content_hash}",
    "/teams",
    "/verify",
    "/watch/{film_token}",
    "/watch/{film_token}/poster",
    "/watch/{film_token}/stream/{playlist}",
}
OF_WORK = re.compile(
    r"/$|/(api/)?(assets|books|ebooks|jobs|notifications(?!/mails)|photos|presets|projects|shares?|videos)\b"
)


async def _bearer(client: httpx.AsyncClient, *scopes: str) -> dict[str, str]:
    answer = await client.post("/api/keys", json={"name": "x", "scopes": scopes})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['key']}"}


def _at(path: str, team_id: str) -> str:
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: team_id if found[1] == "team_id" else str(new_id()), path)


async def test_a_key_reads_nothing_that_it_was_not_made_for(town: Town) -> None:
    mira = await town.person()
    team_id = (await mira.get("/api/auth/me")).json()["team_id"]
    headers, program = await _bearer(mira, "team:owner"), await town.visitor()
    paths = sorted(path for method, path in routes_of(town.app) if method == "GET" and path not in PUBLIC)
    answers = {path: (await program.get(_at(path, team_id), headers=headers)).status_code for path in paths}
    asked_for_its_scope = {path for path, status in answers.items() if status == 403}
    assert set(paths) - asked_for_its_scope <= OPEN_TO_EVERY_KEY | {"/invitations", "/till/checkout/{checkout_id}"}
    assert len(asked_for_its_scope) > 30


async def test_no_route_of_work_does_anything_for_a_key_without_its_scope(town: Town) -> None:
    mira, program = await town.person(), await town.visitor()
    headers = await _bearer(mira, "billing:read", "keys:write")
    routes = sorted(route for route in routes_of(town.app) if OF_WORK.match(route[1]) and route[1] not in PUBLIC)
    for method, path in routes:
        answer = await program.request(method, _at(path, ""), headers=headers)
        assert answer.status_code == 403, f"{method} {path} answers {answer.status_code}"
    assert len(routes) > 60


@pytest.mark.parametrize("scope", ["work:read", "billing:read"])
async def test_a_key_for_one_team_does_nothing_where_another_is_meant(town: Town, scope: str) -> None:
    mira, program = await town.person(), await town.visitor()
    headers = await _bearer(mira, scope)
    team = (await mira.post("/api/teams", json={"name": "Moon Press", "slug": "moon-press"})).json()
    own = (await mira.get("/api/teams")).json()["items"][0]
    path = {"work:read": "/api/jobs", "billing:read": "/api/billing/credits"}[scope]
    asked = {"id": own["id"], "slug": own["slug"], "other": team["id"], "other_slug": "moon-press", "none": "nothing"}
    answers = {
        name: (await program.get(path, headers={**headers, "X-Team": said})).status_code for name, said in asked.items()
    }
    assert answers == {"id": 200, "slug": 200, "other": 404, "other_slug": 404, "none": 404}
