"""The job engine beside others: throughput, start latency, idle CPU, recovery after kill -9, cancelling, wide jobs.

``python -m benchmarks.engine [--rounds 5] [--only overprint,raw] [--quick]``. All contestants take part in every
round, in a shuffled order, on the same server; what counts is the ratio within a round. ``README.md`` has results.
"""

import argparse
import asyncio
import contextlib
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import asyncpg

from benchmarks.peers.celery_redis import CeleryRedis
from benchmarks.peers.contest import Contestant, Load, cpu_seconds, fresh_database, until_ended
from benchmarks.peers.dbos_peer import Dbos
from benchmarks.peers.overprint import Overprint
from benchmarks.peers.pgqueuer_peer import PlainPgQueuer
from benchmarks.peers.raw import Raw
from overprint.db.embedded import Lease, new_cluster

CONTESTANTS: dict[str, Callable[[], Contestant]] = {
    "raw": Raw,
    "overprint": Overprint,
    "pgqueuer": PlainPgQueuer,
    "dbos": Dbos,
    "celery": CeleryRedis,
}
LIMIT_SECONDS = 60.0
WARM_UP = (32, 4)  # pipelines, steps: enough for every connection of a worker's pools to be open and to know its SQL
IDLE_SECONDS = 6.0
LATENCY_SAMPLES = 40
CANCEL_SAMPLES = 5
WIDTHS = (200, 1600)  # steps in a job that fans out and in
WIDE_LIMIT_SECONDS = 240.0
RECOVERED = 24
RECOVERY_LIMIT_SECONDS = 40.0
NOTHING = float("nan")

Results = dict[str, dict[str, list[float]]]


@contextlib.asynccontextmanager
async def running(lease: Lease, make: Callable[[], Contestant], folder: Path) -> AsyncIterator[tuple[Contestant, int]]:
    """A contestant with one worker that has warmed up, and the worker's pid."""
    contestant = make()
    async with fresh_database(lease, ours=isinstance(contestant, Overprint)) as address:
        await contestant.prepare(address, folder)
        worker = contestant.start()
        try:
            await contestant.submit(*WARM_UP)
            await until_ended(contestant, WARM_UP[0], LIMIT_SECONDS)
            yield contestant, worker.pid
        finally:
            worker.kill()
            worker.wait()
            await contestant.aclose()


async def throughput(contestant: Contestant, load: Load) -> float:
    """Steps a second, from the first submission to the last end."""
    before = await contestant.ended()
    began = time.monotonic()
    await contestant.submit(load.pipelines, load.steps)
    await until_ended(contestant, before + load.pipelines, LIMIT_SECONDS)
    return load.pipelines * load.steps / (time.monotonic() - began)


async def start_latencies(contestant: Contestant) -> list[float]:
    """Milliseconds from the commit of a submission to the begin of its first step, on an idle worker."""
    found: list[float] = []
    ended = await contestant.ended()
    for number in range(LATENCY_SAMPLES):
        await asyncio.sleep(random.uniform(0.01, 0.06))
        asked_at = time.time()
        await contestant.submit(1, 1)
        await until_ended(contestant, ended + number + 1, LIMIT_SECONDS)
        found.append((max(await contestant.begun_at()) - asked_at) * 1000)
    return found


async def idle_cpu(pid: int) -> float:
    """Per cent of one core that an idle worker uses."""
    await asyncio.sleep(1.0)
    before = cpu_seconds(pid)
    await asyncio.sleep(IDLE_SECONDS)
    return (cpu_seconds(pid) - before) / IDLE_SECONDS * 100


async def cancel_times(contestant: Contestant) -> list[float]:
    """Milliseconds from asking to stop a running job to its end."""
    found: list[float] = []
    for _ in range(CANCEL_SAMPLES):
        ended, begun = await contestant.ended(), len(await contestant.begun_at())
        await contestant.submit(1, 1, seconds=30.0)
        async with asyncio.timeout(LIMIT_SECONDS):
            while len(await contestant.begun_at()) == begun:
                await asyncio.sleep(0.01)
        asked_at = time.monotonic()
        await contestant.cancel_all()
        await until_ended(contestant, ended + 1, LIMIT_SECONDS)
        found.append((time.monotonic() - asked_at) * 1000)
    return found


async def wide(contestant: Overprint, worker_pid: int, width: int) -> tuple[float, float]:
    """Milliseconds of CPU a step (here, in the worker and in the server) that a job of ``width`` steps side by side
    takes when it runs, and when it is asked for again and all is reused."""
    server_pid = await contestant.server_pid()
    found: list[float] = []
    for _ in range(2):
        ended = await contestant.ended()
        before = time.process_time() + cpu_seconds(worker_pid) + cpu_seconds(server_pid)
        await contestant.submit_wide("wide", width)
        await until_ended(contestant, ended + 1, WIDE_LIMIT_SECONDS)
        after = time.process_time() + cpu_seconds(worker_pid) + cpu_seconds(server_pid)
        found.append((after - before) / width * 1000)
    return found[0], found[1]


