"""A call that failed may have been billed all the same: the ledger books it and the step shows it."""

import pytest

from overprint.db.database import Database
from overprint.engine.job import JobState
from overprint.ports.errors import Busy, CutShort, ProviderError, Refused, Unavailable
from overprint.ports.provider import Usage
from tests.support.database import TestDatabase
from tests.support.engine import open_engine
from tests.support.journal import Journal
from tests.support.paid import USAGE, PaidText, Task, paid_pipeline, paid_ports

BILLED = Usage(input_tokens=7, output_tokens=3, cost_microdollars=90)
FINAL = (Refused("Not that.", provider="paid", usage=BILLED), CutShort("Too long.", provider="paid", usage=BILLED))
PASSING = (
    Busy("Wait.", provider="paid", retry_after_seconds=0.01, usage=BILLED),
    Unavailable("Broken.", provider="paid", usage=BILLED),
)


@pytest.mark.parametrize("failure", FINAL, ids=lambda failure: type(failure).__name__)
async def test_a_refusal_that_was_billed_is_booked_and_ends_the_step(
    database: Database, database_urls: TestDatabase, journal: Journal, failure: ProviderError
) -> None:
    def fail(asked: int) -> None:
        raise failure

    ports = paid_ports(PaidText(journal, fail=fail))
    async with open_engine(database, database_urls.system, paid_pipeline(), ports=ports) as engine, engine.worker():
        job = await engine.submit(Task("a"))
        assert await engine.ended(job) is JobState.FAILED
        step = (await engine.steps(job))["only"]
    assert (step["error_kind"], journal.count("asked")) == ("refused", 1)
    assert (step["cost_microdollars"], step["input_tokens"], step["output_tokens"]) == (90, 7, 3)


@pytest.mark.parametrize("failure", PASSING, ids=lambda failure: type(failure).__name__)
async def test_what_a_failed_try_cost_stays_booked_when_the_next_one_is_answered(
    database: Database, database_urls: TestDatabase, journal: Journal, failure: ProviderError
) -> None:
    def fail(asked: int) -> None:
        if asked == 0:
            raise failure

    ports = paid_ports(PaidText(journal, fail=fail))
    async with open_engine(database, database_urls.system, paid_pipeline(), ports=ports) as engine, engine.worker():
        job = await engine.submit(Task("a"))
        assert await engine.ended(job) is JobState.COMPLETED
        step = (await engine.steps(job))["only"]
    assert step["cost_microdollars"] == 90 + USAGE.cost_microdollars
