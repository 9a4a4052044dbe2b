"""The ``compute`` port: heavy work outside the event loop, in a child process that can be killed."""

from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Protocol

Answering = bytes | Generator[int, None, bytes]
"""A generator yields how much is done, in a unit of its own, and returns its answer."""
Work = Callable[[bytes], Answering] | Callable[[bytes, Path], Answering]
"""Who works with files is given the folder that they are in."""
Told = Callable[[int], Awaitable[None]]


DISK_FULL = "DiskFull"


class ComputeFailed(Exception):
    """The work itself raised. ``kind`` is the exception's class name, or ``DISK_FULL``."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message


class ComputeLimit(Exception):
    """The work was stopped: out of time, out of memory, or over what a file may have."""


class ComputePort(Protocol):
    """Runs ``work(payload)`` elsewhere; with ``folder``, ``work(payload, folder)``: what is too large to be bytes lies
    there as files, before and after, under names that both sides know.

    ``work`` is a function at the top level of an importable module. Cancelling the await kills the child
    at once. Raises ``ComputeFailed`` or ``ComputeLimit``; a child that dies by itself is ``ComputeFailed``. ``told``
    hears what a generator yields, in order; what it raises ends the work.
    """

    async def run(
        self,
        work: Work,
        payload: bytes,
        *,
        timeout_seconds: float,
        memory_bytes: int,
        told: Told | None = None,
        folder: Path | None = None,
    ) -> bytes: ...
