"""Telling how far a work is without keeping it: what comes while the last word is still on its way is dropped."""

import asyncio
from collections.abc import Awaitable, Callable

Say = Callable[[float, str], Awaitable[None]]


class FramesTold:
    """Says how many of ``frames`` are done; one word at a time, so that a database that takes its time takes none of an
    encoder's. What saying raised, the next call raises: a lost lease ends the work."""

    def __init__(self, frames: int, say: Say) -> None:
        self._frames = frames
        self._say = say
        self._on_its_way: asyncio.Future[None] | None = None

    async def __call__(self, done: int) -> None:
        if self._on_its_way is not None:
            if not self._on_its_way.done():
                return
            self._on_its_way.result()
        self._on_its_way = asyncio.ensure_future(self._say(done / self._frames, f"{done} of {self._frames} frames"))
        self._on_its_way.add_done_callback(_noticed)


def _noticed(said: "asyncio.Future[None]") -> None:
    """Nobody asks any more what became of the last word."""
    if not said.cancelled():
        said.exception()
