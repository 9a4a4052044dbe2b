"""How long an encoder goes on after somebody cancelled: from the cancel's transaction until its process is gone, and
until the job has ended, in the middle of a clip of 1080p, with a worker and a database of its own.

Run: ``./overprint bench stopping [--rounds 10]``.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.support.engine import Engine, open_engine
from tests.support.film_process import Reel, film_pipeline, ports_with
from tests.support.processes import encoders_below, is_running

from benchmarks.peers.contest import fresh_database
from overprint.adapters.compute.processes import PoolRules, ProcessCompute
from overprint.adapters.video.embedded import ProceduralMotion
from overprint.db.database import open_database
from overprint.db.embedded import new_cluster
from overprint.engine.job import JobState

GOAL_SECONDS = 2.0
REEL = Reel("storm", frames=10_000, width_px=1920, height_px=1080)


async def stopped(engine: Engine) -> tuple[float, float]:
    """Seconds until the encoder is gone, and until the job has ended."""
    job = await engine.submit(REEL)
    while not (await engine.steps(job))["only"]["progress"]:
        await asyncio.sleep(0.05)
    encoders = encoders_below(os.getpid())
    assert encoders, "nobody encodes"
    began = time.perf_counter()
    await engine.cancel(job)
    while any(map(is_running, encoders)):
        await asyncio.sleep(0.001)
    gone_seconds = time.perf_counter() - began
    assert await engine.ended(job) is JobState.CANCELLED
    return gone_seconds, time.perf_counter() - began


async def main(rounds: int) -> int:
    with tempfile.TemporaryDirectory(prefix="overprint-bench-", ignore_cleanup_errors=True) as directory:
        folder = Path(directory)
        folder.chmod(0o755)  # the database server may run as another account
        compute = ProcessCompute(PoolRules(children=1))
        ports = ports_with(ProceduralMotion(compute), folder)
        with new_cluster(folder / "cluster") as lease:
            async with fresh_database(lease, ours=True) as urls:
                database = await open_database(urls.app, urls.system, pool_size=4)
                async with open_engine(database, urls.system, film_pipeline(), ports=ports) as engine:
                    async with engine.worker():
                        found = [await stopped(engine) for _ in range(rounds)]
                await database.aclose()
        await compute.aclose()
    for what, seconds in zip(("encoder gone", "job ended"), zip(*found, strict=True), strict=True):
        print(
            f"{what}: median {statistics.median(seconds):.3f} s, longest {max(seconds):.3f} s (goal ≤ {GOAL_SECONDS})"
        )
    return 0 if max(gone for gone, _ in found) <= GOAL_SECONDS else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.stopping", description="Cancelling in the middle of a clip.")
    parser.add_argument("--rounds", type=int, default=10)
    sys.exit(asyncio.run(main(parser.parse_args().rounds)))
