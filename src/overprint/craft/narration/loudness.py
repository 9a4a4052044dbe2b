"""How loud a sound is to ears: integrated loudness in LUFS after ITU-R BS.1770-4, for one channel or two.

Simpler than a broadcast meter in one way: the K-weighting is applied to the spectrum of half a minute at a time instead
of running filters over the sound. Energies are the same, only phase differs. Blocks of 400 ms with 75 % overlap, an
absolute gate at -70 LUFS and a relative one 10 LU below; a sound shorter than a block is one block. Peaks are sample
peaks.
"""

import math
from functools import lru_cache

import numpy as np

from overprint.craft.narration.waves import Samples, Sound

SILENCE_LUFS = -70.0
_OFFSET_DB = -0.691
_BLOCK_SECONDS, _STEP_SECONDS, _GATE_LU = 0.4, 0.1, 10.0
_SECTION_SECONDS = 30
# BS.1770's two filters as analogue prototypes, so that any sample rate has them (as in libebur128).
_SHELF_HZ, _SHELF_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_HIGH_PASS_HZ, _HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773


def loudness_lufs(sound: Sound) -> float:
    """``SILENCE_LUFS`` for silence and for no sound at all."""
    return channels_lufs(sound.samples[np.newaxis], sound.rate_hz)


def channels_lufs(channels: Samples, rate_hz: int) -> float:
    """Of one row or of two, left and right: what both say together is louder than one alone."""
    if not channels.shape[1]:
        return SILENCE_LUFS
    size = _SECTION_SECONDS * rate_hz
    energies = np.sum([_energies(row, rate_hz, size) for row in channels], axis=0)
    loud = energies[energies > _energy_of(SILENCE_LUFS)]
    if not len(loud):
        return SILENCE_LUFS
    gated = loud[loud > _energy_of(_lufs_of(float(loud.mean())) - _GATE_LU)]
    return _lufs_of(float(gated.mean()))


def _energies(row: Samples, rate_hz: int, size: int) -> np.ndarray:
    sections = (Sound(row[at : at + size], rate_hz) for at in range(0, len(row), size))
    return np.concatenate([_block_energies(_weighted(section), rate_hz) for section in sections])


def peak_dbfs(sound: Sound) -> float:
    """The highest sample, in decibels below full scale; -120 for silence."""
    highest = float(np.abs(sound.samples).max()) if len(sound.samples) else 0.0
    return max(-120.0, 20 * math.log10(highest)) if highest else -120.0


def _weighted(sound: Sound) -> Samples:
    size = 1 << (len(sound.samples) - 1).bit_length()  # other lengths can be ten times as slow
    spectrum = np.fft.rfft(sound.samples.astype(np.float64), max(size, 2))
    weighted: Samples = np.fft.irfft(spectrum * _weights(sound.rate_hz, len(spectrum))).astype(np.float32)
    return weighted[: len(sound.samples)]


@lru_cache(maxsize=8)
def _weights(rate_hz: int, count: int) -> np.ndarray:
    """The K-weighting of ``count`` frequencies from nothing to half the rate."""
    angle = np.linspace(0.0, math.pi, count)
    return np.asarray(np.abs(_response(_shelf(rate_hz), angle) * _response(_high_pass(rate_hz), angle)))


def _block_energies(samples: Samples, rate_hz: int) -> np.ndarray:
    size, step = round(_BLOCK_SECONDS * rate_hz), round(_STEP_SECONDS * rate_hz)
    total = np.concatenate(([0.0], np.cumsum(samples.astype(np.float64) ** 2)))
    if len(samples) <= size:
        return np.array([total[-1] / len(samples)])
    starts = np.arange(0, len(samples) - size + 1, step)
    return np.asarray((total[starts + size] - total[starts]) / size)


Coefficients = tuple[tuple[float, float, float], tuple[float, float, float]]


def _shelf(rate_hz: int) -> Coefficients:
    k = math.tan(math.pi * _SHELF_HZ / rate_hz)
    high = 10 ** (_SHELF_DB / 20)
    band = high**0.4996667741545416
    norm = 1 + k / _SHELF_Q + k * k
    above = (high + band * k / _SHELF_Q + k * k, 2 * (k * k - high), high - band * k / _SHELF_Q + k * k)
    return above, (norm, 2 * (k * k - 1), 1 - k / _SHELF_Q + k * k)


def _high_pass(rate_hz: int) -> Coefficients:
    k = math.tan(math.pi * _HIGH_PASS_HZ / rate_hz)
    norm = 1 + k / _HIGH_PASS_Q + k * k
    # The standard's own numerator is 1, -2, 1, not divided by the norm.
    return (norm, -2 * norm, norm), (norm, 2 * (k * k - 1), 1 - k / _HIGH_PASS_Q + k * k)


def _response(filter_: Coefficients, angle: np.ndarray) -> np.ndarray:
    above, below = filter_
    turn = np.exp(-1j * angle)
    return np.asarray(
        (above[0] + above[1] * turn + above[2] * turn**2) / (below[0] + below[1] * turn + below[2] * turn**2)
    )


def _lufs_of(energy: float) -> float:
    return _OFFSET_DB + 10 * math.log10(energy) if energy > 0 else SILENCE_LUFS


def _energy_of(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_DB) / 10))
