"""What moves by itself: people breathe, blink and sway, water heaves, clouds drift, leaves stir, light flickers."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from overprint.core.film import LIVELINESS

BLINK_SECONDS = 0.13
_BLINK_EVERY_SECONDS = 3.1
_NAMES_MAX = 256


@dataclass(frozen=True, slots=True)
class Stir:
    """How a sprite differs from rest: moved (world units), stretched upright, leaning and turned around its foot."""

    dx: float = 0.0
    dy: float = 0.0
    stretch: float = 1.0
    lean: float = 0.0
    turn_degrees: float = 0.0
    opacity: float = 1.0


REST = Stir()


def stir_of(name: str, seconds: float, phase: float, liveliness: float = LIVELINESS) -> Stir:
    """How the layer ``name`` stirs at a moment; ``phase`` keeps two of a kind from moving alike."""
    stir = _stir_named(name)
    return _as_lively(stir(seconds, phase), liveliness / LIVELINESS) if stir else REST


@lru_cache(_NAMES_MAX)
def _stir_named(name: str) -> Callable[[float, float], Stir] | None:
    """Asked for every layer of every frame."""
    return next((stir for beginning, stir in _STIRS if name.startswith(beginning)), None)


def _as_lively(stir: Stir, times: float) -> Stir:
    if times == 1:
        return stir
    return Stir(
        stir.dx * times,
        stir.dy * times,
        1 + (stir.stretch - 1) * times,
        stir.lean * times,
        stir.turn_degrees * times,
        1 - (1 - stir.opacity) * min(1.0, times),
    )


def is_blinking(seconds: float, phase: float) -> bool:
    """Nobody begins a shot with closed eyes."""
    return seconds > 0.4 and (seconds + phase * _BLINK_EVERY_SECONDS) % _BLINK_EVERY_SECONDS < BLINK_SECONDS


def _wave(seconds: float, period_seconds: float, phase: float) -> float:
    return math.sin(2 * math.pi * (seconds / period_seconds + phase))


def _person(seconds: float, phase: float) -> Stir:
    return Stir(
        stretch=1 + 0.011 * _wave(seconds, 3.3, phase),
        lean=0.014 * _wave(seconds, 4.7, phase + 0.3),
        turn_degrees=0.55 * _wave(seconds, 5.9, phase),
    )


def _asleep(seconds: float, phase: float) -> Stir:
    return Stir(stretch=1 + 0.014 * _wave(seconds, 4.2, phase))


def _water(seconds: float, phase: float) -> Stir:
    return Stir(dx=11 * _wave(seconds, 5.2, phase), dy=4 * _wave(seconds, 3.7, phase + 0.4))


def _boat(seconds: float, phase: float) -> Stir:
    return Stir(
        dx=3 * _wave(seconds, 5.2, phase),
        dy=7 * _wave(seconds, 3.7, phase),
        turn_degrees=1.3 * _wave(seconds, 4.3, phase),
    )


def _cloud(seconds: float, phase: float) -> Stir:
    return Stir(dx=26 * _wave(seconds, 44.0, phase * 0.2), dy=1.5 * _wave(seconds, 9.0, phase))


def _plant(seconds: float, phase: float) -> Stir:
    return Stir(lean=0.016 * _wave(seconds, 4.1, phase))


def _flock(seconds: float, phase: float) -> Stir:
    return Stir(dx=24 * _wave(seconds, 12.0, phase), dy=9 * _wave(seconds, 4.5, phase))


def _mote(seconds: float, phase: float) -> Stir:
    glow = 0.72 + 0.28 * _wave(seconds, 2.6, phase)
    return Stir(dx=7 * _wave(seconds, 7.0, phase), dy=-12 * _wave(seconds, 8.5, phase + 0.2), opacity=glow)


def _light(seconds: float, phase: float) -> Stir:
    return Stir(opacity=0.86 + 0.14 * _wave(seconds, 3.4, phase))


def _fog(seconds: float, phase: float) -> Stir:
    return Stir(dx=40 * _wave(seconds, 26.0, phase))


def _rings(seconds: float, phase: float) -> Stir:
    return Stir(opacity=0.6 + 0.4 * _wave(seconds, 0.9, phase))


def _hanging(seconds: float, phase: float) -> Stir:
    return Stir(dy=6 * _wave(seconds, 3.4, phase), turn_degrees=2.2 * _wave(seconds, 4.4, phase))


_STIRS: tuple[tuple[str, Callable[[float, float], Stir]], ...] = (
    ("actor-", _person),
    ("sleeper", _asleep),
    ("boat", _boat),
    ("prop-boat afloat", _boat),
    ("prop-balloon", _hanging),
    ("prop-kite", _hanging),
    ("prop-star", _hanging),
    ("wave-", _water),
    ("water-", _water),
    ("front-", _water),
    ("clouds", _cloud),
    ("wisps", _cloud),
    ("trees", _plant),
    ("frame", _plant),
    ("tufts", _plant),
    ("undergrowth", _plant),
    ("near kelp", _plant),
    ("reef", _plant),
    ("gulls", _flock),
    ("birds", _flock),
    ("eagles", _flock),
    ("butterflies", _flock),
    ("shoal", _flock),
    ("bubbles", _mote),
    ("motes", _mote),
    ("rays", _light),
    ("beams", _light),
    ("light", _light),
    ("daylight", _light),
    ("fog", _fog),
    ("puddles", _rings),
)
