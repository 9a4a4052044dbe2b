"""A job belongs to the request that asked for it: its id and its trace reach every step."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from overprint.core.codec import encode
from overprint.db.database import Database
from overprint.engine.context import StepContext
from overprint.engine.job import JobState
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.spec import Queue, StepSpec
from overprint.observe import ids, traces
from tests.support.database import TestDatabase
from tests.support.engine import open_engine

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"


@dataclass(frozen=True)
class Wish:
    name: str


async def test_every_step_knows_the_request_and_the_trace_of_its_job(
    database: Database, database_urls: TestDatabase
) -> None:
    seen: dict[str, tuple[Mapping[str, str], str]] = {}

    async def body(context: StepContext, wish: Wish) -> Wish:
        seen[wish.name] = (ids.current(), traces.trace_id())
        return wish

    pipeline = Pipeline(
        "trace.make@1",
        Wish,
        lambda wish: (StepSpec("only", "trace.only@1", "Look", encode(wish)),),
        (StepKind("trace.only@1", Wish, Wish, body, Queue.LAYOUT),),
    )
    async with open_engine(database, database_urls.system, pipeline) as engine:
        with ids.bound(request_id="asked-by-me"), traces.continued({"traceparent": TRACEPARENT}):
            job = await engine.submit(Wish("asked"))
        other = await engine.submit(Wish("alone"))
        async with engine.worker():
            for submitted in (job, other):
                assert await engine.ended(submitted) is JobState.COMPLETED
    known, trace_id = seen["asked"]
    assert (known["request_id"], known["job_id"], known["step_id"]) == ("asked-by-me", str(job.id), "only")
    assert trace_id == TRACE_ID
    known, trace_id = seen["alone"]
    assert ("request_id" in known, trace_id) == (False, "")


@pytest.mark.parametrize(
    "nonsense",
    ["", "x", TRACEPARENT.upper(), f"{TRACEPARENT}-more", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"ff{TRACEPARENT[2:]}"],
)
def test_a_trace_that_makes_no_sense_is_not_kept(nonsense: str) -> None:
    with traces.continued({"traceparent": nonsense}):
        assert (traces.carrier(), traces.trace_id()) == ({}, "")
