"""Music under words: what can be measured of it. Nobody hears these tests."""

from itertools import pairwise

import numpy as np
import pytest

from overprint.core.film import Mood
from overprint.core.story import Tone
from overprint.craft.music import fitting
from overprint.craft.music.bed import PEAK, bed
from overprint.craft.music.moods import MANNERS
from overprint.craft.music.score import compose

RATE_HZ = 48_000
SECONDS = 12.0


@pytest.fixture(scope="module", params=MANNERS, ids=str)
def played(request: pytest.FixtureRequest) -> tuple[Mood, np.ndarray]:
    return request.param, bed(request.param, SECONDS, 3)


def test_a_bed_is_as_long_as_asked_and_ends_in_silence(played: tuple[Mood, np.ndarray]) -> None:
    sound = played[1]
    assert sound.shape == (2, round(SECONDS * RATE_HZ))
    assert np.abs(sound).max() == pytest.approx(PEAK)
    assert np.abs(sound[:, -48:]).max() < 0.001


def test_nothing_clicks_rumbles_or_hisses(played: tuple[Mood, np.ndarray]) -> None:
    for row in played[1]:
        assert np.abs(np.diff(row, 2)).max() < 0.06
        power = np.abs(np.fft.rfft(row)) ** 2
        hertz = np.fft.rfftfreq(len(row), 1 / RATE_HZ)
        assert power[hertz < 30].sum() < 0.002 * power.sum()
        assert power[hertz > 8_000].sum() < 0.002 * power.sum()


def test_it_never_falls_silent_before_its_end(played: tuple[Mood, np.ndarray]) -> None:
    tenths = np.sqrt((played[1].reshape(2, -1, RATE_HZ // 10) ** 2).mean(axis=(0, 2)))
    assert tenths[8:-22].min() > 0.004


def test_both_sides_hear_about_as_much(played: tuple[Mood, np.ndarray]) -> None:
    left, right = (float(np.sqrt((row**2).mean())) for row in played[1])
    assert 0.6 < left / right < 1.6


@pytest.mark.parametrize("seconds", [2.0, 5.0, 47.3, 180.0])
@pytest.mark.parametrize("mood", MANNERS)
def test_bars_and_a_last_chord_fill_the_time_at_about_the_pace_of_the_mood(mood: Mood, seconds: float) -> None:
    score = compose(MANNERS[mood], seconds, 1)
    assert max(note.start_seconds + note.seconds for note in score.notes) >= seconds - 0.01
    assert max(note.start_seconds for note in score.notes) < seconds
    if seconds > 40:
        assert 240 / score.bar_seconds == pytest.approx(MANNERS[mood].beats_a_minute, rel=0.06)
    last = [note for note in score.notes if note.start_seconds > seconds - min(3.0, seconds / 4) - 1e-6]
    assert {note.pitch % 12 for note in last if note.player == "bass"} == {MANNERS[mood].key % 12}


def test_another_seed_is_another_tune_and_the_same_the_same() -> None:
    one, again, other = (compose(MANNERS[Mood.PLAYFUL], 20, seed) for seed in (1, 1, 2))
    assert one == again
    assert one.notes != other.notes


def test_notes_belong_to_the_key() -> None:
    for mood in (Mood.CALM, Mood.PLAYFUL, Mood.DREAMY):
        manner = MANNERS[mood]
        tune = [
            note.pitch for note in compose(manner, 40, 5).notes if note.player is manner.melody and note.loudness > 0.2
        ]
        assert tune
        assert all((pitch - manner.key) % 12 in manner.scale for pitch in tune)
        assert max(abs(before - after) for before, after in pairwise(tune)) <= 24


def test_no_music_is_silence_and_the_tone_of_a_story_chooses_it() -> None:
    assert not bed(Mood.NONE, 3.0, 1).any()
    assert {fitting(Mood.FITTING, tone) for tone in Tone} <= set(MANNERS)
    assert fitting(Mood.TENSE, Tone.FUNNY) is Mood.TENSE
