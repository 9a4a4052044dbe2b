"""What the database says of the work, as the metrics tell it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from overprint.core.ids import new_id
from overprint.db.database import Database
from overprint.features.teams import ensure_local_owner
from overprint.observe.work import KEPT_SECONDS, CallCount, ScheduleCount, StepCount, TokenCount, WorkReader

DAY_MS = 86_400_000
_JOB = "INSERT INTO jobs (id, team_id, lineage, kind, state, request) VALUES ($1, $2, $1, 'books.make@1', $3, '{}')"
_STEP = (
    "INSERT INTO steps (job_id, key, team_id, position, kind, title, queue, state, input, provider, input_tokens,"
    " output_tokens, started_at, ended_at) VALUES ($1, $2, $3, 0, 'books.write@1', '', 'text', $4, '{}', $5, 40, 2,"
    " now() - interval '3 s', now())"
)
_CALL = (
    "INSERT INTO step_calls (job_id, key, call_key, team_id, provider, idempotency_key, state, calls,"
    " cost_microdollars, possible_cost_microdollars) VALUES ($1, 'a', $2, $3, 'groq', '', $4, $5, $6, 5)"
)


class Watch:
    """A clock that is set by hand."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def _no_queue() -> Mapping[str, int]:
    return {"layout": 4}


async def _add_job(database: Database, team_id: UUID, state: str, job_id: UUID | None = None) -> UUID:
    job_id = job_id or new_id()
    async with database.transaction(team_id) as transaction:
        driver: Any = transaction.driver
        await driver.execute(_JOB, job_id, team_id, state)
        await driver.execute(_STEP, job_id, "a", team_id, "completed", "groq")
        await driver.execute(_STEP, job_id, "b", team_id, "failed", None)
        await driver.execute(_CALL, job_id, "write", team_id, "answered", 1, 700)
        await driver.execute(_CALL, job_id, "again", team_id, "failed", 3, 50)
    return job_id


@pytest.fixture
async def team_id(database: Database) -> UUID:
    team: UUID = (await ensure_local_owner(database.system)).team_id
    return team


async def test_the_work_of_all_workers_is_counted_where_they_wrote_it_down(database: Database, team_id: UUID) -> None:
    await _add_job(database, team_id, "completed")
    await _add_job(database, team_id, "running")
    work = await WorkReader(database.system, _no_queue).read()
    assert work.jobs == {"completed": 1, "running": 1}
    assert work.depths == {"layout": 4}
    assert work.steps == (
        StepCount("books.write@1", "completed", 2, 6.0),
        StepCount("books.write@1", "failed", 2, 6.0),
    )
    assert work.calls == (CallCount("groq", "answered", 2, 1400, 10), CallCount("groq", "failed", 6, 100, 10))
    assert work.tokens == (TokenCount("groq", 80, 4),)


async def test_steps_of_long_ago_are_not_counted_again_and_again(database: Database, team_id: UUID) -> None:
    made = await _add_job(database, team_id, "completed")
    now_ms = made.int >> 80
    await _add_job(database, team_id, "completed", new_id(now_ms - DAY_MS - 60_000))
    work = await WorkReader(database.system, _no_queue).read()
    assert work.jobs == {"completed": 2}
    assert [step.steps for step in work.steps] == [1, 1]
    assert work.tokens == (TokenCount("groq", 40, 2),)


async def test_however_often_it_is_asked_the_database_is_read_once_in_a_while(
    database: Database, team_id: UUID
) -> None:
    watch = Watch()
    reader = WorkReader(database.system, _no_queue, watch)
    assert (await reader.read()).jobs == {}
    await _add_job(database, team_id, "running")
    watch.seconds += KEPT_SECONDS - 0.1
    assert (await reader.read()).jobs == {}
    watch.seconds += 0.1
    assert (await reader.read()).jobs == {"running": 1}


async def test_schedules_are_told_once_they_have_run(database: Database) -> None:
    await database.system.execute(
        "INSERT INTO schedules (name, due_at, ended_at, seconds, tries) VALUES"
        " ('engine.retention', now(), to_timestamp(1700000000), 1.5, 0), ('library.sweep', now(), NULL, NULL, 1)"
    )
    work = await WorkReader(database.system, _no_queue).read()
    assert work.schedules == (ScheduleCount("engine.retention", 1_700_000_000.0, 1.5, 0),)
