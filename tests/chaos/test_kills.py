"""Real processes killed and frozen at random while real jobs run. A tenth of ``benchmarks/chaos.py``."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.chaos import LEASE_SECONDS, Chaos, Plan
from tests.support.chaos_arena import CLUSTER, Arena, open_arena
from tests.support.database import home_like
from tests.support.killing import Kill

FREEZES_MAX = 4  # on a busy machine a step may end just before its worker is frozen


@pytest.fixture
async def arena(tmp_path: Path, empty_home: Path) -> AsyncIterator[Arena]:
    home_like(empty_home, tmp_path / CLUSTER)
    async with open_arena(tmp_path) as opened:
        yield opened


async def test_kills_of_workers_web_submitter_and_database_lose_nothing_and_repeat_nothing(arena: Arena) -> None:
    outcome = await arena.chaos(Plan(jobs=20, steps=20, limit_seconds=240)).run()
    assert outcome.violations == []
    assert {kill.what for kill in outcome.kills} == {"worker", "web", "submitter", "database"}
    assert outcome.steps == 400
    assert outcome.reconnects > 0


async def test_a_worker_frozen_for_longer_than_its_lease_writes_nothing_when_it_wakes(arena: Arena) -> None:
    class Freezing(Chaos):
        async def harm(self) -> None:
            pid = self.victims.pid_of("worker-0")

            def is_at_work() -> bool:
                """In the middle of a step's body, on a busy machine too."""
                bodies = [line for line in self.journal.read("body") if line.pid == pid and ":part/" in line.subject]
                return any(time.time() - line.at < plan.body_seconds / 2 for line in bodies)

            for _ in range(FREEZES_MAX):
                async with asyncio.timeout(20):
                    while not is_at_work():
                        await asyncio.sleep(0.01)
                await self.victims.stop_for("worker-0", 2.5 * LEASE_SECONDS)
                if _steps_of(self, self.victims.kills[-1]):
                    return

    plan = Plan(jobs=8, steps=20, limit_seconds=240, body_seconds=0.3)
    chaos = arena.chaos(plan, Freezing)
    outcome = await chaos.run()
    assert outcome.violations == []
    frozen = outcome.kills[-1]
    taken_over = _steps_of(chaos, frozen)
    assert taken_over
    kept_by_the_frozen = {line.subject for line in chaos.journal.read("kept") if line.pid == frozen.pid}
    assert not {f"{step}:write" for step in taken_over} & kept_by_the_frozen


def _steps_of(chaos: Chaos, frozen: Kill) -> set[str]:
    """Steps that the frozen worker had begun, and that another one ran again."""
    runs = chaos.journal.read("body")
    begun = {line.subject for line in runs if line.pid == frozen.pid and line.at < frozen.at}
    return {line.subject for line in runs if line.subject in begun and line.pid != frozen.pid}
