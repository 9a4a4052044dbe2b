"""One child process, seen from the parent: start, one exchange at a time, kill with everything it started."""

import asyncio
import fcntl
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from overprint.adapters.compute import frames, memory
from overprint.ports.compute import Told

NOISE_MAX_BYTES = 4 * 1024 * 1024
_NOISE_TAIL_BYTES = 2_000
_RECEIVE_AT_ONCE_BYTES = 1024 * 1024
_MODULE = "overprint.adapters.compute.child"

# Nothing else of the parent's environment reaches a child: no database address, no key.
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "SSL_CERT_FILE")
# One thread a child: the pool is what runs in parallel. Memory of pictures that were let go of is kept for the next, as
# the C library does by itself once it let go of a large one: else the kernel takes and clears it anew for each. A fixed
# hash seed keeps the order of sets the same everywhere.
_FIXED_VARIABLES = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "RAYON_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(64 * 1024 * 1024),
    "PYTHONHASHSEED": "0",
}


def child_environment(parent: Mapping[str, str]) -> dict[str, str]:
    """What a child may know of ``parent``'s environment. Modules are found where this process finds them."""
    kept = {name: parent[name] for name in _KEPT_VARIABLES if name in parent}
    paths = os.pathsep.join(entry for entry in sys.path if entry)
    return kept | _FIXED_VARIABLES | {"PYTHONPATH": paths}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child said: ``outcome`` is done, failed or limit."""

    outcome: str
    body: bytes
    kind: str = ""
    message: str = ""
    trace: str = ""


class ChildGone(Exception):
    """The child ended, or spoke nonsense, in the middle of an exchange."""


class Child:
    """A running child process in a session and process group of its own. Made by ``start``."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        channel: socket.socket,
        lifeline_fd: int,
        noise: IO[bytes],
        folder: tempfile.TemporaryDirectory[str],
    ) -> None:
        """``folder`` is for all its temporary files: who is killed in the middle of a work cannot remove them."""
        self._process = process
        self._channel = channel
        self._lifeline_fd = lifeline_fd
        self._noise = noise
        self._folder = folder
        self._exchange: asyncio.Task[Answer] | None = None
        self._is_killed = False
        self._is_closed = False
        self.tasks_done = 0
        self.peak_bytes = 0

    @classmethod
    async def start(
        cls, prefixes: tuple[str, ...], environment: Mapping[str, str], temporary: Path | None = None
    ) -> "Child":
        """Starts a child; raises OSError when the machine has no process or descriptor left."""
        folder = tempfile.TemporaryDirectory(prefix="overprint-child-", dir=temporary, ignore_cleanup_errors=True)
        ours, theirs = socket.socketpair()
        lifeline_theirs, lifeline_ours = os.pipe()
        noise: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by kill()
        _append_only(noise.fileno())
        try:
            ours.setblocking(False)
            descriptors = (theirs.fileno(), lifeline_theirs)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", _MODULE, *map(str, descriptors), *prefixes),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=noise,
                stderr=noise,
                pass_fds=descriptors,
                start_new_session=True,
                env={**environment, "TMPDIR": folder.name},
            )
        except BaseException:
            # Closing the lifeline also ends a child that had started when we were cancelled.
            ours.close()
            os.close(lifeline_ours)
            noise.close()
            folder.cleanup()
            raise
        finally:
            theirs.close()
            os.close(lifeline_theirs)
        return cls(process, ours, lifeline_ours, noise, folder)

    @property
    def pid(self) -> int:
        return self._process.pid

    def begin(
        self, name: str, payload: bytes, memory_bytes: int, told: Told | None = None, folder: Path | None = None
    ) -> asyncio.Task[Answer]:
        """Sends one piece of work; the task ends with its answer, or with ``ChildGone``. One at a time."""
        head: frames.Head = {"work": name, "memory_bytes": memory_bytes}
        if folder is not None:
            head = {**head, "folder": str(folder)}
        self._exchange = asyncio.ensure_future(self._carry(head, payload, told))
        return self._exchange

    async def _carry(self, head: frames.Head, payload: bytes, told: Told | None) -> Answer:
        loop = asyncio.get_running_loop()
        os.ftruncate(self._noise.fileno(), 0)
        try:
            await loop.sock_sendall(self._channel, frames.pack(head, len(payload)))
            await loop.sock_sendall(self._channel, payload)
        except (OSError, frames.BrokenFrame) as error:
            raise ChildGone(str(error)) from error
        while (heard := await self._hear())[0].get("outcome") == frames.GOING:
            if told is not None:
                await told(int(heard[0].get("done", 0)))
        told_at_last, body = heard
        self.tasks_done += 1
        said = {key: str(told_at_last.get(key, "")) for key in ("kind", "message", "trace")}
        return Answer(str(told_at_last.get("outcome", "")), body, **said)

    async def _hear(self) -> tuple[dict[str, str | int], bytes]:
        """The head and the body of one frame."""
        try:
            head_bytes, body_bytes = frames.unpack_lengths(await self._receive(frames.LENGTHS.size))
            head = frames.unpack_head(await self._receive(head_bytes))
            return head, bytes(await self._receive(body_bytes))
        except (OSError, frames.BrokenFrame) as error:
            raise ChildGone(str(error)) from error

    async def _receive(self, size_bytes: int) -> bytearray:
        data = bytearray(size_bytes)
        view, received = memoryview(data), 0
        loop = asyncio.get_running_loop()
        while received < size_bytes:
            # In pieces, so that a large answer does not keep the event loop from other things.
            end = min(size_bytes, received + _RECEIVE_AT_ONCE_BYTES)
            count = await loop.sock_recv_into(self._channel, view[received:end])
            if count == 0:
                raise ChildGone("The child closed its end.")
            received += count
        return data

    def sample(self, *, with_group: bool = False) -> int:
        """Bytes it holds now, with what it started if asked; also keeps its output from filling the disk."""
        held = memory.group_bytes(self.pid) if with_group else memory.own_bytes(self.pid)
        self.peak_bytes = max(self.peak_bytes, held)
        if os.fstat(self._noise.fileno()).st_size > NOISE_MAX_BYTES:
            os.ftruncate(self._noise.fileno(), 0)
        return held

    def noise_tail(self) -> str:
        """The last words the child printed, by itself or by a library in it."""
        size = os.fstat(self._noise.fileno()).st_size
        tail = os.pread(self._noise.fileno(), _NOISE_TAIL_BYTES, max(0, size - _NOISE_TAIL_BYTES))
        return tail.decode(errors="replace").strip()

    def kill(self) -> None:
        """Ends the child and its process group at once. Harmless when repeated; ``ended`` must follow."""
        if self._is_killed:
            return
        self._is_killed = True
        # The number of a group stays taken while it has members, also after its leader crashed.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        os.close(self._lifeline_fd)

    async def ended(self) -> int:
        """Waits until a killed child is gone and lets go of it; the exit status, negative for a signal."""
        if self._exchange is not None:
            # The event loop must let go of the socket before its number can be given to another.
            self._exchange.cancel()
            await asyncio.wait({self._exchange})
        if not self._is_closed:
            self._is_closed = True
            self._channel.close()
            self._noise.close()
        status = await self._process.wait()
        await asyncio.to_thread(self._folder.cleanup)
        return status

    @property
    def has_ended(self) -> bool:
        return self._process.returncode is not None


def _append_only(fd: int) -> None:
    """Every write goes to the present end, so that the file can be cut while a child writes."""
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_APPEND)
