"""The embedded writer takes in whom a confirmed look is of."""

from dataclasses import replace

import pytest

from overprint.core.looks import check_cast, check_looks, find_character
from overprint.core.scene import Hair, Species
from overprint.core.story import Brief, Look, PlanTask, Pronouns
from overprint.craft.writing.planning import plan

MIA = Look("Mia", "#a8714a", "#c06a4a", "#3f6fa8", "#c8452f", "#1f1a1a", Hair.LONG)


@pytest.mark.parametrize(
    "premise",
    [
        "Mia wants to find the sea",
        "A shy fox and Mia build a boat",
        "The lantern that Mia lost",
        "Captain Mia sails to the moon",
        "米娅 and Mia want to see the sea",
    ],
)
@pytest.mark.parametrize("species", [None, Species.WOMAN])
def test_whoever_the_premise_names_is_a_person_of_the_book(premise: str, species: Species | None) -> None:
    looks = (replace(MIA, species=species),)
    check_looks(looks, premise)
    made = plan(PlanTask(Brief(premise, pages=6, chapters=2, looks=looks)), 1)
    check_cast(made, looks)
    mia = find_character(made.outline.characters, "Mia")
    assert mia is not None
    seen = [who for chapter in made.outline.chapters for beat in chapter.beats for who in beat.cast]
    assert seen.count(mia.id) >= 4


def test_what_the_premise_leaves_open_the_look_tells() -> None:
    looks = (replace(MIA, species=Species.WOMAN),)
    made = plan(PlanTask(Brief("Mia wants to find the sea", pages=6, chapters=2, looks=looks)), 1)
    mia = find_character(made.outline.characters, "Mia")
    assert mia is not None and (mia.noun, mia.pronouns) == ("woman", Pronouns.SHE)
