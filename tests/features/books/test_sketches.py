"""Sketches cost nothing, so nobody gets so many at once that others wait for theirs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from overprint.core.ids import new_id
from overprint.core.problems import TooOften
from overprint.core.scene import Scene, Setting
from overprint.core.story import Style
from overprint.features.books.service import Proofs
from overprint.features.books.service.proofs import ASKED_MAX
from overprint.ports.compute import ComputeFailed
from tests.support.studio import Studio

SCENE = Scene(Setting.FOREST, "", "Trees.")


@dataclass
class _Slow:
    """Draws nothing, and that only once it may."""

    may_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(
        self, work: Callable[[bytes], bytes], payload: bytes, *, timeout_seconds: float, memory_bytes: int
    ) -> bytes:
        await self.may_go.wait()
        raise ComputeFailed("Invalid", "nothing")


async def test_a_team_waits_for_few_sketches_at_a_time_and_others_get_theirs(studio: Studio) -> None:
    slow = _Slow()
    proofs, greedy = Proofs(slow, studio.storage), new_id()

    def ask(team_id: UUID, seed: int) -> asyncio.Task[bytes]:
        return asyncio.create_task(proofs.sketch(team_id, SCENE, {}, Style.INK, seed, 1.0))

    asked = [ask(greedy, seed) for seed in range(ASKED_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(TooOften):
        await ask(greedy, ASKED_MAX)
    other = ask(new_id(), 99)
    await asyncio.sleep(0)
    assert not other.done()
    slow.may_go.set()
    assert {type(end).__name__ for end in await asyncio.gather(*asked, other, return_exceptions=True)} == {"Invalid"}
    assert not proofs._asked
