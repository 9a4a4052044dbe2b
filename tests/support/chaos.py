"""Killing processes at random while jobs run, and looking afterwards whether anything was lost or done twice.

The processes are real: workers, a web process and a submitter (``tests.support.chaos_process``) over an embedded
database. They write what they do into a journal outside the database, so that the two can be compared. Somebody reads
every job's events over HTTP meanwhile, as a browser would.
"""

import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import asyncpg

from overprint.core.tasks import end_tasks
from overprint.db.embedded import Lease
from overprint.features.billing.store.history import find_drift
from tests.support.chaos_client import Reader
from tests.support.command_line import free_port
from tests.support.journal import Journal, Line
from tests.support.killing import Kill, Victims

LEASE_SECONDS = 4.0
POLL_SECONDS = 0.1
WAKING_SECONDS = 0.5


@dataclass(frozen=True)
class Plan:
    """How much, how violent. Kills come ``kill_interval_seconds`` apart on average, in an order fixed by ``seed``."""

    jobs: int = 20
    steps: int = 20
    workers: int = 2
    seed: int = 1
    worker_kills: int = 8
    submitter_kills: int = 2
    web_kills: int = 2
    database_kills: int = 2
    kill_interval_seconds: float = 0.5
    limit_seconds: float = 60.0
    lease_seconds: float = LEASE_SECONDS
    body_seconds: float = 0.01


