"""Submitting beside a bare insert: how many books a second can be begun, through the whole path, in one transaction.

``python -m benchmarks.submits [--rounds 5] [--count 40]``. Over the *service*, each submission asks who it is, by the
access token of a session, and does all the rest in one transaction: quota, quote, hold, audit, job, steps, queue. Over
*HTTP* it goes through the real web process as well. *Bare* inserts the same rows, as many into tables of the same form,
with the same indexes, in one transaction. What counts is the ratio within a round.
"""

import argparse
import asyncio
import contextlib
import random
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from starlette.requests import HTTPConnection
from tests.support.chaos_client import client
from tests.support.command_line import free_port
from tests.support.paid_chaos_town import settle_in

from benchmarks.peers.contest import cpu_seconds, site_variables, spawn
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.core.story import Brief
from overprint.db.embedded import Lease, new_cluster
from overprint.db.embedded.roles import APP, DATABASE, SYSTEM
from overprint.db.migrate import migrate
from overprint.http.scope import Identify
from overprint.settings import load
from overprint.wiring import DatabaseAddress, House, open_house
from overprint.wiring.web import web_app

AT_ONCE = 8
PREMISE = "A shy fox wants to fly a lantern boat to the moon"
CREDITS = 1_000_000_000
WARM_UP = 10
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

Submit = Callable[[], Awaitable[object]]
Results = dict[str, dict[str, list[float]]]


@dataclass(frozen=True)
class Measured:
    """``cpu_ms`` a submission takes of all processes together."""

    a_second: float
    cpu_ms: float


