"""The ``compute`` port over a small pool of child processes.

Children start when first needed and stay, so that heavy libraries are loaded once. One that was cancelled, ran too
long, grew too large or crashed is killed with everything it started, and the pool goes on with a fresh one.

Memory is bounded twice. The kernel refuses anonymous memory over the limit to every process of the work
(``RLIMIT_DATA``; ``RLIMIT_AS`` also counts mapped libraries, and with it OpenCV fails to load). And a look at the
resident memory every 0.1 s, every second including the programs the work started, kills what the kernel's limit does
not count, such as shared memory.
"""

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from overprint.adapters.compute.frames import kind_of
from overprint.adapters.compute.naming import OUR_CODE, check_bounds, check_payload, name_of
from overprint.adapters.compute.process import Answer, Child, ChildGone, child_environment
from overprint.ports.compute import ComputeFailed, ComputeLimit, Told, Work

SAMPLE_SECONDS = 0.1
GROUP_EVERY_SAMPLES = 10
_NEAR_LIMIT = 0.75
_OUT_OF_MEMORY_WORDS = ("memory allocation of", "bad_alloc", "Cannot allocate memory", "MemoryError", "out of memory")


@dataclass(frozen=True, slots=True)
class PoolRules:
    """``children`` run at the same time; one is replaced after ``tasks_max`` tasks or when it keeps ``keep_bytes``.

    Only functions of modules that begin with one of ``prefixes`` are run.
    """

    children: int = 2
    tasks_max: int = 200
    keep_bytes: int = 512 * 1024 * 1024
    prefixes: tuple[str, ...] = OUR_CODE

    def __post_init__(self) -> None:
        if not 1 <= self.children <= 256:
            raise ValueError("A compute pool has between 1 and 256 children.")


class ProcessCompute:
    """``ComputePort`` in child processes. Belongs to one event loop; ``aclose`` ends every child."""

    def __init__(
        self,
        rules: PoolRules | None = None,
        environment: Mapping[str, str] | None = None,
        *,
        temporary: Path | None = None,
    ) -> None:
        """``temporary``: where children have their temporary files, instead of where the system has them."""
        self._rules = rules or PoolRules()
        self._temporary = temporary
        self._environment = child_environment(os.environ if environment is None else environment)
        self._slots = asyncio.Semaphore(self._rules.children)
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._ending: set[asyncio.Task[int]] = set()
        self._is_closed = False

    async def run(
        self,
        work: Work,
        payload: bytes,
        *,
        timeout_seconds: float,
        memory_bytes: int,
        told: Told | None = None,
        folder: Path | None = None,
    ) -> bytes:
        """See ``ComputePort``. Time spent waiting for a free child does not count."""
        check_bounds(timeout_seconds, memory_bytes)
        check_payload(payload)
        name = name_of(work, self._rules.prefixes)
        async with self._slots:
            if self._is_closed:
                raise _closed()
            child = await self._take(memory_bytes)
            try:
                exchange = child.begin(name, payload, memory_bytes, told, folder)
                answer = await self._watched(exchange, child, name, timeout_seconds, memory_bytes)
            except BaseException:
                self._end(child)
                raise
            self._give_back(child, answer)
            return _body_of(answer)

    async def aclose(self) -> None:
        """Kills every child, also those at work, and waits until all are gone."""
        self._is_closed = True
        for child in [*self._idle, *self._busy]:
            self._end(child)
        self._idle.clear()
        if self._ending:
            await asyncio.gather(*self._ending, return_exceptions=True)

    def pids(self) -> list[int]:
        """Children that are alive, for the operator and for tests."""
        return sorted(child.pid for child in (*self._idle, *self._busy))

    async def _take(self, memory_bytes: int) -> Child:
        """An idle child that leaves the work at least half of its memory, or a new one."""
        while self._idle:
            child = self._idle.pop()
            if not child.has_ended and child.sample() <= memory_bytes // 2:
                child.peak_bytes = 0
                self._busy.add(child)
                return child
            self._end(child)
        try:
            child = await Child.start(self._rules.prefixes, self._environment, self._temporary)
        except OSError as error:
            raise ComputeFailed(kind_of(error), f"No child process could be started: {error.strerror}") from error
        self._busy.add(child)
        if self._is_closed:
            self._end(child)
        return child

    def _give_back(self, child: Child, answer: Answer) -> None:
        is_worn = child.tasks_done >= self._rules.tasks_max or child.sample() > self._rules.keep_bytes
        if answer.outcome == "limit" or is_worn or self._is_closed:
            self._end(child)
        else:
            self._busy.discard(child)
            self._idle.append(child)

    def _end(self, child: Child) -> None:
        """Kills now; the reaping goes on beside whatever we do next, cancelled or not."""
        self._busy.discard(child)
        child.kill()
        ending = asyncio.ensure_future(child.ended())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _watched(
        self, exchange: asyncio.Task[Answer], child: Child, name: str, timeout_seconds: float, memory_bytes: int
    ) -> Answer:
        """The exchange, with an eye on the clock and on memory."""
        deadline = asyncio.get_running_loop().time() + timeout_seconds
        samples = 0
        try:
            while True:
                left_seconds = deadline - asyncio.get_running_loop().time()
                done, _ = await asyncio.wait({exchange}, timeout=max(0.0, min(SAMPLE_SECONDS, left_seconds)))
                if exchange.cancelled():
                    raise _closed()
                if done:
                    return exchange.result()
                if left_seconds <= 0:
                    raise ComputeLimit(f"{name} was stopped after {timeout_seconds:g} seconds.")
                samples += 1
                if child.sample(with_group=samples % GROUP_EVERY_SAMPLES == 0) > memory_bytes:
                    raise _out_of_memory(name, memory_bytes)
        except ChildGone as gone:
            raise await _why_gone(child, name, memory_bytes) from gone


def _body_of(answer: Answer) -> bytes:
    if answer.outcome == "done":
        return answer.body
    if answer.outcome == "limit":
        raise ComputeLimit(answer.message)
    failure = ComputeFailed(answer.kind or "Failed", answer.message)
    if answer.trace:
        failure.add_note(f"In the child process:\n{answer.trace}")
    raise failure


def _closed() -> ComputeFailed:
    return ComputeFailed("PoolClosed", "The compute pool has been closed.")


def _out_of_memory(name: str, memory_bytes: int) -> ComputeLimit:
    return ComputeLimit(f"{name} needed more than {memory_bytes // (1024 * 1024)} MiB of memory and was stopped.")


async def _why_gone(child: Child, name: str, memory_bytes: int) -> ComputeFailed | ComputeLimit:
    """What to say of a child that died by itself. Native code aborts when the kernel refuses it memory."""
    words = child.noise_tail()
    peak_bytes = child.peak_bytes
    child.kill()
    status = await child.ended()
    is_memory = any(word in words for word in _OUT_OF_MEMORY_WORDS)
    if is_memory or peak_bytes > _NEAR_LIMIT * memory_bytes:
        return _out_of_memory(name, memory_bytes)
    ending = signal.Signals(-status).name if status < 0 else f"status {status}"
    failure = ComputeFailed("ChildDied", f"The child process running {name} died ({ending}).")
    if words:
        failure.add_note(f"Its last words:\n{words}")
    return failure
