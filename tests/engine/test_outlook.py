"""What a waiting person is told: how many steps go first, when theirs begins, and why it waits."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from overprint.core.ids import new_id
from overprint.db.database import Database
from overprint.engine import pauses
from overprint.engine.fleet import Fleet, Pace, read_fleet
from overprint.engine.outlook import Outlook, OwnTeam, outlook, starts_in_seconds
from overprint.engine.participants import JobInfo
from overprint.engine.queue import LINE_MAX_STEPS, Line
from overprint.engine.spec import Queue
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.paid import PAID, Task, paid_pipeline
from tests.support.statements import statements
from tests.support.toy import Counter, Order, toy_pipeline

TEXT = str(Queue.TEXT)
ALONE = OwnTeam(running=0, ahead=0)


@pytest.fixture
async def engine(database: Database, database_urls: TestDatabase) -> AsyncIterator[Engine]:
    async with open_engine(database, database_urls.system, toy_pipeline(Counter())) as opened:
        yield opened


async def _look(engine: Engine, job: JobInfo) -> Outlook | None:
    async with engine.database.transaction(engine.team_id) as transaction:
        return await outlook(transaction, engine.rules, job.id)


async def _expect(engine: Engine, job: JobInfo) -> Outlook:
    found = await _look(engine, job)
    assert found is not None
    return found


async def _hire(engine: Engine, limit: int = 2, team_limit: int = 16, pace: float | None = None) -> None:
    """As if a worker were there that is always just about to take something."""
    told = "{}" if pace is None else f'{{"{TEXT}": {pace}}}'
    await engine.database.system.execute(
        "INSERT INTO workers (name, lanes, team_limit, pace) VALUES ($1, $2, $3, $4)",
        str(new_id()),
        f'[{{"queues": ["{TEXT}", "speech"], "limit": {limit}}}]',
        team_limit,
        told,
    )


async def _take(engine: Engine, *jobs: JobInfo) -> None:
    """As if a worker had begun the first step of these."""
    for job in jobs:
        await engine.database.system.execute(
            "UPDATE steps SET state = 'running' WHERE job_id = $1 AND key = 'root'", job.id
        )
        await engine.database.system.execute(
            "UPDATE pgqueuer SET status = 'picked' WHERE dedupe_key = $1", f"{job.id}:root"
        )


def _fleet(capacity: int = 4, team_limit: int = 16, **pace: float) -> Fleet:
    return Fleet(1, frozenset({"a", "b"}), capacity, team_limit, pace)


@pytest.mark.parametrize(
    ("line", "fleet", "standing", "seconds"),
    [
        (Line({}, {}), _fleet(), ALONE, 0.0),
        (Line({"a": 3}, {}), _fleet(), ALONE, 0.0),  # places for all of them
        (Line({"a": 3}, {"a": 4}), _fleet(a=10.0), ALONE, 10.0),  # four have to end, four at a time
        (Line({"a": 8}, {"a": 3}), _fleet(a=10.0), ALONE, 20.0),
        (Line({"b": 6}, {"a": 2}), _fleet(a=40.0, b=8.0), ALONE, 20.0),  # each as its queue usually takes: 16 s
        (Line({"b": 6}, {"a": 2}), _fleet(b=8.0), ALONE, 10.0),  # what is known of some stands for all
        (Line({"a": 3}, {"a": 4}), _fleet(), ALONE, None),
        (Line({"a": LINE_MAX_STEPS}, {"a": 4}), _fleet(a=1.0), ALONE, None),  # so many and more
        (Line({}, {}), _fleet(capacity=0, a=1.0), ALONE, None),
        (Line({}, {"a": 2}), _fleet(team_limit=2, a=10.0), OwnTeam(running=2, ahead=3), 20.0),
    ],
)
def test_the_start_is_expected_when_enough_of_those_before_have_ended(
    line: Line, fleet: Fleet, standing: OwnTeam, seconds: float | None
) -> None:
    assert starts_in_seconds(line, fleet, standing, 0.0) == seconds


def test_nothing_begins_before_it_may() -> None:
    assert starts_in_seconds(Line({}, {}), _fleet(), ALONE, 42.04) == 42.0
    assert starts_in_seconds(Line({"a": 3}, {"a": 4}), _fleet(a=10.0), ALONE, 42.04) == 42.0
    assert starts_in_seconds(Line({"a": 30}, {"a": 4}), _fleet(a=10.0), ALONE, 42.04) == 77.5


def test_the_pace_is_that_of_the_newest_steps() -> None:
    pace = Pace()
    assert pace.medians() == {}
    for seconds in [*[1000.0] * 200, *[1.0] * 20, *[2.0] * 11, *[3.0] * 19]:
        pace.add(TEXT, seconds)
    pace.add("layout", 0.12345)
    assert pace.medians() == {TEXT: 2.0, "layout": 0.123}


async def test_who_waits_is_told_that_nobody_works(engine: Engine) -> None:
    jobs = [await engine.submit(Order(f"n-{n}")) for n in range(4)]
    seen = [await _expect(engine, job) for job in jobs]
    assert [one.steps_ahead for one in seen] == [0, 1, 2, 3]
    assert {one.starts_in_seconds for one in seen} == {None}
    assert all("No worker is running." in one.why for one in seen)


async def test_a_worker_that_fell_silent_or_takes_other_work_counts_for_nothing(engine: Engine) -> None:
    job = await engine.submit(Order("a"))
    await _hire(engine)
    await engine.database.system.execute("UPDATE workers SET seen_at = now() - interval '1 minute'")
    assert "No worker is running." in (await _expect(engine, job)).why
    await engine.database.system.execute(
        "UPDATE workers SET seen_at = now(), lanes = $1", '[{"queues": ["layout"], "limit": 9}]'
    )
    assert (await _expect(engine, job)).why == (
        "None of the workers that are running takes steps of the queue text-generation."
    )


async def test_whose_steps_go_first_is_told_and_how_long_they_will_take(
    engine: Engine, database: Database, database_urls: TestDatabase
) -> None:
    await _hire(engine, limit=2, pace=30.0)
    async with open_engine(database, database_urls.system, toy_pipeline(Counter())) as others:
        await _take(engine, *[await engine.submit(Order(f"r-{n}")) for n in range(2)])
        theirs = [await others.submit(Order(f"o-{n}")) for n in range(3)]
        mine = [await engine.submit(Order(f"m-{n}")) for n in range(3)]
        last = await _expect(engine, mine[-1])
        assert (last.steps_ahead, last.starts_in_seconds) == (5, 90.0)
        assert last.why == "First comes what was asked for before: 2 steps of your team and 3 steps of other teams."
        assert last.words == f"{last.why} It begins in about 2 minutes."
        for job in mine[:2]:
            await engine.cancel(job)
        assert (await _expect(engine, mine[-1])).why == "First comes what other teams asked for before: 3 steps."
        for job in theirs[1:]:
            await others.cancel(job)
        one = await _expect(engine, mine[-1])
        assert (one.why, one.starts_in_seconds) == ("First comes what other teams asked for before: 1 step.", 30.0)
        await others.cancel(theirs[0])
        after = await _expect(engine, mine[-1])
    assert (after.why, after.starts_in_seconds) == ("Yours is next, as soon as a step that runs now has ended.", 15.0)
    assert await _look(engine, mine[0]) is None


async def test_a_free_place_means_that_it_begins_now(engine: Engine) -> None:
    await _hire(engine)
    job = await engine.submit(Order("a"))
    assert await _expect(engine, job) == Outlook(0, 0.0, "It is about to begin.")
    await _take(engine, job)
    assert await _look(engine, job) is None, "it runs"


async def test_a_team_that_runs_all_it_may_is_told_so(engine: Engine) -> None:
    await _hire(engine, limit=8, team_limit=2, pace=10.0)
    await _take(engine, *[await engine.submit(Order(f"r-{n}")) for n in range(2)])
    waits = await _expect(engine, await engine.submit(Order("a")))
    assert waits.why == "Your team already runs 2 steps like it, as many as it may at a time."
    assert waits.starts_in_seconds == 5.0


async def test_a_step_that_has_to_wait_says_until_when_and_for_whom(engine: Engine) -> None:
    await _hire(engine)
    job = await engine.submit(Order("a"))
    until = datetime.now(UTC) + timedelta(minutes=10)
    delay = "UPDATE steps SET not_before = $2, error_kind = $3, error = $4 WHERE job_id = $1 AND key = 'root'"
    await engine.database.system.execute(delay, job.id, until, "busy", "Too many.")
    waits = await _expect(engine, job)
    assert waits.why == f"The provider asks us to wait until {until:%H:%M:%S} UTC."
    assert waits.starts_in_seconds == pytest.approx(600, abs=30)
    await engine.database.system.execute(delay, job.id, until, "unavailable", "It did not answer.")
    assert (await _expect(engine, job)).why == (
        f"It did not work the last time, and is tried again at {until:%H:%M:%S} UTC. It did not answer."
    )


async def test_a_paused_provider_is_named_with_its_reason(database: Database, database_urls: TestDatabase) -> None:
    async with open_engine(database, database_urls.system, paid_pipeline(), providers={"text": PAID}) as engine:
        await _hire(engine)
        job = await engine.submit(Task("a"))
        await pauses.begin(database.system, "text:paid", "No such key.")
        assert await _expect(engine, job) == Outlook(
            0, None, "The provider paid is paused until its settings are mended: No such key."
        )


async def test_a_worker_says_that_it_is_there_how_it_fares_and_that_it_leaves(engine: Engine) -> None:
    async with engine.worker(limit=3) as runner:
        job = await engine.submit(Order("a"))
        await engine.ended(job)
        assert set(runner.pace.medians()) == {"text-generation", "image-generation", "layout"}
        async with engine.database.transaction(engine.team_id) as transaction:
            fleet = await read_fleet(transaction.driver, TEXT)
        assert (fleet.workers, fleet.capacity, fleet.team_limit) == (1, 3, 16)
        assert fleet.queues == {str(queue) for queue in Queue}
    assert await engine.database.system.fetchval("SELECT count(*) FROM workers") == 0


async def test_looking_asks_as_little_however_long_the_queue_is(engine: Engine) -> None:
    await _hire(engine, pace=1.0)
    jobs = [await engine.submit(Order(f"n-{n}")) for n in range(3)]
    async with engine.database.transaction(engine.team_id) as transaction:
        async with statements(transaction) as sent:
            assert await outlook(transaction, engine.rules, jobs[-1].id) is not None
    assert len(sent) <= 5
