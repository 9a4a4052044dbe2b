"""Whoever a premise names is drawn as what they are, or their sheet says that somebody else stands in their place."""

import pytest

from overprint.core.scene import PEOPLE, Species
from overprint.core.story import Brief, PlanTask
from overprint.craft.writing.planning import plan
from overprint.craft.writing.vocabulary import lexicon

OWN_WORDS = frozenset(species.value for species in Species if species not in (*PEOPLE, Species.CREATURE))


def hero_of(noun: str) -> tuple[Species, str]:
    planned = plan(PlanTask(Brief(premise=f"The {noun} wants to learn to sing", chapters=1, pages=8)), 1)
    sheet = planned.sheets[planned.outline.characters[0].id]
    return sheet.species, sheet.in_place_of


def test_every_species_is_drawn_for_its_own_word() -> None:
    beings = lexicon().beings
    wrong = {word for word in OWN_WORDS if beings[word].species != word or beings[word].in_place_of}
    assert not wrong


def test_only_those_who_look_like_it_share_a_likeness_silently() -> None:
    """Everybody drawn as an animal of another name is listed here, looked at, or says so."""
    alike = {word for word, being in lexicon().beings.items() if not being.in_place_of and being.species not in PEOPLE}
    doubtful = {"walrus", "moose", "ostrich", "hyena", "bison", "lobster", "slug", "toucan", "panther", "yeti", "newt"}
    assert {word for word in doubtful & alike if lexicon().beings[word].species != word} == set()


@pytest.mark.parametrize(
    ("noun", "species", "in_place_of"),
    [
        ("walrus", Species.WALRUS, ""),
        ("beaver", Species.BEAVER, ""),
        ("moose", Species.DEER, "moose"),
        ("platypus", Species.CREATURE, "platypus"),
        ("teapot", Species.CREATURE, "teapot"),
        ("tractor", Species.ROBOT, "tractor"),
    ],
)
def test_a_sheet_says_whom_a_likeness_stands_for(noun: str, species: Species, in_place_of: str) -> None:
    assert hero_of(noun) == (species, in_place_of)


def test_some_are_always_of_one_colour() -> None:
    planned = plan(PlanTask(Brief(premise="A polar bear and a crow look for ice", chapters=1, pages=8)), 3)
    bear, crow = (planned.sheets[person.id] for person in planned.outline.characters[:2])
    assert (bear.species, crow.species) == (Species.BEAR, Species.BIRD)
    assert bear.body > "#f0" and crow.body < "#50"
