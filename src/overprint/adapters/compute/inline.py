"""A ``compute`` fake: runs the work in a thread of this process. For tests; it cannot kill, and bounds no memory.

One work at a time: works are written for a process of their own, and some of what they use, such as OpenCV's
classifiers, must not be called by two threads at once.
"""

import asyncio
import threading
from collections.abc import Callable, Generator
from pathlib import Path

from overprint.adapters.compute.frames import BODY_MAX_BYTES, kind_of, run_to_end, told_too_large
from overprint.adapters.compute.naming import OUR_CODE, check_bounds, check_payload, name_of
from overprint.ports.compute import Answering, ComputeFailed, ComputeLimit, Told, Work


class InlineCompute:
    """Same answers and errors as ``ProcessCompute``; a thread that is given up on runs to its end unseen."""

    def __init__(self, prefixes: tuple[str, ...] = OUR_CODE) -> None:
        self._prefixes = prefixes
        self._turn = threading.Lock()

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
        """What a generator yields is told once it has ended."""
        check_bounds(timeout_seconds, memory_bytes)
        check_payload(payload)
        name = name_of(work, self._prefixes)
        yielded: list[int] = []
        doing = asyncio.ensure_future(asyncio.to_thread(self._perform, work, payload, folder, yielded))
        done, _ = await asyncio.wait({doing}, timeout=timeout_seconds)
        if not done:
            doing.cancel()
            raise ComputeLimit(f"{name} was given up on after {timeout_seconds:g} seconds.")
        answer = doing.result()
        if told is not None:
            for count in yielded:
                await told(count)
        if len(answer) > BODY_MAX_BYTES:
            raise ComputeLimit(f"The answer has {len(answer)} bytes, over {BODY_MAX_BYTES}.")
        return answer

    async def aclose(self) -> None:
        """Nothing is held."""

    def _perform(
        self, work: Callable[..., Answering], payload: bytes, folder: Path | None, yielded: list[int]
    ) -> bytes:
        try:
            with self._turn:
                answer = work(payload) if folder is None else work(payload, folder)
                if isinstance(answer, Generator):
                    answer = run_to_end(answer, yielded.append)
        except MemoryError as error:
            raise ComputeLimit("The work ran out of memory.") from error
        except BaseException as error:
            if too_large := told_too_large(getattr(work, "__name__", "The work"), error):
                raise ComputeLimit(too_large) from error
            raise ComputeFailed(kind_of(error), str(error)[:2_000]) from error
        if not isinstance(answer, bytes):
            raise ComputeFailed("TypeError", f"The work answered {type(answer).__name__} instead of bytes.")
        return answer
