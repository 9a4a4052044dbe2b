"""The notes of a bed: chords that go round, a short tune that comes back, and an ending on the key."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from overprint.craft.music.moods import Chord, Manner, Player

RING_SECONDS = 3.0
"""How long the last chord is left to ring, in a bed that has time for it."""
_BEATS = 4
_RING_SHARE = 0.25  # of a short bed
_TUNE_BARS = 2
_LOUDNESS = {Player.PAD: 0.55, Player.STRINGS: 0.45, Player.BELL: 0.48, Player.PLUCK: 0.5, Player.BASS: 0.32}


@dataclass(frozen=True, slots=True)
class Note:
    """``pitch`` as a MIDI number; ``loudness`` 0 to 1; ``place`` from -1, all left, to 1."""

    player: Player
    start_seconds: float
    seconds: float
    pitch: int
    loudness: float
    place: float = 0.0


@dataclass(frozen=True, slots=True)
class Score:
    notes: tuple[Note, ...]
    bar_seconds: float


def compose(manner: Manner, seconds: float, seed: int) -> Score:
    """Whole bars and a last chord that take exactly ``seconds``: the pace gives way a little."""
    chance = random.Random(seed * 7919 + manner.key)
    ring = min(RING_SECONDS, _RING_SHARE * seconds)
    bars = max(1, round((seconds - ring) * manner.beats_a_minute / 60 / _BEATS))
    bar = (seconds - ring) / bars
    tune = _tune(manner, chance)
    notes = [note for number in range(bars) for note in _bar(manner, tune, number, bars, bar, chance)]
    return Score((*notes, *_ending(manner, bars * bar, ring)), bar)


Tune = tuple[tuple[float, int, float], ...]
"""Beat, step of the scale above the chord's note, loudness."""


def _tune(manner: Manner, chance: random.Random) -> Tune:
    """On strong beats the chord itself, between them a neighbour; the first beat always sounds."""
    notes, step = [], chance.choice((0, 2, 4))
    for half in range(_TUNE_BARS * _BEATS * 2):
        beat, is_strong = half / 2, half % 4 == 0
        if half == 0 or chance.random() < manner.density * (1.0 if half % 2 == 0 else 0.45):
            notes.append((beat, step, 1.0 if is_strong else 0.72))
        step = max(-2, min(7, step + chance.choice((-2, -1, -1, 1, 1, 2))))
    return tuple(notes)


def _bar(manner: Manner, tune: Tune, number: int, bars: int, bar: float, chance: random.Random) -> Iterator[Note]:
    chord = manner.chords[number % len(manner.chords)]
    at = number * bar
    yield from _ground(manner, chord, at, bar)
    yield Note(Player.BASS, at, bar, manner.key - 12 + chord[0], _LOUDNESS[Player.BASS])
    if manner.pulse:
        yield from _pulse(manner, chord, at, bar)
    is_rest = (number == 0 and bars > 2) or number % 8 == 7  # it begins without the tune, which breathes now and then
    if is_rest:
        return
    part = number % _TUNE_BARS * _BEATS
    for beat, step, loudness in tune:
        if part <= beat < part + _BEATS:
            late = chance.gauss(0, 0.006)
            start = max(0.0, at + (beat - part) * bar / _BEATS + late)
            pitch = _nearest(manner, chord, step) + manner.octave
            yield Note(
                manner.melody,
                start,
                bar / _BEATS * 1.6,
                pitch,
                loudness * _LOUDNESS[manner.melody],
                chance.uniform(-0.4, 0.4),
            )


def _ground(manner: Manner, chord: Chord, at: float, long: float) -> Iterator[Note]:
    loudness = _LOUDNESS[manner.ground] / len(chord)
    for number, above in enumerate(chord):
        place = -0.5 + number / max(1, len(chord) - 1)
        yield Note(manner.ground, at, long, manner.key + above, loudness, place)


def _pulse(manner: Manner, chord: Chord, at: float, bar: float) -> Iterator[Note]:
    half = bar / _BEATS / 2
    for number in range(_BEATS * 2):
        above = chord[number % len(chord)]
        loudness = manner.pulse * 0.22 * (1.0 if number % 2 == 0 else 0.7)
        yield Note(Player.PLUCK, at + number * half, half * 1.5, manner.key + above, loudness, 0.3 - 0.6 * (number % 2))


def _nearest(manner: Manner, chord: Chord, step: int) -> int:
    """``step`` notes of the scale above the lowest note of the chord."""
    ladder: Sequence[int] = [12 * octave + tone for octave in range(-2, 4) for tone in manner.scale]
    base = min(range(len(ladder)), key=lambda at: abs(ladder[at] - chord[0]))
    return manner.key + ladder[base + step]


def _ending(manner: Manner, at: float, ring: float) -> Iterator[Note]:
    yield from _ground(manner, manner.home, at, ring)
    yield Note(Player.BASS, at, ring, manner.key - 12 + manner.home[0], _LOUDNESS[Player.BASS])
    yield Note(manner.melody, at, ring, manner.key + manner.octave, _LOUDNESS[manner.melody])
