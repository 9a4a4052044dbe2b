"""A finished film, looked at and listened to: is it what was meant?

Pictures are judged by their keyframes, of which there is one a second and one at the start of every scene; sound by all
of its samples.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from overprint.core.checks import FilmChecks
from overprint.craft.editing.mixing import RATE_HZ, TARGET_LUFS
from overprint.craft.editing.opening import opened
from overprint.craft.editing.truepeak import true_peak_dbtp
from overprint.craft.narration.loudness import SILENCE_LUFS, channels_lufs
from overprint.craft.narration.waves import Samples

SYNC_SECONDS_MAX = 0.04
BLACK_SECONDS_MAX, STILL_SECONDS_MAX = 1.5, 4.0
LOUDNESS_TOLERANCE_LU, PEAK_DBTP_MAX = 1.0, -1.0
_BLACK_LUMA, _MOVED_LUMA = 20.0, 2
_SILENT, _SILENT_STEP_SECONDS = 10 ** (-60 / 20), 0.1
_THUMB_PX = 12
_BT709 = 1

Thumb = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Meant:
    """What the film was to be."""

    width_px: int
    height_px: int
    fps: int
    frames: int


def probed(film: Path, meant: Meant) -> FilmChecks:
    """Raises ``Invalid`` for what is no film at all; everything else is among the problems or notes."""
    keyframes = list(_keyframes(film))
    sound, sound_begins = _sound(film)
    loudness = channels_lufs(sound, RATE_HZ)
    with opened(film, "Render the film again.") as source:
        stream = source.streams.video[0]
        coder = stream.codec_context
        times = _times(source)
        rate = float(stream.average_rate or 0)
        seconds = max(times, default=0.0) + (1 / rate if rate else 0.0)
        tags = (coder.colorspace, coder.color_primaries, coder.color_trc)
        checks = FilmChecks(
            seconds=round(seconds, 3),
            width_px=stream.width,
            height_px=stream.height,
            fps=round(rate, 3),
            frames=len(times),
            video=coder.name,
            audio=source.streams.audio[0].codec_context.name if source.streams.audio else "",
            pixels=coder.pix_fmt or "",
            colours="bt709" if tags == (_BT709,) * 3 else "unknown",
            is_faststart=_is_faststart(film),
            sync_seconds=round(
                max(abs(min(times, default=0.0) - sound_begins), abs(seconds - sound.shape[1] / RATE_HZ)), 4
            ),
            loudness_lufs=round(loudness, 2),
            peak_dbtp=round(true_peak_dbtp(sound), 2),
            black_seconds=_stretch([(at, thumb.mean() < _BLACK_LUMA) for at, thumb in keyframes], seconds),
            still_seconds=_stretch(_stills(keyframes), seconds),
            silent_seconds=_silence(sound),
        )
    return replace(checks, problems=tuple(_problems(checks, meant)), notes=tuple(_notes(checks)))


def _problems(checks: FilmChecks, meant: Meant) -> Iterator[str]:
    if (checks.width_px, checks.height_px) != (meant.width_px, meant.height_px):
        yield f"It has {checks.width_px} × {checks.height_px} pixels instead of {meant.width_px} × {meant.height_px}."
    if checks.frames != meant.frames or checks.fps != meant.fps:
        yield f"It has {checks.frames} frames at {checks.fps} a second instead of {meant.frames} at {meant.fps}."
    if (checks.video, checks.audio, checks.pixels) != ("h264", "aac", "yuv420p"):
        yield f"It is {checks.video} and {checks.audio or 'no sound'} in {checks.pixels}, which not every player plays."
    if checks.colours != "bt709":
        yield "It does not say what its colours are."
    if not checks.is_faststart:
        yield "It cannot be played before all of it is there."
    if checks.sync_seconds > SYNC_SECONDS_MAX:
        yield f"Its pictures and its sound are {checks.sync_seconds:.3f} s apart."


def _notes(checks: FilmChecks) -> Iterator[str]:
    """A person's own picture may be dark, a camera may rest, a voice may be low: no reason to keep a film from them."""
    if checks.black_seconds > BLACK_SECONDS_MAX:
        yield f"It is black for {checks.black_seconds:.1f} s."
    if checks.still_seconds > STILL_SECONDS_MAX:
        yield f"Nothing moves for {checks.still_seconds:.1f} s."
    is_heard = checks.loudness_lufs > SILENCE_LUFS
    if is_heard and abs(checks.loudness_lufs - TARGET_LUFS) > LOUDNESS_TOLERANCE_LU:
        yield f"Its loudness is {checks.loudness_lufs:.1f} LUFS instead of {TARGET_LUFS:.0f}."
    if checks.peak_dbtp > PEAK_DBTP_MAX:
        yield f"Its sound rises to {checks.peak_dbtp:.1f} dBTP, where players begin to clip."


