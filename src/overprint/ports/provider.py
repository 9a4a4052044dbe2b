"""Who made something, exactly enough that the same identity and input mean the same result."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations, pairwise

SLOWED_LEAST = 0.87
"""A film that is shown at this share of its speed does not look slow."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """What is ordered, and billed, by its length: each piece in one of these ``seconds``. A piece may last
    ``most_seconds``. ``microdollars_per_second``: of what is ordered; 0 where nobody knows it."""

    seconds: tuple[int, ...]
    most_seconds: float
    microdollars_per_second: int = 0

    def ordered(self, seconds: float) -> int:
        """In how many seconds a piece is ordered that lasts so long: the fewest that are enough if they may be shown a
        little slower, else the most there are."""
        return next((each for each in sorted(self.seconds) if each >= SLOWED_LEAST * seconds), max(self.seconds))

    def ordered_most(self, pieces: int, seconds: float) -> int:
        """The most that so many ``pieces`` can be ordered in which last ``seconds`` together, however long each is.

        A piece is ordered in the next length as soon as it is longer than the one before allows; which of them are, so
        that the sum is the largest, is a linear program, and this the least of its dual.
        """
        steps = [(longer / SLOWED_LEAST, ordered) for longer, ordered in pairwise((0, *sorted(set(self.seconds))))]
        slopes = [(high - low) / (after - before) for (before, low), (after, high) in combinations(steps, 2)]
        most = (
            pieces * max(ordered - slope * longer for longer, ordered in steps) + slope * seconds
            for slope in (0.0, *slopes)
        )
        return math.floor(min(most) + 1e-6)


@dataclass(frozen=True, slots=True)
class Provider:
    """``settings`` are the ones that change results (temperature, quality), never keys or addresses.

    ``label`` is what people read in the colophon: "procedural picture", "gpt-5 via OpenAI". ``lengths``: of one who
    bills by them; they are no part of what makes results the same.
    """

    name: str
    model: str
    label: str
    settings: Mapping[str, str] = field(default_factory=dict)
    is_idempotent: bool = False
    lengths: Lengths | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call used. Cost is micro-dollars (a millionth of a dollar), 0 for embedded providers."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost_microdollars: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost_microdollars + other.cost_microdollars,
        )
