"""Paid calls: asked once, answered once, whatever happens to the worker."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from overprint.core.problems import Conflict
from overprint.db.database import Database
from overprint.engine import claims, ledger
from overprint.engine.context import StepContext
from overprint.engine.job import JobState
from overprint.engine.limits import ProviderLimits
from overprint.engine.spec import InDoubt
from overprint.ports.errors import Busy, Misconfigured, Refused, Unavailable
from overprint.ports.provider import Usage
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.journal import Journal
from tests.support.paid import PaidText, Task, paid_pipeline, paid_ports

Opens = Callable[..., AbstractAsyncContextManager[Engine]]
CALL = ledger.Call("write", "paid", False, InDoubt.RETRY)
ANSWER = ledger.Answered({"value": 1}, Usage(cost_microdollars=5))


@pytest.fixture
def opens(database: Database, database_urls: TestDatabase) -> Opens:
    def open_paid(text: PaidText, after: Any = None, **options: Any) -> AbstractAsyncContextManager[Engine]:
        pipeline = paid_pipeline(after, **options) if after else paid_pipeline(**options)
        return open_engine(database, database_urls.system, pipeline, ports=paid_ports(text))

    return open_paid


@pytest.fixture
async def claimed(opens: Opens, journal: Journal) -> AsyncIterator[tuple[Engine, claims.Claim]]:
    """A running step that no worker runs."""
    async with opens(PaidText(journal)) as engine:
        job = await engine.submit(Task("a"))
        claim = await claims.claim(engine.database.system, job.id, "only", worker="test", team_limit=10)
        assert isinstance(claim, claims.Claim)
        yield engine, claim


async def test_an_answered_call_is_not_repeated_when_the_body_fails_afterwards(opens: Opens, journal: Journal) -> None:
    async def fail_twice(context: StepContext, task: Task) -> None:
        if context.claim.tries < 2:
            raise Unavailable("Not now.")

    async with opens(PaidText(journal), fail_twice) as engine, engine.worker():
        job = await engine.submit(Task("a", calls=2))
        assert await engine.ended(job) is JobState.COMPLETED
    assert journal.count("body") == 3
    assert journal.count("asked") == 2
    step = (await engine.steps(job))["only"]
    assert (step["tries"], step["cost_microdollars"], step["input_tokens"]) == (2, 1000, 20)


async def test_two_calls_of_a_step_have_answers_and_idempotency_keys_of_their_own(
    opens: Opens, journal: Journal
) -> None:
    async with opens(PaidText(journal)) as engine, engine.worker():
        job = await engine.submit(Task("a", calls=2))
        await engine.ended(job)
    assert (await engine.steps(job))["only"]["output"] == {"texts": ["words for a-0", "words for a-1"]}
    keys = [line.subject for line in journal.read("asked")]
    assert keys == [f"{job.id}:only:write", f"{job.id}:only:write#2"]


async def test_an_answer_that_was_kept_before_the_worker_died_is_used_by_the_next(
    claimed: tuple[Engine, claims.Claim], journal: Journal
) -> None:
    engine, claim = claimed

    async def ask(_: ledger.RememberTask) -> ledger.Answered:
        return ledger.Answered({"value": {"text": "from the first"}}, Usage(cost_microdollars=7))

    await ledger.call_once(engine.database.system, claim, CALL, ask)
    await _die(engine, claim)
    async with engine.worker("second"):
        assert await engine.ended(claim.job) is JobState.COMPLETED
    step = (await engine.steps(claim.job))["only"]
    assert step["output"] == {"texts": ["from the first"]}
    assert (journal.count("asked"), step["cost_microdollars"]) == (0, 7)


async def test_a_call_in_doubt_is_made_again_where_its_step_says_retry(
    claimed: tuple[Engine, claims.Claim], journal: Journal
) -> None:
    engine, claim = claimed
    await _begin_and_die(engine, claim)
    async with engine.worker("second"):
        assert await engine.ended(claim.job) is JobState.COMPLETED
    assert journal.count("asked") == 1
    assert await engine.database.system.fetchval("SELECT calls FROM step_calls") == 2


async def test_a_call_in_doubt_is_not_made_again_where_its_step_says_ask(opens: Opens, journal: Journal) -> None:
    async with opens(PaidText(journal), in_doubt=InDoubt.ASK) as engine:
        job = await engine.submit(Task("a"))
        claim = await claims.claim(engine.database.system, job.id, "only", worker="test", team_limit=10)
        assert isinstance(claim, claims.Claim)
        await _begin_and_die(engine, claim)
        async with engine.worker("second"):
            assert await engine.ended(job) is JobState.FAILED
    step = (await engine.steps(job))["only"]
    assert step["error_kind"] == "conflict"
    assert "may have been billed" in step["error"]
    assert journal.count("asked") == 0


async def test_an_idempotent_provider_is_asked_again_even_where_the_step_says_ask(
    claimed: tuple[Engine, claims.Claim],
) -> None:
    engine, claim = claimed
    call = ledger.Call("write", "paid", True, InDoubt.ASK)
    await _begin(engine, claim, call)
    assert await ledger.call_once(engine.database.system, claim, call, _answer) == ANSWER


async def test_a_task_that_the_provider_accepted_is_polled_and_never_submitted_twice(
    claimed: tuple[Engine, claims.Claim],
) -> None:
    engine, claim = claimed
    asked: list[str] = []

    async def submit_and_break(remember: ledger.RememberTask) -> ledger.Answered:
        asked.append("submitted")
        await remember("task-7")
        raise asyncio.CancelledError

    async def resume(task_id: str) -> ledger.Answered:
        asked.append(task_id)
        return ANSWER

    pool = engine.database.system
    with pytest.raises(asyncio.CancelledError):
        await ledger.call_once(pool, claim, CALL, submit_and_break, resume)
    assert await ledger.call_once(pool, claim, CALL, submit_and_break, resume) == ANSWER
    assert asked == ["submitted", "task-7"]


async def test_a_task_that_failed_is_forgotten_when_the_provider_is_asked_anew(
    claimed: tuple[Engine, claims.Claim],
) -> None:
    engine, claim = claimed
    pool = engine.database.system

    async def submit_and_fail(remember: ledger.RememberTask) -> ledger.Answered:
        await remember("task-7")
        raise Refused("No.")

    with pytest.raises(Refused):
        await ledger.call_once(pool, claim, CALL, submit_and_fail)
    await _begin(engine, claim, CALL)
    assert await pool.fetchval("SELECT task_id FROM step_calls") is None


async def test_a_worker_that_lost_its_lease_changes_nothing_in_the_ledger(
    claimed: tuple[Engine, claims.Claim],
) -> None:
    engine, zombie = claimed
    pool = engine.database.system
    answering = asyncio.Event()

    async def answer_late(remember: ledger.RememberTask) -> ledger.Answered:
        await answering.wait()
        return ANSWER

    async def fail_late(remember: ledger.RememberTask) -> ledger.Answered:
        raise Unavailable("Late.")

    late = asyncio.create_task(ledger.call_once(pool, zombie, CALL, answer_late))
    await _until(lambda: pool.fetchval("SELECT count(*) FROM step_calls"))
    taken = await claims.claim(pool, zombie.job.id, "only", worker="second", team_limit=10)
    assert isinstance(taken, claims.Claim)
    await _begin(engine, taken, CALL)
    before = await pool.fetch("SELECT * FROM step_calls")
    answering.set()
    for asking in (late, ledger.call_once(pool, zombie, CALL, fail_late)):
        with pytest.raises(claims.LostLease):
            await asking
    assert await pool.fetch("SELECT * FROM step_calls") == before


async def test_unavailable_backs_off_and_gives_up_after_three_tries(opens: Opens, journal: Journal) -> None:
    async with opens(PaidText(journal, fail=_raises(Unavailable("Down.")))) as engine, engine.worker():
        job = await engine.submit(Task("a"))
        assert await engine.ended(job) is JobState.FAILED
    step = (await engine.steps(job))["only"]
    assert (journal.count("asked"), step["error_kind"], step["error"]) == (3, "unavailable", "Down.")


async def test_busy_waits_and_is_no_try_however_often_it_comes(
    opens: Opens, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "ATTEMPTS_MAX", 3)

    def busy(asked: int) -> None:
        if asked < claims.ATTEMPTS_MAX + 3:
            raise Busy("Later.", retry_after_seconds=0.0)

    async with opens(PaidText(journal, fail=busy)) as engine, engine.worker():
        job = await engine.submit(Task("a"))
        assert await engine.ended(job) is JobState.COMPLETED
    step = (await engine.steps(job))["only"]
    assert (step["tries"], step["attempt"]) == (0, claims.ATTEMPTS_MAX + 4)


async def test_busy_waits_as_long_as_the_provider_says(opens: Opens, journal: Journal) -> None:
    def busy_once(asked: int) -> None:
        if asked == 0:
            raise Busy("Later.", retry_after_seconds=1.0)

    async with opens(PaidText(journal, fail=busy_once)) as engine, engine.worker():
        await engine.ended(await engine.submit(Task("a")))
    first, second = journal.read("asked")
    assert 1.0 <= second.at - first.at < 3.0


async def test_refused_fails_at_once_and_says_why(opens: Opens, journal: Journal) -> None:
    async with opens(PaidText(journal, fail=_raises(Refused("Against the rules.")))) as engine, engine.worker():
        job = await engine.submit(Task("a"))
        assert await engine.ended(job) is JobState.FAILED
    step = (await engine.steps(job))["only"]
    assert (journal.count("asked"), step["error_kind"], step["error"]) == (1, "refused", "Against the rules.")


async def test_misconfigured_pauses_the_provider_so_that_nobody_asks_it(opens: Opens, journal: Journal) -> None:
    wrong_key = _raises(Misconfigured("Wrong key.", provider="paid"))
    async with opens(PaidText(journal, fail=wrong_key)) as engine, engine.worker(waits_while_paused=False):
        for name in ("a", "b"):
            assert await engine.ended(await engine.submit(Task(name))) is JobState.FAILED
        pauses = await engine.database.system.fetch("SELECT provider, reason FROM provider_pauses")
    assert [tuple(row) for row in pauses] == [("text:paid", "Wrong key.")]
    assert journal.count("asked") == 1


async def test_a_provider_without_room_for_long_hands_the_step_back_uncounted(opens: Opens, journal: Journal) -> None:
    bounds = {"text": ProviderLimits(per_second=0.001, burst=1)}
    async with opens(PaidText(journal)) as engine, engine.worker(provider_limits=bounds):
        await engine.ended(await engine.submit(Task("first")))
        second = await engine.submit(Task("second"))
        async with asyncio.timeout(10):
            while "step.retrying" not in [event.type for event in await engine.events(second)]:
                await asyncio.sleep(0.05)
    step = (await engine.steps(second))["only"]
    assert (step["state"], step["tries"], step["error_kind"]) == ("ready", 0, "busy")


async def test_policy_ask_raises_a_conflict_that_a_person_can_read(claimed: tuple[Engine, claims.Claim]) -> None:
    engine, claim = claimed
    call = ledger.Call("write", "paid", False, InDoubt.ASK)
    await _begin(engine, claim, call)
    with pytest.raises(Conflict, match="Run the step again"):
        await ledger.call_once(engine.database.system, claim, call, _answer)


def _raises(error: Exception) -> Callable[[int], None]:
    def fail(asked: int) -> None:
        raise error

    return fail


async def _answer(_: ledger.RememberTask) -> ledger.Answered:
    return ANSWER


async def _begin(engine: Engine, claim: claims.Claim, call: ledger.Call) -> None:
    """Ask, and be cut off before the answer comes."""

    async def cut_off(_: ledger.RememberTask) -> ledger.Answered:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await ledger.call_once(engine.database.system, claim, call, cut_off)


async def _begin_and_die(engine: Engine, claim: claims.Claim) -> None:
    await _begin(engine, claim, CALL)
    await _die(engine, claim)


async def _die(engine: Engine, claim: claims.Claim) -> None:
    """The queue sees that nobody renews the step's lease."""
    await engine.lose_lease(claim.job, claim.key)


async def _until(check: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not await check():
            await asyncio.sleep(0.01)
