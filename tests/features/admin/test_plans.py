"""A change of a plan says first what it means for whom, has a reason, and is a version beside those before."""

import re

import pytest

from tests.features.admin.conftest import Keeping

HERE = "/admin/plans/pro"


async def form_of(keeping: Keeping, **changed: str) -> dict[str, str]:
    """What the page's own form would send."""
    page = (await keeping.keeper.get(HERE)).text
    fields = dict(re.findall(r'<input(?: type="hidden")? name="(\w+)" value="([^"]*)"', page))
    ticked = dict.fromkeys(re.findall(r'type="checkbox" name="(\w+)" checked', page), "on")
    return {**fields, **ticked, **changed}


async def test_a_change_says_who_gets_it_and_who_stays_before_it_is_made(keeping: Keeping) -> None:
    given = {"act": "plan", "plan": "pro", "reason": "by contract"}
    await keeping.act(f"/admin/teams/{keeping.team_id}", **given)
    same_price = await keeping.act(HERE, **await form_of(keeping, act="look", daily_jobs="77"))
    assert "1 team has this plan at the same price" in same_price.text and "Make version 2" in same_price.text
    dearer = await keeping.act(HERE, **await form_of(keeping, act="look", price_cents="2500"))
    assert "it keeps its version and its price" in dearer.text and "<strong>2,500</strong>" in dearer.text
    plans = (await keeping.keeper.get("/api/admin/plans")).json()
    assert {plan["version"] for plan in plans} == {1}, "looking changes nothing"


async def test_a_plan_is_changed_with_a_reason_and_keeps_its_history(keeping: Keeping) -> None:
    form = await form_of(keeping, act="change", daily_jobs="", name="Pro  plus", reason="people asked")
    assert (await keeping.act(HERE, **form)).headers["location"] == f"{HERE}?said=changed"
    versions = (await keeping.keeper.get("/api/admin/plans/pro/versions")).json()
    assert [(row["version"], row["name"]) for row in versions] == [(2, "Pro plus"), (1, "Pro")]
    assert versions[0]["daily_jobs"] == 9007199254740991 and versions[0]["features"] == versions[1]["features"]
    page = (await keeping.keeper.get(HERE)).text
    assert "no limit" in page and "Keeper" in page and "the program" in page
    assert await keeping.told() == [("plan.changed", "people asked")]
    late = await keeping.act(HERE, **form)
    assert late.status_code == 409 and "at version 2 by now" in late.text


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"act": "change", "name": "Pro plus"}, 422, "A reason is needed"),
        ({"act": "look"}, 409, "Nothing would change"),
        ({"act": "look", "weight": "99"}, 422, "weight is from 1 to 60"),
        ({"act": "look", "price_cents": "-1"}, 422, "whole number"),
        ({"act": "look", "price_cents": "9" * 40}, 422, "whole number"),
        ({"act": "look", "currency": "DOLLARS"}, 422, "three small letters"),
        ({"act": "look", "name": "\u0000"}, 422, "needs a name"),
    ],
)
async def test_a_plan_that_cannot_be_is_told_and_nothing_of_the_form_is_lost(
    keeping: Keeping, changed: dict[str, str], status: int, said: str
) -> None:
    refused = await keeping.act(HERE, **await form_of(keeping, **changed))
    assert refused.status_code == status and said in refused.text and "What it has" in refused.text
    assert await keeping.told() == []


async def test_a_plan_that_there_is_not_is_not_found(keeping: Keeping) -> None:
    for key in ("gold", "%00", "x" * 200):
        assert (await keeping.keeper.get(f"/admin/plans/{key}")).status_code == 404
