"""Whoever is blind, deaf, on wheels, stammers or collects something tries it in their own way."""

import re

import pytest
from tests.craft.writing.measuring import tell

from overprint.core.story import Age, Brief, PlanTask
from overprint.craft.writing import planning
from overprint.craft.writing.own_ways import own_tries
from overprint.craft.writing.planning import plan
from overprint.craft.writing.plots import Plot, plot_for, plot_told, plots

WAYS = {
    "wheels": "Priya uses a wheelchair and wants to visit the moon",
    "blind": "Imani, who is blind, wants to tell everybody a secret",
    "deaf": "Yuki is a deaf girl and wants to cross the sea",
    "stammer": "Kwame, who stutters, has to tell the whole village that the river is rising",
    "passion": "Nell collects stones and wants to go to the mountain",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("age", [Age.EARLY, Age.YOUNG, Age.MIDDLE])
def test_at_least_one_try_is_the_heros_own_and_their_way_is_what_helps(way: str, age: Age) -> None:
    told = tell(Brief(WAYS[way], age=age, chapters=1))
    places = {beat.place for chapter in told.plan.outline.chapters for beat in chapter.beats}
    own = [attempt for attempt in own_tries().attempt if way in attempt.suits and attempt.place in places]
    tables = told.plan.outline.chapters[0].beats
    assert own or any("in order of size" in beat.summary for beat in tables)
    lines = own_tries().payoff_early[way] if age is Age.EARLY else own_tries().payoff[way]
    payoffs = [re.split(r"\{\w+\}|\*|\. ", line.lower()) for line in lines]
    ending = " ".join(told.pages[-4:]).lower()
    assert any(max(parts, key=len).strip(" ,")[:20] in ending for parts in payoffs), ending


@pytest.mark.parametrize("way", sorted({way for attempt in own_tries().attempt for way in attempt.suits}))
def test_every_way_has_an_introduction_a_payoff_and_words_for_the_youngest(way: str) -> None:
    tries = [attempt for attempt in own_tries().attempt if way in attempt.suits]
    assert len({attempt.rise for attempt in tries}) >= 2
    assert own_tries().intro[way] and own_tries().payoff[way] and own_tries().payoff_early[way]
    assert all("1e " in attempt.trying and "1e " in attempt.failing for attempt in tries)


def test_nothing_is_told_of_a_blind_hero_seeing() -> None:
    text = " ".join(tell(Brief(WAYS["blind"], chapters=1)).pages)
    assert not re.search(r"\bImani (?:looked|saw|watched|stared|read)\b", text)


def test_what_is_spoken_of_later_is_always_told() -> None:
    for plot in plots():
        assert set(plot.speaks_of) - {"want"} <= {attempt.id for attempt in plot.attempt}, plot.id


@pytest.mark.parametrize("pages", [6, 12, 24])
def test_a_plot_is_known_again_from_what_it_planned(pages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[Plot] = []

    def noted(want: str, seed: int, *rest: object) -> Plot:
        chosen.append(plot_for(want, seed, *rest))  # type: ignore[arg-type]
        return chosen[-1]

    monkeypatch.setattr(planning, "plot_for", noted)
    for want in ("sneeze quietly", "go to the moon", "find her hat", "be a knight", "sail to the sea in a boat"):
        for seed in range(4):
            outline = plan(PlanTask(Brief(f"A fox wants to {want}", pages=pages, chapters=1, seed=seed)), seed).outline
            assert plot_told(outline, outline.characters[0].want, False) is chosen[-1], (want, seed)


def test_a_named_vehicle_has_more_than_one_story_and_goes_by_its_name() -> None:
    premise = "Mira and her cat Soot want to sail to the moon in a paper boat called the Nutmeg"
    told = [tell(Brief(premise, chapters=1, seed=seed), seed) for seed in (1, 2)]
    tries = [{beat.place for beat in book.plan.outline.chapters[0].beats[2:8]} for book in told]
    assert not tries[0] & tries[1]
    assert all("the Nutmeg" in " ".join(book.pages[2:]) for book in told)
    assert all("boat called the Nutmeg" not in page for book in told for page in book.pages[2:])
