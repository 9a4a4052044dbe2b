"""Counts that a provider tells: believed only when they can be true."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

COUNT_MAX = 10**9


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one answer used, as far as the provider has said.

    ``read`` and ``written`` are totals; the others say how much of them had a price of its own: read from or written
    to a cache, read or written as pictures.
    """

    read: int = 0
    written: int = 0
    from_cache: int = 0
    to_cache: int = 0
    pictures_read: int = 0
    pictures_written: int = 0


def count_of(value: object) -> int:
    """``value`` if it is a plausible count of tokens, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= COUNT_MAX else 0


def counts_in(value: object) -> Mapping[str, Any]:
    """``value`` if it is an object that could hold counts, else an empty one."""
    return value if isinstance(value, dict) else {}
