"""Words and music in one sound: the music makes way, nothing clips."""

import numpy as np
import pytest

from overprint.craft.editing.mixing import CEILING_DBFS, DUCK_DB, RATE_HZ, TARGET_LUFS, ducked, levelled
from overprint.craft.editing.truepeak import true_peak_dbtp
from overprint.craft.narration.loudness import channels_lufs


def decibels(part: np.ndarray) -> float:
    return 20 * float(np.log10(np.sqrt((part**2).mean())))


@pytest.fixture(scope="module")
def voice() -> np.ndarray:
    """Six seconds, with words from second 2 to 4."""
    sound = np.zeros(6 * RATE_HZ, np.float32)
    noise = np.random.default_rng(1).standard_normal(2 * RATE_HZ).astype(np.float32)
    sound[2 * RATE_HZ : 4 * RATE_HZ] = noise * 0.1
    return sound


@pytest.fixture(scope="module")
def softer(voice: np.ndarray) -> np.ndarray:
    return ducked(np.full((2, len(voice)), 0.1, np.float32), voice)


def second(sound: np.ndarray, at: float) -> np.ndarray:
    return sound[:, round(at * RATE_HZ) : round((at + 0.1) * RATE_HZ)]


def test_music_is_softer_while_somebody_speaks_and_comes_back(softer: np.ndarray) -> None:
    assert decibels(second(softer, 0.5)) == pytest.approx(-20, abs=0.1)
    assert decibels(second(softer, 3.0)) == pytest.approx(-20 - DUCK_DB, abs=0.5)
    assert decibels(second(softer, 5.8)) == pytest.approx(-20, abs=1.2)


def test_music_has_made_way_before_the_first_word_and_never_jumps(softer: np.ndarray) -> None:
    assert decibels(second(softer, 1.95)) < -20 - 0.7 * DUCK_DB
    assert np.abs(np.diff(softer[0])).max() < 1e-4


def test_a_film_is_as_loud_as_asked_and_no_wave_rises_too_high(voice: np.ndarray) -> None:
    made = levelled(np.stack([voice, voice]) * np.float32(0.3))
    assert channels_lufs(made, RATE_HZ) == pytest.approx(TARGET_LUFS, abs=0.1)
    assert np.abs(made).max() <= 10 ** (CEILING_DBFS / 20) + 1e-4
    assert true_peak_dbtp(made) <= -1


def test_two_channels_are_louder_than_one() -> None:
    wave = np.sin(np.arange(RATE_HZ) * (2 * np.pi * 997 / RATE_HZ)).astype(np.float32)
    assert channels_lufs(wave[np.newaxis], RATE_HZ) == pytest.approx(-3.01, abs=0.05)
    assert channels_lufs(np.stack([wave, wave]), RATE_HZ) == pytest.approx(0.0, abs=0.05)


def test_a_wave_can_rise_between_its_samples() -> None:
    wave = (np.sin(np.arange(4_096) * np.pi / 2 + np.pi / 4)).astype(np.float32)
    assert np.abs(wave).max() == pytest.approx(0.7071, abs=1e-3)
    assert true_peak_dbtp(wave[np.newaxis]) == pytest.approx(0.0, abs=0.1)


def test_silence_stays_silent() -> None:
    assert not levelled(np.zeros((2, RATE_HZ), np.float32)).any()
    assert true_peak_dbtp(np.zeros((2, 99), np.float32)) == -120
