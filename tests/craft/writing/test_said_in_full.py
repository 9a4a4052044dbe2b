"""What a premise leaves out because its other words say it is read as if it stood there."""

import pytest
from tests.craft.writing.measuring import tell

from overprint.core.story import Brief
from overprint.craft.writing.facts import FactKind
from overprint.craft.writing.premise import read


@pytest.mark.parametrize(
    ("premise", "who", "kind", "what"),
    [
        ("The twins Amara and Kofi are not afraid of the dark, but their sister is", 2, FactKind.FEARS, "the dark"),
        ("Zuri is shy, her brother Tendai is not, and both must sing", 1, FactKind.NOT, "shy"),
        ("A goose cannot swim, but her chick can", 1, FactKind.IS, "able to swim"),
        ("Yuki does not like birthdays, but her twin Haru does", 1, FactKind.HABIT, "like birthdays"),
        ("A girl with no shadow looks for the boy who has two", 1, FactKind.HABIT, "have two shadows"),
    ],
)
def test_of_the_second_of_two_is_said_what_was_said_of_the_first(
    premise: str, who: int, kind: FactKind, what: str
) -> None:
    assert (kind, what) in [(fact.kind, fact.what) for fact in read(premise).people[who].facts]


@pytest.mark.parametrize(
    ("premise", "want", "hero"),
    [
        ("My two dads got married and I carried the rings", "carry the rings", "child"),
        ("Nobody in the village remembers how to laugh except a goat called Biscuit", "teach everybody", "goat"),
        ("Everybody in the class can swim except Zoe", "learn to swim", ""),
        ("Everyone on the island has a boat except old Malik", "have a boat", ""),
        ("The sea has lost her voice and a small crab brings it back", "find the sea’s voice", "crab"),
        ("Søren the walrus has never seen snow, though everyone says he lives in it", "see snow", "walrus"),
        ("Two lighthouses who can see each other but never meet", "meet at last", "lighthouse"),
        ("Two bears cannot agree who is taller", "agree at last", "bear"),
        ("A knight with no horse and a horse with no knight", "find each other", "knight"),
        ("The queen bee wants to retire, but no bee wants to be queen", "retire", "queen bee"),
        ("The twins Amara and Kofi are not afraid of the dark, but their sister is", "help {p2} be brave", "twin"),
    ],
)
def test_who_wants_what_is_read_from_what_is_left_out(premise: str, want: str, hero: str) -> None:
    reading = read(premise)
    assert reading.want.startswith(want)
    assert reading.people[0].noun == hero


def test_what_happened_before_is_told_first_and_is_not_what_anybody_wants() -> None:
    reading = read("Our dog Pickle ate my homework and now he can do fractions")
    assert [fact.what for fact in reading.events] == ["Pickle ate the homework"]
    assert "homework" not in reading.want
    assert (FactKind.IS, "able to do fractions") in [(f.kind, f.what) for f in reading.people[0].facts]


def test_what_others_say_of_somebody_is_no_fact() -> None:
    reading = read("Søren the walrus has never seen snow, though everyone says he lives in it")
    assert [fact.kind for fact in reading.people[0].facts] == [FactKind.NEVER_YET]


def test_a_question_that_nobody_can_agree_on_is_told_whole_and_in_the_past() -> None:
    told = tell(Brief("Seven little penguins cannot agree whose turn it is to carry the egg", pages=12, chapters=1))
    assert "could not agree whose turn it was to carry the egg" in str(told)
    assert "found out whose turn it was to carry the egg" in str(told)


def test_of_two_fathers_each_has_a_name_that_a_child_would_call_him() -> None:
    told = str(tell(Brief("My two dads got married and I carried the rings", pages=6, chapters=1)))
    assert "Papa" in told
    assert "the two dads got married" in told
