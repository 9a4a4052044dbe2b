"""A told story in the time of a film."""

import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.film import WORDS_MAX
from overprint.craft.narration import (
    OPENING_SECONDS_MAX,
    PAUSES_SECONDS,
    Pace,
    spoken_seconds,
    tight_seconds,
    told_within,
)

PAGES = (
    "One house. One step. And on it sat Ada and the owl. “One day I want to fly,” said Ada.",
    "So Ada took one big breath, and blew. Quack! Ada woke up two ducks. The two ducks were cross.",
    "“I need three hats,” said Ada, and put them on. They slid down. Crash! Ada was in the jam.",
    "“I need a rope,” said Ada, and gave it a tug. It had five pigs at the far end. Off went Ada.",
    "“I can not do it,” said Ada. “I am just one.” The owl had a think. “One and one is two,” said the owl.",
    "One, two, and now! Ada flew! “We did it,” said the owl. Up came one moon. It saw the jam.",
)
_PIECES = st.sampled_from(["He ran.", "“Stop! Wait,” said Bo.", "“Why? Oh", "no.”", "a " * 130, "Hm", "…", "x" * 500])
_TEXTS = st.lists(st.lists(_PIECES, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=12)


def seconds_of(told: Sequence[tuple[int, str]]) -> float:
    return sum(spoken_seconds(words) for _, words in told)


def fits(told: Sequence[tuple[int, str]], seconds: float) -> bool:
    return seconds_of(told) <= seconds or bool(tight_seconds([words for _, words in told], seconds))


def test_with_time_enough_every_word_is_told() -> None:
    told = told_within(PAGES, 180, Pace(36, 5))
    assert " ".join(words for _, words in told) == " ".join(PAGES)
    assert max(len(words) for _, words in told) < 130


@pytest.mark.parametrize("seconds", [15, 20, 30, 45])
def test_what_is_wanted_and_how_it_ends_are_told_however_short_the_time_is(seconds: int) -> None:
    told = told_within(PAGES, seconds, Pace(12, 5))
    assert fits(told, seconds)
    assert any("I want to fly" in words for _, words in told)
    assert any("Ada flew!" in words for _, words in told)


def test_longer_films_tell_more_parts_of_the_story_and_then_more_words() -> None:
    told = [told_within(PAGES, seconds, Pace(36, 5)) for seconds in (5, 15, 25, 40, 60)]
    parts = [len({page for page, _ in each}) for each in told]
    assert parts == sorted(parts) and (parts[0], parts[-1]) == (2, 6)
    letters = [sum(len(words) for _, words in each) for each in told]
    assert all(one < other for one, other in pairwise(letters[:4]))


def test_in_a_few_seconds_somebody_wants_something_and_it_comes_true() -> None:
    """In two or three shots, each of a sentence that can be said in its time."""
    wish, low = "“One day I want to fly,” said Ada.", "“I can not do it,” said Ada."
    assert told_within(PAGES, 5, Pace(2, 5)) == ((0, wish), (5, "Ada flew!"))
    assert told_within(PAGES, 8, Pace(3, 5)) == ((0, wish), (4, low), (5, "Ada flew!"))
    assert told_within(PAGES, 11, Pace(3, 5), "en", "fly")[2] == (5, "Ada flew! “We did it,” said the owl.")


def test_what_is_wanted_is_known_by_what_comes_true_and_who_says_it_is_told_where_there_is_time() -> None:
    asked = "„Ich will ein Floß aus Holz“, sagte Ida. „Aus Holz?“, fragte Noor."
    pages = (asked, "Das Floß ging unter. Ida wurde nass.", "Noor lachte. Da war Idas Floß fertig, ganz aus Holz!")
    end = (2, "Da war Idas Floß fertig, ganz aus Holz!")
    assert told_within(pages, 9, Pace(2, 5), "de") == ((0, "„Ich will ein Floß aus Holz“, sagte Ida."), end)
    assert told_within(pages, 6.5, Pace(2, 5), "de") == ((0, "„Ich will ein Floß aus Holz.“"), end)
    assert told_within(pages, 6, Pace(2, 5), "de") == ((1, "Das Floß ging unter."), end)


def test_pages_of_a_thousand_sentences_are_told_briefly_as_soon_as_short_ones() -> None:
    """Books may have such pages, and whoever begins a film of one waits for it; pairs would be a million."""
    page = " ".join(f"Mira wants number {n}." for n in range(1000))
    began = time.process_time()
    assert len(told_within([page] * 3, 5, Pace(2, 5.0))) == 2
    assert time.process_time() - began < 5


def test_scenes_with_hardly_any_time_last_whole_halves_of_a_second_and_the_last_one_what_they_leave() -> None:
    assert tight_seconds(["“One day I want to fly.”", "Ada flew!"], 5.0) == (2.5, 2.5)
    assert tight_seconds(["“One day I want to fly.”", "Ada flew!"], 3.5) == ()


def test_an_opening_begins_with_nothing_that_speaks_of_what_is_not_told() -> None:
    opening = "In one box sat Hetty. On it sat Noor. Noor was Hetty’s sister. “I want to build a raft,” said Hetty."
    told = [told_within([opening, "They had a raft."], seconds, Pace(9, 5))[0][1] for seconds in (8, 9, 10, 60)]
    assert [words.split(".")[0] for words in told] == ["Noor was Hetty’s sister"] * 3 + ["In one box sat Hetty"]
    tale = "Im Kasten saß Ida. Darauf saß Noor. „Ich will ein Floß, das fährt und trägt“, sagte Ida."
    assert told_within([tale], 7.0, Pace(9, 5), "de")[0][1].startswith("„Ich will")


def test_no_scene_ends_inside_what_somebody_says() -> None:
    told = told_within(["“Take two sips. Then sleep. Then wake,” said the owl. Ada slept.", "She woke."], 9, Pace(9, 2))
    assert all(words.count("“") == words.count("”") for _, words in told), told


def test_a_page_of_verse_is_said_whole_or_not_at_all() -> None:
    verse = "In a house with a stair,\nLived a hen and a hare.\nSaid the hen: “It is late.”\nAnd they shut the gate."
    assert told_within([verse, "And so on."], 60, Pace(9, 2))[0] == (0, " ".join(verse.split()))


@given(_TEXTS, st.floats(5, 180), st.integers(1, 36), st.floats(1, 20))
def test_any_text_becomes_scenes_in_its_order_within_every_bound(
    pages: list[str], seconds: float, scenes_most: int, scene_seconds: float
) -> None:
    told = told_within(pages, seconds, Pace(scenes_most, scene_seconds))
    numbers = [page for page, _ in told]
    assert 1 <= len(told) <= scenes_most
    # A film of a few seconds may begin with what somebody tries, where there is no time for what they want.
    assert numbers == sorted(numbers) and (numbers[0] == 0 or len(numbers) == 2)
    assert all(words.strip() and len(words) <= WORDS_MAX for _, words in told)
    # Longer than asked only where a single part of the story is told, and no less of it can be.
    assert fits(told, seconds) or len(set(numbers)) == 1


@given(_TEXTS.map(" ".join))
def test_the_least_that_is_told_of_any_text_is_as_long_as_an_opening_may_be(text: str) -> None:
    told = told_within([text], 5.0, Pace(1, 5.0))
    assert seconds_of(told) <= max(5.0, OPENING_SECONDS_MAX + PAUSES_SECONDS)


def test_a_long_opening_begins_behind_a_comma() -> None:
    sentence = ", ".join(["Far out at sea where no ship had come by for a hundred years"] * 5) + ", she lit the lamp."
    ((_, words),) = told_within([sentence], 5.0, Pace(1, 5.0))
    assert words.startswith("Far out at sea") and words.endswith("she lit the lamp.") and len(words) <= 280
