"""Utterances made into the sound of a page: trimmed, levelled, joined with pauses; every sentence timed to a sample.

Level: one gain a voice and page, to ``TARGET_LUFS``; a voice's own dynamics stay. The gain stops where the loudest
sample would pass ``CEILING_DBFS``, so nothing is ever clipped or squeezed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from overprint.core.narration import Cue, Line
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.narration.loudness import SILENCE_LUFS, loudness_lufs, peak_dbfs
from overprint.craft.narration.waves import Samples, Sound

TARGET_LUFS = -22.0
CEILING_DBFS = -3.0
GAIN_MAX_DB = 20.0
PAGE_SECONDS_MAX = 1_200

_LEAD_SECONDS, _TAIL_SECONDS = 0.3, 0.7
_BREATH_SECONDS, _SENTENCE_SECONDS, _PARAGRAPH_SECONDS, _HEADING_SECONDS = 0.06, 0.32, 0.55, 0.9
_SILENT = 10 ** (-46 / 20)
_KEEP_SECONDS, _FADE_SECONDS = 0.02, 0.006


@dataclass(frozen=True, slots=True)
class PageMix:
    """``cues`` follow one another and cover the whole sound. ``begins_seconds``: for each utterance of each line, when
    in the sound its own first sample would be, so that times in it become times here."""

    sound: Sound
    cues: tuple[Cue, ...]
    begins_seconds: tuple[tuple[float, ...], ...] = ()


def mix_page(lines: Sequence[Line], voices: Sequence[Sequence[str]], sounds: Sequence[Sequence[Sound]]) -> PageMix:
    """``voices`` and ``sounds``: for each line, the voice and the sound of each utterance; all of one rate.

    Raises ``Invalid`` when they do not fit together, ``LimitReached`` for a page of more than 20 minutes.
    """
    rates = {sound.rate_hz for line in sounds for sound in line}
    shapes = [len(line.utterances) for line in lines], list(map(len, voices)), list(map(len, sounds))
    if len(rates) != 1 or shapes[0] != shapes[1] or shapes[0] != shapes[2] or not lines:
        raise Invalid("These sounds do not belong to these sentences.", "Narrate the page again.")
    if sum(sound.duration_seconds for line in sounds for sound in line) > PAGE_SECONDS_MAX:
        raise LimitReached("This page takes more than 20 minutes to read aloud.", "Make two pages of it.")
    rate_hz = rates.pop()
    trimmed = [[trim(sound) for sound in line] for line in sounds]
    gains = _gains(voices, trimmed)
    track = _Track(rate_hz)
    track.rest(_LEAD_SECONDS)
    starts: list[int] = []
    begins: list[tuple[float, ...]] = []
    for number, line in enumerate(lines):
        if number:
            track.rest(_pause_seconds(lines[number - 1], line))
        starts.append(track.length)
        said = []
        for order, (voice, sound) in enumerate(zip(voices[number], trimmed[number], strict=True)):
            track.rest(_BREATH_SECONDS if order else 0)
            said.append((track.length - lead(sounds[number][order])) / rate_hz)
            track.add(sound.samples * np.float32(gains[voice]))
        begins.append(tuple(said))
    track.rest(_TAIL_SECONDS)
    return PageMix(track.sound(), _cues(lines, [0, *starts[1:], track.length], rate_hz), tuple(begins))


def trim(sound: Sound) -> Sound:
    """Without the silence around it, and with soft edges so that it does not click. All silence stays as it is."""
    loud = np.flatnonzero(np.abs(sound.samples) > _SILENT)
    if not len(loud):
        return sound
    keep = round(_KEEP_SECONDS * sound.rate_hz)
    kept = sound.samples[lead(sound) : loud[-1] + keep + 1].copy()
    fade = min(round(_FADE_SECONDS * sound.rate_hz), len(kept) // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    kept[:fade] *= ramp
    kept[len(kept) - fade :] *= ramp[::-1]
    return Sound(kept, sound.rate_hz)


def lead(sound: Sound) -> int:
    """How many samples of silence :func:`trim` takes away before it."""
    loud = np.flatnonzero(np.abs(sound.samples) > _SILENT)
    return max(0, int(loud[0]) - round(_KEEP_SECONDS * sound.rate_hz)) if len(loud) else 0


def _gains(voices: Sequence[Sequence[str]], sounds: Sequence[Sequence[Sound]]) -> dict[str, float]:
    """The factor for each voice."""
    said: dict[str, list[Sound]] = {}
    for line_voices, line_sounds in zip(voices, sounds, strict=True):
        for voice, sound in zip(line_voices, line_sounds, strict=True):
            said.setdefault(voice, []).append(sound)
    return {voice: _gain(_chained(parts)) for voice, parts in said.items()}


def _chained(parts: Sequence[Sound]) -> Sound:
    return Sound(np.concatenate([part.samples for part in parts]), parts[0].rate_hz)


def _gain(whole: Sound) -> float:
    measured = loudness_lufs(whole)
    if measured <= SILENCE_LUFS:
        return 1.0
    wanted_db = min(TARGET_LUFS - measured, GAIN_MAX_DB, CEILING_DBFS - peak_dbfs(whole))
    return float(10 ** (wanted_db / 20))


def _pause_seconds(before: Line, line: Line) -> float:
    if before.place == line.place:
        return _SENTENCE_SECONDS
    return _HEADING_SECONDS if before.place == 0 else _PARAGRAPH_SECONDS


def _cues(lines: Sequence[Line], edges: Sequence[int], rate_hz: int) -> tuple[Cue, ...]:
    spans = pairwise(edges)
    return tuple(
        Cue(line.place, line.first, line.last, start / rate_hz, end / rate_hz)
        for line, (start, end) in zip(lines, spans, strict=True)
    )


class _Track:
    """Samples end to end."""

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self.length = 0
        self._parts: list[Samples] = []

    def add(self, samples: Samples) -> None:
        self._parts.append(samples)
        self.length += len(samples)

    def rest(self, seconds: float) -> None:
        self.add(np.zeros(round(seconds * self.rate_hz), np.float32))

    def sound(self) -> Sound:
        return Sound(np.concatenate(self._parts), self.rate_hz)