def _times(source: av.container.InputContainer) -> list[float]:
    """When each frame is shown."""
    stream = source.streams.video[0]
    return [
        float(packet.pts * packet.time_base)
        for packet in source.demux(stream)
        if packet.pts is not None and packet.time_base is not None
    ]


def _keyframes(film: Path) -> Iterator[tuple[float, Thumb]]:
    with opened(film, "Render the film again.") as source:
        stream = source.streams.video[0]
        stream.codec_context.skip_frame = "NONKEY"
        stream.codec_context.thread_count = 1
        for frame in source.decode(stream):
            luma = frame.reformat(format="gray", interpolation="AREA", width=_THUMB_PX * 8, height=_THUMB_PX * 8)
            yield frame.time or 0.0, luma.to_ndarray().astype(np.int16)


def _stills(keyframes: Sequence[tuple[float, Thumb]]) -> list[tuple[float, bool]]:
    """Of each keyframe, whether the next one looks the same."""
    pairs = pairwise(keyframes)
    return [(at, bool(np.abs(after - before).max() <= _MOVED_LUMA)) for (at, before), (_, after) in pairs]


def _stretch(marked: Sequence[tuple[float, bool]], end: float) -> float:
    """The longest time in which all are marked."""
    longest, begun = 0.0, None
    for at, is_marked in [*marked, (end, False)]:
        if is_marked and begun is None:
            begun = at
        elif not is_marked and begun is not None:
            longest, begun = max(longest, at - begun), None
    return round(longest, 2)


def _sound(film: Path) -> tuple[Samples, float]:
    """Two rows of samples, and when the first one is heard."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE_HZ)
    parts: list[Samples] = []
    begins = 0.0
    with opened(film, "Render the film again.") as source:
        if source.streams.audio:
            for frame in source.decode(audio=0):
                begins = begins if parts else frame.time or 0.0
                parts += [np.asarray(part.to_ndarray(), np.float32) for part in resampler.resample(frame)]
            parts += [np.asarray(part.to_ndarray(), np.float32) for part in resampler.resample(None)]
    return (np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), np.float32)), begins


def _silence(sound: Samples) -> float:
    step = round(_SILENT_STEP_SECONDS * RATE_HZ)
    count = sound.shape[1] // step
    loud = np.abs(sound[:, : count * step]).max(axis=0, initial=0.0).reshape(count, step).max(axis=1, initial=0.0)
    marks = [(number * _SILENT_STEP_SECONDS, bool(level < _SILENT)) for number, level in enumerate(loud)]
    return _stretch(marks, count * _SILENT_STEP_SECONDS)


def _is_faststart(film: Path) -> bool:
    """Whether the index stands before what it is the index of."""
    with film.open("rb") as file:
        at = 0
        while len(head := file.read(16)) >= 8:
            size, name = int.from_bytes(head[:4]), head[4:8]
            if name in (b"moov", b"mdat"):
                return name == b"moov"
            if size == 1:
                size = int.from_bytes(head[8:])
            if size < 8:
                return False
            at += size
            file.seek(at)
    return False
