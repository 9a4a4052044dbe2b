"""Words in a film and beside it."""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.film import Aspect, CaptionStyle, Definition, Transition, frame_size_px
from overprint.core.narration import Cue, Mark
from overprint.craft.editing import FinishOrder
from overprint.craft.editing.captions import LETTERS_MAX, Caption, captions_of
from overprint.craft.editing.lettering import Lettered, lettered, wrapped
from overprint.craft.editing.overlay import fade, lay, veil_of
from overprint.craft.editing.track import web_vtt
from overprint.craft.motion.encoder import BETWEEN_STEPS
from tests.support import works

FPS = 20
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


def test_a_single_word_stays_as_long_as_it_takes_to_read_it_and_not_into_the_next_sentence() -> None:
    shown = captions_of("Crash! He fell.", [Cue(0, 0, 6, 1.0, 1.75), Cue(0, 7, 15, 1.75, 4.0)])
    assert [(one.start_seconds, one.end_seconds) for one in shown] == [(1.0, 1.75), (1.75, 3.75)]


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


def test_a_word_is_shown_as_said_when_the_voice_said_it_and_by_its_letters_where_it_did_not_tell() -> None:
    told = "Up we go"
    marked = captions_of(told, [Cue(0, 0, 8, 0.0, 4.25)], [Mark(0, 0.5), Mark(3, 1.0), Mark(6, 3.0)])[0]
    assert [word.start_seconds for word in marked.spoken] == [0.5, 1.0, 3.0]
    guessed = captions_of(told, [Cue(0, 0, 8, 0.0, 4.25)])[0]
    assert [word.start_seconds for word in guessed.spoken] == [0.0, 1.5, 3.0]
    assert "Up <00:00:01.000>we <00:00:03.000>go" in web_vtt([marked])


def test_captions_of_a_later_scene_are_told_by_the_clock_of_the_film() -> None:
    caption = captions_of("Up we go", [Cue(0, 0, 8, 0.0, 4.25)])[0].later(10)
    assert (caption.start_seconds, caption.end_seconds, caption.spoken[1].start_seconds) == (10.0, 14.0, 11.5)


@pytest.mark.parametrize("ground", [0, 110, 255], ids=["black", "grey", "white"])
@pytest.mark.parametrize("style", CaptionStyle)
def test_words_can_be_read_on_any_ground(style: CaptionStyle, ground: int) -> None:
    made = lettered("Hill", 640, 360, style)
    assert made is not None
    cover = made.pixels[:, :, 3:4] / 255
    seen = made.pixels[:, :, :3] + ground * (1 - cover)
    light = np.sort(_luminance(seen / 255).ravel())
    darkest, brightest = light[len(light) // 50], light[-len(light) // 50]
    assert (brightest + 0.05) / (darkest + 0.05) >= 4.5


def test_the_word_that_is_said_is_lit_and_no_other() -> None:
    plain, first, last = (lettered("one two three", 640, 360, CaptionStyle.SPOKEN, lit) for lit in (None, 0, 2))
    assert plain and first and last
    changed = [np.flatnonzero((plain.pixels != lit.pixels).any(axis=(0, 2))) for lit in (first, last)]
    wide = plain.pixels.shape[1]
    assert changed[0].max() < wide * 0.45 < wide * 0.55 < changed[1].min()


def _luminance(values: np.ndarray) -> np.ndarray:
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.0722, 0.7152, 0.2126])


@pytest.mark.parametrize("style", [CaptionStyle.BAR, CaptionStyle.STORYBOOK], ids=["faintest ground", "finest type"])
def test_words_can_be_read_in_a_finished_clip_as_soon_as_fades_and_transitions_let_anything_be_seen(
    style: CaptionStyle,
) -> None:
    """In white that comes out of a black scene, and in a film that consists of one white scene."""
    dark, bright = (_plain(shade, frames=36) for shade in (0, 255))
    words = Caption("Hill", 0.1, 1.1)
    alone = FinishOrder((words,), 24, FPS, opens=True, ends=True, caption_style=style)
    after = replace(alone, opens=False, ends=False, transition=Transition.DISSOLVE, before_frames=24, overlap=12)
    for order, before, first, last in ((after, dark, 5, 22), (alone, b"", 8, 17)):
        contrasts = [_contrast(frame) for frame in _frames(works.finished(order, bright, before)[1])]
        assert min(contrasts[first:last]) >= 4.5, (order.transition, contrasts)
        assert contrasts[0] < 2 and contrasts[-1] < 2, "nothing is left of them outside their time"


def _plain(shade: int, frames: int) -> bytes:
    return works.encoded([np.full((720, 1280, 4), shade, np.uint8)] * frames, FPS, BETWEEN_STEPS)


def _frames(clip: bytes) -> Iterator[np.ndarray]:
    with av.open(io.BytesIO(clip)) as opened:
        for frame in opened.decode(video=0):
            yield frame.to_ndarray(format="bgr24")


def _contrast(frame: np.ndarray) -> float:
    """Of the darkest and the brightest of the part where words stand."""
    light = np.sort(_luminance(frame[580:660, 570:710] / 255).ravel())
    return float((light[-len(light) // 100] + 0.05) / (light[len(light) // 100] + 0.05))
