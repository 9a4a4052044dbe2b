"""How long all takes that belongs to a picture book of ``benchmarks.layout``: in a row, and as a job makes it."""

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.layout_overprint import document
from benchmarks.peers.layout_parts import PRINTER
from overprint.adapters.compute.process import child_environment
from overprint.adapters.compute.processes import PoolRules, ProcessCompute
from overprint.craft.press import payload as press_payload
from overprint.craft.press import press_bytes
from overprint.craft.typesetting import epub_bytes, epub_fixed_bytes, payload, pdf_bytes

CHILDREN = 2
TIMEOUT_SECONDS, MEMORY_BYTES = 600, 3_000_000_000
Works = list[tuple[Callable[[bytes], bytes], bytes]]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Seconds by the clock with child processes that have to be started, and again with the same; CPU seconds of the
    first."""

    new: float
    warm: float
    cpu: float


def environment() -> dict[str, str]:
    """As processes have it that make books, which keep what their modules were compiled to."""
    mine = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return mine | child_environment(os.environ)


def in_a_row(folder: Path) -> dict[str, float]:
    """CPU seconds of each part in one new process, and of its start."""
    command = [sys.executable, "-m", "benchmarks.peers.layout_parts", str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, env=environment(), check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def side_by_side(folder: Path) -> SideBySide:
    """As a job does it: two processes, each part handed over and back, the print files examined."""
    doc, pictures = document(json.loads((folder / "book.json").read_text()), folder)
    book = payload(doc, pictures)
    works: Works = [(press_bytes, press_payload(doc, pictures, PRINTER))]
    works += [(work, book) for work in (pdf_bytes, epub_bytes, epub_fixed_bytes)]
    used = _cpu_seconds()
    asyncio.run(_turns(works, 1))
    cpu = _cpu_seconds() - used
    new, warm = asyncio.run(_turns(works, 2))
    return SideBySide(new, warm, cpu)


async def _turns(works: Works, count: int) -> list[float]:
    """How long each turn took. The first starts the processes."""
    compute = ProcessCompute(PoolRules(children=CHILDREN))
    clock: list[float] = []
    for _ in range(count):
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for work, packed in works:
                bounded = compute.run(work, packed, timeout_seconds=TIMEOUT_SECONDS, memory_bytes=MEMORY_BYTES)
                group.create_task(bounded)
        clock.append(time.perf_counter() - began)
    await compute.aclose()
    return clock


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
