"""Billing behind its API: what a team sees, what site admins do, and what is refused."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from overprint.adapters.payments import signing
from overprint.adapters.payments.till import Till
from overprint.core.clock import SystemClock
from overprint.core.codec import encode
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.core.problems import OutOfCredits
from overprint.db.database import Database
from overprint.features.accounts.room import writing
from overprint.features.billing import FREE, OWN, News, Payments, Trials
from overprint.features.billing.room import LETTERS, Billing, room
from overprint.features.books import MakeBook
from overprint.features.books.pipeline import MAKE
from overprint.http.problem_kinds import KINDS
from overprint.http.problems import answer_problems, status_of
from overprint.http.scope import always
from tests.support.database import TestDatabase
from tests.support.studio import BRIEF, Studio, open_studio

BOOK = {"kind": MAKE, "request": encode(MakeBook(BRIEF))}


@pytest.fixture
async def studio(database: Database, database_urls: TestDatabase) -> AsyncIterator[Studio]:
    async with open_studio(database, database_urls, plan=FREE) as opened:
        yield opened


@pytest.fixture
def app(studio: Studio) -> FastAPI:
    app = FastAPI()
    answer_problems(app)
    app.state.database = studio.engine.database
    let_in(app, replace(studio.owner, is_site_admin=True))
    jobs = studio.jobs
    database = studio.engine.database
    till = Till(database.system, SystemClock(), "s" * 40, "http://localhost")
    trials = Trials(database, SystemClock(), [b"t" * 32])
    payments = Payments(till, database, studio.credits.books, "http://localhost", trials)
    news = News(database, SystemClock(), writing(SystemClock(), "http://localhost", LETTERS, "Overprint"))
    billing = Billing(jobs.plans, jobs.quotes, studio.credits, payments, news)
    made = room(billing, studio.library.stored_bytes, 10**9)
    for router in (*made.routers, *made.pages):
        app.include_router(router)
    return app


def let_in(app: FastAPI, who: Principal) -> None:
    app.state.identify = always(who)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as opened:
        yield opened


async def test_the_price_is_known_before_anything_begins_and_is_what_is_held(
    studio: Studio, client: httpx.AsyncClient
) -> None:
    quote = (await client.post("/api/billing/credits/quote", json=BOOK)).json()
    assert quote["credits"] == sum(line["count"] * line["price_credits"] for line in quote["lines"]) > 0
    assert quote["available_credits"] == 300
    await studio.start()
    there = (await client.get("/api/billing/credits")).json()
    assert (there["held_credits"], there["available_credits"]) == (quote["credits"], 300 - quote["credits"])
    assert [entry["kind"] for entry in there["entries"]] == ["hold", "grant"]


@pytest.mark.parametrize(
    "asked",
    [{"kind": "nothing@1", "request": {}}, {"kind": MAKE, "request": {"brief": 5}}, {"kind": MAKE, "request": {}}, {}],
)
async def test_a_quote_for_what_cannot_be_asked_is_a_clear_problem(
    client: httpx.AsyncClient, asked: dict[str, Any]
) -> None:
    answer = await client.post("/api/billing/credits/quote", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_the_ledger_is_read_by_pages(studio: Studio, client: httpx.AsyncClient) -> None:
    for n in range(5):
        grant = {"credits": n + 1, "reason": f"Present {n}"}
        made = await client.post(f"/api/admin/teams/{studio.engine.team_id}/credits", json=grant)
        assert made.status_code == 201
    first = (await client.get("/api/billing/credits?limit=4")).json()
    second = (await client.get(f"/api/billing/credits?limit=4&cursor={first['next_cursor']}")).json()
    told = [entry["available_credits"] for entry in [*first["entries"], *second["entries"]]]
    assert told == [5, 4, 3, 2, 1, 300]
    assert (second["next_cursor"], first["entries"][0]["reason"]) == (None, "Present 4")


async def test_usage_says_what_today_has_used_and_may(studio: Studio, client: httpx.AsyncClient) -> None:
    await studio.start()
    usage = (await client.get("/api/billing/usage")).json()
    assert (usage["jobs_today"], usage["daily_jobs"], usage["storage_limit_bytes"]) == (1, 5, 1_000_000_000)
    assert [day["jobs"] for day in usage["days"]] == [1]


async def test_plans_are_seen_by_all_and_changed_by_site_admins(
    app: FastAPI, studio: Studio, client: httpx.AsyncClient
) -> None:
    offered = (await client.get("/api/billing/plans")).json()
    assert [plan["key"] for plan in offered] == ["free", "pro", "team"]
    pro = {key: value for key, value in offered[1].items() if key != "key"}
    changed = await client.put("/api/admin/plans/pro", json={**pro, "price_cents": 1200, "reason": "x"})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    again = await client.put("/api/admin/plans/pro", json={**pro, "price_cents": 1300, "reason": "x"})
    assert again.status_code == 409
    given = await client.put(
        f"/api/admin/teams/{studio.engine.team_id}/plan", json={"plan": "pro", "reason": "By contract"}
    )
    assert given.json()["price_cents"] == 1200
    let_in(app, studio.owner)
    assert (await client.put("/api/admin/plans/pro", json={**pro, "reason": "x"})).status_code == 403


async def test_what_site_admins_do_nobody_else_does_and_no_api_key(
    app: FastAPI, studio: Studio, client: httpx.AsyncClient
) -> None:
    team = studio.engine.team_id
    acts: list[tuple[str, dict[str, Any]]] = [
        (f"/api/admin/teams/{team}/credits", {"credits": 5, "reason": "x"}),
        (f"/api/admin/teams/{team}/credits/take-back", {"credits": 5, "reason": "x"}),
        (f"/api/admin/jobs/{new_id()}/refund", {"reason": "x"}),
    ]
    admin = replace(studio.owner, is_site_admin=True)
    for who in (studio.owner, studio.viewer, replace(admin, scopes=frozenset({"billing:write"}))):
        let_in(app, who)
        for path, body in acts:
            assert (await client.post(path, json=body)).status_code == 403
        assert (await client.get("/api/admin/plans")).status_code == 403
    assert (await client.get("/api/billing/credits")).json()["code"] == "denied"
    let_in(app, admin)
    assert [(await client.post(path, json=body)).status_code for path, body in acts] == [201, 201, 404]
    for wrong in (0, -5, 10**12, 1.5, "7", True, None):
        answer = await client.post(acts[0][0], json={"credits": wrong, "reason": "x"})
        assert (answer.status_code, answer.json()["field"]) == (422, "credits"), wrong
    unknown = f"/api/admin/teams/{new_id()}/credits"
    assert (await client.post(unknown, json=acts[0][1])).status_code == 404


async def test_under_a_key_admins_do_it_once_and_hear_the_same_again(studio: Studio, client: httpx.AsyncClient) -> None:
    _, job_id = await studio.start()
    await studio.finish(job_id)
    team = f"/api/admin/teams/{studio.engine.team_id}/credits"
    acts: list[tuple[str, dict[str, Any]]] = [
        (team, {"credits": 5, "reason": "x"}),
        (f"{team}/take-back", {"credits": 3, "reason": "x"}),
        (f"/api/admin/jobs/{job_id}/refund", {"reason": "x"}),
    ]
    for n, (path, body) in enumerate(acts):
        answers = [await client.post(path, json=body, headers={"Idempotency-Key": f"k{n}"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        other = await client.post(path, json={**body, "credits": 2}, headers={"Idempotency-Key": f"k{n}"})
        assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert await studio.credits.find_drift() == []


async def test_another_team_sees_nothing_of_it(app: FastAPI, studio: Studio, client: httpx.AsyncClient) -> None:
    await studio.start()
    stranger = new_id()
    await studio.engine.database.system.execute(
        "INSERT INTO teams (id, name, slug) VALUES ($1, 'Other', $2)", stranger, str(stranger)
    )
    let_in(app, Principal(new_id(), stranger, Role.OWNER))
    there = (await client.get("/api/billing/credits")).json()
    assert (there["held_credits"], [entry["kind"] for entry in there["entries"]]) == (0, ["grant"])
    assert (await client.get("/api/billing/usage")).json()["days"] == []


def test_out_of_credits_is_said_with_the_way_out() -> None:
    assert status_of(OutOfCredits("x")) == 402
    assert OutOfCredits.code in KINDS


async def test_on_ones_own_machine_the_page_talks_of_no_money(studio: Studio, client: httpx.AsyncClient) -> None:
    async with studio.transaction() as transaction:
        await studio.jobs.plans.put_on(transaction, replace(studio.owner, is_site_admin=True), OWN, "Their machine")
    shown = (await client.get("/billing")).text
    assert "Nobody pays on their own machine" in shown
    assert not any(words in shown for words in ("Pretend money", "to spend", "/billing/checkout"))


async def test_a_plan_is_bought_at_the_till_from_page_to_page(client: httpx.AsyncClient) -> None:
    shown = await client.get("/billing")
    assert "Pretend money" in shown.text
    once = shown.text.partition('name="once" value="')[2].partition('"')[0]
    page, twice = [await client.post("/billing/checkout", data={"plan": "pro", "once": once}) for _ in range(2)]
    assert page.status_code == 303 and page.headers["location"] == twice.headers["location"], "pressed twice"
    till = page.headers["location"]
    assert "$10.00" in (await client.get(till)).text
    declined = await client.post(till, data={"card": "declined"})
    assert (declined.status_code, "declined" in declined.text) == (422, True)
    paid = await client.post(till, data={"card": "works"})
    assert (paid.status_code, paid.headers["location"]) == (303, "http://localhost/billing")
    back = (await client.get("/billing")).text
    assert "has the plan Pro, and 3,300 credits" in back and "<strong>Paid:</strong>" in back
    there = (await client.get("/api/billing/subscription")).json()
    assert (there["status"], there["plan"]["key"], there["is_pretend"]) == ("active", "pro", True)
    (invoice,) = (await client.get("/api/billing/invoices")).json()["items"]
    assert (invoice["state"], invoice["credits"]) == ("paid", 3000)
    portal = (await client.post("/api/billing/portal")).json()["url"]
    shown = await client.get(portal)
    subscription = shown.text.partition('name="subscription" value="')[2].partition('"')[0]
    assert (await client.post(portal, data={"subscription": subscription, "act": "end"})).status_code == 303
    assert (await client.get("/api/billing/subscription")).json()["ends_at_period_end"] is True
    assert (await client.post(portal, data={"subscription": "another", "act": "end"})).status_code == 404


async def test_a_plan_is_changed_and_kept_from_the_page_and_by_the_api(client: httpx.AsyncClient) -> None:
    till = (await client.post("/billing/checkout", data={"plan": "team"})).headers["location"]
    await client.post(till, data={"card": "works"})
    shown = (await client.get("/billing")).text
    assert "Pro from " in shown and "It renews on" in shown
    assert (await client.post("/billing/change", data={"plan": "pro"})).status_code == 303
    shown = (await client.get("/billing")).text
    assert "It changes to Pro on" in shown and "Keep Team" in shown
    assert (await client.get("/api/billing/subscription")).json()["next_plan"] == "pro"
    kept = await client.put("/api/billing/subscription", json={"plan": "team"})
    assert (kept.status_code, kept.json()["next_plan"], kept.json()["plan"]["key"]) == (200, None, "team")
    refused = await client.post("/billing/change", data={"plan": "free"})
    assert (refused.status_code, "cannot be bought" in refused.text) == (422, True)


async def test_an_upgrade_from_the_page_is_there_at_once_with_its_receipt_to_print(client: httpx.AsyncClient) -> None:
    till = (await client.post("/billing/checkout", data={"plan": "pro"})).headers["location"]
    await client.post(till, data={"card": "works"})
    assert "Team at once" in (await client.get("/billing")).text
    await client.post("/billing/change", data={"plan": "team"})
    assert "has the plan Team, and 10,300 credits" in (await client.get("/billing")).text
    change, month = (await client.get("/api/billing/invoices")).json()["items"]
    assert (change["credits"], month["credits"]) == (7000, 3000)
    assert (await client.get(f"/api/billing/invoices/{change['id']}")).json() == change
    receipt = (await client.get(f"/billing/receipts/{change['id']}")).text
    assert "$20.00" in receipt and "Pretend money" in receipt and change["id"] in receipt
    for path in ("/api/billing/invoices", "/billing/receipts"):
        assert (await client.get(f"{path}/{new_id()}")).status_code == 404


async def test_what_was_used_is_shown_by_day_and_by_work(studio: Studio, client: httpx.AsyncClient) -> None:
    book_id, job_id = await studio.start()
    await studio.finish(job_id)
    async with studio.transaction() as transaction:
        title = (await studio.books.get(transaction, book_id))["title"]
        asked = await transaction.driver.fetchval("SELECT title FROM jobs WHERE id = $1", job_id)
    shown = (await client.get("/billing/usage")).text
    assert '<td class="figure">1</td>' in shown and f'<a href="/books/{book_id}" ' in shown
    assert shown.count("<rect") == 30 and shown.count('height="100"') == 1
    entries = (await client.get(f"/api/billing/credits?job_id={job_id}")).json()["entries"]
    assert {entry["work_id"] for entry in entries} == {str(book_id)}
    assert {entry["title"] for entry in entries} == {title} != {asked}, "the story's own, not what was asked for"
    assert {entry["kind"] for entry in entries} >= {"hold", "capture"}


async def test_site_admins_see_what_each_job_brought_and_cost_and_what_is_disputed(
    app: FastAPI, studio: Studio, client: httpx.AsyncClient
) -> None:
    _, job_id = await studio.start()
    await studio.finish(job_id)
    await studio.engine.database.system.execute("UPDATE steps SET cost_microdollars = 700 WHERE key = 'plan'")
    (cost,) = (await client.get("/api/admin/billing/jobs")).json()["items"]
    assert (cost["job_id"], cost["kind"]) == (str(job_id), MAKE)
    assert 0 < cost["captured_credits"] <= cost["quote_credits"]
    spent = await studio.engine.database.system.fetchval("SELECT sum(cost_microdollars) FROM steps")
    assert cost["cost_microdollars"] == spent
    assert (await client.get(f"/api/admin/billing/jobs?team_id={new_id()}")).json()["items"] == []
    till = Till(studio.engine.database.system, SystemClock(), "s" * 40, "http://localhost")
    page = (await client.post("/api/billing/checkout", json={"pack": "pack-500"})).json()["url"]
    await client.post(page, data={"card": "works"})
    checkout = await till.read_checkout(page.rpartition("/")[2])
    assert checkout is not None and checkout.payment_id is not None
    await till.dispute(checkout.payment_id, 500)
    for body, signature in await till.take_messages():
        await client.post("/api/billing/webhook", content=body, headers={"Stripe-Signature": signature})
    (dispute,) = (await client.get("/api/admin/billing/disputes")).json()["items"]
    assert (dispute["dispute"], dispute["taken_credits"], dispute["team_id"]) == (
        "open",
        500,
        str(studio.engine.team_id),
    )
    let_in(app, studio.owner)
    for path in ("jobs", "disputes"):
        assert (await client.get(f"/api/admin/billing/{path}")).status_code == 403


async def test_who_had_a_trial_is_told_before_they_come_to_a_page_that_asks_for_money(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    plans, admin = studio.jobs.plans, replace(studio.owner, is_site_admin=True)
    async with studio.transaction() as transaction:
        pro = next(plan for plan in await plans.list_offered(transaction) if plan.key == "pro")
    await plans.change(admin, replace(pro, trial_days=10), pro.version)
    offered = (await client.post("/api/billing/checkout", json={"plan": "pro"})).json()
    assert (offered["trial_days"], offered["has_tried"]) == (10, False)
    async with studio.transaction() as transaction:
        await transaction.driver.execute("UPDATE subscriptions SET trial_at = now()")
    asked = (await client.post("/api/billing/checkout", json={"plan": "pro"})).json()
    assert (asked["trial_days"], asked["has_tried"]) == (0, True)
    told = await client.post("/billing/checkout", data={"plan": "pro"})
    assert (told.status_code, "this one was had before" in told.text) == (200, True)
    assert "http://localhost/till/checkout/" in told.text


async def test_who_goes_back_after_paying_is_told_and_may_buy_once_more(client: httpx.AsyncClient) -> None:
    def once(shown: str) -> str:
        return shown.partition('name="once" value="')[2].partition('"')[0]

    form = {"pack": "pack-500", "once": once((await client.get("/billing")).text)}
    till = (await client.post("/billing/checkout", data=form)).headers["location"]
    assert (await client.post(till, data={"card": "works"})).status_code == 303
    back = await client.post("/billing/checkout", data=form)
    assert back.status_code == 409 and "This purchase is paid already" in back.text
    another = await client.post("/billing/checkout", data={**form, "once": once(back.text)})
    assert another.status_code == 303 and another.headers["location"] != till


async def test_checkout_by_api_is_the_same_page_under_the_same_key(client: httpx.AsyncClient) -> None:
    urls = {
        (
            await client.post("/api/billing/checkout", json={"pack": "pack-500"}, headers={"Idempotency-Key": "k"})
        ).json()["url"]
        for _ in range(2)
    }
    assert len(urls) == 1
    other = await client.post("/api/billing/checkout", json={"plan": "pro"}, headers={"Idempotency-Key": "k"})
    assert other.status_code == 409
    wrong = await client.post("/api/billing/checkout", json={"pack": "x", "plan": "pro"})
    assert wrong.status_code == 422


@pytest.mark.parametrize("path", ["/api/billing/webhook", "/api/stripe/webhook"])
async def test_a_message_that_is_not_signed_is_refused_and_one_that_is_is_kept_once(
    studio: Studio, client: httpx.AsyncClient, path: str
) -> None:
    body = b'{"id": "e1", "type": "something.else", "object_id": "o1"}'
    for signature in ("", "t=1,v1=00", "x" * 1999):
        answer = await client.post(path, content=body, headers={"Stripe-Signature": signature})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    signed = {"Stripe-Signature": signing.sign(body, "s" * 40, SystemClock().now())}
    told = [(await client.post(path, content=body, headers=signed)).json()["is_new"] for _ in range(2)]
    assert told == [True, False]
    too_long = await client.post(path, content=b"x" * 1_000_001, headers=signed)
    assert too_long.status_code == 413
    rows = await studio.engine.database.system.fetch("SELECT processed_at FROM payment_events")
    assert [row["processed_at"] is None for row in rows] == [False]
