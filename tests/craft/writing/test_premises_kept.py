"""Premises that are easily lost: forgotten things, contrasts, titles, who asks, what is only told. By classes."""

from dataclasses import dataclass

import pytest
from tests.craft.writing.measuring import tell

from overprint.core.story import Brief
from overprint.craft.writing.premise import read


@dataclass(frozen=True)
class Kept:
    """``who``: a word of each person, hero first. ``told``: words of what is so, is told or happens, of anybody."""

    premise: str
    who: tuple[str, ...]
    want: str
    told: tuple[str, ...] = ()


KEPT = [
    # what is lost, forgotten or not believed
    Kept("Grandpa forgot where he buried the treasure", ("grandpa",), "find the treasure again", ("forgot where he",)),
    Kept("Nobody believes Jonah when he says his goldfish can talk", ("Jonah", "goldfish"), "prove that his goldfish"),
    Kept("a giraffe who is too tall to play hide and seek", ("giraffe",), "find a way to play", ("too tall",)),
    Kept(
        "Kofi's grandfather can't remember his name any more", ("Kofi", "grandfather"), "help {pal} remember his name"
    ),
    # two of whom different things are said
    Kept(
        "A penguin who loves ice and a camel who hates the cold share a flat",
        ("penguin", "camel"),
        "share a flat",
        ("love ice", "hate the cold"),
    ),
    Kept(
        "two brothers, one who loves ice and one who hates it", ("brother", "brother"), "suits both", ("{p1} hates it",)
    ),
    Kept(
        "two sisters who can read each other's minds",
        ("sister", "sister"),
        "",
        ("{p0} and {p1} can read each other’s",),
    ),
    # things and thoughts as somebody
    Kept("Mia and a kite who is afraid of heights", ("Mia", "kite"), "help {pal} be brave about heights"),
    Kept("silence is looking for a place to live", ("Silence",), "find a place to live"),
    Kept(
        "Write about a shy cloud that is afraid of thunder and a brave little umbrella", ("cloud", "umbrella"), "brave"
    ),
    Kept(
        "The vegetables in Mr Tanaka's garden hold an election",
        ("vegetable", "vegetable", "Tanaka"),
        "hold an election",
    ),
    # what befalls somebody is told, and is no wish
    Kept("my little sister swallowed a star", ("sister",), "put everything right", ("swallowed a star",)),
    Kept("a pirate who gets homesick every time he leaves port", ("pirate",), "stop getting homesick"),
    Kept("a wolf who is vegetarian falls in love with a sheep", ("wolf", "sheep"), "be loved back", ("falls in love",)),
    Kept(
        "Ebo is invited to the moon's birthday party but has nothing to wear",
        ("Ebo",),
        "go to the moon’s birthday party",
    ),
    # who asks, and whose it is
    Kept(
        "we are moving house and my rabbit doesnt want to come",
        ("child", "rabbit"),
        "get {p1} to come",
        ("moving house",),
    ),
    Kept("My name is Ines and I have a little brother who cries all the time", ("Ines", "brother"), "get {p1} to stop"),
    Kept(
        "Dad lost his job, so we're opening a pancake stall",
        ("child", "dad"),
        "open a pancake stall",
        ("lost his job",),
    ),
    # titles, questions, causes and beginnings
    Kept("The Night the Stars Went Out", (), "find out why the stars went out"),
    Kept("Is there a monster under my bed?", (), "find out whether there is a monster"),
    Kept(
        "After grandma dies, Lotte finds her garden full of messages",
        ("Lotte",),
        "say a proper goodbye",
        ("grandma dies",),
    ),
    Kept(
        "When all the grown-ups fall asleep, Suki has to run the village",
        ("Suki",),
        "run the village",
        ("fall asleep",),
    ),
    # dignity
    Kept("a girl with a stutter wants to read her poem at school", ("girl",), "read her poem", ("have a stutter",)),
    Kept("Jaya, a girl with Down's syndrome, wants to dance", ("Jaya",), "dance", ("have Down’s syndrome",)),
]


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.premise[:40])
def test_nothing_that_a_premise_says_is_lost(kept: Kept) -> None:
    reading = read(kept.premise)
    people = [f"{person.name} {person.noun}" for person in reading.people]
    assert all(word in person for word, person in zip(kept.who, people, strict=False)) and len(people) >= len(kept.who)
    assert kept.want in reading.want
    told = " | ".join(fact.what for facts in (*(p.facts for p in reading.people), reading.events) for fact in facts)
    assert [word for word in kept.told if word not in told] == []


def test_what_is_only_told_is_told_on_the_first_page_and_of_the_right_ones() -> None:
    told = tell(Brief("two sisters who can read each other's minds", pages=6, chapters=1))
    one, other = (character.name for character in told.plan.outline.characters[:2])
    assert one != other
    assert f"{one} and {other} could read each other’s minds" in told.pages[0]


def test_whoever_has_died_is_missed_and_takes_no_part() -> None:
    told = tell(Brief("After grandma dies, Lotte finds her garden full of messages", pages=6, chapters=1))
    assert not any("grandma" in f"{c.name} {c.noun}".lower() for c in told.plan.outline.characters)
    assert "grandma died" in told.pages[0]


def test_of_two_who_are_contrasted_each_keeps_their_own() -> None:
    cat, dog = read("a cat who loves rain and a dog who hates it").people
    assert [fact.what for fact in cat.facts] == ["love rain"]
    assert [fact.what for fact in dog.facts] == ["hate rain"]
