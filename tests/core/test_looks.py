"""Looks that people confirmed hold for the plan of any writer."""

from dataclasses import replace

import pytest

from overprint.core.looks import check_cast, check_looks, dressed, find_character, is_named
from overprint.core.problems import Invalid
from overprint.core.scene import Accessory, Garment, Hair, Species
from overprint.core.story import Brief, Look, Plan
from tests.support.stories import OUTLINE, SHEETS

MIA = Look("Mia", "#a8714a", "#c06a4a", "#3f6fa8", "#c8452f", "#1f1a1a", Hair.LONG)
BRIEF = Brief("Mia wants to fly", looks=(MIA,))


def _plan(name: str = "Mia", species: Species = Species.CHILD) -> Plan:
    first, *others = OUTLINE.characters
    sheet = replace(SHEETS[first.id], species=species, accessories=(Accessory.SCARF,), garment=Garment.VEST, height=0.9)
    characters = (replace(first, name=name), *others)
    return Plan(replace(OUTLINE, characters=characters), {**SHEETS, first.id: sheet})


@pytest.mark.parametrize(
    ("premise", "is_there"),
    [
        ("Mia wants to fly", True),
        ("a dragon called MIA", True),
        ("Mia’s lantern", True),
        ("Miami at night", False),
        ("a fox", False),
    ],
)
def test_a_name_is_in_a_premise_as_a_word_of_its_own(premise: str, is_there: bool) -> None:
    assert is_named("Mia", premise) is is_there


def test_scripts_without_spaces_have_names_too() -> None:
    assert is_named("米娅", "米娅想去看海")


def test_who_is_not_in_the_premise_twice_or_in_no_colour_is_refused() -> None:
    check_looks([MIA], "Mia wants to fly")
    for looks, said in (
        ([replace(MIA, name="Tom")], "Tom is not in the premise"),
        ([MIA, replace(MIA, name="mia")], "two looks for mia"),
        ([replace(MIA, outfit="blue")], "outfit of Mia is not a colour"),
    ):
        with pytest.raises(Invalid, match=said):
            check_looks(looks, "Mia wants to fly")


def test_the_sheet_gets_what_was_confirmed_and_keeps_what_nobody_said() -> None:
    plan = dressed(_plan(), BRIEF)
    sheet = plan.sheets[plan.outline.characters[0].id]
    assert (sheet.body, sheet.hair, sheet.hair_colour, sheet.outfit) == ("#a8714a", Hair.LONG, "#1f1a1a", "#3f6fa8")
    assert (sheet.species, sheet.garment, sheet.accessories, sheet.height) == (
        Species.CHILD,
        Garment.VEST,
        (Accessory.SCARF,),
        0.9,
    )
    said = replace(MIA, species=Species.WOMAN, garment=Garment.DRESS, accessories=())
    sheet = dressed(_plan(), replace(BRIEF, looks=(said,))).sheets[plan.outline.characters[0].id]
    assert (sheet.species, sheet.garment, sheet.accessories, sheet.height) == (Species.WOMAN, Garment.DRESS, (), 1.4)
    others = {who: sheet for who, sheet in _plan().sheets.items() if who != plan.outline.characters[0].id}
    assert others.items() <= plan.sheets.items()


def test_no_writer_makes_up_glasses_for_a_real_person() -> None:
    plan = _plan()
    mia = plan.outline.characters[0].id
    made_up = replace(plan.sheets[mia], accessories=(Accessory.GLASSES, Accessory.SCARF))
    plan = replace(plan, sheets={**plan.sheets, mia: made_up})
    assert dressed(plan, BRIEF).sheets[mia].accessories == (Accessory.SCARF,)
    said = replace(BRIEF, premise="Mia, who has glasses, wants to fly")
    assert dressed(plan, said).sheets[mia].accessories == made_up.accessories


def test_a_plan_without_the_person_or_with_a_fox_of_that_name_is_refused() -> None:
    check_cast(_plan(), [MIA])
    with pytest.raises(Invalid, match="nobody called Mia"):
        check_cast(_plan("Tom"), [MIA])
    with pytest.raises(Invalid, match="Mia is a fox"):
        check_cast(_plan(species=Species.FOX), [MIA])


@pytest.mark.parametrize("name", ["Mia", "mia", "Captain Mia", "Mia Berg"])
def test_somebody_is_found_by_the_name_or_a_word_of_it(name: str) -> None:
    plan = _plan(name)
    assert find_character(plan.outline.characters, "Mia") == plan.outline.characters[0]
    assert find_character(plan.outline.characters, "Mi") is None
