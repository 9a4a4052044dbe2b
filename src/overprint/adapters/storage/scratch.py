"""Folders to work in, each held by a process for as long as it needs it.

``<name>.lock``  locked by the holder; the system lets go of the lock when the holder dies, however it dies
``<name>/``      the folder

So whoever opens a folder can tell which others nobody holds any more, and removes them: nothing that a killed process
left stays for ever. Everything here blocks: it runs in threads.
"""

import asyncio
import fcntl
import os
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path

from overprint.core.tasks import to_the_end

_LOCK = ".lock"


class Scratch:
    """Folders below ``root``, which belongs to Overprint alone. Several processes may share it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """An empty folder, gone when the block ends. Raises ``OSError``."""
        held = ExitStack()
        try:
            yield await to_the_end(asyncio.to_thread(self._take, held))
        finally:
            await to_the_end(asyncio.to_thread(held.close))

    def _take(self, held: ExitStack) -> Path:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep()
        path = self._root / secrets.token_hex(8)
        while not _is_locked(path, held):
            path = self._root / secrets.token_hex(8)
        held.callback(shutil.rmtree, path, ignore_errors=True)
        path.mkdir(mode=0o700)
        return path

    def _sweep(self) -> None:
        for found in self._root.glob(f"*{_LOCK}"):
            try:
                lock = os.open(found, os.O_RDWR)
            except FileNotFoundError:
                continue
            try:
                with suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(found.with_suffix(""), ignore_errors=True)
                    found.unlink(missing_ok=True)
            finally:
                os.close(lock)


def _is_locked(path: Path, held: ExitStack) -> bool:
    """Locks the folder of this new name; not so if a sweep came between making its lock and locking it."""
    file = path.with_suffix(_LOCK)
    with ExitStack() as failed:
        lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        failed.callback(os.close, lock)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(lock), file.stat()):
                return False
        except (BlockingIOError, FileNotFoundError):
            return False
        failed.callback(file.unlink, missing_ok=True)
        held.push(failed.pop_all())
        return True
