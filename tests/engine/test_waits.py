"""A provider that has no room may make a step wait, but not for ever."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from uuid import UUID, uuid4

from overprint.db.database import Database
from overprint.engine.claims import Claim
from overprint.engine.diagnosis import UNHURRIED_WAITS, WAIT_MAX_SECONDS, Failure, diagnose
from overprint.engine.job import JobState
from overprint.engine.limits import ProviderLimits
from overprint.engine.participants import JobInfo
from overprint.engine.pipeline import StepKind, UnknownKind
from overprint.engine.spec import StepSpec
from overprint.ports.errors import Busy
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.journal import Journal
from tests.support.paid import PaidText, Task, paid_pipeline, paid_ports
from tests.support.toy import Counter, Order, toy_pipeline

JOB = JobInfo(uuid4(), uuid4(), "paid.make@1", uuid4(), None, {}, None)
CLAIM = Claim(JOB, "only", "paid.only@1", "Ask", 1, 0, {}, 0)
KIND = paid_pipeline().steps[0]
NO_ROOM = Busy("No room.", provider="paid", retry_after_seconds=2.0)


def _diagnosed(claim: Claim, error: Busy = NO_ROOM, kind: StepKind = KIND) -> Failure:
    return diagnose(error, claim, kind, 5.0)


def _walk(kind: StepKind = KIND, error: Busy = NO_ROOM) -> tuple[Failure, Claim]:
    """Until it is given up: how, and what had been waited by then."""
    claim = CLAIM
    while (failure := _diagnosed(claim, error, kind)).retry_seconds is not None:
        assert (failure.counts, failure.waits) == (False, True)
        claim = replace(claim, waits=claim.waits + 1, waited_seconds=claim.waited_seconds + failure.retry_seconds)
    return failure, claim


def test_a_provider_that_never_has_room_is_given_up_within_a_day() -> None:
    failure, claim = _walk()
    assert failure.kind == "busy"
    assert "No room." in failure.message and "given up" in failure.message
    assert 12 * 3600 < claim.waited_seconds <= KIND.waiting_max_seconds
    assert claim.waits <= KIND.waits_max


def test_a_provider_is_asked_less_often_the_longer_it_has_no_room_and_never_sooner_than_it_says() -> None:
    delays = [_diagnosed(replace(CLAIM, waits=waits)).retry_seconds for waits in range(UNHURRIED_WAITS + 400)]
    assert delays[: UNHURRIED_WAITS + 1] == [2.0] * (UNHURRIED_WAITS + 1)
    assert delays == sorted(delays, key=lambda seconds: seconds or 0.0)
    assert delays[-1] == WAIT_MAX_SECONDS
    late = _diagnosed(replace(CLAIM, waits=100), Busy("Later.", retry_after_seconds=4000.0))
    assert late.retry_seconds == 4000.0


def test_a_kind_may_bound_how_often_it_waits() -> None:
    failure, claim = _walk(replace(KIND, waits_max=3))
    assert claim.waits == 3
    assert "4 times" in failure.message


def test_a_provider_that_asks_for_a_week_is_given_up_at_once() -> None:
    failure = _diagnosed(CLAIM, Busy("Next week.", retry_after_seconds=7 * 86_400.0))
    assert failure.retry_seconds is None
    assert "longer than a step may" in failure.message


def test_a_step_of_another_version_is_left_to_its_workers_for_an_hour() -> None:
    """Whoever sits in front of it is told at once."""
    error, claim = UnknownKind("Of tomorrow."), replace(CLAIM, waits=400, waited_seconds=80_000.0)
    delays = []
    while (failure := diagnose(error, claim, None, 5.0)).retry_seconds is not None:
        assert (failure.counts, failure.waits, failure.is_foreign) == (False, False, True)
        delays.append(failure.retry_seconds)
        claim = replace(claim, foreign_seconds=sum(delays))
    assert 3000 < sum(delays) <= 3600 and len(delays) < 100, "whatever a provider made it wait before"
    assert diagnose(error, CLAIM, None, 5.0, waits_while_paused=False).retry_seconds is None


async def _left(older: AbstractAsyncContextManager[Engine], engine: Engine, job: UUID, step: str) -> None:
    """Have a worker of an older version find a step, and leave it to others."""
    async with older as opened, opened.worker("older"):
        async with asyncio.timeout(20):
            while not (await engine.steps(job))[step]["foreign_seconds"]:
                await asyncio.sleep(0.02)


async def test_an_older_worker_leaves_a_newer_step_to_newer_workers(
    database: Database, database_urls: TestDatabase
) -> None:
    counter = Counter()
    newer = toy_pipeline(counter)
    async with open_engine(database, database_urls.system, newer) as engine:
        job = await engine.submit(Order("new", width=1))
        older = open_engine(database, database_urls.system, paid_pipeline(), team_id=engine.team_id)
        await _left(older, engine, job, "root")
        async with engine.worker("newer"):
            assert await engine.ended(job) is JobState.COMPLETED
    root = (await engine.steps(job))["root"]
    assert (root["tries"], root["waits"], counter.of("root")) == (0, 0, 1)


async def test_an_older_worker_pays_nothing_for_a_job_that_it_cannot_go_on_with(
    database: Database, database_urls: TestDatabase, journal: Journal
) -> None:
    ports, known = paid_ports(PaidText(journal)), paid_pipeline()
    newer = replace(known, kind="paid.make@2")
    async with open_engine(database, database_urls.system, newer, ports=ports) as engine:
        job = await engine.submit(Task("new"))
        older = open_engine(database, database_urls.system, known, ports=ports, team_id=engine.team_id)
        await _left(older, engine, job, "only")
        assert journal.count("asked") == 0
        async with engine.worker("newer"):
            assert await engine.ended(job) is JobState.COMPLETED
    assert journal.count("asked") == 1


async def test_what_follows_in_another_version_is_left_to_it_and_what_was_paid_before_is_not_paid_again(
    database: Database, database_urls: TestDatabase, journal: Journal
) -> None:
    ports, known = paid_ports(PaidText(journal)), paid_pipeline()
    (only,) = known.steps

    def plan(request: Task) -> list[StepSpec]:
        first = known.plan(request)[0]
        return [first, replace(first, key="then", kind="paid.then@1", needs=("only",))]

    newer = replace(known, plan=plan, steps=(only, replace(only, name="paid.then@1")))
    async with open_engine(database, database_urls.system, newer, ports=ports) as engine:
        job = await engine.submit(Task("new"))
        older = open_engine(database, database_urls.system, known, ports=ports, team_id=engine.team_id)
        await _left(older, engine, job, "only")
        assert (await engine.steps(job))["then"]["state"] == "pending"
        async with engine.worker("newer"):
            assert await engine.ended(job) is JobState.COMPLETED
    assert journal.count("asked") == 2


async def test_a_step_fails_clearly_when_its_waits_are_over(
    database: Database, database_urls: TestDatabase, journal: Journal
) -> None:
    def busy(asked: int) -> None:
        raise Busy("No room.", provider="paid", retry_after_seconds=0.0)

    ports = paid_ports(PaidText(journal, fail=busy))
    pipeline = paid_pipeline(waits_max=2)
    async with open_engine(database, database_urls.system, pipeline, ports=ports) as engine, engine.worker():
        job = await engine.submit(Task("a"))
        assert await engine.ended(job) is JobState.FAILED
    step = (await engine.steps(job))["only"]
    assert (step["error_kind"], step["waits"], step["tries"], journal.count("asked")) == ("busy", 2, 0, 3)


async def test_waiting_for_our_own_limits_is_bounded_too(
    database: Database, database_urls: TestDatabase, journal: Journal
) -> None:
    ports = paid_ports(PaidText(journal))
    pipeline = paid_pipeline(waiting_max_seconds=1.0)
    bounds = {"text": ProviderLimits(per_second=0.001, burst=1)}
    async with (
        open_engine(database, database_urls.system, pipeline, ports=ports) as engine,
        engine.worker(provider_limits=bounds),
    ):
        await engine.ended(await engine.submit(Task("first")))
        second = await engine.submit(Task("second"))
        assert await engine.ended(second) is JobState.FAILED
    step = (await engine.steps(second))["only"]
    assert (step["error_kind"], journal.count("asked")) == ("busy", 1)
