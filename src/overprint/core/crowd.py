"""How much each may have at a time of what all share in a process, so that nobody else waits long for theirs."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from weakref import WeakValueDictionary

from overprint.core.problems import TooOften


def _much_is_made() -> TooOften:
    return TooOften("Much is being made for you just now.", "Go on in a moment.", retry_after_seconds=2)


class Crowd:
    """What goes on of one kind, at most ``most`` of each: of each team, of each address. ``refusal``: what those who
    want more are told."""

    def __init__(self, most: int, refusal: Callable[[], TooOften] = _much_is_made) -> None:
        self._most = most
        self._refusal = refusal
        self._going: Counter[Hashable] = Counter()

    @contextmanager
    def joined(self, who: Hashable) -> Iterator[None]:
        """Around what goes on, and the wait for it. Raises ``TooOften`` where as much of theirs goes on already."""
        if self._going[who] >= self._most:
            raise self._refusal()
        self._going[who] += 1
        try:
            yield
        finally:
            self._going[who] -= 1
            if not self._going[who]:
                del self._going[who]


class PatientCrowd:
    """A crowd in which who is too many waits: ``at_once`` of each goes on, further ones of theirs wait for these, and
    only who would be more than ``most`` is told to come back."""

    def __init__(self, at_once: int, most: int) -> None:
        self._at_once = at_once
        self._crowd = Crowd(most)
        self._doors: WeakValueDictionary[Hashable, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def joined(self, who: Hashable) -> AsyncIterator[None]:
        """Around what goes on; waits for theirs that came before. Raises ``TooOften``."""
        with self._crowd.joined(who):
            door = self._doors.setdefault(who, asyncio.Semaphore(self._at_once))
            async with door:
                yield
