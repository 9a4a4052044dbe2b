"""Shapes of graphs: every job ends, whatever its pipeline asks for, and stays within its bounds."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import pytest

from overprint.core.problems import Invalid, LimitReached
from overprint.db.database import Database
from overprint.engine.context import StepContext
from overprint.engine.job import JobState
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.recipe import ref
from overprint.engine.spec import (
    INPUT_MAX_BYTES,
    LOG_LINES_PER_STEP_MAX,
    OUTPUT_MAX_BYTES,
    STEPS_PER_JOB_MAX,
    Queue,
    StepSpec,
    checked,
)
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine

Opens = Callable[..., AbstractAsyncContextManager[Engine]]


@dataclass(frozen=True)
class Order:
    name: str = "a"


@dataclass(frozen=True)
class Node:
    """``size`` is how many characters it answers, ``lines`` how many it logs."""

    name: str
    fails: bool = False
    size: int = 1
    lines: int = 0
    before: str | None = None


@dataclass(frozen=True)
class Text:
    text: str


def spec(key: str, needs: Sequence[str] = (), **more: object) -> StepSpec:
    options = {name: more.pop(name) for name in ("soft", "feeds") if name in more}
    return StepSpec(key, "shape.node@1", key, {"name": key, **more}, needs=tuple(needs), **options)  # type: ignore[arg-type]


@pytest.fixture
def opens(database: Database, database_urls: TestDatabase) -> Opens:
    def open_shape(
        steps: Sequence[StepSpec], more: Callable[[str], Sequence[StepSpec]] = lambda key: ()
    ) -> AbstractAsyncContextManager[Engine]:
        async def body(context: StepContext, node: Node) -> Text:
            for number in range(node.lines):
                await context.log(f"line {number}")
            if node.fails:
                raise Invalid("It cannot be made.")
            return Text("x" * node.size)

        kind = StepKind(
            "shape.node@1", Node, Text, body, Queue.TEXT, expand=lambda order, node, text: more(node.name), tries_max=1
        )
        pipeline = Pipeline("shape.make@1", Order, lambda order: steps, (kind,))
        return open_engine(database, database_urls.system, pipeline)

    return open_shape


async def _states(engine: Engine) -> tuple[JobState, dict[str, str]]:
    async with engine.worker():
        job = await engine.submit(Order())
        state = await engine.ended(job, seconds=20)
    return state, {key: step["state"] for key, step in (await engine.steps(job)).items()}


async def test_what_needs_a_failed_step_is_skipped_and_so_is_what_needs_that(opens: Opens) -> None:
    steps = [spec("a", fails=True), spec("b", ["a"]), spec("c", ["b"]), spec("d")]
    async with opens(steps) as engine:
        state, steps_ended = await _states(engine)
    assert state is JobState.FAILED
    assert steps_ended == {"a": "failed", "b": "skipped", "c": "skipped", "d": "completed"}


async def test_a_soft_need_waits_but_tolerates_failure(opens: Opens) -> None:
    steps = [spec("a", fails=True), spec("b"), spec("c", soft=("a", "b"))]
    async with opens(steps) as engine:
        _, steps_ended = await _states(engine)
    assert steps_ended == {"a": "failed", "b": "completed", "c": "completed"}


async def test_an_added_step_that_needs_nothing_runs_too(opens: Opens) -> None:
    async with opens([spec("a")], lambda key: [spec("extra")] if key == "a" else []) as engine:
        state, steps_ended = await _states(engine)
    assert (state, steps_ended) == (JobState.COMPLETED, {"a": "completed", "extra": "completed"})


async def test_an_added_step_may_need_one_that_ended_long_ago(opens: Opens) -> None:
    def more(key: str) -> Sequence[StepSpec]:
        return [spec("extra", ["a"])] if key == "b" else []

    async with opens([spec("a"), spec("b", ["a"])], more) as engine:
        state, _ = await _states(engine)
    assert state is JobState.COMPLETED


async def test_a_reference_to_a_part_that_is_not_there_fails_its_step_alone(opens: Opens) -> None:
    steps = [spec("a"), spec("b", before=ref("a", "/nothing")), spec("c", ["a"])]
    async with opens(steps) as engine:
        state, steps_ended = await _states(engine)
    assert steps_ended == {"a": "completed", "b": "failed", "c": "completed"}
    assert state is JobState.FAILED


@pytest.mark.parametrize(
    "steps",
    [
        [spec("a", ["b"]), spec("b", ["a"])],
        [spec("a", ["a"])],
        [spec("a"), spec("b", ["a"], feeds=("a",))],
        [spec("a", ["nobody"])],
        [spec("a", feeds=("nobody",))],
        [spec("a"), spec("a")],
    ],
    ids=["two wait for each other", "waits for itself", "feeds what it needs", "unknown", "feeds unknown", "twice"],
)
def test_plans_that_could_never_end_are_refused(steps: list[StepSpec]) -> None:
    with pytest.raises(ValueError, match="step"):
        checked(steps, set())


def test_an_addition_that_closes_a_circle_through_older_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="wait for each other"):
        checked([spec("new", ["y"], feeds=("x",))], {"x", "y"}, {"y": {"x"}})


async def test_an_output_that_is_too_large_fails_with_its_size_in_words(opens: Opens) -> None:
    async with opens([spec("a", size=OUTPUT_MAX_BYTES)]) as engine, engine.worker():
        job = await engine.submit(Order())
        assert await engine.ended(job) is JobState.FAILED
    step = (await engine.steps(job))["a"]
    assert step["error_kind"] == "limit_reached"
    assert "4 MB" in step["error"]


async def test_outputs_that_fill_an_input_beyond_its_bound_fail_the_step_that_takes_them(opens: Opens) -> None:
    half = INPUT_MAX_BYTES - 20
    steps = [spec("a", size=half), spec("b", before=ref("a", "/text"))]
    async with opens(steps) as engine:
        _, steps_ended = await _states(engine)
    assert steps_ended == {"a": "completed", "b": "failed"}


async def test_log_lines_beyond_the_bound_are_dropped(opens: Opens) -> None:
    async with opens([spec("a", lines=LOG_LINES_PER_STEP_MAX + 20)]) as engine:
        await _states(engine)
        kept = await engine.database.system.fetchval("SELECT count(*) FROM step_logs")
    assert kept == LOG_LINES_PER_STEP_MAX


def test_a_plan_may_have_two_thousand_steps_and_no_more() -> None:
    assert len(checked([spec(str(n)) for n in range(STEPS_PER_JOB_MAX)], set())) == STEPS_PER_JOB_MAX
    with pytest.raises(LimitReached, match="2000"):
        checked([spec(str(n)) for n in range(STEPS_PER_JOB_MAX)], {"one more"})
