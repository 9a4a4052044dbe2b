"""What each mood sounds like, as data: a key, a pace, chords, and who plays how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from overprint.core.film import Mood
from overprint.core.story import Tone

Chord = tuple[int, ...]
"""Semitones above the key note, the bass first."""


class Player(StrEnum):
    PAD = "pad"
    STRINGS = "strings"
    BELL = "bell"
    PLUCK = "pluck"
    BASS = "bass"


@dataclass(frozen=True, slots=True)
class Manner:
    """``key`` as a MIDI number (69 is the A of 440 Hz); ``scale``: its semitones. ``chords`` go round, one a bar;
    ``home`` ends it. ``melody`` is who plays it, ``density`` how many of its beats (0 to 1) sound, ``octave`` how many
    semitones above the key it lies. ``pulse``: short notes of the chord on every half beat, this loud (0: none).
    ``room_seconds``: how long the room rings."""

    key: int
    scale: tuple[int, ...]
    chords: tuple[Chord, ...]
    home: Chord
    beats_a_minute: float
    ground: Player
    melody: Player
    density: float
    octave: int
    pulse: float
    room_seconds: float


_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
_FIVE, _LYDIAN = (0, 2, 4, 7, 9), (0, 2, 4, 6, 7, 9, 11)

MANNERS: Mapping[Mood, Manner] = {
    Mood.CALM: Manner(
        key=57,
        scale=_FIVE,
        chords=((0, 4, 7, 11), (-3, 0, 4, 7), (-7, -3, 0, 4), (-5, -1, 2, 7)),
        home=(0, 4, 7, 12),
        beats_a_minute=66,
        ground=Player.PAD,
        melody=Player.BELL,
        density=0.42,
        octave=12,
        pulse=0.0,
        room_seconds=1.8,
    ),
    Mood.PLAYFUL: Manner(
        key=60,
        scale=_MAJOR,
        chords=((0, 4, 7), (5, 9, 12), (-3, 0, 4), (-5, -1, 2)),
        home=(0, 4, 7, 12),
        beats_a_minute=104,
        ground=Player.PAD,
        melody=Player.PLUCK,
        density=0.62,
        octave=12,
        pulse=0.45,
        room_seconds=0.9,
    ),
    Mood.DREAMY: Manner(
        key=62,
        scale=_LYDIAN,
        chords=((0, 4, 7, 11), (2, 6, 9, 14), (-3, 0, 4, 11), (-5, 2, 7, 11)),
        home=(0, 4, 7, 11),
        beats_a_minute=58,
        ground=Player.PAD,
        melody=Player.BELL,
        density=0.34,
        octave=12,
        pulse=0.0,
        room_seconds=3.0,
    ),
    Mood.TENSE: Manner(
        key=50,
        scale=_MINOR,
        chords=((0, 3, 7), (0, 3, 8), (-2, 2, 5), (0, 3, 7, 10)),
        home=(0, 7, 12),
        beats_a_minute=84,
        ground=Player.STRINGS,
        melody=Player.PLUCK,
        density=0.22,
        octave=12,
        pulse=0.7,
        room_seconds=1.6,
    ),
    Mood.GRAND: Manner(
        key=55,
        scale=_MAJOR,
        chords=((0, 4, 7, 12), (-5, 2, 7, 11), (-3, 4, 9, 12), (-7, 0, 5, 9)),
        home=(0, 4, 7, 12),
        beats_a_minute=72,
        ground=Player.STRINGS,
        melody=Player.STRINGS,
        density=0.5,
        octave=12,
        pulse=0.25,
        room_seconds=2.4,
    ),
}

_FITTING = {Tone.WARM: Mood.CALM, Tone.FUNNY: Mood.PLAYFUL, Tone.BRAVE: Mood.GRAND, Tone.DREAMY: Mood.DREAMY}


def fitting(mood: Mood, tone: Tone) -> Mood:
    """Another than ``FITTING``: as ``tone`` asks."""
    return _FITTING[tone] if mood is Mood.FITTING else mood
