"""Calls of which nobody knows: what they may have cost is booked, and an accepted task is never ordered twice."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from overprint.db.database import Database
from overprint.engine import claims, ledger
from overprint.engine.job import JobState
from overprint.engine.spec import InDoubt
from overprint.ports.errors import Busy, Misconfigured, TaskFailed, Unavailable
from overprint.ports.provider import Usage
from overprint.ports.text import TextAnswer, TextDelta, TextRequest
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.journal import Journal
from tests.support.paid import PaidText, Task, paid_pipeline, paid_ports
from tests.support.task_process import PRICE_MICRODOLLARS, Sketch, task_pipeline, task_ports

T = TypeVar("T")

CALL = ledger.Call("write", "paid", False, InDoubt.RETRY)
BOOKED = "SELECT calls, cost_microdollars, possible_cost_microdollars FROM step_calls"


@pytest.fixture
async def claimed(
    database: Database, database_urls: TestDatabase, journal: Journal
) -> AsyncIterator[tuple[Engine, claims.Claim]]:
    """A running step that no worker runs."""
    ports = paid_ports(PaidText(journal))
    async with open_engine(database, database_urls.system, paid_pipeline(), ports=ports) as engine:
        job = await engine.submit(Task("a"))
        claim = await claims.claim(engine.database.system, job.id, "only", worker="test", team_limit=10)
        assert isinstance(claim, claims.Claim)
        yield engine, claim


async def _cut_off(_: ledger.RememberTask) -> ledger.Answered:
    raise Unavailable("It broke off.", in_doubt=True)


async def _answer(_: ledger.RememberTask) -> ledger.Answered:
    return ledger.Answered({"value": {"text": "kept"}}, Usage(cost_microdollars=7))


async def _doubt(engine: Engine, claim: claims.Claim, call: ledger.Call, times: int) -> None:
    for _ in range(times):
        with pytest.raises(Unavailable):
            await ledger.call_once(engine.database.system, claim, call, _cut_off)


async def test_every_lost_call_may_have_cost_what_the_answer_did(claimed: tuple[Engine, claims.Claim]) -> None:
    engine, claim = claimed
    pool = engine.database.system
    await _doubt(engine, claim, CALL, 2)
    await ledger.call_once(pool, claim, CALL, _answer)
    await ledger.call_once(pool, claim, CALL, _answer)
    assert tuple(await pool.fetchrow(BOOKED)) == (3, 7, 14)


async def test_a_call_that_certainly_failed_cost_nothing_perhaps(claimed: tuple[Engine, claims.Claim]) -> None:
    engine, claim = claimed
    pool = engine.database.system

    async def refuse(_: ledger.RememberTask) -> ledger.Answered:
        raise Unavailable("Down.")

    with pytest.raises(Unavailable):
        await ledger.call_once(pool, claim, CALL, refuse)
    await ledger.call_once(pool, claim, CALL, _answer)
    assert tuple(await pool.fetchrow(BOOKED)) == (2, 7, 0)


async def test_a_provider_that_honours_keys_bills_once(claimed: tuple[Engine, claims.Claim]) -> None:
    engine, claim = claimed
    call = ledger.Call("write", "paid", True, InDoubt.RETRY)
    await _doubt(engine, claim, call, 1)
    await ledger.call_once(engine.database.system, claim, call, _answer)
    assert tuple(await engine.database.system.fetchrow(BOOKED)) == (2, 7, 0)


async def test_the_step_tells_what_its_lost_calls_may_have_cost(claimed: tuple[Engine, claims.Claim]) -> None:
    engine, claim = claimed
    await _doubt(engine, claim, CALL, 1)
    await engine.lose_lease(claim.job, claim.key)
    async with engine.worker("second"):
        assert await engine.ended(claim.job) is JobState.COMPLETED
    step = (await engine.steps(claim.job))["only"]
    assert (step["cost_microdollars"], step["possible_cost_microdollars"]) == (500, 500)


async def test_what_a_call_in_doubt_cost_for_certain_is_booked_and_it_stays_in_doubt(
    claimed: tuple[Engine, claims.Claim],
) -> None:
    engine, claim = claimed
    pool = engine.database.system

    async def break_off(_: ledger.RememberTask) -> ledger.Answered:
        raise Unavailable("It broke off.", in_doubt=True, usage=Usage(cost_microdollars=90))

    for _ in range(2):
        with pytest.raises(Unavailable):
            await ledger.call_once(pool, claim, CALL, break_off)
    assert await _state_of_call(engine) == "begun"
    assert tuple(await pool.fetchrow(BOOKED)) == (2, 180, 0)


async def test_a_step_that_ends_in_doubt_may_have_cost_what_such_calls_of_its_job_did(
    database: Database, database_urls: TestDatabase, journal: Journal
) -> None:
    async with _breaking_off(database, database_urls, journal) as engine, engine.worker():
        job = await engine.submit(Task("a", calls=2))
        assert await engine.ended(job) is JobState.FAILED
        step = (await engine.steps(job))["only"]
    assert (step["cost_microdollars"], step["possible_cost_microdollars"]) == (500, 3 * 500)


async def test_a_step_that_is_stopped_while_it_is_asked_may_have_cost_what_such_calls_did(
    database: Database, database_urls: TestDatabase, journal: Journal
) -> None:
    async with _breaking_off(database, database_urls, journal, HangingText) as engine, engine.worker():
        job = await engine.submit(Task("a", calls=2))
        async with asyncio.timeout(20):
            while journal.count("asked") < 2:
                await asyncio.sleep(0.02)
        await engine.cancel(job)
        assert await engine.ended(job) is JobState.CANCELLED
        step = (await engine.steps(job))["only"]
    assert (step["cost_microdollars"], step["possible_cost_microdollars"]) == (500, 500)


async def test_a_step_that_is_cancelled_while_it_waits_tells_what_its_calls_cost(
    claimed: tuple[Engine, claims.Claim],
) -> None:
    engine, claim = claimed
    pool = engine.database.system
    await ledger.call_once(pool, claim, CALL, _answer)
    await _doubt(engine, claim, ledger.Call("write#2", "paid", False, InDoubt.RETRY), 2)
    await pool.execute("UPDATE steps SET state = 'ready'")
    await engine.cancel(claim.job)
    step = (await engine.steps(claim.job))["only"]
    assert (step["state"], step["cost_microdollars"], step["possible_cost_microdollars"]) == ("cancelled", 7, 14)


class HangingText(PaidText):
    """Answers its first call alone."""

    async def stream(self, request: TextRequest[T]) -> AsyncIterator[TextDelta | TextAnswer[T]]:
        if self.journal.count("answered"):
            self.journal.write("asked", request.idempotency_key)
            await asyncio.sleep(600)
        async for piece in super().stream(request):
            yield piece


@asynccontextmanager
async def _breaking_off(
    database: Database, urls: TestDatabase, journal: Journal, text: type[PaidText] = PaidText
) -> AsyncIterator[Engine]:
    """Every call of a step but its first one breaks off."""

    def fail(_: int) -> None:
        if journal.count("answered"):
            raise Unavailable("It broke off.", provider="paid", in_doubt=True)

    ports = paid_ports(text(journal, fail=fail))
    async with open_engine(database, urls.system, paid_pipeline(), ports=ports) as engine:
        yield engine


@pytest.mark.parametrize("error", [Busy("Wait."), Unavailable("Broken line."), Misconfigured("Wrong key.")])
async def test_trouble_while_a_task_is_awaited_orders_it_no_second_time(
    claimed: tuple[Engine, claims.Claim], error: Exception
) -> None:
    engine, claim = claimed
    pool = engine.database.system
    orders: list[str] = []

    async def submit(remember: ledger.RememberTask) -> ledger.Answered:
        orders.append("ordered")
        await remember("task-7")
        raise error

    async def collect(task_id: str) -> ledger.Answered:
        return ledger.Answered({"value": task_id}, Usage(cost_microdollars=7))

    with pytest.raises(type(error)):
        await ledger.call_once(pool, claim, CALL, submit, collect)
    answered = await ledger.call_once(pool, claim, CALL, submit, collect)
    assert (orders, answered.body) == (["ordered"], {"value": "task-7"})
    assert tuple(await pool.fetchrow(BOOKED)) == (1, 7, 0)


async def test_a_task_that_failed_there_or_belongs_to_another_provider_is_ordered_anew(
    claimed: tuple[Engine, claims.Claim],
) -> None:
    engine, claim = claimed
    pool = engine.database.system
    orders: list[str] = []

    async def submit(remember: ledger.RememberTask) -> ledger.Answered:
        orders.append("ordered")
        await remember("task-7")
        raise TaskFailed("It failed there.") if len(orders) == 1 else Busy("Wait.")

    async def never(task_id: str) -> ledger.Answered:
        raise AssertionError("nobody has this task")

    for _ in range(2):
        with pytest.raises((TaskFailed, Busy)):
            await ledger.call_once(pool, claim, CALL, submit, never)
    other = ledger.Call("write", "another", False, InDoubt.RETRY)
    with pytest.raises(Busy):
        await ledger.call_once(pool, claim, other, submit, never)
    assert orders == ["ordered"] * 3


async def test_an_answer_is_kept_although_the_step_is_stopped_in_this_very_moment(
    claimed: tuple[Engine, claims.Claim],
) -> None:
    engine, claim = claimed
    pool = engine.database.system
    answering = asyncio.Event()

    async def answer(_: ledger.RememberTask) -> ledger.Answered:
        await answering.wait()
        return ledger.Answered({"value": 1}, Usage(cost_microdollars=7))

    asking = asyncio.create_task(ledger.call_once(pool, claim, CALL, answer))
    async with asyncio.timeout(10):
        while not await pool.fetchval("SELECT count(*) FROM step_calls"):
            await asyncio.sleep(0.01)
    async with pool.acquire() as other, other.transaction():
        await other.execute("SELECT FROM step_calls FOR UPDATE")
        answering.set()
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.sleep(0.1)
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await pool.fetchval("SELECT state FROM step_calls") == "answered"


async def test_a_worker_killed_between_order_and_picture_leaves_a_task_that_the_next_one_collects(
    database: Database, database_urls: TestDatabase, journal: Journal, tmp_path: Path
) -> None:
    ports = task_ports(journal, tmp_path / "objects", seconds=0.0)
    async with open_engine(database, database_urls.system, task_pipeline(), ports=ports) as engine:
        job = await engine.submit(Sketch("fox"))
        await _work_until_ordered_and_be_killed(database_urls, journal, tmp_path)
        assert (journal.count("submitted"), await _state_of_call(engine)) == (1, "begun")
        await engine.lose_lease(job, "only")
        async with engine.worker("second"):
            assert await engine.ended(job) is JobState.COMPLETED
        step = (await engine.steps(job))["only"]
    assert (journal.count("submitted"), step["attempt"]) == (1, 2)
    assert (step["cost_microdollars"], step["possible_cost_microdollars"]) == (PRICE_MICRODOLLARS, 0)


async def _work_until_ordered_and_be_killed(urls: TestDatabase, journal: Journal, tmp_path: Path) -> None:
    orders = ("-m", "tests.support.task_process", urls.app, urls.system, f"{tmp_path}/journal", f"{tmp_path}/objects")
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    worker = await asyncio.create_subprocess_exec(sys.executable, *orders, env=environment)
    try:
        async with asyncio.timeout(30):
            while not journal.count("collected"):
                await asyncio.sleep(0.02)
    finally:
        worker.send_signal(signal.SIGKILL)
        await worker.wait()


async def _state_of_call(engine: Engine) -> str:
    return str(await engine.database.system.fetchval("SELECT state FROM step_calls"))
