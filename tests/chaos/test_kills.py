"""Real processes killed at random while real jobs run. A tenth of ``benchmarks/chaos.py``."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from overprint.core.ids import new_id
from overprint.db.database import Database
from tests.support.chaos import Chaos, Plan, examine
from tests.support.chaos_arena import Arena, open_arena


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with open_arena(tmp_path) as opened:
        yield opened


async def test_kills_of_workers_submitter_and_database_lose_nothing_and_repeat_nothing(
    arena: Arena, tmp_path: Path
) -> None:
    outcome = await arena.chaos(Plan(jobs=20, steps=20, limit_seconds=50)).run()
    assert outcome.violations == []
    assert len(outcome.kills) == 12
    assert outcome.steps == 400
