"""Sketches and portraits cost nothing, so nobody gets so many at once that others wait for theirs."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest

from overprint.core.book import BookDoc
from overprint.core.ids import new_id
from overprint.core.problems import TooOften
from overprint.core.scene import Scene, Setting
from overprint.core.story import Hair, Look, Style, Trim
from overprint.features.books.service import Proofs
from overprint.features.books.service import proofs as proofs_service
from overprint.features.books.service.proofs import Doc
from overprint.features.photos import service as photos_service
from overprint.ports.compute import ComputeFailed
from tests.support.studio import Studio

SCENE = Scene(Setting.FOREST, "", "Trees.")
MIA = Look("Mia", "#a8714a", "#c06a4a", "#3f6fa8", "#c8452f", "#1f1a1a", Hair.LONG)


@dataclass
class _Slow:
    """Draws nothing, and that only once it may."""

    may_go: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0

    async def run(
        self, work: Callable[[bytes], bytes], payload: bytes, *, timeout_seconds: float, memory_bytes: int
    ) -> bytes:
        self.begun += 1
        await self.may_go.wait()
        raise ComputeFailed("Invalid", "nothing")


async def _ask_too_much(ask: Callable[[UUID, int], Coroutine[Any, Any, bytes]], most: int, slow: _Slow) -> set[str]:
    """A team asks once too often while all it may wait for goes on, and somebody else asks: how these end."""
    greedy = new_id()
    asked = [asyncio.create_task(ask(greedy, number)) for number in range(most)]
    await asyncio.sleep(0)
    with pytest.raises(TooOften):
        await ask(greedy, most)
    other = asyncio.create_task(ask(new_id(), 99))
    await asyncio.sleep(0)
    assert not other.done()
    slow.may_go.set()
    ends = await asyncio.gather(*asked, other, ask(greedy, most), return_exceptions=True)
    return {type(end).__name__ for end in ends}


async def test_a_team_waits_for_few_sketches_at_a_time_and_others_get_theirs(studio: Studio) -> None:
    slow = _Slow()
    proofs = Proofs(slow, studio.storage)

    def sketch(team_id: UUID, seed: int) -> Coroutine[Any, Any, bytes]:
        return proofs.sketch(team_id, SCENE, {}, Style.INK, seed, 1.0)

    assert await _ask_too_much(sketch, proofs_service.ASKED_MAX, slow) == {"Invalid"}


async def test_a_team_waits_for_few_looks_at_pages_at_a_time_and_others_get_theirs(studio: Studio) -> None:
    slow = _Slow()
    proofs = Proofs(slow, studio.storage)

    def pages(team_id: UUID, number: int) -> Coroutine[Any, Any, Any]:
        doc = BookDoc(str(number), "The Fox", "Ann", "en", Trim.SQUARE, "", ())
        return proofs.pages(team_id, Doc(doc, {}), is_print=False)

    assert await _ask_too_much(pages, proofs_service.ASKED_MAX, slow) == {"NoneType"}


async def test_portraits_of_a_large_family_wait_for_each_other_and_nobody_else_waits_for_them(studio: Studio) -> None:
    slow, family, other = _Slow(), new_id(), new_id()
    photos = replace(studio.books.photos, compute=slow)

    def ask(team_id: UUID) -> asyncio.Task[bytes]:
        return asyncio.create_task(photos.draw(replace(studio.owner, team_id=team_id), MIA))

    asked = [ask(family) for _ in range(photos_service.DRAWN_MAX)]
    await asyncio.sleep(0)
    assert slow.begun == photos_service.DRAWN_AT_ONCE
    with pytest.raises(TooOften):
        await ask(family)
    asked.append(ask(other))
    await asyncio.sleep(0)
    assert slow.begun == photos_service.DRAWN_AT_ONCE + 1
    slow.may_go.set()
    ends = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(end).__name__ for end in ends} == {"Unavailable"} and slow.begun == len(asked)
