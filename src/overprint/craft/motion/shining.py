"""How lights live: fires flicker, stars twinkle, a lighthouse goes round, the sun rises a little, lightning strikes.

Nothing flashes more than three times in a second, however much of the picture it is (WCAG 2.3.1): what flickers has no
wave faster than two a second, and a bolt strikes twice at most, seconds after the one before.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from overprint.core.scene import Scene, Time
from overprint.craft.drawing.nodes import Shine
from overprint.craft.drawing.rng import Dice


@dataclass(frozen=True, slots=True)
class Gleam:
    """A light at a moment: how much of it is seen, how far it is from where it was drawn (world units), and how much
    wider, taller and leaning around its foot."""

    opacity: float
    dx: float = 0.0
    dy: float = 0.0
    wide: float = 1.0
    tall: float = 1.0
    lean: float = 0.0


Life = Callable[[float], Gleam]
"""What a light does at so many seconds after a shot began."""

LIFTED = frozenset({Shine.FLAME, Shine.BEAM, Shine.DISC})
"""What moves is taken out of the picture. Other light is laid over what was drawn of it."""
_TURN_SECONDS = 9.0
_SIDEWAYS = 0.26
"""A beam is as short as this when it goes out: it points at us, or away."""
_DRIFT, _DRIFT_MAX = 2.4, 15.0  # world units a second, and at most from where it was drawn
_RISES: Mapping[Time, tuple[float, float]] = {
    Time.DAWN: (0.35, -1.0),
    Time.DAY: (0.8, -0.2),
    Time.GOLDEN: (0.35, 0.9),
    Time.DUSK: (0.3, 0.9),
    Time.NIGHT: (0.8, -0.35),
}


def life_of(shine: Shine, scene: Scene, seed: int, seconds: float, key: str, lively: float) -> Life:
    """``key`` keeps two of a kind from doing the same; ``lively``: how much of it all there is to be, 1 as usual."""
    phase = Dice("light", seed, key).between(0, 1)
    if shine is Shine.DISC:
        return _drifting(scene.time, seconds, lively)
    if shine in (Shine.BEAM, Shine.LENS):
        around = Dice("lighthouse", seed).between(0, 1)
        return _beam(around) if shine is Shine.BEAM else _lens(around)
    return _LIVES[shine](phase, min(2.0, lively))


def _wave(seconds: float, hertz: float, phase: float) -> float:
    return math.sin(2 * math.pi * (hertz * seconds + phase))


def _flicker(seconds: float, phase: float) -> float:
    """-1 to 1, never alike for long."""
    slow, quick = _wave(seconds, 0.83, phase), _wave(seconds, 1.37, 2.7 * phase)
    return 0.4 * slow + 0.35 * quick + 0.25 * _wave(seconds, 1.93, 5.1 * phase)


def _flame(phase: float, lively: float) -> Life:
    """Small, so it may lick faster than its light may flicker."""

    def life(seconds: float) -> Gleam:
        licks = 0.6 * _wave(seconds, 2.3, phase) + 0.4 * _wave(seconds, 3.7, 3.3 * phase)
        blown = 0.6 * _wave(seconds, 1.1, 1.9 * phase) + 0.4 * _wave(seconds, 2.9, 4.7 * phase)
        return Gleam(1.0, wide=1 - 0.06 * licks * lively, tall=1 + 0.13 * licks * lively, lean=0.13 * blown * lively)

    return life


def _fire(phase: float, lively: float) -> Life:
    def life(seconds: float) -> Gleam:
        much = _flicker(seconds, phase)
        grown = 1.15 + 0.06 * much * lively
        return Gleam(0.3 + 0.27 * much * lively, wide=grown, tall=grown)

    return life


def _candle(phase: float, lively: float) -> Life:
    def life(seconds: float) -> Gleam:
        much = _flicker(0.8 * seconds, phase)
        return Gleam(0.24 + 0.22 * much * lively, wide=1.12, tall=1.12)

    return life


def _window(phase: float, lively: float) -> Life:
    def life(seconds: float) -> Gleam:
        return Gleam(_step((_wave(seconds, 1 / 13, phase) - 0.05) / 0.22))

    return life


def _twinkle(phase: float, lively: float) -> Life:
    def life(seconds: float) -> Gleam:
        much = max(0.0, _wave(seconds, 0.31 + 0.11 * phase, phase)) ** 2
        grown = 0.85 + 0.35 * much
        return Gleam(0.75 * much * lively, wide=grown, tall=grown)

    return life


def _glint(phase: float, lively: float) -> Life:
    def life(seconds: float) -> Gleam:
        much = max(0.0, _wave(seconds, 0.47, phase))
        return Gleam(0.95 * much * math.sqrt(much) * lively, dx=5 * _wave(seconds, 0.31, phase))

    return life


_LIVES: Mapping[Shine, Callable[[float, float], Life]] = {
    Shine.FLAME: _flame,
    Shine.FIRE: _fire,
    Shine.CANDLE: _candle,
    Shine.WINDOW: _window,
    Shine.TWINKLE: _twinkle,
    Shine.GLINT: _glint,
}


def _beam(around: float) -> Life:
    def life(seconds: float) -> Gleam:
        across = abs(math.cos(2 * math.pi * (seconds / _TURN_SECONDS + around)))
        return Gleam(_step((across - _SIDEWAYS) / 0.4), wide=max(_SIDEWAYS, across))

    return life


def _lens(around: float) -> Life:
    def life(seconds: float) -> Gleam:
        towards = abs(math.sin(2 * math.pi * (seconds / _TURN_SECONDS + around)))
        grown = 1 + 0.9 * towards**8
        return Gleam(0.9 * towards**6, wide=grown, tall=grown)

    return life


def _drifting(time: Time, seconds: float, lively: float) -> Life:
    """In the middle of the shot it is where it was drawn."""
    right, down = _RISES[time]

    def life(at: float) -> Gleam:
        way = _DRIFT_MAX * math.tanh(_DRIFT * lively * (at - seconds / 2) / _DRIFT_MAX)
        return Gleam(1.0, dx=right * way, dy=down * way)

    return life


def _step(share: float) -> float:
    """From 0 to 1, softly."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)
