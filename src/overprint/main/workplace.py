"""A folder that one process works in for a while, under a name that the next one looks for.

Whoever works in it holds its lock. When that process is killed, the system lets go of the lock, and the next one under
this name begins with clearing what was left.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import TypeVar

from overprint.core.problems import Conflict

T = TypeVar("T")


@asynccontextmanager
async def workplace(folder: Path, busy: str, clear: Callable[[Path], None] = shutil.rmtree) -> AsyncIterator[Path]:
    """``folder``, empty, for this process alone; ``clear`` takes it away before, if it was left over, and afterwards.

    Raises ``Conflict`` with ``busy`` while another process works in it, and ``OSError``.
    """
    descriptor = _take(folder, busy)
    try:
        if any(folder.iterdir()):
            await asyncio.to_thread(clear, folder)
            os.close(descriptor)
            descriptor = _take(folder, busy)
        yield folder
    finally:
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread(clear, folder)
        os.close(descriptor)


def is_worked_in(folder: Path) -> bool:
    """Whether the process that uses the folder still lives. Raises ``OSError``."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


async def in_thread(work: Callable[[Event], T]) -> T:
    """``work`` in a thread. When we are cancelled it is told by the event, and waited for: it may hold files open."""
    stop = Event()
    thread = asyncio.ensure_future(asyncio.to_thread(work, stop))
    try:
        return await asyncio.shield(thread)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([thread])
        thread.exception()  # whatever it was, nobody waits for it any more
        raise


def _take(folder: Path, busy: str) -> int:
    """Make the folder if need be, and hold its lock: the descriptor to close in the end."""
    while True:
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), folder.stat()):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            raise Conflict(busy, "Wait for it, or stop it.") from None
        except FileNotFoundError:
            pass  # who held it took it away at its end
        os.close(descriptor)
