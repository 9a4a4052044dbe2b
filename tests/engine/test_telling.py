"""Telling how many frames are done keeps no encoder, and ends one whose lease is lost."""

import asyncio

import pytest

from overprint.engine.telling import FramesTold


async def test_words_are_dropped_while_one_is_on_its_way_and_its_failure_ends_the_work() -> None:
    said: list[str] = []
    free = asyncio.Event()

    async def say(fraction: float, note: str) -> None:
        said.append(note)
        await free.wait()
        raise LookupError("the lease is lost")

    told = FramesTold(100, say)
    async with asyncio.timeout(5):
        for done in (10, 20, 30):
            await told(done)
            await asyncio.sleep(0)
    assert said == ["10 of 100 frames"]
    free.set()
    await asyncio.sleep(0.01)
    with pytest.raises(LookupError):
        await told(40)
