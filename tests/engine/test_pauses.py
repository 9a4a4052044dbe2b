"""Providers that are paused: which, when, by whom, and until when; and what their steps do meanwhile."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.image.fake import FakeImages
from overprint.adapters.speech.fake import FakeSpeech
from overprint.adapters.storage.memory import MemoryStorage
from overprint.core.codec import encode
from overprint.core.files import StoredFile
from overprint.core.ids import new_id
from overprint.db.database import Database
from overprint.engine import claims, ledger, pauses, store
from overprint.engine.asking import Asked
from overprint.engine.context import Ports, StepContext
from overprint.engine.diagnosis import diagnose
from overprint.engine.job import JobState
from overprint.engine.limits import ProviderLimits
from overprint.engine.participants import JobInfo
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.spec import InDoubt, Queue, StepSpec
from overprint.observe.metrics import Metrics
from overprint.observe.work import WorkReader
from overprint.ports.errors import Misconfigured, ProviderError, Unavailable
from overprint.ports.provider import Provider, Usage
from overprint.ports.storage import BlobInfo
from tests.contracts.image.conftest import REQUEST
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.journal import Journal
from tests.support.paid import PAID, PaidText, ask
from tests.support.statements import until_it_waits

WRONG_KEY = "Wrong key."


@dataclass(frozen=True)
class Wish:
    """``does``: write or draw."""

    does: str
    name: str = "a"


@dataclass(frozen=True)
class Made:
    file: StoredFile | None = None


class RefusedStorage(MemoryStorage):
    """A store whose keys are wrong."""

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        raise Misconfigured("Wrong store.", provider="store")


class PaidImages(FakeImages):
    """Of the same vendor as the paid text."""

    @property
    def provider(self) -> Provider:
        return Provider("paid", "pictures", "a paid illustrator")


async def _grant(context: StepContext, wish: Wish) -> Made:
    if wish.does == "write":
        await ask(context, wish.name)
        return Made()
    return Made((await context.draw(REQUEST, name="a.png", folder="pictures")).file)


PIPELINE = Pipeline(
    "wish.make@1",
    Wish,
    lambda wish: (StepSpec("only", "wish.only@1", "Grant", encode(wish)),),
    (StepKind("wish.only@1", Wish, Made, _grant, Queue.TEXT, ports=("text", "image")),),
)
Opens = Callable[..., AbstractAsyncContextManager[Engine]]


@pytest.fixture
def opens(database: Database, database_urls: TestDatabase, journal: Journal) -> Opens:
    def open_ports(
        text_failure: ProviderError | None = None,
        images: PaidImages | None = None,
        storage: MemoryStorage | None = None,
    ) -> AbstractAsyncContextManager[Engine]:
        def fail(asked: int) -> None:
            if text_failure is not None:
                raise text_failure

        ports = Ports(
            PaidText(journal, fail=fail),
            images or PaidImages(),
            storage or MemoryStorage(),
            InlineCompute(),
            FakeSpeech(),
        )
        return open_engine(database, database_urls.system, PIPELINE, ports=ports)

    return open_ports


async def test_a_writer_that_is_not_set_up_leaves_the_illustrator_of_the_same_name_alone(opens: Opens) -> None:
    wrong = Misconfigured(WRONG_KEY, provider="paid")
    async with opens(wrong) as engine, engine.worker(waits_while_paused=False):
        assert await engine.ended(await engine.submit(Wish("write"))) is JobState.FAILED
        assert [pause.place for pause in await pauses.read_pauses(engine.database.system)] == ["text:paid"]
        assert await engine.ended(await engine.submit(Wish("draw"))) is JobState.COMPLETED
        second = await engine.submit(Wish("write", "b"))
        assert await engine.ended(second) is JobState.FAILED
    assert (await engine.steps(second))["only"]["error"] == "paid is not set up: Wrong key."


async def test_steps_wait_while_their_provider_is_paused_and_go_on_when_that_is_lifted(
    database: Database, database_urls: TestDatabase, journal: Journal
) -> None:
    wrong = [Misconfigured(WRONG_KEY, provider="paid")]

    def fail(_: int) -> None:
        if wrong:
            raise wrong[0]

    text = PaidText(journal, fail=fail)
    ports = Ports(text, PaidImages(), MemoryStorage(), InlineCompute(), FakeSpeech())
    async with open_engine(database, database_urls.system, PIPELINE, ports=ports) as engine, engine.worker():
        jobs = [await engine.submit(Wish("write", "a"))]
        await _until_waiting(engine, jobs[0])
        jobs.append(await engine.submit(Wish("write", "b")))
        await _until_waiting(engine, jobs[1])
        steps = [(await engine.steps(job))["only"] for job in jobs]
        assert [(step["tries"], step["waits"], step["error_kind"]) for step in steps] == [(0, 1, "paused")] * 2
        assert {step["error"] for step in steps} == {"paid is paused: Wrong key."}
        assert journal.count("asked") == 1
        wrong.clear()
        await pauses.lift(database.system, ports.providers())
        assert [await engine.ended(job, seconds=20) for job in jobs] == [JobState.COMPLETED] * 2
    assert journal.count("asked") == 3


def test_a_provider_that_nobody_mends_is_given_up_within_a_day() -> None:
    error, kind = pauses.Paused(WRONG_KEY, provider="paid"), PIPELINE.steps[0]
    job = JobInfo(new_id(), new_id(), PIPELINE.kind, new_id(), None, {}, None)
    claim = claims.Claim(job, "only", kind.name, "Grant", 1, 0, {}, 0)
    while (failure := diagnose(error, claim, kind, 5.0)).retry_seconds is not None:
        assert (failure.counts, failure.waits) == (False, True)
        claim = replace(claim, waits=claim.waits + 1, waited_seconds=claim.waited_seconds + failure.retry_seconds)
    assert failure.kind == "misconfigured" and "Nobody mended that" in failure.message
    assert 12 * 3600 < claim.waited_seconds <= kind.waiting_max_seconds
    assert diagnose(error, claim, kind, 5.0, waits_while_paused=False).message == "paid is not set up: Wrong key."


async def test_what_the_ledger_holds_is_reached_while_the_provider_is_paused_and_full(opens: Opens) -> None:
    async with opens() as engine:
        asked = await _asked(engine)
        pool = engine.database.system

        async def answer(_: ledger.RememberTask) -> ledger.Answered:
            return ledger.Answered("kept", Usage())

        async def order(remember: ledger.RememberTask) -> ledger.Answered:
            await remember("task-7")
            raise Unavailable("The line broke.", in_doubt=True)

        async def collect(task_id: str) -> ledger.Answered:
            return ledger.Answered(task_id, Usage())

        call = ledger.Call("ordered", "paid", False, InDoubt.RETRY)
        with pytest.raises(Unavailable):
            await ledger.call_once(pool, asked.claim, call, order, collect)
        await asked.call("answered", answer)
        await pauses.begin(pool, "text:paid", WRONG_KEY)
        assert (await asked.call("answered", _never)).body == "kept"
        assert (await asked.call("ordered", _never, collect)).body == "task-7"
        with pytest.raises(pauses.Paused, match=WRONG_KEY):
            await asked.call("new", _never)
        assert await pool.fetchval("SELECT count(*) FROM step_calls WHERE call_key = 'new'") == 0


async def _asked(engine: Engine) -> Asked:
    """For a running step that no worker runs; one call uses up the provider's limit for long."""
    job = await engine.submit(Wish("write"))
    claim = await claims.claim(engine.database.system, job.id, "only", worker="test", team_limit=10)
    assert isinstance(claim, claims.Claim)
    scarce = ProviderLimits(per_second=0.001, burst=1)
    return Asked(engine.database.system, claim, "text", PAID, InDoubt.RETRY, scarce)