@dataclass(frozen=True)
class Orders:
    """What a chaos process is told, on its command line."""

    role: str
    app_url: str
    system_url: str
    team_id: str
    journal: str
    port: int
    plan: Plan

    def as_argument(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def of(argument: str) -> "Orders":
        told = json.loads(argument)
        return Orders(**{**told, "plan": Plan(**told["plan"])})


@dataclass
class Outcome:
    """What came of it. ``violations`` is empty when every promise was kept."""

    seconds: float = 0.0
    kills: list[Kill] = field(default_factory=list)
    bodies: int = 0
    steps: int = 0
    calls: int = 0
    asked: int = 0
    reconnects: int = 0
    violations: list[str] = field(default_factory=list)


class Chaos:
    """One run: ``await Chaos(...).run()``. Whatever it started is stopped when it returns."""

    def __init__(self, lease: Lease, app_url: str, system_url: str, team_id: UUID, folder: Path, plan: Plan) -> None:
        self._lease = lease
        self._urls = app_url, system_url
        self._team_id = team_id
        self._folder = folder
        self._plan = plan
        self._port = free_port()
        self._reader = Reader(self._port, plan.jobs)
        chance = random.Random(plan.seed)
        self.victims = Victims(lease, folder, self._command, chance)
        self.journal = Journal(folder / "journal")

    async def run(self) -> Outcome:
        began = time.monotonic()
        late: list[str] = []
        try:
            for number in range(self._plan.workers):
                self.victims.start(f"worker-{number}")
            self.victims.start("web")
            self.victims.start("submitter")
            async with asyncio.timeout(self._plan.limit_seconds):
                reading = asyncio.create_task(self._reader.run())
                try:
                    await self.until_something_ran()
                    await self.harm()
                    await reading
                finally:
                    await end_tasks(reading)
        except TimeoutError:
            late = [f"not everything had ended, or was read to its end, after {self._plan.limit_seconds:g} s"]
        finally:
            self.victims.stop_all()
        self._lease.ensure()
        outcome = await examine(self._urls[1], self.journal, self.victims.kills, self._plan)
        outcome.violations += late + self.victims.fallen + _events_missed(self._reader, self._plan)
        outcome.reconnects = self._reader.reconnects
        outcome.seconds = time.monotonic() - began
        return outcome

    def _command(self, name: str) -> tuple[str, ...]:
        app_url, system_url = self._urls
        journal = str(self._folder / "journal")
        orders = Orders(name, app_url, system_url, str(self._team_id), journal, self._port, self._plan)
        return "-m", "tests.support.chaos_process", orders.as_argument()

    async def harm(self) -> None:
        """What is done to the processes: the planned kills."""
        plan = self._plan
        victims = (
            ["worker"] * plan.worker_kills
            + ["submitter"] * plan.submitter_kills
            + ["web"] * plan.web_kills
            + ["database"] * plan.database_kills
        )
        await self.victims.kill_all(victims, plan.kill_interval_seconds)

    async def until_something_ran(self) -> None:
        while not self.journal.read("body"):
            await asyncio.sleep(POLL_SECONDS)


async def examine(system_url: str, journal: Journal, kills: Sequence[Kill], plan: Plan) -> Outcome:
    """Compare the database with the journal."""
    connection = await asyncpg.connect(system_url)
    try:
        outcome = Outcome(kills=list(kills))
        outcome.violations += await _jobs_that_did_not_complete(connection, plan)
        outcome.violations += await _wrong_logs(connection)
        outcome.violations += await _leftovers(connection)
        steps = await connection.fetch(
            "SELECT job_id || ':' || key AS step, extract(epoch FROM ended_at)::float AS ended FROM steps"
        )
        ended = {row["step"]: row["ended"] for row in steps}
        outcome.violations += _needless_runs(journal, kills, ended, plan.lease_seconds)
        outcome.violations += _repeated_calls(journal, kills)
        outcome.violations += await _settlements(connection, ended)
    finally:
        await connection.close()
    outcome.steps, outcome.bodies = len(ended), len(journal.read("body"))
    outcome.calls = len({line.subject for line in journal.read("asked")})
    outcome.asked = len(journal.read("asked"))
    return outcome


async def _jobs_that_did_not_complete(connection: asyncpg.Connection, plan: Plan) -> list[str]:
    rows = await connection.fetch("SELECT id, state, error, steps_total, steps_ended, idempotency_key FROM jobs")
    wrong = [] if len(rows) == plan.jobs else [f"{len(rows)} jobs are stored, not {plan.jobs}"]
    for row in rows:
        if row["state"] != "completed" or not row["steps_total"] == row["steps_ended"] == plan.steps:
            wrong.append(
                f"job {row['idempotency_key']} is {row['state']} with {row['steps_ended']} of {row['steps_total']}"
                f" steps ({row['error']})"
            )
    return wrong


async def _wrong_logs(connection: asyncpg.Connection) -> list[str]:
    wrong: list[str] = []
    by_job: dict[UUID, list[asyncpg.Record]] = defaultdict(list)
    for row in await connection.fetch(
        "SELECT job_id, seq, type, data ->> 'key' AS key FROM events ORDER BY job_id, seq"
    ):
        by_job[row["job_id"]].append(row)
    for job_id, events in by_job.items():
        if [event["seq"] for event in events] != list(range(1, len(events) + 1)):
            wrong.append(f"the events of {job_id} have gaps")
        ends = [event["type"] for event in events if event["type"] in ("job.completed", "job.failed", "job.cancelled")]
        if len(ends) != 1 or events[-1]["type"] != ends[0]:
            wrong.append(f"job {job_id} tells its end {len(ends)} times, and last {events[-1]['type']}")
        done = Counter(event["key"] for event in events if event["type"] == "step.completed")
        wrong += [f"step {key} of {job_id} tells {n} completions" for key, n in done.items() if n != 1]
    return wrong


async def _leftovers(connection: asyncpg.Connection) -> list[str]:
    entries = await connection.fetchval("SELECT count(*) FROM pgqueuer")
    open_steps = await connection.fetchval("SELECT count(*) FROM steps WHERE state <> 'completed'")
    open_calls = await connection.fetchval("SELECT count(*) FROM step_calls WHERE state <> 'answered'")
    found = {"queue entries": entries, "steps that are not completed": open_steps, "calls without answer": open_calls}
    return [f"{count} {what} are left" for what, count in found.items() if count]


def _events_missed(reader: Reader, plan: Plan) -> list[str]:
    """Who reads on with Last-Event-ID sees every event once and in order, to the end, whatever dies in between."""
    wrong = [] if len(reader.ended) == plan.jobs else [f"the events of {len(reader.ended)} jobs were read to the end"]
    for job_id, seen in reader.seen.items():
        if seen != list(range(1, len(seen) + 1)):
            wrong.append(f"the events of {job_id} were read as {seen}")
    return wrong


def _needless_runs(
    journal: Journal, kills: Sequence[Kill], ended: dict[str, float | None], lease_seconds: float
) -> list[str]:
    """A body may run again only if its worker was killed meanwhile, and never after its step ended.

    Or if the database was, and was away for so long that nobody could renew a lease.
    """
    wrong: list[str] = []
    runs: dict[str, list[Line]] = defaultdict(list)
    for line in journal.read("body"):
        if not _began_before_it_froze(line, kills):
            runs[line.subject].append(line)
    for step, lines in runs.items():
        for before, after in pairwise(lines):
            kept_waiting = after.at - before.at
            meanwhile = [kill for kill in kills if before.at <= kill.at <= after.at]
            was_killed = any(kill.pid == before.pid for kill in meanwhile)
            was_unreachable = any(kill.what == "database" for kill in meanwhile) and kept_waiting > lease_seconds
            if not (was_killed or was_unreachable):
                wrong.append(f"{step} ran again after {kept_waiting:.1f} s although nobody killed its worker")
        finished = ended.get(step)
        if finished is not None and lines[-1].at > finished:
            wrong.append(f"{step} ran again after it was completed")
    ran = {line.subject for line in journal.read("body")}
    wrong += [f"{step} never ran" for step in ended if step not in ran]
    return wrong


def _began_before_it_froze(line: Line, kills: Sequence[Kill]) -> bool:
    """A worker frozen between its claim and the body begins that body when it wakes, and cannot know better.

    What it must not do is write or ask, and all checks of that hold for it too.
    """
    return any(
        kill.thawed_at is not None and kill.pid == line.pid and 0 <= line.at - kill.thawed_at < WAKING_SECONDS
        for kill in kills
    )


def _repeated_calls(journal: Journal, kills: Sequence[Kill]) -> list[str]:
    """A call whose answer reached its step is never made again; one that did not, once more a kill at most."""
    wrong: list[str] = []
    calls: dict[str, list[Line]] = defaultdict(list)
    for line in journal.read():
        if line.what in ("asked", "kept"):
            calls[line.subject].append(line)
    for call, lines in calls.items():
        whats = [line.what for line in lines]
        if "kept" in whats and "asked" in whats[whats.index("kept") :]:
            wrong.append(f"call {call} was made again after its answer had been kept")
        asked = [line for line in lines if line.what == "asked"]
        for before, after in pairwise(asked):
            if not any(kill.pid == before.pid and before.at <= kill.at <= after.at for kill in kills):
                wrong.append(f"call {call} was made twice although nobody killed its worker")
    return wrong


async def _settlements(connection: asyncpg.Connection, ended: dict[str, float | None]) -> list[str]:
    """Each step was captured once, with what completed it; nothing is held any more; the books balance."""
    captured = "SELECT job_id || ':' || step_key AS step, count(*) AS n FROM ledger_entries WHERE kind = 'capture'"
    rows = await connection.fetch(f"{captured} GROUP BY 1")
    settled = {row["step"]: row["n"] for row in rows}
    wrong = [f"{step} was captured {settled[step]} times" for step in settled if settled[step] != 1]
    wrong += [f"{step} was not captured" for step in ended if step not in settled]
    holds = await connection.fetch(
        "SELECT job_id FROM job_holds WHERE held_credits <> 0 OR quote_credits <> captured_credits"
    )
    wrong += [f"job {row['job_id']} was not settled" for row in holds]
    wrong += [f"{drift.what} drifted" for drift in await find_drift(connection)]
    return wrong
