"""Sound as samples, and WAV files: 16-bit PCM with one channel, the only form that goes from a voice to a book."""

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from overprint.core.problems import Invalid
from overprint.craft.narration.wave_file import PCM, write_wave

RATE_MIN_HZ, RATE_MAX_HZ = 8_000, 48_000
SECONDS_MAX = 1_800
FULL_SCALE = 32_768
Samples = npt.NDArray[np.float32]

_EXTENSIBLE = 0xFFFE
_CHUNKS_MAX = 64


@dataclass(frozen=True, slots=True)
class Sound:
    """``samples`` between -1 and 1, one channel."""

    samples: Samples
    rate_hz: int

    @property
    def duration_seconds(self) -> float:
        return len(self.samples) / self.rate_hz


def wave_of(sound: Sound) -> bytes:
    return write_wave(pcm_of(sound), sound.rate_hz)


def pcm_of(sound: Sound) -> bytes:
    """16-bit samples, clipped to full scale, never wrapped round."""
    scaled = np.clip(np.rint(sound.samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1)
    return scaled.astype("<i2").tobytes()


def read_wave(data: bytes) -> Sound:
    """Any 16-bit PCM file; channels are averaged. Raises ``Invalid``.

    Servers that stream write sizes of all ones, because they do not know them yet: what is there counts.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise _unreadable()
    form: tuple[int, int] | None = None
    at = 12
    for _ in range(_CHUNKS_MAX):
        if at + 8 > len(data):
            break
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = _form_of(body)
        elif name == b"data" and form is not None:
            return _sound_of(body, *form)
        at += 8 + size + size % 2
    raise _unreadable()


def _form_of(body: bytes) -> tuple[int, int]:
    """Channels and rate."""
    if len(body) < 16:
        raise _unreadable()
    code, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if code not in (PCM, _EXTENSIBLE) or bits != 16 or not 1 <= channels <= 2:
        raise _unreadable()
    if not RATE_MIN_HZ <= rate_hz <= RATE_MAX_HZ:
        raise _unreadable()
    return channels, rate_hz


def _sound_of(body: bytes, channels: int, rate_hz: int) -> Sound:
    whole = len(body) - len(body) % (2 * channels)
    if whole // (2 * channels) > SECONDS_MAX * rate_hz:
        raise Invalid(f"This sound is longer than {SECONDS_MAX // 60} minutes.", "Make it in parts.")
    samples = np.frombuffer(body[:whole], "<i2").reshape(-1, channels).astype(np.float32).mean(axis=1)
    return Sound((samples / FULL_SCALE).astype(np.float32), rate_hz)


def _unreadable() -> Invalid:
    return Invalid("This is no 16-bit WAV sound of 8 to 48 kHz.", "Ask for WAV (PCM).")
