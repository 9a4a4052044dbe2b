"""Films of hosted models: ordered once, collected by whoever comes next, called off when nobody wants them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from overprint.adapters.compute.processes import PoolRules, ProcessCompute
from overprint.adapters.hosted.endpoint import Patience
from overprint.adapters.video.embedded import ProceduralMotion
from overprint.db.database import Database
from overprint.engine import job_pauses
from overprint.engine.job import JobState
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.film_process import PRICE_MICRODOLLARS, Reel, film_pipeline, film_ports, ports_with
from tests.support.film_server import After, FilmServer, film_server
from tests.support.model_server import Drops, Fails, Hangs, Sends
from tests.support.processes import encoders_below, is_running

COSTS = "SELECT cost_microdollars, possible_cost_microdollars FROM steps"


@pytest.fixture
async def server() -> AsyncIterator[FilmServer]:
    async with film_server() as running:
        yield running


@pytest.fixture
async def engine(
    server: FilmServer, database: Database, database_urls: TestDatabase, tmp_path: Path
) -> AsyncIterator[Engine]:
    ports = film_ports(server.url, server.key, tmp_path, Patience(2, 2, 20))
    async with open_engine(database, database_urls.system, film_pipeline(), ports=ports) as opened:
        yield opened


async def _until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not happened():
            await asyncio.sleep(0.02)


async def _costs(engine: Engine) -> tuple[int, int]:
    return tuple(await engine.database.system.fetchrow(COSTS))


async def _killed_once(happened: Callable[[], bool], server: FilmServer, urls: TestDatabase, folder: Path) -> None:
    """A worker of another process, killed with -9 as soon as that has happened."""
    orders = ("-m", "tests.support.film_process", urls.app, urls.system, server.url, server.key, str(folder))
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    worker = await asyncio.create_subprocess_exec(sys.executable, *orders, env=environment)
    try:
        await _until(happened)
    finally:
        worker.send_signal(signal.SIGKILL)
        await worker.wait()


async def test_a_worker_killed_after_the_vendor_took_an_order_and_another_while_it_waited(
    engine: Engine, server: FilmServer, database_urls: TestDatabase, tmp_path: Path
) -> None:
    job = await engine.submit(Reel("storm"))
    server.plan_at("order", After(Hangs()))  # taken, and nobody hears as what
    await _killed_once(lambda: len(server.tasks) == 1, server, database_urls, tmp_path)
    await engine.lose_lease(job, "only")
    server.plan_at("ask", Hangs())  # its id is kept by then
    await _killed_once(lambda: server.count("ask") == 1, server, database_urls, tmp_path)
    await engine.lose_lease(job, "only")
    async with engine.worker("third"):
        assert await engine.ended(job) is JobState.COMPLETED
    assert len(server.tasks) == 2, "one was lost with the worker; the other was collected, not ordered again"
    assert await _costs(engine) == (PRICE_MICRODOLLARS, PRICE_MICRODOLLARS)


async def test_trouble_is_borne_and_a_film_that_cannot_be_used_is_paid_for_and_ordered_anew(
    engine: Engine, server: FilmServer
) -> None:
    server.plan_at("order", Fails(429, headers={"Retry-After": "1"}))
    server.plan_at("ask", Fails(500), Drops(), Fails(502))
    server.plan_at("fetch", Fails(403), Sends(b"<html>no film</html>", "text/html"))
    async with engine.worker():
        job = await engine.submit(Reel("storm"))
        assert await engine.ended(job) is JobState.COMPLETED
    assert len(server.tasks) == 2
    assert await _costs(engine) == (2 * PRICE_MICRODOLLARS, 0)


async def test_who_cancels_tells_the_vendor_and_who_stops_working_does_not(engine: Engine, server: FilmServer) -> None:
    job = await engine.submit(Reel("storm"))
    server.plan_at("ask", Hangs(), Hangs())
    async with engine.worker("first") as runner:
        await _until(lambda: server.count("ask") == 1)
        runner.hand_back_all()
        await _until(lambda: server.count("ask") == 2)  # by the next one that has it: the same task
        assert (len(server.tasks), server.tasks[0].is_cancelled) == (1, False)
        await engine.cancel(job)
        runner.interrupt(job.id)
        assert await engine.ended(job) is JobState.CANCELLED
        await _until(lambda: server.tasks[0].is_cancelled)
    assert len(server.tasks) == 1


async def test_a_step_that_gave_up_tells_the_vendor(engine: Engine, server: FilmServer) -> None:
    server.plan_at("ask", *[Fails(500)] * 24)
    async with engine.worker():
        job = await engine.submit(Reel("storm"))
        assert await engine.ended(job) is JobState.FAILED
        await _until(lambda: server.tasks[0].is_cancelled)
    assert len(server.tasks) == 1


@pytest.mark.parametrize("is_paused", [False, True])
async def test_who_cancels_between_two_tries_tells_the_vendor(
    engine: Engine, server: FilmServer, is_paused: bool
) -> None:
    server.plan_at("ask", *[Fails(500)] * 8)
    async with engine.worker() as runner:
        runner.retry_base_seconds = 3600
        job = await engine.submit(Reel("storm"))
        await _until(lambda: server.count("ask") == 8)
        await engine.until(job, "only", "ready")
        if is_paused:
            async with engine.database.transaction(job.team_id) as transaction:
                await job_pauses.pause(transaction, job.id)
        await engine.cancel(job)
        assert await engine.ended(job) is JobState.CANCELLED
        await _until(lambda: server.tasks[0].is_cancelled)
    assert len(server.tasks) == 1
    assert await engine.database.system.fetchval("SELECT count(*) FROM pgqueuer") == 0


async def test_who_cancels_ends_the_encoder(database: Database, database_urls: TestDatabase, tmp_path: Path) -> None:
    compute = ProcessCompute(PoolRules(children=1))
    ports = ports_with(ProceduralMotion(compute), tmp_path)
    async with open_engine(database, database_urls.system, film_pipeline(), ports=ports) as engine, engine.worker():
        job = await engine.submit(Reel("storm", frames=10_000))
        async with asyncio.timeout(60):
            while not (await engine.steps(job))["only"]["progress"]:
                await asyncio.sleep(0.05)
        encoders = encoders_below(os.getpid())
        assert encoders, "nobody encodes"
        await engine.cancel(job)
        assert await engine.ended(job, seconds=10) is JobState.CANCELLED
        await _until(lambda: not any(map(is_running, encoders)))  # told when the job ends; a kill takes its moment
    await compute.aclose()
