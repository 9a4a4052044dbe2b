"""What a plan keeps of premises that real people type: who, what they want, what is so, where, and what must not be."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from overprint.core.story import Brief, Character, CharacterRole, Outline, PlanTask
from overprint.craft.writing.planning import plan


@dataclass(frozen=True)
class Planned:
    """A line of ``everyday_premises.txt``, which says what each field means."""

    premise: str
    who: str
    want: str
    told: str = ""
    at: str = ""
    without: str = ""


_TABLE = Path(__file__).with_name("everyday_premises.txt").read_text("utf-8")
PLANNED = [
    Planned(*(field.strip() for field in line.split(" |"))) for line in _TABLE.splitlines() if not line.startswith("#")
]


def _outline(premise: str) -> Outline:
    return plan(PlanTask(Brief(premise, chapters=1)), 1).outline


def _people(outline: Outline) -> list[Character]:
    return [c for c in outline.characters if c.role is not CharacterRole.HELPER]


def _is_named(character: Character, premise: str) -> bool:
    return bool({*character.name.lower().split()} & {*re.findall(r"\w+", premise.lower())})


def _by_kind(text: str, people: list[Character], premise: str) -> str:
    """``text`` with "the fox" for everybody to whom the premise gives no name."""
    for character in people:
        if not _is_named(character, premise):
            text = re.sub(rf"\b{re.escape(character.name)}\b", f"the {character.noun}", text)
    return text


@pytest.mark.parametrize("planned", PLANNED, ids=lambda planned: planned.premise[:48])
def test_a_plan_keeps_what_an_everyday_premise_says(planned: Planned) -> None:
    outline = _outline(planned.premise)
    people = _people(outline)
    left = [c.name if _is_named(c, planned.premise) else c.noun for c in people]
    asked_for = [who for who in planned.who.split(", ") if who]
    assert not asked_for or left[0] == asked_for[0]
    for who in asked_for:
        left.remove(who)
    assert _by_kind(people[0].want, people, planned.premise) == planned.want
    told = " | ".join(_by_kind(fact, people, planned.premise) for c in people for fact in c.facts)
    assert [clause for clause in planned.told.split("; ") if clause not in told] == []
    assert planned.at in outline.chapters[0].beats[0].place
    assert not planned.without or planned.without in {c.subject for c in outline.constraints}


def test_who_loves_a_kind_of_animal_has_one_at_their_side() -> None:
    companion = _people(_outline("My daughter Saoirse loves unicorns and hates brushing her teeth"))[1]
    assert companion.noun == "unicorn"


def test_a_book_without_animals_has_none() -> None:
    for seed in range(1, 6):
        premise = "a story with no animals please, just a girl called Bea and her paper plane"
        outline = plan(PlanTask(Brief(premise, chapters=1, seed=seed)), seed).outline
        assert {c.noun for c in _people(outline)} <= {"girl", "robot", "ghost", "grandmother", "grandfather"}


def test_whoever_is_missed_is_not_there_until_the_end() -> None:
    premise = "My husband is a nurse and works at night, our kids Mila and Jonas miss him at bedtime"
    outline = _outline(premise)
    father = next(c for c in outline.characters if c.name == "Dad")
    present = [father.id in beat.cast for beat in outline.chapters[0].beats]
    assert not any(present[:10]) and present[-1]
