"""Curves over a shot: fitted into its time, and what becomes of those who are filmed."""

import math
from dataclasses import dataclass, replace

from overprint.core.motion import Curves, Moment
from overprint.craft.motion.idle import Stir

_PACE_MIN, _PACE_MAX = 0.5, 2.0
_TURN_SECONDS = 0.4
_LEAN_MAX, _STRETCH_MAX = 0.16, 0.06


@dataclass(frozen=True, slots=True)
class Following:
    """``curves`` over a shot of so many ``seconds``.

    Those that loop keep their own pace. Others go from their beginning to their end while the shot lasts, at twice
    their pace at most and at half of it at least: of longer ones the end is cut off, shorter ones go there and back.
    """

    curves: Curves
    seconds: float

    def at(self, seconds: float) -> Moment:
        """Where things are so long after the shot began."""
        if self.curves.loops:
            return self.curves.at(seconds)
        pace = min(_PACE_MAX, max(_PACE_MIN, self.curves.seconds / self.seconds))
        passed, whole = seconds * pace, self.curves.seconds
        if self.seconds * pace <= 1.01 * whole:
            return self.curves.at(passed)
        return self.curves.at(_there_and_back(passed, whole, min(whole / 2, _TURN_SECONDS * pace)))


def _there_and_back(passed: float, whole: float, soft: float) -> float:
    """Up to ``whole``, back to the beginning, and so on; around each turn, for so long, slower and slower."""
    legs, along = divmod(passed, whole)
    at = along if legs % 2 == 0 else whole - along
    if at > whole - soft:
        return whole - _rounded(whole - at, soft)
    return _rounded(at, soft) if legs > 0 and at < soft else at


def _rounded(distance: float, soft: float) -> float:
    """How far from a turn one still is: a parabola in place of its corner."""
    return (distance**2 + soft**2) / (2 * soft)


def carried(stir: Stir, moment: Moment, height: float) -> Stir:
    """How somebody of this ``height`` (world units) stirs who is moved besides: as far as feet can stay where they are
    they lean and bend, and beyond that they go along."""
    half = max(1.0, height / 2)
    lean, bend = _up_to(_LEAN_MAX, moment.sway / half), _up_to(_STRETCH_MAX, moment.bob / half)
    return replace(
        stir,
        dx=stir.dx + moment.sway - lean * half,
        dy=stir.dy + moment.bob - bend * half,
        lean=stir.lean + lean,
        stretch=stir.stretch * (1 - bend),
    )


def _up_to(most: float, value: float) -> float:
    return most * math.tanh(value / most)
