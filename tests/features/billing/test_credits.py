"""What a team has, and what site admins give and take; time is a clock that tests move."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from overprint.core.clock import SystemClock
from overprint.core.ids import new_id
from overprint.core.problems import Conflict, Denied, Invalid, NotFound, TooOften
from overprint.engine.schedule import ScheduleContext
from overprint.features.billing.rules import plans
from overprint.features.billing.rules.lots import Source
from tests.features.billing.team import Team, step
from tests.support.statements import statements

FREE_MONTH = 300


async def test_a_new_team_has_the_credits_of_its_month_and_gets_them_again(team: Team) -> None:
    assert await team.spendable() == FREE_MONTH
    assert await team.spendable() == FREE_MONTH, "once a month"
    team.clock.ahead = timedelta(days=31)
    await team.expire()
    assert await team.spendable() == FREE_MONTH, "those of last month are gone"
    team.clock.ahead = timedelta(days=200)
    assert await team.spendable() == FREE_MONTH, "months that nobody came by are not made up for"
    assert await team.credits.find_drift() == []


async def test_a_free_plan_renews_in_its_newest_version_which_may_bring_nothing(team: Team) -> None:
    await team.spendable()
    async with team.transaction() as transaction:
        free = await team.plans.of_team(transaction)
        await team.plans.change(team.admin, replace(free, monthly_credits=0), free.version)
    assert await team.spendable() == FREE_MONTH
    team.clock.ahead = timedelta(days=31)
    await team.expire()
    assert await team.spendable() == 0
    async with team.transaction() as transaction:
        assert (await team.plans.of_team(transaction)).version == free.version + 1


async def test_credits_that_expire_are_spent_before_those_that_last(team: Team) -> None:
    await team.grant(100)
    await team.grant(50, source=Source.PROMO, expires_at=team.clock.now() + timedelta(days=2))
    await team.begin(120)
    lots = {lot["source"]: lot for lot in (await team.balances())["lots"]}
    assert (lots["promo"]["held_credits"], lots["plan"]["held_credits"]) == (50, 70)
    assert lots["admin"]["held_credits"] == 0


async def test_what_was_held_of_an_expired_lot_still_pays_and_the_rest_of_it_is_gone(team: Team) -> None:
    job = await team.begin(10)
    team.clock.ahead = timedelta(days=31)
    await team.deliver(step(job, "a", 4))
    await team.end(job)
    await team.expire()
    assert await team.spendable() == FREE_MONTH
    assert (await team.hold(job))["released_credits"] == 6
    assert await team.credits.find_drift() == []


async def test_the_tidying_expires_renews_and_releases_what_lost_its_job(team: Team) -> None:
    job = await team.begin(10)
    team.clock.ahead = timedelta(days=31)
    await team.credits.tidy(ScheduleContext(team.database, team.clock, 60.0))
    row = await team.hold(job)
    assert (row["held_credits"], row["released_credits"]) == (0, 10), "there is no such job in the engine"
    assert await team.spendable() == FREE_MONTH
    assert await team.credits.find_drift() == []


async def test_no_more_is_taken_back_than_there_is(team: Team) -> None:
    there = await team.spendable()
    with pytest.raises(Conflict, match="fewer than"):
        async with team.transaction() as transaction:
            await team.credits.take_back(transaction, team.admin, there + 1, "A mistake")
    async with team.transaction() as transaction:
        await team.credits.take_back(transaction, team.admin, there, "A mistake")
    assert await team.spendable() == 0


async def test_a_job_is_refunded_at_most_what_it_was_paid(team: Team) -> None:
    job = await team.begin(20)
    await team.deliver(step(job, "a", 8), step(job, "b", 5))
    await team.end(job)
    before = await team.spendable()
    async with team.transaction() as transaction:
        given = await team.credits.refund_job(transaction, team.admin, job.id, "Blurred", credits=3)
        assert (given.credits, given.expired_credits) == (3, 0)
    async with team.transaction() as transaction:
        assert (await team.credits.refund_job(transaction, team.admin, job.id, "All of it")).credits == 10
    assert await team.spendable() == before + 13
    with pytest.raises(Conflict, match="0 credits are left"):
        async with team.transaction() as transaction:
            await team.credits.refund_job(transaction, team.admin, job.id, "Once more")
    with pytest.raises(NotFound):
        async with team.transaction() as transaction:
            await team.credits.refund_job(transaction, team.admin, new_id(), "Never heard of")


async def test_what_is_refunded_lasts_as_long_as_it_would_have(team: Team) -> None:
    await team.spendable()
    await team.grant(100)
    job = await team.begin(350)  # the month's 300, and 50 of those that last
    await team.deliver(step(job, "a", 350))
    await team.end(job)
    lots = {lot["source"]: lot["id"] for lot in (await team.balances())["lots"]}
    async with team.transaction() as transaction:
        await team.credits.refund_job(transaction, team.admin, job.id, "Blurred", credits=60)
    found = {lot["source"]: lot for lot in (await team.balances())["lots"]}
    assert (found["admin"]["available_credits"], found["plan"]["available_credits"]) == (100, 10)
    assert found["admin"]["id"] == lots["admin"]
    team.clock.ahead += timedelta(days=31)
    before = await team.spendable()
    async with team.transaction() as transaction:
        given = await team.credits.refund_job(transaction, team.admin, job.id, "All of it")
    assert (given.credits, given.expired_credits) == (290, 290)
    await team.expire()
    assert await team.spendable() == before
    assert await team.credits.find_drift() == []


async def test_only_site_admins_give_and_take_and_each_time_it_is_audited(team: Team) -> None:
    acts: list[Any] = [
        lambda t, who: team.credits.grant(t, who, 5, "x"),
        lambda t, who: team.credits.take_back(t, who, 5, "x"),
        lambda t, who: team.credits.refund_job(t, who, new_id(), "x"),
        lambda t, who: team.plans.put_on(t, who, "pro", "x"),
    ]
    for act in acts:
        with pytest.raises(Denied):
            async with team.transaction() as transaction:
                await act(transaction, team.owner)
    async with team.transaction() as transaction:
        for act in (acts[0], acts[1], acts[3]):
            await act(transaction, team.admin)
    rows = await team.database.system.fetch("SELECT action, detail FROM audit_log WHERE team_id = $1", team.id)
    assert {row["action"] for row in rows} == {"credits.granted", "credits.taken_back", "plan.given"}
    assert all(row["detail"]["reason"] == "x" for row in rows)


async def test_a_reason_is_needed(team: Team) -> None:
    with pytest.raises(Invalid, match="A reason is needed"):
        async with team.transaction() as transaction:
            await team.credits.grant(transaction, team.admin, 5, "\u0007 ")


async def test_the_quota_of_a_day_is_full_and_empty_again_at_midnight_utc(team: Team) -> None:
    for _ in range(5):
        await team.begin(0)
    with pytest.raises(TooOften, match="allows 5 jobs a day") as refused:
        await team.begin(0)
    team.clock.ahead = timedelta(seconds=refused.value.retry_after_seconds + 1)
    await team.begin(0)


async def test_usage_by_day_counts_jobs_credits_and_bytes(team: Team) -> None:
    job = await team.begin(20)
    await team.deliver(step(job, "a", 8))
    await team.plans.note_storage({team.id: 1234})
    async with team.transaction() as transaction:
        (day,) = await team.credits.usage(transaction, 30)
    assert day == {"day": SystemClock().now().date(), "jobs": 1, "credits": 8, "storage_bytes": 1234}
    assert isinstance(day["day"], date)


def test_unlimited_is_a_value_that_every_count_is_below() -> None:
    own = plans.Plan("own", 1, "Own", plans.UNLIMITED, 0, plans.UNLIMITED, 1, (), 0, "usd", False)
    plans.refuse_over_quota(own, 10**15, datetime(2026, 11, 21, tzinfo=UTC))
    assert plans.storage_limit_bytes(own, 77) == 77


async def test_a_new_version_of_a_plan_is_for_who_renews_and_two_cannot_make_it_at_once(team: Team) -> None:
    async with team.transaction() as transaction:
        await team.plans.put_on(transaction, team.admin, "pro", "By contract")
        old = await team.plans.of_team(transaction)
        dearer = await team.plans.change(team.admin, plans.Plan(**{**_fields(old), "price_cents": 1500}), old.version)
        assert (dearer.version, dearer.price_cents) == (old.version + 1, 1500)
        assert await team.plans.of_team(transaction) == old
        with pytest.raises(Conflict, match="at version 2 by now"):
            await team.plans.change(team.admin, old, old.version)
        with pytest.raises(Invalid):
            await team.plans.change(team.admin, plans.Plan(**{**_fields(old), "weight": 99}), 2)


def _fields(plan: plans.Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in plan.__slots__}


async def test_many_steps_are_captured_by_as_many_statements_as_one_and_free_ones_by_none(team: Team) -> None:
    counts = []
    for width, price in ((1, 1), (40, 1), (40, 0)):
        job = await team.begin(50)
        async with team.transaction() as transaction:
            async with statements(transaction) as sent:
                await team.books.completed(transaction, [step(job, f"s{n}", price) for n in range(width)])
            counts.append(len(sent))
    assert counts[0] == counts[1] <= 4
    assert counts[2] == 0