async def _never(_: ledger.RememberTask) -> ledger.Answered:
    raise AssertionError("the provider was asked")


async def _until_waiting(engine: Engine, job: JobInfo) -> None:
    async with asyncio.timeout(20):
        while not (await engine.steps(job))["only"]["waits"]:
            await asyncio.sleep(0.02)


async def test_a_store_that_is_not_set_up_pauses_no_provider(opens: Opens) -> None:
    async with opens(storage=RefusedStorage()) as engine, engine.worker():
        job = await engine.submit(Wish("draw"))
        assert await engine.ended(job) is JobState.FAILED
        step = (await engine.steps(job))["only"]
        assert (step["error_kind"], step["error"]) == ("misconfigured", "store is not set up: Wrong store.")
        assert await pauses.read_pauses(engine.database.system) == []


async def test_the_operator_is_alerted_once_when_a_pause_begins(database: Database) -> None:
    with capture_logs() as logs:
        await pauses.begin(database.system, "image:openai", WRONG_KEY)
        await pauses.begin(database.system, "image:openai", "Something else.")
    (alert,) = logs
    assert (alert["log_level"], alert["provider"], alert["reason"]) == ("error", "image:openai", WRONG_KEY)
    assert "OVERPRINT_IMAGE_" in alert["next_step"]


async def test_a_paused_provider_is_a_gauge_until_it_is_lifted(database: Database) -> None:
    async def no_queue() -> dict[str, int]:
        return {}

    await pauses.begin(database.system, "text:openai", WRONG_KEY)
    gauge = 'overprint_provider_paused{provider="text:openai"} 1.0'
    assert gauge in Metrics().render(await WorkReader(database.system, no_queue).read(), 0).decode()
    await pauses.lift(database.system, {"text": Provider("openai", "m", "m")})
    assert gauge not in Metrics().render(await WorkReader(database.system, no_queue).read(), 0).decode()


async def test_whoever_lifts_a_pause_waits_for_the_jobs_before_it_holds_their_steps(opens: Opens) -> None:
    async with opens() as engine:
        pool, job = engine.database.system, await engine.submit(Wish("write"))
        await pauses.begin(pool, "text:openai", WRONG_KEY)
        await pool.execute("UPDATE steps SET error_kind = $1, not_before = now() + interval '1 h'", pauses.WAITING)
        async with engine.database.transaction(engine.team_id) as transaction:
            assert await store.lock_job(transaction.driver, job.id)
            lifting = asyncio.create_task(pauses.lift(pool, {"text": Provider("openai", "m", "m")}))
            await until_it_waits(engine.database, lifting)
            await transaction.driver.execute("UPDATE steps SET note = 'mine' WHERE job_id = $1", job.id)
        await lifting
        assert await pool.fetchval("SELECT not_before <= now() FROM steps WHERE job_id = $1", job.id)


async def test_a_starting_worker_lifts_the_pauses_of_its_own_providers_alone(database: Database) -> None:
    for place in ("text:openai", "image:openai"):
        await pauses.begin(database.system, place, WRONG_KEY)
    wired: dict[str, Any] = {"text": Provider("openai", "m", "m"), "image": Provider("embedded", "m", "m")}
    await pauses.lift(database.system, wired)
    assert [pause.place for pause in await pauses.read_pauses(database.system)] == ["image:openai"]
