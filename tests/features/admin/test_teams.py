"""Site admins find teams, give and take credits, put them on plans, and give back what jobs were paid."""

import re
from uuid import uuid4

import pytest

from tests.features.admin.conftest import Keeping


async def test_teams_are_found_by_a_part_of_their_name_with_plan_and_members(keeping: Keeping) -> None:
    await keeping.mira.post("/api/teams", json={"name": "The Moon Press", "slug": "moon-press"})
    for words in ("moon pr", "N-PRESS"):
        rows = (await keeping.keeper.get("/api/admin/teams", params={"words": words})).json()["items"]
        assert [(row["name"], row["plan"], row["members"]) for row in rows] == [("The Moon Press", "free", 1)]
        assert "The Moon Press" in (await keeping.keeper.get("/admin/teams", params={"words": words})).text
    assert "No team is called so" in (await keeping.keeper.get("/admin/teams?words=nothing")).text


async def test_credits_are_given_and_taken_once_however_often_the_form_is_sent(keeping: Keeping) -> None:
    here = f"/admin/teams/{keeping.team_id}"
    before = (await keeping.mira.get("/api/billing/credits")).json()["available_credits"]
    once = re.search(r'name="once" value="([^"]+)"', (await keeping.keeper.get(here)).text)
    assert once
    for _ in range(2):
        done = await keeping.act(here, act="grant", credits="70", reason="the workshop", once=once[1])
        assert done.status_code == 303
    assert (await keeping.act(here, act="take_back", credits="20", reason="too many")).status_code == 303
    assert (await keeping.mira.get("/api/billing/credits")).json()["available_credits"] == before + 50
    page = (await keeping.keeper.get(here)).text
    assert "the workshop" in page and "too many" in page
    assert await keeping.told() == [("credits.granted", "the workshop"), ("credits.taken_back", "too many")]


async def test_a_team_is_put_on_a_plan(keeping: Keeping) -> None:
    here = f"/admin/teams/{keeping.team_id}"
    assert (await keeping.act(here, act="plan", plan="pro", reason="by contract")).status_code == 303
    teams = (await keeping.keeper.get("/api/admin/teams")).json()["items"]
    assert {team["id"]: team["plan"] for team in teams}[keeping.team_id] == "pro"
    assert await keeping.told() == [("plan.given", "by contract")]


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"act": "grant", "credits": "5"}, 422, "A reason is needed"),
        ({"act": "grant", "credits": "-5", "reason": "x"}, 422, "whole number"),
        ({"act": "grant", "credits": "9" * 12, "reason": "x"}, 422, ""),
        ({"act": "grant", "credits": "\u0665", "reason": "x"}, 422, "whole number"),
        ({"act": "grant", "credits": "5", "reason": "x", "once": "\u0000"}, 422, "changed on its way"),
        ({"act": "take_back", "credits": "999999", "reason": "x"}, 409, "fewer than"),
        ({"act": "plan", "plan": "gold\u0000", "reason": "x"}, 422, "no such plan"),
        ({"act": "close", "reason": "x"}, 422, "nothing that can be done here"),
    ],
)
async def test_what_cannot_be_done_is_told_on_the_same_page(
    keeping: Keeping, form: dict[str, str], status: int, said: str
) -> None:
    refused = await keeping.act(f"/admin/teams/{keeping.team_id}", **form)
    assert refused.status_code == status and said in refused.text and "Its ledger" in refused.text
    assert await keeping.told() == []


async def test_a_team_or_job_that_is_not_there_is_not_found(keeping: Keeping) -> None:
    assert (await keeping.keeper.get(f"/admin/teams/{uuid4()}")).status_code == 404
    assert (await keeping.act(f"/admin/teams/{uuid4()}", act="grant", credits="5", reason="x")).status_code == 404
    assert (await keeping.act(f"/admin/jobs/{uuid4()}/refund", reason="x")).status_code == 404


async def test_a_job_is_listed_without_its_words_and_what_it_was_not_paid_is_not_given_back(keeping: Keeping) -> None:
    book = {"premise": "A fox of secret plans", "title": "The Secret Fox"}
    job_id = (await keeping.mira.post("/api/books", json=book)).json()["job_id"]
    for path in ("/admin/jobs", f"/admin/jobs?team={keeping.team_id}"):
        page = (await keeping.keeper.get(path)).text
        assert job_id in page and "waiting" in page and "ecret" not in page
    assert "No paid job is like this" in (await keeping.keeper.get(f"/admin/jobs?team={uuid4()}")).text
    refused = await keeping.act(f"/admin/jobs/{job_id}/refund", reason="it came out empty")
    assert refused.status_code == 409 and "0 credits are left to be refunded" in refused.text
