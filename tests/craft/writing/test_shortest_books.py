"""The shortest book there is: six pages for the youngest, in about 150 words, and a whole story."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from tests.craft.writing.measuring import PREMISES, Told, grade, tell

from overprint.core.story import Age, Brief, Tone
from overprint.craft.writing.plots import brief_plots, plot_told

_EVERY_FOURTH = range(0, len(PREMISES), 4)


def shortest(premise: str, seed: int) -> Told:
    tone = list(Tone)[seed % len(Tone)]
    return tell(Brief(premise, age=Age.EARLY, tone=tone, pages=6, chapters=1), seed)


@pytest.mark.parametrize("n", _EVERY_FOURTH, ids=lambda n: PREMISES[n][:40])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_shortest_book_has_about_150_words_and_is_read_with_ease(n: int, seed: int) -> None:
    told = shortest(PREMISES[n], seed)
    # somebody of a premise who turns up in the end takes a sentence more
    assert 140 <= told.words <= (180 if n == 28 else 175)
    assert all(len(page.split()) >= 17 for page in told.pages), told.pages
    assert told.words / len(told.sentences) < 7.5
    assert grade(told) < 2.1


@pytest.mark.parametrize("n", _EVERY_FOURTH, ids=lambda n: PREMISES[n][:40])
def test_the_shortest_book_says_nothing_twice_and_cuts_no_sentence(n: int) -> None:
    told = shortest(PREMISES[n], 1)
    assert [sentence for sentence, times in Counter(told.sentences).items() if times > 1] == []
    for page in told.pages:
        assert page[-1] in ".!?”" and page.count("“") == page.count("”"), page
        assert not set(page) & set("{}[]|*<>$\\"), page
    hero = told.plan.outline.characters[0]
    assert sum(hero.name.split()[-1] in page for page in told.pages) >= 5
    assert shortest(PREMISES[n], 1).pages == told.pages


def test_the_shortest_book_wants_tries_three_times_despairs_turns_and_ends() -> None:
    for seed in range(5):
        outline = shortest(PREMISES[6], seed).plan.outline
        purposes = " ".join(beat.purpose for beat in outline.chapters[0].beats)
        assert all(f"attempt {n}: first steps and mishap" in purposes for n in (1, 2, 3))
        assert all(part in purposes for part in ("opening", "want", "low point", "turn", "resolution", "echo"))
        assert plot_told(outline, outline.characters[0].want, is_verse=False).is_brief


def test_the_next_seed_tells_the_shortest_book_by_another_plot() -> None:
    told = [shortest("Leo wants to win the race", seed) for seed in range(2, 7)]
    plots = [plot_told(each.plan.outline, each.plan.outline.characters[0].want, is_verse=False) for each in told]
    assert all(one.id != other.id for one, other in pairwise(plots))
    assert len({plot.id for plot in plots}) >= 3
    assert len({page for each in told for page in each.pages}) >= 18


@pytest.mark.parametrize("thing", ["hat", "book"])
def test_what_a_premise_denies_is_not_told_in_the_shortest_book(thing: str) -> None:
    for seed in range(5):
        told = "\n".join(shortest(f"A mouse wants to see the sea without a {thing}", seed).pages)
        assert not re.search(rf"\b{thing}s?\b", told.replace(f"without a {thing}", "")), told


def test_nobody_asks_one_of_their_own_kind() -> None:
    for seed in range(5):
        assert "ask a cow" not in "\n".join(shortest("A cow who wants to be a moosician", seed).pages)


def test_every_short_plot_has_three_rising_tries_each_told_in_a_few_words() -> None:
    for plot in brief_plots():
        assert [attempt.rise for attempt in plot.attempt] == [1, 2, 3], plot.id
        texts = (*plot.opening, *plot.want, *plot.low, *plot.turn, *plot.success, *plot.echo)
        told = "\n".join((*texts, *(a.trying + a.failing for a in plot.attempt)))
        sure = [line.partition(" ")[2] for line in told.splitlines() if line.startswith("1 ")]
        assert 105 <= sum(len(line.split()) for line in sure) <= 125, plot.id


@pytest.mark.parametrize(("pages", "chapters", "age"), [(6, 2, Age.EARLY), (7, 1, Age.EARLY), (6, 1, Age.YOUNG)])
def test_a_book_of_any_other_length_is_told_as_before(pages: int, chapters: int, age: Age) -> None:
    told = tell(Brief(PREMISES[0], age=age, pages=pages, chapters=chapters), 1)
    assert told.words > 400
    assert not plot_told(told.plan.outline, told.plan.outline.characters[0].want, is_verse=False).is_brief
