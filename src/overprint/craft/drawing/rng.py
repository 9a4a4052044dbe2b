"""Seeded chance. Everything random in a picture comes from a :class:`Dice`, so a seed fixes every pixel."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Dice:
    """A stream of choices fixed by its key. Streams with different keys are independent of each other."""

    def __init__(self, *key: object) -> None:
        self._key = key
        text = "\x1f".join(str(part) for part in key).encode("utf-8", "replace")
        number = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
        self.generator = np.random.Generator(np.random.PCG64(number))

    def child(self, *names: object) -> "Dice":
        """A stream of its own for a part, so that adding a flower here moves no cloud there."""
        return Dice(*self._key, *names)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * float(self.generator.random())

    def around(self, centre: float, spread: float) -> float:
        """Normally distributed."""
        return centre + spread * float(self.generator.standard_normal())

    def chance(self, probability: float) -> bool:
        return float(self.generator.random()) < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number, ``low`` to ``high`` inclusive."""
        return int(self.generator.integers(low, high + 1))

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.generator.integers(len(options)))]

    def sign(self) -> int:
        return 1 if self.chance(0.5) else -1

    def many(self, count: int, low: float, high: float) -> list[float]:
        values: list[float] = (low + (high - low) * self.generator.random(count)).tolist()
        return values
