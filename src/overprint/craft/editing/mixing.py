"""The sound of a film: every scene's narration at its place, music that makes way for it, as loud as films are on the
net."""

import io
from collections.abc import Sequence
from fractions import Fraction

import av
import numpy as np
from av.codec.context import Flags

from overprint.core.problems import Invalid
from overprint.craft.narration.aac import FRAME_SAMPLES, audio_file
from overprint.craft.narration.loudness import SILENCE_LUFS, channels_lufs
from overprint.craft.narration.waves import Samples

RATE_HZ = 48_000
TARGET_LUFS = -16.0
CEILING_DBFS = -2.0
"""Of samples; between them a wave may rise a little higher, and it does once more when it is encoded."""
DUCK_DB = 11.0
"""So much softer is the music while somebody speaks."""
_BED_BELOW_LU = 7.0  # softer than the voice, even where it is alone
_GAIN_MAX_DB = 24.0
_BITS_A_SECOND = 160_000
_SOFT_SHARE = 0.7  # of the ceiling: louder samples are rounded off
_STEP_SECONDS, _SPEECH_SHARE = 0.02, 0.05
_AHEAD_SECONDS, _HOLD_SECONDS = 0.24, 0.45  # it makes way before a word, and not anew for every pause
_ATTACK_SECONDS, _RELEASE_SECONDS = 0.09, 0.5


def mixed(sounds: Sequence[tuple[float, bytes]], seconds: float, bed: Samples | None = None) -> Samples:
    """``sounds``: when each begins, and its M4A file. ``bed``: music, two rows of as many samples. Answers two rows,
    left and right, exactly so long. Raises ``Invalid``."""
    voice = np.zeros(round(seconds * RATE_HZ), np.float32)
    for start_seconds, data in sounds:
        samples = _decoded(data)
        at = round(start_seconds * RATE_HZ)
        kept = samples[: max(0, len(voice) - at)]
        voice[at : at + len(kept)] += kept
    both = np.tile(voice, (2, 1))
    if bed is not None:
        both += ducked(_matched(bed, both), voice)
    return levelled(both)


def _matched(bed: Samples, voice: Samples) -> Samples:
    """As loud as it is to be where nobody speaks."""
    spoken, played = channels_lufs(voice, RATE_HZ), channels_lufs(bed, RATE_HZ)
    if played <= SILENCE_LUFS or spoken <= SILENCE_LUFS:
        return bed
    return bed * np.float32(10 ** ((spoken - _BED_BELOW_LU - played) / 20))


def ducked(bed: Samples, voice: Samples) -> Samples:
    """``bed``, softer by ``DUCK_DB`` while there is a voice, and on its way there and back around it."""
    step = round(_STEP_SECONDS * RATE_HZ)
    heard = _is_heard(voice, step)
    softer_db = np.zeros(len(heard), np.float32)
    attack, release = (1 - np.exp(-_STEP_SECONDS / long) for long in (_ATTACK_SECONDS, _RELEASE_SECONDS))
    now = 0.0
    for number, is_heard in enumerate(heard):
        now += (DUCK_DB - now) * attack if is_heard else -now * release
        softer_db[number] = now
    times = (np.arange(len(heard)) + 0.5) * step
    gain = np.interp(np.arange(bed.shape[1]), times, 10 ** (-softer_db / 20)).astype(np.float32)
    return np.asarray(bed * gain, np.float32)


def _is_heard(voice: Samples, step: int) -> np.ndarray:
    """For every step of time, whether somebody speaks, or did a moment ago, or will in a moment."""
    count = -(-len(voice) // step)
    padded = np.pad(voice, (0, count * step - len(voice)))
    level = np.sqrt((padded.reshape(count, step) ** 2).mean(axis=1)) if count else np.zeros(0)
    loud = level > _SPEECH_SHARE * level.max(initial=0.0) if count else level > 0
    ahead, hold = round(_AHEAD_SECONDS / _STEP_SECONDS), round(_HOLD_SECONDS / _STEP_SECONDS)
    reach = np.convolve(loud.astype(np.float32), np.ones(ahead + hold + 1, np.float32))
    return np.asarray(reach[ahead : ahead + count] > 0.5)


def levelled(both: Samples) -> Samples:
    """To ``TARGET_LUFS``. Single peaks are rounded off rather than keeping the whole film quiet."""
    measured = channels_lufs(both, RATE_HZ)
    if measured <= SILENCE_LUFS:
        return both
    for _ in range(4):  # rounding off takes a little loudness, which is given back
        gain_db = min(_GAIN_MAX_DB, TARGET_LUFS - measured)
        louder = _rounded(both * np.float32(10 ** (gain_db / 20)))
        heard = channels_lufs(louder, RATE_HZ)
        if abs(heard - TARGET_LUFS) < 0.1 or gain_db == _GAIN_MAX_DB:
            break
        measured -= TARGET_LUFS - heard
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


def encoded(both: Samples) -> bytes:
    """An M4A file. Its edit list hides what the encoder puts before the first sample."""
    with audio_file("ipod", {}) as (container, path):
        stream = container.add_stream("aac", rate=RATE_HZ, layout="stereo")
        stream.bit_rate = _BITS_A_SECOND
        stream.codec_context.flags |= Flags.bitexact
        for at in range(0, both.shape[1], FRAME_SAMPLES):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(both[:, at : at + FRAME_SAMPLES]), format="fltp", layout="stereo"
            )
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, at, Fraction(1, RATE_HZ)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        container.close()
        return path.read_bytes()
