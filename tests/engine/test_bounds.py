"""What bounds a step beside those of its graph: bytes rather than letters, and the time it may run."""

import asyncio
from dataclasses import dataclass

import pytest

from overprint.core.codec import encode
from overprint.core.problems import Invalid, LimitReached
from overprint.db.database import Database
from overprint.engine.context import StepContext
from overprint.engine.job import JobState
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.spec import INPUT_MAX_BYTES, Queue, StepSpec, bounded
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine


@dataclass(frozen=True)
class Wish:
    text: str = ""


def _pipeline(seconds: float, **options: float) -> Pipeline:
    async def body(context: StepContext, wish: Wish) -> Wish:
        await asyncio.sleep(seconds)
        return wish

    return Pipeline(
        "bound.make@1",
        Wish,
        lambda wish: (StepSpec("only", "bound.only@1", "Wait", encode(wish)),),
        (StepKind("bound.only@1", Wish, Wish, body, Queue.LAYOUT, **options),),  # type: ignore[arg-type]
    )


def test_a_bound_is_in_bytes_not_in_letters() -> None:
    assert bounded("a" * 98, 100, "It") == f'"{"a" * 98}"'
    assert bounded("ü" * 49, 100, "It") == f'"{"ü" * 49}"'
    with pytest.raises(LimitReached):
        bounded("ü" * 50, 100, "It")


def test_half_a_character_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="half a character"):
        bounded({"text": "\ud83e"}, 100, "It")


async def test_a_request_that_is_too_large_makes_no_job(database: Database, database_urls: TestDatabase) -> None:
    async with open_engine(database, database_urls.system, _pipeline(0.0)) as engine:
        with pytest.raises(LimitReached, match="4 MB"):
            await engine.submit(Wish("ü" * (INPUT_MAX_BYTES // 2)))
        assert await _jobs(engine) == 0


async def test_a_step_that_runs_too_long_is_stopped_and_after_its_tries_failed(
    database: Database, database_urls: TestDatabase
) -> None:
    pipeline = _pipeline(60.0, timeout_seconds=0.05, tries_max=2)
    async with open_engine(database, database_urls.system, pipeline) as engine, engine.worker():
        job = await engine.submit(Wish())
        assert await engine.ended(job, seconds=20) is JobState.FAILED
    step = (await engine.steps(job))["only"]
    assert (step["error_kind"], step["attempt"], step["error"]) == ("timeout", 2, "It took too long and was stopped.")


async def _jobs(engine: Engine) -> int:
    return int(await engine.database.system.fetchval("SELECT count(*) FROM jobs"))
