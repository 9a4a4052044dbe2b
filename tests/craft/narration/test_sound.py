"""Waves, loudness and mixing: what is measured, and what must never happen to a sample."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.narration import NARRATOR, Line, Utterance
from overprint.core.problems import Invalid
from overprint.craft.narration.loudness import SILENCE_LUFS, loudness_lufs, peak_dbfs
from overprint.craft.narration.mixing import CEILING_DBFS, TARGET_LUFS, mix_page, trim
from overprint.craft.narration.waves import Sound, read_wave, wave_of
from tests.craft.narration.conftest import RATE_HZ, joined, silence, sine

ONE = (Utterance(NARRATOR, "x"),)


def lines(*places: int) -> tuple[Line, ...]:
    return tuple(Line(place, n * 10, n * 10 + 9, ONE) for n, place in enumerate(places))


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_loudness_is_that_of_the_standard(rate_hz: int) -> None:
    """BS.1770: a sine of 997 Hz at full scale in one channel reads -3.01 LUFS."""
    assert loudness_lufs(sine(3, 1.0, 997, rate_hz)) == pytest.approx(-3.01, abs=0.05)
    assert loudness_lufs(sine(3, 0.1, 997, rate_hz)) == pytest.approx(-23.01, abs=0.05)


def test_low_tones_count_less_and_high_ones_more() -> None:
    low, middle, high = (loudness_lufs(sine(3, 0.5, hz)) for hz in (40, 997, 6_000))
    assert low < middle - 3
    assert high == pytest.approx(middle + 3.3, abs=0.5)


def test_pauses_do_not_make_a_voice_quieter() -> None:
    assert loudness_lufs(joined(sine(2), silence(8), sine(2))) == pytest.approx(loudness_lufs(sine(4)), abs=0.6)


def test_silence_and_nothing_have_a_loudness() -> None:
    assert loudness_lufs(silence(2)) == loudness_lufs(silence(0)) == SILENCE_LUFS
    assert peak_dbfs(silence(1)) == peak_dbfs(silence(0)) == -120
    assert loudness_lufs(sine(0.05)) > -40


def test_a_wave_comes_back_as_it_went() -> None:
    sound = sine(0.3)
    back = read_wave(wave_of(sound))
    assert back.rate_hz == sound.rate_hz
    assert np.abs(back.samples - sound.samples).max() <= 1 / 32_768


def test_too_much_is_clipped_and_never_wrapped() -> None:
    back = read_wave(wave_of(Sound(np.array([2.0, -2.0], np.float32), RATE_HZ)))
    assert back.samples.tolist() == pytest.approx([1.0, -1.0], abs=1e-4)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for candidate in (data, b"RIFF\0\0\0\0WAVE" + data, wave_of(sine(0.01))[:36] + data):
        try:
            assert read_wave(candidate).rate_hz >= 8_000
        except Invalid as problem:
            assert problem.message


def test_silence_around_a_sound_is_cut_and_its_edges_are_soft() -> None:
    kept = trim(joined(silence(0.5), sine(1), silence(0.7)))
    assert 1.0 <= kept.duration_seconds <= 1.05
    assert abs(kept.samples[0]) < 1e-6 and abs(kept.samples[-1]) < 1e-6


@pytest.mark.parametrize("height", [0.03, 0.1, 0.9])
def test_every_voice_is_made_equally_loud(height: float) -> None:
    mix = mix_page(lines(1, 1), [["a"], ["b"]], [[sine(2, height)], [sine(2, 0.3)]])
    first, second = (part(mix.sound, cue.start_seconds, cue.end_seconds) for cue in mix.cues)
    assert loudness_lufs(first) == pytest.approx(TARGET_LUFS, abs=0.8)
    assert loudness_lufs(second) == pytest.approx(TARGET_LUFS, abs=0.8)


def test_nothing_passes_the_ceiling() -> None:
    clicks = sine(2, 0.02)
    clicks.samples[::4_800] = 1.0
    mix = mix_page(lines(1), [["a"]], [[clicks]])
    assert peak_dbfs(mix.sound) == pytest.approx(CEILING_DBFS, abs=0.01)


def test_a_voice_that_says_nothing_stays_silent() -> None:
    mix = mix_page(lines(1), [["a"]], [[silence(1)]])
    assert peak_dbfs(mix.sound) == -120


def test_cues_follow_one_another_and_begin_exactly_where_each_sentence_sounds() -> None:
    mix = mix_page(lines(0, 1, 1, 2), [["a"]] * 4, [[sine(0.5 + n / 10)] for n in range(4)])
    cues = mix.cues
    assert cues[0].start_seconds == 0 and cues[-1].end_seconds == mix.sound.duration_seconds
    assert all(before.end_seconds == after.start_seconds for before, after in pairwise(cues))
    for cue in cues[1:]:
        at = round(cue.start_seconds * RATE_HZ)
        assert np.abs(mix.sound.samples[at - 2_000 : at]).max() == 0
        assert np.abs(mix.sound.samples[at : at + 400]).max() > 0.05


def test_pauses_grow_from_sentence_to_paragraph_to_heading() -> None:
    mix = mix_page(lines(0, 1, 1, 2), [["a"]] * 4, [[sine(0.5)]] * 4)
    heading, sentence, paragraph, _ = (cue.end_seconds - cue.start_seconds for cue in mix.cues)
    assert sentence < paragraph < heading


@pytest.mark.parametrize("sounds", [[], [[]], [[sine(1)], [sine(1)]], [[sine(1), sine(1, rate_hz=16_000)]]])
def test_sounds_that_do_not_belong_to_the_sentences_are_no_page(sounds: list[list[Sound]]) -> None:
    with pytest.raises(Invalid, match="do not belong"):
        mix_page(lines(1), [["a"]], sounds)


def part(sound: Sound, start: float, end: float) -> Sound:
    return Sound(sound.samples[round(start * sound.rate_hz) : round(end * sound.rate_hz)], sound.rate_hz)