@dataclass(frozen=True)
class Rows:
    """What one submission adds to one table."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def statement(self) -> str:
        places = ", ".join(f"${n}" for n in range(1, len(self.columns) + 1))
        return f"INSERT INTO bare.{self.table} ({', '.join(self.columns)}) VALUES ({places})"

    def anew(self) -> list[tuple[Any, ...]]:
        """The same rows with new ids wherever an id is, the same one for the same."""
        known: dict[str, UUID] = defaultdict(uuid4)
        return [tuple(_renewed(value, known) for value in row) for row in self.rows]


def _renewed(value: Any, known: dict[str, UUID]) -> Any:
    if isinstance(value, UUID):
        return known[str(value)]
    return _UUID.sub(lambda found: str(known[found[0]]), value) if isinstance(value, str) else value


async def rows_of_one(connection: asyncpg.Connection, submit: Submit) -> list[Rows]:
    """The rows that a submission adds, by table. What it only changes, such as a balance, is not among them."""
    tables = [row[0] for row in await connection.fetch("SELECT relname FROM pg_stat_user_tables ORDER BY 1")]
    before = {table: await _count(connection, table) for table in tables}
    await submit()
    found = []
    for table in tables:
        columns = await _columns(connection, table)
        newest = f"SELECT {', '.join(columns)} FROM {table} ORDER BY age(xmin), ctid DESC LIMIT $1"
        rows = await connection.fetch(newest, await _count(connection, table) - before[table])
        if rows:
            found.append(Rows(table, columns, tuple(tuple(row) for row in rows)))
    return found


async def _count(connection: asyncpg.Connection, table: str) -> int:
    return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))


async def _columns(connection: asyncpg.Connection, table: str) -> tuple[str, ...]:
    """Those that are not numbered by the database."""
    rows = await connection.fetch(
        "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1"
        " AND is_identity = 'NO' AND is_generated = 'NEVER' AND COALESCE(column_default, '') NOT LIKE 'nextval%'"
        " ORDER BY ordinal_position",
        table,
    )
    return tuple(row["name"] for row in rows)


async def prepare_bare(connection: asyncpg.Connection, found: Sequence[Rows]) -> None:
    """Tables of the same form: the same columns, bounds and indexes. They belong to nobody and refer to nothing."""
    await connection.execute("CREATE SCHEMA bare")
    for one in found:
        await connection.execute(f"CREATE TABLE bare.{one.table} (LIKE public.{one.table} INCLUDING ALL)")


async def insert_bare(connection: asyncpg.Connection, found: Sequence[Rows]) -> None:
    async with connection.transaction():
        for one in found:
            if len(one.rows) == 1:
                await connection.execute(one.statement, *one.anew()[0])
            else:
                await connection.executemany(one.statement, one.anew())


@dataclass(frozen=True)
class Arena:
    """A house with somebody in it who is signed in, the same house over HTTP, and the processes to be measured."""

    house: House
    identify: Identify
    bearer: str
    http: httpx.AsyncClient
    pids: tuple[int, ...]
    superuser_url: str

    async def over_service(self) -> None:
        headers = [(b"authorization", self.bearer.encode())]
        asked = HTTPConnection({"type": "http", "headers": headers, "client": ("127.0.0.1", 1), "path": "/"})
        principal = await self.identify(asked)
        async with self.house.database.transaction(principal.team_id) as transaction:
            await self.house.books.start(transaction, principal, Brief(PREMISE), idempotency_key=secrets.token_hex(8))

    async def over_http(self) -> None:
        key = {"Authorization": self.bearer, "Idempotency-Key": secrets.token_hex(8)}
        answer = await self.http.post("/api/books", json={"premise": PREMISE}, headers=key)
        assert answer.is_success, answer.text

    async def measure(self, submits: Sequence[Submit], count: int) -> Measured:
        """``count`` submissions, as many side by side as there are ``submits``."""
        numbers = iter(range(count))

        async def one_after_another(submit: Submit) -> None:
            for _ in numbers:
                await submit()

        cpu, began = self._cpu_seconds(), time.monotonic()
        await asyncio.gather(*map(one_after_another, submits))
        seconds = time.monotonic() - began
        return Measured(count / seconds, (self._cpu_seconds() - cpu) / count * 1000)

    def _cpu_seconds(self) -> float:
        return time.process_time() + sum(map(cpu_seconds, self.pids))


@contextlib.asynccontextmanager
async def open_arena(lease: Lease, folder: Path) -> AsyncIterator[Arena]:
    """Migrates, starts a web process, lets somebody register and sign in, and gives them more than they can spend."""
    await migrate(lease.urls.owner, app_role=APP, system_role=SYSTEM)
    admin = await asyncpg.connect(lease.urls.superuser)
    await admin.execute(f"ALTER DATABASE {DATABASE} SET synchronous_commit = on")
    await admin.close()
    port = free_port()
    variables = site_variables(lease, folder, port)
    (folder / "data").mkdir()
    settings = load(folder / "data", env=variables)
    web = spawn("overprint", ["web"], folder / "web.log", variables)
    try:
        async with open_house(settings, DatabaseAddress(lease.urls.app, lease.urls.system)) as house:
            async with client(port) as http:
                key = (await settle_in(port, lease.urls.superuser, 1))[0]
                bearer = f"Bearer {key}"
                identify: Identify = web_app(house).state.identify
                team_id = await house.database.system.fetchval("SELECT team_id FROM api_keys")
                await _enrich(house, team_id)
                yield Arena(house, identify, bearer, http, (web.pid, lease.ready.server_pid), lease.urls.superuser)
    finally:
        web.kill()
        web.wait()


async def _enrich(house: House, team_id: UUID) -> None:
    """The largest plan, and credits without end."""
    admin = Principal(new_id(), team_id, Role.OWNER, is_site_admin=True)
    async with house.database.transaction(team_id) as transaction:
        await house.billing.plans.put_on(transaction, admin, "enterprise", "To be measured.")
        await house.billing.credits.grant(transaction, admin, CREDITS, "To be measured.")


async def play(arena: Arena, rounds: int, count: int) -> Results:
    """All contestants in every round, one at a time and eight at once, in a shuffled order."""
    admin = await asyncpg.connect(arena.superuser_url)
    connections = [await asyncpg.connect(arena.superuser_url) for _ in range(AT_ONCE)]
    try:
        await arena.over_service()
        found = await rows_of_one(admin, arena.over_service)
        await prepare_bare(admin, found)
        _tell_rows(found)
        contestants: dict[str, list[Submit]] = {
            "bare": [lambda connection=one: insert_bare(connection, found) for one in connections],  # type: ignore[misc]
            "service": [arena.over_service] * AT_ONCE,
            "http": [arena.over_http] * AT_ONCE,
        }
        for submits in contestants.values():
            await arena.measure(submits, WARM_UP * AT_ONCE)
        results: Results = defaultdict(lambda: defaultdict(list))
        for _ in range(rounds):
            for name in random.sample(list(contestants), len(contestants)):
                for title, at_once in (("one at a time", 1), (f"{AT_ONCE} at once", AT_ONCE)):
                    measured = await arena.measure(contestants[name][:at_once], count * at_once)
                    results[f"{title}, a second"][name].append(measured.a_second)
                    results[f"{title}, ms CPU"][name].append(measured.cpu_ms)
        return results
    finally:
        for connection in (admin, *connections):
            await connection.close()


def _tell_rows(found: Sequence[Rows]) -> None:
    print("rows of a submission: " + ", ".join(f"{len(one.rows)} {one.table}" for one in found))


def show(results: Results) -> None:
    """Medians, and the median of the ratios to the bare insert within a round."""
    names = list(next(iter(results.values())))
    print(f"{'':<28}" + "".join(f"{name:>12}" for name in names))
    for title, found in results.items():
        print(f"{title:<28}" + "".join(f"{statistics.median(found[name]):>12.1f}" for name in names))
        ratios = [statistics.median(map(_divided, found[name], found["bare"])) for name in names]
        print(f"{'  ÷ bare':<28}" + "".join(f"{ratio:>12.2f}" for ratio in ratios))


def _divided(mine: float, bare: float) -> float:
    return mine / bare


async def main(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="overprint-bench-", ignore_cleanup_errors=True) as directory:
        folder = Path(directory)
        folder.chmod(0o755)  # the database server may run as another account
        with new_cluster(folder / "cluster") as lease:
            async with open_arena(lease, folder) as arena:
                show(await play(arena, arguments.rounds, arguments.count))
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.submits", description="Submitting beside a bare insert.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=40, help="submissions of one at a time; eight times that at once")
    sys.exit(asyncio.run(main(parser.parse_args())))
