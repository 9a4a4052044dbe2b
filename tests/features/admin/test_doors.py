"""The house is shown to whoever looks after it, once they showed that it is them, and to nobody else."""

import re
from datetime import UTC, datetime
from uuid import uuid4

from overprint.engine import timetable
from tests.features.admin.conftest import Keeping
from tests.http.tenants import routes_of

PAGE = {"Accept": "text/html"}


async def test_the_house_says_how_it_does(keeping: Keeping) -> None:
    page = (await keeping.keeper.get("/admin")).text
    assert "Something is wrong" in page and "No worker is there" in page and "Credits: every balance" in page
    told = (await keeping.keeper.get("/api/admin/health")).json()
    assert (told["is_well"], told["workers"], told["disputes"], told["waiting"]) == (False, 0, 0, [])
    assert (told["income_cents"], told["cost_microdollars"]) == ({}, 0)
    book = {"premise": "A fox waits for somebody to draw it"}
    await keeping.mira.post("/api/books", json=book)
    assert (await keeping.keeper.get("/api/admin/health")).json()["waiting"][0]["steps"] >= 1
    for path in ("/admin/disputes", "/admin/schedules", "/admin/people", "/admin/teams", "/admin/jobs"):
        assert (await keeping.keeper.get(path)).status_code == 200


async def test_no_page_of_the_house_answers_an_owner_of_a_team_or_a_stranger(keeping: Keeping) -> None:
    stranger = await keeping.town.visitor()
    routes = [route for route in routes_of(keeping.town.app) if re.match(r"(/api)?/admin", route[1])]
    for method, path in routes:
        at = re.sub(r"{\w+}", str(uuid4()), path)
        sent = {"reason": "x", "is_admin": True, "credits": 5, "plan": "pro"}
        for who, statuses in ((keeping.mira, {403, 422}), (stranger, {401, 403, 422})):
            how = {"json": sent} if path.startswith("/api/") else {"data": {"reason": "x"}}
            answer = await who.request(method, at, **how)
            assert answer.status_code in statuses, f"{method} {path}: {answer.status_code}"
            if not path.startswith("/api/"):
                assert answer.status_code != 422, path
    assert len(routes) > 20


async def test_an_admin_shows_first_that_it_is_them_and_comes_back(keeping: Keeping) -> None:
    await keeping.town.house.database.system.execute("UPDATE sessions SET confirmed_at = NULL")
    for path in ("/admin", "/admin/people", f"/admin/teams/{keeping.team_id}"):
        sent_on = await keeping.keeper.get(path, headers=PAGE)
        assert (sent_on.status_code, sent_on.headers["location"]) == (303, f"/confirm?next={path.replace('/', '%2F')}")
    here = f"/admin/people/{keeping.mira_id}"
    refused = await keeping.act(here, act="appoint", reason="x")
    assert (refused.status_code, refused.headers["location"]) == (303, f"/confirm?next={here}")
    assert await keeping.told() == []


async def test_what_comes_round_is_run_sooner_with_a_reason(keeping: Keeping) -> None:
    pool = keeping.town.house.database.system
    here, form = "/admin/schedules", {"name": "billing.tidy", "reason": "a month is due"}
    refused = await keeping.act(here, **form)
    assert refused.status_code == 409 and "No worker has taken it up" in refused.text
    far = datetime(2100, 1, 1, tzinfo=UTC)
    await timetable.enter(pool, {"billing.tidy": far})
    assert (await keeping.act(here, **form)).status_code == 303
    assert (await timetable.read(pool))["billing.tidy"].due_at < far
    assert "2100" not in (await keeping.keeper.get(here)).text
    assert (await keeping.act(here, name="nothing", reason="x")).status_code == 404
    assert await keeping.told() == [("schedule.hastened", "a month is due")]


async def test_the_house_says_what_came_in_this_month(keeping: Keeping) -> None:
    till = (await keeping.mira.post("/api/billing/checkout", json={"pack": "pack-500"})).json()
    assert (await keeping.mira.post(till["url"], data={"card": "works"})).status_code == 303
    assert (await keeping.keeper.get("/api/admin/health")).json()["income_cents"] == {"usd": 500}
    assert "$5.00" in (await keeping.keeper.get("/admin")).text
