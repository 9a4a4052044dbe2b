"""What the benchmarks that kill processes have in common: where they do it, and how they tell what came of it."""

import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.chaos_arena import Arena, open_arena
from tests.support.killing import Kill

VIOLATIONS_SHOWN = 30


@asynccontextmanager
async def arena_for_a_run() -> AsyncIterator[Arena]:
    """An arena in a folder that goes away with the block."""
    with tempfile.TemporaryDirectory(prefix="overprint-chaos-") as folder:
        Path(folder).chmod(0o755)  # the database server may run as another account
        async with open_arena(Path(folder)) as arena:
            yield arena


def told(kills: Sequence[Kill]) -> str:
    """How many of what were killed."""
    counts = Counter(kill.what for kill in kills)
    return ", ".join(f"{count} × {what}" for what, count in sorted(counts.items()))


def show(rows: Mapping[str, str], violations: Sequence[str]) -> int:
    """Print what came of it. Returns the exit status: 1 if any promise was broken."""
    for name, value in {**rows, "promises broken": str(len(violations))}.items():
        print(f"{name:<18}{value}")
    for violation in violations[:VIOLATIONS_SHOWN]:
        print(f"  ! {violation}")
    return 1 if violations else 0
