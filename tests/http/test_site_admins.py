"""What is done to all of the house asks once more for the password: every route of site admins, and the log of all."""

import re

import pytest

from overprint.core.ids import new_id
from tests.features.accounts.conftest import PASSWORD, Town, open_town, town
from tests.http.tenants import WRITES, routes_of, sent_to_objects

__all__ = ["open_town", "town"]

THEIRS = {"book_id": "", "member_id": str(new_id())}


def _at(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: "pro" if found[1] == "key" else str(new_id()), path)


async def test_no_site_admin_changes_anything_who_did_not_just_give_their_password(town: Town) -> None:
    admin, pool = await town.person(), town.house.database.system
    await pool.execute("UPDATE people SET is_site_admin = true")
    await pool.execute("UPDATE sessions SET confirmed_at = NULL")
    routes = [route for route in routes_of(town.app) if route[1].startswith("/api/admin/") and route[0] in WRITES]
    sent = sent_to_objects(THEIRS)
    for method, path in routes:
        answer = await admin.request(method, _at(path), **sent[method, path])
        assert answer.json().get("code") == "not_confirmed", f"{method} {path}: {answer.text}"
    assert len(routes) >= 5


@pytest.mark.parametrize("path", ["/api/audit?of=all", "/api/audit?of=site", "/api/audit/export?of=all"])
async def test_the_log_of_all_teams_is_for_site_admins_who_just_gave_their_password(town: Town, path: str) -> None:
    admin, pool = await town.person(), town.house.database.system
    assert (await admin.get(path)).json()["code"] == "denied"
    await pool.execute("UPDATE people SET is_site_admin = true")
    await pool.execute("UPDATE sessions SET confirmed_at = NULL")
    assert (await admin.get(path)).json()["code"] == "not_confirmed"
    page = await admin.get("/audit?of=all", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/confirm?next=%2Faudit%3Fof%3Dall")
    assert "of=all" in (await admin.get("/audit")).text, "they are shown that there is more"
    await admin.post("/api/auth/confirm", json={"password": PASSWORD})
    assert (await admin.get(path)).status_code == 200
