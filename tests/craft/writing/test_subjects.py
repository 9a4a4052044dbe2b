"""Plots that speak of what a want is about, and where their pages are."""

from random import Random

import pytest
from tests.craft.writing.measuring import tell

from overprint.core.scene import Setting
from overprint.core.story import Age, Brief, CharacterRole
from overprint.craft.writing.plots import attempts_for, plots, plots_for, tries_of
from overprint.craft.writing.spine import spine_of_outline
from overprint.craft.writing.subjects import subject_slots, subject_words

SUBJECTS = {
    "run a tea shop under the sea": ("shop", "a tea shop"),
    "sell umbrellas to ducks": ("shop", "a umbrella stall"),
    "put on a play in the barn": ("show", "a play"),
    "start a band": ("show", "a concert"),
    "collect echoes": ("things", "echoes"),
    "plant a sunflower in the city": ("plant", "a sunflower"),
    "give everything back": ("returned", "everything"),
    "mend the town clock before the storm": ("mended", "the town clock"),
    "look after a baby dragon": ("charge", "a baby dragon"),
    "rescue a princess from a dragon": ("rescued", "a princess"),
    "catch the wind": ("quarry", "the wind"),
    "throw a birthday party for his best friend": ("party", "a birthday party"),
    "bake a cake for the moon": ("dish", "a cake"),
    "save his grandfather’s shop": ("saved", "his grandfather’s shop"),
    "save the little school library": ("saved", "the little school library"),
    "get home": ("homeward", "home"),
    "be taller": ("state", "taller"),
    "find a new home": ("dwelling", "a new home"),
    "make the queen laugh": ("cheered", "the queen"),
}


@pytest.mark.parametrize("want", SUBJECTS)
def test_what_a_want_is_about_is_read_and_a_plot_speaks_of_it(want: str) -> None:
    slot, phrase = SUBJECTS[want]
    assert subject_words(want)[slot] == phrase
    assert any(slot in plot.needs for plot in plots_for(want))


@pytest.mark.parametrize(
    "want", ["catch the bus", "mend her friends", "gather", "be brave", "look after her brother", "give up"]
)
def test_what_is_no_such_thing_fills_no_slot(want: str) -> None:
    assert not any(subject_words(want).values())


def test_every_subject_has_a_plot() -> None:
    assert set(subject_slots()) <= {slot for plot in plots() for slot in plot.needs}


@pytest.mark.parametrize(
    "premise",
    [
        "A girl who collects echoes",
        "An octopus and a snail run a tea shop",
        "A robot repairs the town clock",
        "A mole who eats a cloud",
    ],
)
@pytest.mark.parametrize("seed", range(1, 5))
def test_a_book_is_told_by_the_plot_that_it_was_planned_by(premise: str, seed: int) -> None:
    told = tell(Brief(premise, age=Age.YOUNG, pages=12, chapters=1, seed=seed), seed)
    plot = spine_of_outline(told.plan.outline, told.brief.genre).plot
    beats = " ".join(beat.summary for chapter in told.plan.outline.chapters for beat in chapter.beats)
    assert (
        sum(
            max(attempt.summary.replace("{hero}", "").split("{")[0].split("}"), key=len).strip(" ,.") in beats
            for attempt in tries_of(plot)
        )
        >= 3
    )
    assert "It did not go as planned" not in " ".join(told.pages)


def test_those_who_live_under_the_sea_try_nothing_on_land_where_a_plot_has_other_tries() -> None:
    shop = next(plot for plot in plots() if plot.id == "shop")
    sea = frozenset({Setting.UNDERWATER, Setting.SEA})
    tries = attempts_for(shop, 3, Age.YOUNG, frozenset(), Random(1), frozenset({"shop"}), world=sea)
    assert all(attempt.setting is None for attempt in tries)


def test_whoever_is_to_be_cheered_or_minded_is_there_from_the_first_try_and_is_not_the_friend() -> None:
    told = tell(Brief("A clown fox wants to make the queen laugh", pages=12, chapters=1, seed=4), 4)
    queen = next(c for c in told.plan.outline.characters if c.noun == "queen")
    assert queen.role is CharacterRole.OTHER
    assert queen.id in {actor.who for actor in told.scenes[2].actors}
    assert "And who should be standing there" not in " ".join(told.pages)


def test_people_of_different_wants_do_not_all_wish_in_a_bedroom() -> None:
    premises = (
        "A goat who eats a cloud",
        "A boy who walks on his hands",
        "A wolf who wants to tell the truth",
        "Leo wants to win the race",
    )
    told = [tell(Brief(premise, pages=12, chapters=1), 1) for premise in premises]
    assert sum(book.scenes[1].setting is Setting.BEDROOM for book in told) <= 1
