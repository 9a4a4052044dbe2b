"""Words in a film and beside it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.film import Aspect, Definition, frame_size_px
from overprint.core.narration import Cue
from overprint.craft.editing.captions import LETTERS_MAX, Caption, captions_of
from overprint.craft.editing.lettering import Lettered, lettered, wrapped
from overprint.craft.editing.overlay import fade, lay, veil_of
from overprint.craft.editing.track import web_vtt

LONG = "The keeper climbed all two hundred steps of the lighthouse, and there the storm sat, small and wet and sorry."


@given(st.lists(st.text("abcdefg,", min_size=1, max_size=14), min_size=1, max_size=40))
def test_every_word_is_shown_once_in_order_and_captions_never_overlap(words: list[str]) -> None:
    told = " ".join(words)
    captions = captions_of(told, [Cue(0, 0, len(told), 1.0, 9.0)])
    assert " ".join(caption.words for caption in captions).split() == told.split()
    assert all(len(caption.words) <= LETTERS_MAX for caption in captions)
    assert all(before.end_seconds <= after.start_seconds for before, after in pairwise(captions))
    assert captions[0].start_seconds == 1.0
    assert captions[-1].end_seconds <= 9.0


def test_a_long_sentence_is_cut_where_one_would_breathe() -> None:
    shown = [caption.words for caption in captions_of(LONG, [Cue(0, 0, len(LONG), 0, 6)])]
    assert shown[0].endswith("lighthouse,")


@pytest.mark.parametrize("words", [LONG[:LETTERS_MAX], "W" * LETTERS_MAX])
@pytest.mark.parametrize("aspect", Aspect)
def test_words_stand_within_the_frame_where_no_player_covers_them(aspect: Aspect, words: str) -> None:
    width, height = frame_size_px(aspect, Definition.HD)
    made = lettered(words, width, height)
    assert made is not None
    tall, wide = made.pixels.shape[:2]
    assert width * 0.04 <= made.left <= made.left + wide <= width * 0.96
    assert height * 0.1 <= made.top <= made.top + tall <= height * 0.94
    if aspect is Aspect.TALL:
        assert made.top + tall < height * 0.4
    assert not {made.left % 2, made.top % 2, wide % 2, tall % 2} - {0}


def test_words_that_the_typeface_cannot_write_are_left_to_the_track() -> None:
    assert lettered("嵐の友達", 1280, 720) is None


def test_lines_are_few_and_even() -> None:
    lines = wrapped("one two three four five six seven", lambda line: float(len(line)), 30)
    assert list(lines) == ["one two three four", "five six seven"]


def test_a_track_has_every_caption_with_its_time_and_no_markup_of_theirs() -> None:
    track = web_vtt([Caption("Salt & <b>pepper</b>", 0.3, 2.0), Caption("The end.", 61.5, 3723.004)])
    assert track == (
        "WEBVTT\n\n00:00:00.300 --> 00:00:02.000\nSalt &amp; &lt;b&gt;pepper&lt;/b&gt;\n"
        "\n00:01:01.500 --> 01:02:03.004\nThe end.\n"
    )


def test_white_is_white_and_what_is_not_covered_stays() -> None:
    white = np.full((4, 6, 4), 255, np.uint8)
    planes = np.full((12, 16), 90, np.uint8)
    lay(planes, 8, veil_of(Lettered(white, 2, 2)))
    assert planes[2:6, 2:8].tolist() == [[235] * 6] * 4
    chroma = planes[8:].reshape(2, 4, 8)
    assert chroma[:, 1:3, 1:4].tolist() == [[[128] * 3] * 2] * 2
    assert (np.count_nonzero(planes[:8] != 90), np.count_nonzero(chroma != 90)) == (24, 12)


def test_a_faded_frame_is_black() -> None:
    planes = np.full((12, 16), 200, np.uint8)
    fade(planes, 8, 0.0)
    assert (set(planes[:8].ravel()), set(planes[8:].ravel())) == ({16}, {128})
