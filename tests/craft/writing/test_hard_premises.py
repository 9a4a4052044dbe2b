"""Premises with relations, negations, several people and things that happen: who, what is wanted and what is so."""

from dataclasses import dataclass

import pytest
from tests.craft.writing.measuring import tell

from overprint.core.story import Brief, CharacterRole, Outline, PlanTask
from overprint.craft.writing.planning import plan


@dataclass(frozen=True)
class Hard:
    """``hero``: a word of who it is about. ``told``: words of what must stay true, of anybody in the story."""

    premise: str
    hero: str
    want: str
    told: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


HARD = [
    Hard(
        "A blind grandfather and his granddaughter Mia who reads him the stars",
        "Mia",
        "read Grandfather the stars",
        ("Grandfather is blind",),
        ("Grandfather",),
    ),
    Hard(
        "Three little pigs who open a bakery, but the wolf next door is allergic to flour",
        "pig",
        "open a bakery",
        ("allergic to flour",),
        ("pig", "pig", "wolf"),
    ),
    Hard(
        "Wheelchair-user Priya collects stones and wants to reach the top of Blackcomb Hill",
        "Priya",
        "reach the top of Blackcomb Hill",
        ("Priya uses a wheelchair", "Priya collects stones"),
    ),
    Hard(
        "The bus driver always waits for the old lady, but one Monday she doesn't come",
        "bus driver",
        "find out why",
        ("always waits for", "one Monday"),
        ("lady",),
    ),
    Hard(
        "Amadou doesn't want to be a fisherman like his father, he wants to paint boats",
        "Amadou",
        "paint boats",
        ("does not want to be a fisherman like his father",),
    ),
    Hard(
        "a girl and her robot brother race against the rival twins in a flying soapbox called the Purple Comet",
        "girl",
        "race against the rival twins in a flying soapbox called the Purple Comet",
        (),
        ("robot brother", "boy", "girl"),
    ),
    Hard(
        "Leila moves from Syria to Norway and doesn't speak Norwegian, then she meets a boy who only talks to geese",
        "Leila",
        "feel at home in Norway",
        ("does not speak Norwegian", "meets a boy who only talks to geese"),
        ("boy",),
    ),
    Hard(
        "Grandma Rosa forgets names but never forgets songs. Her grandson Nico wants to sing with her one more time.",
        "Nico",
        "sing with Grandma Rosa one more time",
        ("Grandma Rosa forgets names", "Grandma Rosa never forgets songs", "Nico is Grandma Rosa’s grandson"),
    ),
    Hard(
        "Ten-year-old inventor Zainab builds a machine that turns homework into butterflies, "
        "but then the butterflies won't leave",
        "Zainab",
        "get the butterflies to leave",
        ("machine that turns homework into butterflies", "the butterflies won’t leave"),
    ),
    Hard("A cat who thinks she is a dog until a real dog moves in next door", "cat", "make friends", ("is a dog",)),
    Hard(
        "The night before the school play, Ngozi loses her voice and her best friend Tomas must say her lines "
        "though he's terrified of crowds",
        "Tomas",
        "say Ngozi’s lines",
        ("Tomas is afraid of crowds", "Ngozi begins by losing her voice", "best friend"),
        ("Ngozi",),
    ),
    Hard(
        "Farmer Joe's cows go on strike because he never says thank you",
        "cow",
        "go on strike",
        ("because Farmer Joe never says thank you",),
        ("Farmer Joe",),
    ),
    Hard(
        "I want a story where the princess rescues the prince and nobody gets married at the end",
        "princess",
        "rescue the prince",
        ("ends so: nobody gets married",),
        ("prince",),
    ),
    Hard(
        "A boy named Santiago with one arm learns to climb with the help of an old mountain goat",
        "Santiago",
        "learn to climb",
        ("has one arm",),
        ("mountain goat",),
    ),
    Hard(
        "Captain Olu's spaceship, the Silver Mango, runs out of fuel", "Olu", "find some more fuel", ("Silver Mango",)
    ),
    Hard("Hana must rescue a fox. She has never been outside.", "Hana", "rescue a fox", ("has never been outside",)),
    Hard(
        "A librarian who is secretly a werewolf, though only on Tuesdays", "librarian", "secret", ("only on Tuesdays",)
    ),
    Hard(
        "Malik's mum is a firefighter and he worries every time the bell rings", "Malik", "stop worrying", ("Mum is a",)
    ),
    Hard("Five ducklings who can't agree which way is south", "duckling", "find out which way is south"),
    Hard(
        "A knight, not very brave, and a dragon, not very fierce, decide to swap jobs",
        "knight",
        "swap",
        ("not very brave",),
    ),
    Hard(
        "Zuzu wants to stay up until midnight but her eyes keep closing", "Zuzu", "midnight", ("her eyes keep closing",)
    ),
    Hard("socks", "sock", "", (), ("sock",)),
]


def planned(premise: str, pages: int = 12) -> Outline:
    return plan(PlanTask(Brief(premise, pages=pages, chapters=1)), 1).outline


@pytest.mark.parametrize("hard", HARD, ids=lambda hard: hard.premise[:40])
def test_what_a_hard_premise_says_is_in_the_plan(hard: Hard) -> None:
    outline = planned(hard.premise)
    hero, *rest = [c for c in outline.characters if c.role is not CharacterRole.HELPER]
    assert hard.hero in f"{hero.name} {hero.noun}"
    assert hard.want in hero.want
    left = [f"{c.name} {c.noun}" for c in rest]
    for word in hard.others:
        left.remove(next(each for each in left if word in each))
    facts = " ".join(fact for c in outline.characters for fact in c.facts)
    assert [word for word in hard.told if word not in facts] == []


def test_what_happens_is_told_before_anybody_wants_anything_of_it() -> None:
    told = tell(Brief("The bus driver always waits for the old lady, but one Monday she doesn't come", chapters=1))
    pages = "\n".join(told.pages[:2])
    lady = next(c for c in told.plan.outline.characters if c.noun == "lady")
    assert f"one Monday {lady.name} did not come" in pages
    assert lady.role is CharacterRole.OTHER and lady.name not in "\n".join(told.pages[2:9])


def test_how_a_premise_ends_is_told_on_the_last_page_alone() -> None:
    told = tell(Brief("A princess wants to rescue a prince and nobody gets married at the end", chapters=1))
    assert "nobody got married" in told.pages[-1]
    assert not any("nobody got married" in page for page in told.pages[:-1])


@pytest.mark.parametrize("seed", range(1, 4))
def test_somebody_who_is_they_does_as_several_do(seed: int) -> None:
    told = tell(Brief("Bobo, an imaginary friend, wants to find a hat. They are shy.", chapters=1), seed)
    assert told.plan.outline.characters[0].pronouns.value == "they"
    assert not any(word in " ".join(told.pages) for word in ("They gives", "They has ", "They was ", "they was "))
