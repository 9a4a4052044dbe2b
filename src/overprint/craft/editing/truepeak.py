"""How high a wave rises between its samples (dBTP, ITU-R BS.1770-4): the highest of four times as many samples."""

import math

import numpy as np

from overprint.craft.narration.waves import Samples

_TIMES, _SECTION, _AROUND = 4, 1 << 16, 256


def true_peak_dbtp(channels: Samples) -> float:
    """Of rows of samples; -120 for silence. Only sections that come near the highest sample are looked at closely."""
    highest = float(np.abs(channels).max(initial=0.0))
    if not highest:
        return -120.0
    for row in channels:
        for at in range(0, len(row), _SECTION):
            section = row[max(0, at - _AROUND) : at + _SECTION + _AROUND]
            if np.abs(section).max() > 0.5 * highest:
                highest = max(highest, _between(section))
    return 20 * math.log10(highest)


def _between(section: Samples) -> float:
    """The ends of a section are left out: a spectrum takes them for neighbours."""
    count = len(section)
    spectrum = np.fft.rfft(section.astype(np.float64))
    wave = np.fft.irfft(spectrum, count * _TIMES) * _TIMES
    kept = wave[64 * _TIMES : (count - 64) * _TIMES] if count > 256 else wave
    return float(np.abs(kept).max(initial=0.0))
