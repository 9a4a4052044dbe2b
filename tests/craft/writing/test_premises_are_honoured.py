"""Whatever somebody types: who, what they want, with what and where is in the book, and in good English."""

import re
from functools import cache

import pytest
from tests.craft.writing.measuring import Told, tell
from tests.craft.writing.premise_table import ASKED, Asked

from overprint.core.scene import PropKind
from overprint.core.story import Brief

_BASE_AFTER_NOT = re.compile(
    r"\b(?:was|were|is) not (?:a |an )?\w+ (?:sail|goes|go|opens?|delivers?|wants?|runs?|saves?|fly|flies)\b",
    re.IGNORECASE,
)
_SEAMS = re.compile(
    r"\b(?:to to|to the to|a the|the a|the an|a an|the their|the her|the his|a their|the the"
    r"|was never been|it who|they who"
    r"|wanted to (?:wants|was|is)|to not|was not (?:\w+s) and)\b|[{}\[\]|]",
    re.IGNORECASE,
)


@cache
def book(n: int) -> Told:
    return tell(Brief(premise=ASKED[n].premise, pages=12, chapters=1))


def _plain(text: str) -> str:
    return text.lower().replace("'", "’")


def _cast(told: Told) -> list[str]:
    return [_plain(f"{c.name} {c.noun}") for c in told.plan.outline.characters if not c.id.startswith("helper")]


each = pytest.mark.parametrize("n", range(len(ASKED)), ids=[asked.premise[:48] for asked in ASKED])


@each
def test_everybody_asked_for_is_in_the_book_and_the_hero_is_one_of_them(n: int) -> None:
    left, who = _cast(book(n)), [_plain(word) for word in ASKED[n].who]
    assert not who or any(word in left[0] for word in who)
    for word in who:
        found = next((each for each in left if word in each), None)
        assert found is not None, (word, left)
        left.remove(found)


@each
def test_the_want_is_told_in_the_words_of_the_premise(n: int) -> None:
    hero = book(n).plan.outline.characters[0]
    assert [word for word in ASKED[n].want if _plain(word) not in _plain(hero.want)] == []


@each
def test_the_things_and_places_of_the_premise_are_on_the_pages(n: int) -> None:
    text = _plain(" ".join(book(n).pages))
    assert [word for word in (*ASKED[n].things, *ASKED[n].places) if _plain(word) not in text] == []


@each
def test_what_is_not_so_is_told_as_it_was_given(n: int) -> None:
    outline = book(n).plan.outline
    told = [fact for c in outline.characters for fact in c.facts] + [c.subject for c in outline.constraints]
    assert [word for word in ASKED[n].nots if _plain(word) not in _plain(" ".join(told))] == []


@each
def test_no_seam_shows_where_the_words_of_the_premise_were_put_in(n: int) -> None:
    told = book(n)
    text = " ".join([*told.pages, told.plan.outline.logline, told.plan.outline.title])
    assert _SEAMS.search(text) is None, _SEAMS.search(text)
    assert _BASE_AFTER_NOT.search(text) is None, _BASE_AFTER_NOT.search(text)


def test_a_premise_is_read_alike_whoever_asks_for_it() -> None:
    asked_for = [
        "A fox wants to paint",
        "Please write me a story about a fox who wants to paint",
        "a fox that wants to paint",
    ]
    wants = {tell(Brief(premise=premise, pages=6, chapters=1)).plan.outline.characters[0].want for premise in asked_for}
    assert wants == {"paint"}


def test_a_second_statement_about_the_hero_is_no_part_of_the_want() -> None:
    premise = "my daughter Lena loves trains and is never ever late"
    outline = tell(Brief(premise=premise, pages=6, chapters=1)).plan.outline
    assert outline.characters[0].want == "have a day full of trains"


@pytest.mark.parametrize("pages", [8, 12, 20])
def test_who_sails_a_bathtub_is_seen_in_it_at_sea(pages: int) -> None:
    told = tell(Brief(premise=ASKED[0].premise, pages=pages, chapters=1))
    at_sea = [n for n, scene in enumerate(told.scenes) if scene.place == "the wide water past the last buoy"]
    assert at_sea
    assert any("bathtub" in told.pages[n] for n in at_sea)
    assert any(prop.kind is PropKind.BOAT for n in at_sea for prop in told.scenes[n].props)


def _is_worth_asking(asked: Asked) -> bool:
    return bool(asked.who or asked.want or asked.things or asked.places)


def test_every_line_of_the_table_asks_for_something() -> None:
    assert all(_is_worth_asking(asked) for asked in ASKED)


def _pages(premise: str, seed: int) -> list[str]:
    return tell(Brief(premise=premise, pages=12, chapters=1), seed).pages


@pytest.mark.parametrize("seed", range(1, 5))
def test_what_the_want_overcomes_is_no_longer_so_in_the_end(seed: int) -> None:
    pages = _pages("Bracken is a firefly whose light has gone out", seed)
    assert any("light that had gone out" in page for page in pages[:3])
    assert "gone out" not in pages[-1]


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_reason_is_told_once(seed: int) -> None:
    text = " ".join(_pages("A fox wants to stay awake because the moon promised him a secret", seed))
    assert text.count("moon promised him a secret") == 1


@pytest.mark.parametrize("premise", ["twin boys who are scared of thunder", "Leo and Max are scared of thunder"])
def test_who_share_a_fear_are_both_afraid(premise: str) -> None:
    told = tell(Brief(premise=premise, pages=12, chapters=1))
    for character in told.plan.outline.characters[:2]:
        assert f"{character.name} is afraid of thunder" in character.facts
    assert "not afraid of it at all" not in re.sub(r"you have not been afraid of it at all", "", " ".join(told.pages))
