"""Background tasks: ended for good when their owner ends, and never missing without anybody noticing."""

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

AGAIN_SECONDS = 1.0


class TaskDied(Exception):
    """A background task ended while its owner still needed it; the cause is what it raised."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} ended unexpectedly.")
        self.name = name


class Background:
    """Tasks that their owner cannot do without. Use as ``async with``; they are ended with the block."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[Any]] = []

    async def __aenter__(self) -> "Background":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await end_tasks(*self._tasks)

    def begin(self, name: str, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run ``work``, which never ends by itself. ``name`` says in a message who died: "The event hub"."""
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        return task

    async def end(self, task: "asyncio.Task[None]", *, again_seconds: float = AGAIN_SECONDS) -> None:
        """It is not needed any more."""
        self._tasks.remove(task)
        await end_tasks(task, again_seconds=again_seconds)

    async def guard(self, work: Coroutine[Any, Any, T], stop: Callable[[], None] | None = None) -> T:
        """The answer of ``work``. If a task of the background dies first, ``work`` is told to ``stop``, by a cancel if
        there is no gentler way, and ``TaskDied`` is raised when it has."""
        working = asyncio.create_task(work)
        try:
            await asyncio.wait({working, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
            dead = next((task for task in self._tasks if task.done()), None)
            if working.done() or dead is None:
                return await working
            if stop is not None:
                stop()
                await asyncio.wait({working})
            raise TaskDied(dead.get_name()) from (None if dead.cancelled() else dead.exception())
        finally:
            await end_tasks(working)


async def end_tasks(*tasks: "asyncio.Task[Any]", again_seconds: float = AGAIN_SECONDS) -> None:
    """Cancel ``tasks`` and wait until they have ended; what they raise is dropped.

    A cancel can be lost: ``asyncio.wait_for`` of Python 3.11 swallows one that comes in the moment its inner task ends.
    So it is repeated every ``again_seconds``, which must be longer than the tasks need to tidy up.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=again_seconds)
    await asyncio.gather(*tasks, return_exceptions=True)


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """``work``'s answer. A cancel that comes meanwhile counts once it has ended: it is never left going on alone."""
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        task.exception()
        raise cancelled
    return task.result()
