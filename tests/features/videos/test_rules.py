"""What a film tells in its time, and how long each scene lasts."""

from dataclasses import replace
from itertools import pairwise

import pytest

from overprint.core.film import Card, Definition, FilmBrief, Move, Storyboard, scenes_most
from overprint.core.motion import Curves
from overprint.core.problems import Invalid
from overprint.core.scene import Scene, Season, Setting, Shot
from overprint.core.story import Beat, ChapterPlan, ChapterText, Outline, PageText
from overprint.features.videos import cleaned
from overprint.features.videos.rules import (
    boards,
    end_seconds,
    filmed,
    frames_for,
    lengths_for,
    move_for,
    starts_seconds,
    story_brief,
    title_shown,
    told_in,
)
from tests.features.books.stories import OUTLINE

BEATS = tuple(Beat("beat", f"Part {n}.", Setting.SEA, f"place {n}", ()) for n in range(1, 7))
TEXT = ChapterText(
    tuple(
        PageText((f"In part {n} somebody goes a little farther.", f"“It is not as in part {n - 1},” said the fox."))
        for n in range(1, 7)
    )
)
OUTLINE_OF_ONE = Outline("A film", "", Season.SUMMER, OUTLINE.characters, (ChapterPlan("One", BEATS),))


@pytest.mark.parametrize("seconds", [5, 30, 180])
def test_every_scene_has_the_beat_whose_words_are_said_in_it(seconds: int) -> None:
    outline, text = told_in(OUTLINE_OF_ONE, TEXT, seconds)
    beats = outline.chapters[0].beats
    assert 1 <= len(beats) == len(text.pages) <= scenes_most(seconds)
    for beat, page in zip(beats, text.pages, strict=True):
        number = int(beat.summary.removeprefix("Part ").removesuffix("."))
        assert f"part {number} " in page.paragraphs[0] or f"part {number - 1}," in page.paragraphs[0]


@pytest.mark.parametrize(("seconds", "pages"), [(5, 6), (60, 6), (180, 12)])
def test_the_writer_is_asked_for_a_story_about_as_long_as_the_film(seconds: int, pages: int) -> None:
    brief = story_brief(FilmBrief("A fox looks for the moon", seconds=seconds))
    assert (brief.chapters, brief.pages) == (1, pages)


def test_the_frames_of_a_film_are_exactly_its_time_when_its_words_fit() -> None:
    frames = frames_for([3.333, 3.333, 3.334], [1.0, 2.0, 3.0], 30)
    assert sum(frames) == 300
    assert starts_seconds(frames, 30)[0] == 0.0
    assert starts_seconds(frames, 30)[2] == pytest.approx(6.666, abs=0.02)


def test_a_scene_lasts_as_long_as_its_words_and_changes_no_other() -> None:
    before, after = frames_for([4, 4, 4], [3, 3, 3], 24), frames_for([4, 4, 4], [3, 5.01, 3], 24)
    assert after == (before[0], 132, before[2])
    assert frames_for([4], [5.4], 24) == frames_for([4], [5.01], 24) == (132,), "a word less films nothing anew"
    assert frames_for([4], [5.49], 25)[0] >= 5.49 * 25


def test_every_scene_is_filmed_a_little_longer_than_it_is_seen() -> None:
    assert filmed((100, 50), 30) == (118, 68)


def test_the_last_scene_goes_on_after_its_words() -> None:
    assert frames_for([4, 4], [3, 4], 25, end_seconds(30)) == (100, 175)
    assert (end_seconds(5), end_seconds(20), end_seconds(180)) == (0.0, 2.0, 3.0)


def test_the_shortest_films_begin_and_end_and_last_as_long_as_was_asked() -> None:
    assert [scenes_most(seconds) for seconds in (5, 7, 8, 15, 30)] == [2, 2, 3, 3, 6]
    assert scenes_most(10, 15.0) == 1, "who wants one long scene has it"
    words = ["“I want to find the shoe.”", "Amina found it!"]
    assert lengths_for(words, 5) == [3.0, 2.0]
    assert sum(lengths_for(words, 12, end=2.0)) == 12


def test_a_film_is_not_called_after_what_there_is_no_time_for() -> None:
    whole = ChapterText((PageText(("Ada wants to fly.", "“One Small Bit,” said the owl.")),))
    told, outline = ChapterText((PageText(("Ada wants to fly.",)),)), replace(OUTLINE_OF_ONE, title="One Small Bit")
    assert title_shown(outline, whole, told, ()) == "Fox", "who is its hero"
    assert title_shown(outline, whole, whole, ()) == "One Small Bit"
    assert title_shown(replace(outline, title="Above the Clouds"), whole, told, ()) == "Above the Clouds"


def test_no_two_neighbours_move_alike() -> None:
    moves = [move_for(n, 36, Shot.MEDIUM) for n in range(36)]
    assert all(before != after for before, after in pairwise(moves))
    assert abs(move_for(1, 9, Shot.CLOSE).horizontal) < abs(move_for(1, 9, Shot.WIDE).horizontal)


@pytest.mark.parametrize(
    "camera", [(Move(zoom=4, lens=-4),), (Move(horizontal=6, pan=-6),), (Move(vertical=3), Move(vertical=3, shake=8))]
)
def test_moves_that_were_asked_for_are_made_in_turn_and_neighbours_still_differ(camera: tuple[Move, ...]) -> None:
    moves = [move_for(n, 9, Shot.CLOSE, camera) for n in range(9)]
    assert moves[: len(camera)] == list(camera)
    assert all(before != after for before, after in pairwise(moves))


def test_shorter_scenes_make_more_of_them() -> None:
    assert [scenes_most(30, seconds) for seconds in (2.0, 5.0, 15.0)] == [15, 6, 2]


@pytest.mark.parametrize(
    "brief",
    [
        FilmBrief("A fox", fps=29),
        FilmBrief("A fox", seconds=61, definition=Definition.UHD),
        FilmBrief("\u202e ..."),
        FilmBrief("A fox", curves=Curves(1.0, x=(0.0, 500.0))),
    ],
)
def test_what_no_film_can_be_made_of_is_refused(brief: FilmBrief) -> None:
    with pytest.raises(Invalid):
        cleaned(brief)


def test_a_storyboard_of_a_program_says_only_what_can_be_read() -> None:
    card = Card("A fox\u202e sings.\x07", Scene(Setting.SEA, "the sea", "The sea."), Move(), 5.0)
    board = boards.brought(Storyboard("The\x00 Moon \n", (card,)))
    assert (board.title, board.cards[0].words) == ("The Moon", "A fox sings.")
    with pytest.raises(Invalid, match="words that can be read"):
        boards.brought(Storyboard("The Moon", (replace(card, words="\u202e\x07"),)))