async def recovery(lease: Lease, make: Callable[[], Contestant], folder: Path) -> float:
    """Seconds that kill -9 of one of two busy workers costs, until all that it ran has been run by the other."""
    contestant = make()
    async with fresh_database(lease, ours=isinstance(contestant, Overprint)) as address:
        await contestant.prepare(address, folder)
        workers = [contestant.start(), contestant.start()]
        try:
            await contestant.submit(2, 1)
            await until_ended(contestant, 2, LIMIT_SECONDS)
            await asyncio.sleep(3.0)  # both are up
            await contestant.submit(RECOVERED, 1, seconds=2.0)
            async with asyncio.timeout(LIMIT_SECONDS):
                while len(await contestant.begun_at()) < RECOVERED + 2:
                    await asyncio.sleep(0.05)
            workers[0].kill()
            return await until_ended(contestant, RECOVERED + 2, RECOVERY_LIMIT_SECONDS) - 2.0
        except TimeoutError:
            return NOTHING
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
            await contestant.aclose()


async def play(lease: Lease, names: list[str], rounds: int, load: Load, folder: Path) -> Results:
    """All measurements of all rounds."""
    results: Results = defaultdict(lambda: defaultdict(list))
    for _ in range(rounds):
        for name in random.sample(names, len(names)):
            async with running(lease, CONTESTANTS[name], folder) as (contestant, _):
                results["steps/s"][name].append(await throughput(contestant, load))
                results["start ms"][name] += await start_latencies(contestant)
    for name in names:
        async with running(lease, CONTESTANTS[name], folder) as (contestant, pid):
            results["idle %"][name].append(await idle_cpu(pid))
            with contextlib.suppress(NotImplementedError):
                results["cancel ms"][name] += await cancel_times(contestant)
            if isinstance(contestant, Overprint):
                for width in WIDTHS:
                    first, again = await wide(contestant, pid, width)
                    results[f"run {width}"][name].append(first)
                    results[f"reuse {width}"][name].append(again)
    for name in names:
        if name in ("overprint", "dbos"):
            results["recovery s"][name].append(await recovery(lease, CONTESTANTS[name], folder))
    return results


def show(results: Results, names: list[str]) -> None:
    """Medians, and the median of the ratios to the raw loop within a round."""
    print(f"{'':<22}" + "".join(f"{name:>12}" for name in names))
    rows: dict[str, Callable[[str], float]] = {
        "steps/s": lambda name: statistics.median(results["steps/s"][name]),
        "steps/s ÷ raw": lambda name: _ratio(results["steps/s"], name),
        "start p50, ms": lambda name: statistics.median(results["start ms"][name]),
        "start p99, ms": lambda name: statistics.quantiles(results["start ms"][name], n=100)[98],
        "idle CPU, %": lambda name: statistics.median(results["idle %"][name]),
        "cancel p50, ms": lambda name: statistics.median(results["cancel ms"][name]),
        "recovery, s": lambda name: statistics.median(results["recovery s"][name]),
    }
    for what in ("run", "reuse"):
        for width in WIDTHS:
            rows[f"{what} {width} wide, ms CPU"] = partial(_median, results[f"{what} {width}"])
        rows[f"{what} {WIDTHS[1]} ÷ {WIDTHS[0]}"] = partial(_growth, results, what)
    for title, value in rows.items():
        cells = []
        for name in names:
            try:
                cells.append(f"{value(name):>12.2f}")
            except (statistics.StatisticsError, KeyError):
                cells.append(f"{'–':>12}")
        print(f"{title:<22}" + "".join(cells))


def _median(found: dict[str, list[float]], name: str) -> float:
    return statistics.median(found[name])


def _growth(results: Results, what: str, name: str) -> float:
    """How much more a step costs in the wider job; 1 if it costs the same."""
    narrow, broad = (statistics.median(results[f"{what} {width}"][name]) for width in WIDTHS)
    return broad / narrow


def _ratio(rounds: dict[str, list[float]], name: str) -> float:
    return statistics.median(mine / raw for mine, raw in zip(rounds[name], rounds["raw"], strict=True))


async def available(lease: Lease, names: list[str], folder: Path) -> list[str]:
    """Those that start here. The others are named and left out."""
    found: list[str] = []
    for name in names:
        try:
            async with running(lease, CONTESTANTS[name], folder):
                found.append(name)
        except (ImportError, OSError, TimeoutError, asyncpg.PostgresError) as error:
            print(f"{name} is left out, it does not start here: {type(error).__name__} {error}", file=sys.stderr)
    return found


async def main(arguments: argparse.Namespace) -> int:
    load = Load(10, 5) if arguments.quick else Load()
    # The server may still be writing its last files when the folder goes.
    with tempfile.TemporaryDirectory(prefix="overprint-bench-", ignore_cleanup_errors=True) as directory:
        folder = Path(directory)
        folder.chmod(0o755)  # the database server may run as another account
        with new_cluster(folder / "cluster") as lease:
            names = await available(lease, arguments.only.split(","), folder)
            show(await play(lease, names, arguments.rounds, load, folder), names)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.engine", description="The engine beside others.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(CONTESTANTS), help="of these; raw has to be among them")
    parser.add_argument("--quick", action="store_true", help="a small load, to see that it works")
    sys.exit(asyncio.run(main(parser.parse_args())))
