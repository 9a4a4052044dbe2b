"""Everybody in a book has an id of their own: steps, sheets and pictures are found by it."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overprint.core.story import Genre
from overprint.craft.writing.casting import Cast, Wardrobe, cast_from, helper
from overprint.craft.writing.premise import read
from overprint.craft.writing.premise_people import Person

READING = read("A fox looks for the sea.")


def cast_of(names: list[str]) -> Cast:
    people = tuple(Person(name, "fox", "fox", None) for name in names)
    return cast_from(replace(READING, people=people), Genre.ADVENTURE, Random(1))


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["Zoë", "Zo", "Zoé"], ["zoe", "zo", "zoe-2"]),
        (["Zo-2", "Zo", "Zö"], ["zo-2", "zo", "zo-3"]),
        (["李", "C0", "C1"], ["c0", "c0-2", "c1"]),
        (["Ærø", "Rosa Maria"], ["r", "rosa-maria"]),
    ],
)
def test_ids_are_told_apart_where_names_are_alike(names: list[str], ids: list[str]) -> None:
    assert [character.id for character in cast_of(names).characters] == ids


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("ZzOoöÖ -0123chelprHÉ李ﬁ", min_size=1, max_size=45), min_size=2, max_size=8, unique=True))
def test_no_two_characters_share_an_id_whatever_they_are_called(names: list[str]) -> None:
    cast = cast_of(names)
    found = [helper("owl", (f"Quaxy{n}",), n, cast, Wardrobe(Random(n)), Random(n)) for n in range(3)]
    met = [character.id for character, _ in filter(None, found)]
    ids = [character.id for character in cast.characters]
    assert len({*ids, *met}) == len(names) + 3
    assert all(
        0 < len(name) <= 40 and set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in [*ids, *met]
    )
