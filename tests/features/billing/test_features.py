"""What a plan has beside its numbers: one closed list, asked before anything begins, and told before the button."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from overprint.core.codec import encode
from overprint.core.problems import Invalid, LimitReached, NotInPlan
from overprint.core.story import Brief
from overprint.db.database import Database
from overprint.features.billing import FREE, GUEST, Feature
from overprint.features.billing.rules import offers
from overprint.features.billing.rules.plans import Plan, check_plan
from overprint.features.billing.store import purses
from overprint.features.books import MakeBook, Portables
from overprint.features.books.pipeline import MAKE
from overprint.features.books.pipeline import pipeline as books
from overprint.features.books.steps import Target
from overprint.http.problems import status_of
from tests.features.billing.test_api import app, client
from tests.support.database import TestDatabase
from tests.support.studio import BRIEF, Studio, open_studio, upload

__all__ = ["app", "client"]

PRINTER = "lulu-paperback"
SMALL = Plan("small", 1, "Small", 5, 300, 10**9, 1, (), 0, "usd", is_offered=True)
LARGE = replace(SMALL, key="large", name="Large", features=("print", "audio"))


@pytest.fixture
async def studio(database: Database, database_urls: TestDatabase) -> AsyncIterator[Studio]:
    async with open_studio(database, database_urls, plan=FREE) as opened:
        yield opened


async def put_on(studio: Studio, plan: str) -> None:
    async with studio.transaction() as transaction:
        await studio.jobs.plans.put_on(transaction, replace(studio.owner, is_site_admin=True), plan, "A test")


def test_a_plan_has_features_of_the_list_alone_and_each_once() -> None:
    assert check_plan(replace(SMALL, features=("audio", "print", "audio"))).features == ("print", "audio")
    with pytest.raises(Invalid, match="No feature is called 'teleport'"):
        check_plan(replace(SMALL, features=("print", "teleport")))


def test_what_is_lacking_names_the_plans_that_have_all_of_it() -> None:
    lacks = offers.lacking(SMALL, ("audio", "print"), [SMALL, LARGE])
    with pytest.raises(NotInPlan) as refused:
        offers.refuse_lacking(SMALL, lacks)
    assert str(refused.value.message) == (
        "The plan Small has no print editions and no read-aloud e-books and audiobooks."
    )
    assert refused.value.next_step == "Large has that: see the billing page. Or leave it out."
    assert status_of(refused.value) == 402
    nowhere = offers.lacking(SMALL, ("export",), [SMALL, LARGE])
    assert "No plan that can be bought" in offers.next_step(nowhere)
    offers.refuse_lacking(LARGE, offers.lacking(LARGE, ("print",), [LARGE]))


@pytest.mark.parametrize(
    ("asked", "needs"),
    [
        (MakeBook(BRIEF), set()),
        (MakeBook(BRIEF, printer=PRINTER, is_aloud=True), {"print", "audio"}),
        (MakeBook(BRIEF, Target.PRINT, PRINTER), {"print"}),
        (MakeBook(BRIEF, Target.AUDIO, is_aloud=True), {"audio"}),
        (MakeBook(BRIEF, Target.PDF, PRINTER, is_aloud=True), set()),
    ],
)
def test_a_book_needs_what_is_made_on_its_way(asked: MakeBook, needs: set[str]) -> None:
    assert set(books.features(asked)) == needs <= set(Feature)


async def test_every_plan_that_is_shipped_has_features_of_the_list(database: Database) -> None:
    shipped = await purses.list_plans(database.system)
    assert [plan for plan in shipped if check_plan(plan).features != plan.features] == []


async def test_what_the_plan_lacks_is_refused_before_anything_is_begun(studio: Studio) -> None:
    wishes: tuple[dict[str, Any], ...] = ({"printer": PRINTER}, {"is_aloud": True}, {"target": Target.AUDIO})
    for wish in wishes:
        with pytest.raises(NotInPlan, match="The plan Free has no") as refused:
            await studio.start(**wish)
        assert "Pro and Team have that" in refused.value.next_step
    assert (await studio.count("books"), await studio.count("jobs")) == (0, 0)
    await put_on(studio, "pro")
    await studio.start(printer=PRINTER, is_aloud=True)


async def test_who_has_a_smaller_plan_by_now_makes_the_book_again_without_what_it_had(studio: Studio) -> None:
    await put_on(studio, "pro")
    book_id, job_id = await studio.start(printer=PRINTER, is_aloud=True)
    async with studio.transaction() as transaction:
        await studio.jobs.cancel(transaction, studio.owner, job_id)
    await put_on(studio, "free")
    async with studio.transaction() as transaction:
        again = await studio.books.make(transaction, studio.owner, book_id)
        assert (again["request"]["printer"], again["request"]["is_aloud"]) == ("", False)
        await studio.jobs.cancel(transaction, studio.owner, again["id"])
    for target in (Target.PRINT, Target.AUDIO):
        with pytest.raises(NotInPlan):
            async with studio.transaction() as transaction:
                await studio.books.make(transaction, studio.owner, book_id, target, PRINTER)
    with pytest.raises(NotInPlan):
        async with studio.transaction() as transaction:
            await studio.jobs.rerun(transaction, studio.owner, job_id)


async def test_guests_take_no_book_along(studio: Studio, database: Database) -> None:
    book_id, _ = await studio.start()
    await put_on(studio, GUEST)
    with pytest.raises(NotInPlan, match="take along"):
        async with studio.transaction() as transaction:
            await Portables(studio.books).pack(transaction, book_id)


async def test_the_storage_of_a_plan_is_all_that_a_team_may_keep(studio: Studio) -> None:
    await put_on(studio, "free")
    newest = await studio.jobs.plans.newest_version("free")
    png = bytes.fromhex("89504e470d0a1a0a") + bytes(40)
    admin = replace(studio.owner, is_site_admin=True)
    async with studio.transaction() as transaction:
        had = await studio.jobs.plans.of_team(transaction)
    await studio.jobs.plans.change(admin, replace(had, storage_bytes=10), newest)
    await put_on(studio, "free")
    with pytest.raises(LimitReached):
        async with studio.transaction() as transaction:
            await upload(studio.library, transaction, studio.owner, png, "x.png", None)


async def test_a_quote_says_what_is_lacking_before_the_button(client: httpx.AsyncClient) -> None:
    asked = {"kind": MAKE, "request": encode(MakeBook(Brief("A fox"), printer=PRINTER))}
    answer = (await client.post("/api/billing/credits/quote", json=asked)).json()
    assert answer["lacking"] == [{"feature": "print", "words": "print editions", "plans": ["Pro", "Team"]}]
    plain = {"kind": MAKE, "request": encode(MakeBook(Brief("A fox")))}
    assert (await client.post("/api/billing/credits/quote", json=plain)).json()["lacking"] == []


async def test_a_plan_is_edited_on_the_version_it_was_read_at(client: httpx.AsyncClient, app: FastAPI) -> None:
    plans = {plan["key"]: plan for plan in (await client.get("/api/admin/plans")).json()}
    pro = {name: value for name, value in plans["pro"].items() if name != "key"} | {"reason": "cheaper paper"}
    first = await client.put("/api/admin/plans/pro", json=pro, headers={"If-Match": '"1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    late = await client.put("/api/admin/plans/pro", json={**pro, "version": 2}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (412, "outdated")
    unknown = await client.put("/api/admin/plans/pro", json={**pro, "version": 2, "features": ["teleport"]})
    assert unknown.status_code == 422


async def test_the_page_of_plans_says_in_words_what_each_one_has(client: httpx.AsyncClient) -> None:
    page = (await client.get("/billing", headers={"Accept": "text/html"})).text
    assert "50 works a day" in page and "Print editions" in page
    assert "which this team has" in page.partition("<h3>Free</h3>")[2].partition("<h3>")[0]
