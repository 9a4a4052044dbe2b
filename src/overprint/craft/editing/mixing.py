"""The sound of a film: every scene's narration at its place, as loud as films are on the net."""

import io
from collections.abc import Sequence

import av
import numpy as np

from overprint.core.problems import Invalid
from overprint.craft.narration.loudness import SILENCE_LUFS, loudness_lufs, peak_dbfs
from overprint.craft.narration.waves import Samples, Sound

RATE_HZ = 48_000
TARGET_LUFS = -16.0
CEILING_DBFS = -1.5
_GAIN_MAX_DB = 24.0
_SOFT_SHARE = 0.7  # of the ceiling: louder samples are rounded off


def mixed(sounds: Sequence[tuple[float, bytes]], seconds: float) -> Sound:
    """``sounds``: when each begins, and its M4A file. One channel, exactly so long. Raises ``Invalid``."""
    track = np.zeros(round(seconds * RATE_HZ), np.float32)
    for start_seconds, data in sounds:
        samples = _decoded(data)
        at = round(start_seconds * RATE_HZ)
        kept = samples[: max(0, len(track) - at)]
        track[at : at + len(kept)] += kept
    return _levelled(Sound(track, RATE_HZ))


def _levelled(sound: Sound) -> Sound:
    """To ``TARGET_LUFS``. Single peaks are rounded off rather than keeping the whole film quiet."""
    measured = loudness_lufs(sound)
    if measured <= SILENCE_LUFS:
        return sound
    for _ in range(3):  # rounding off takes a little loudness, which is given back
        gain_db = min(_GAIN_MAX_DB, TARGET_LUFS - measured)
        louder = Sound(_rounded(sound.samples * np.float32(10 ** (gain_db / 20))), RATE_HZ)
        heard = loudness_lufs(louder)
        if abs(heard - TARGET_LUFS) < 0.1 or gain_db == _GAIN_MAX_DB:
            break
        measured -= TARGET_LUFS - heard
    assert peak_dbfs(louder) <= CEILING_DBFS + 0.01
    return louder


def _rounded(samples: Samples) -> Samples:
    ceiling = np.float32(10 ** (CEILING_DBFS / 20))
    knee = _SOFT_SHARE * ceiling
    over = np.abs(samples) > knee
    room = ceiling - knee
    loud = samples[over]
    out = samples.copy()
    out[over] = np.sign(loud) * (knee + room * np.tanh((np.abs(loud) - knee) / room))
    return out


def _decoded(data: bytes) -> Samples:
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)
    parts: list[Samples] = []
    try:
        with av.open(io.BytesIO(data), "r", format="mp4") as source:
            for frame in source.decode(audio=0):
                parts += [part.to_ndarray()[0] for part in resampler.resample(frame)]
            parts += [part.to_ndarray()[0] for part in resampler.resample(None)]
    except (av.FFmpegError, IndexError, ValueError):
        raise Invalid("The narration of a scene cannot be read.", "Speak it again.") from None
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)
