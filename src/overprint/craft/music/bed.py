"""A bed of music: the score played, in a room."""

import numpy as np

from overprint.core.film import Mood
from overprint.craft.music.moods import MANNERS
from overprint.craft.music.players import RATE_HZ, played
from overprint.craft.music.score import Note, compose
from overprint.craft.narration.waves import Samples

PEAK = 0.5
SECONDS_LEAST = 2.0
_FADE_IN_SECONDS, _FADE_OUT_SECONDS = 0.6, 1.6
_DRY, _WET = 0.72, 0.34
_SECTION = 1 << 18


def bed(mood: Mood, seconds: float, seed: int) -> Samples:
    """Two rows, left and right, of exactly so many seconds at 48 kHz; the highest sample is ``PEAK``. Silence for
    ``Mood.NONE`` and for less than two seconds. ``mood`` is not ``FITTING``."""
    count = round(seconds * RATE_HZ)
    if mood is Mood.NONE or seconds < SECONDS_LEAST:
        return np.zeros((2, count), np.float32)
    manner = MANNERS[mood]
    dry = np.zeros((2, count), np.float32)
    for note in compose(manner, seconds, seed).notes:
        _add(dry, note)
    sound = _in_room(dry, manner.room_seconds)
    sound -= sound.mean(axis=1, keepdims=True)
    sound *= _fades(count)
    highest = float(np.abs(sound).max())
    return np.asarray(sound * np.float32(PEAK / highest if highest else 0.0), np.float32)


def _add(track: Samples, note: Note) -> None:
    at = round(note.start_seconds * RATE_HZ)
    wave = played(note.player, note.pitch, round(note.seconds * 1000))[: max(0, track.shape[1] - at)]
    angle = (note.place + 1) * np.pi / 4
    for row, share in enumerate((np.cos(angle), np.sin(angle))):
        track[row, at : at + len(wave)] += wave * np.float32(share * note.loudness)


def _in_room(dry: Samples, room_seconds: float) -> Samples:
    """With its echo: noise that dies away, another on each side. Convolved a section at a time."""
    count = round(room_seconds * RATE_HZ)
    noise = np.random.default_rng(7).standard_normal((2, count)).astype(np.float32)
    softer = np.cumsum(noise, axis=1)  # fewer highs, as walls give back
    noise[:, 8:] = (softer[:, 8:] - softer[:, :-8]) / 8
    noise *= np.exp(-6.9 * np.arange(count, dtype=np.float32) / count)
    noise *= np.minimum(1, np.arange(count, dtype=np.float32) / (0.012 * RATE_HZ))
    noise /= np.sqrt((noise**2).sum(axis=1, keepdims=True))
    wet = np.zeros((2, dry.shape[1] + count), np.float32)
    size = 1 << (_SECTION + count - 1).bit_length()
    for row in range(2):
        room = np.fft.rfft(noise[row], size)
        for at in range(0, dry.shape[1], _SECTION):
            part = np.fft.irfft(np.fft.rfft(dry[row, at : at + _SECTION], size) * room, size)
            end = min(wet.shape[1], at + _SECTION + count)
            wet[row, at:end] += part[: end - at].astype(np.float32)
    return np.asarray(_DRY * dry + _WET * wet[:, : dry.shape[1]], np.float32)


def _fades(count: int) -> Samples:
    clock = np.arange(count, dtype=np.float32) / RATE_HZ
    rest = (count - 1) / RATE_HZ - clock
    coming = np.minimum(1, clock / min(_FADE_IN_SECONDS, count / RATE_HZ / 4))
    going = np.minimum(1, rest / min(_FADE_OUT_SECONDS, count / RATE_HZ / 2))
    return np.asarray(coming * np.sin(np.clip(going, 0, 1) * np.pi / 2) ** 2, np.float32)
