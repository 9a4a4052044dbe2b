"""Which type size a picture book gets, and that finding it out does not take setting it in every size."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest

from overprint.core.book import Spot
from overprint.core.story import Trim
from overprint.craft.typesetting.contrast import INK
from overprint.craft.typesetting.geometry import Format, format_of
from overprint.craft.typesetting.leaves import Ask, Leaf, Room, TextAsk
from overprint.craft.typesetting.pictures import Print, prepare
from overprint.craft.typesetting.story import LETTERS_AN_EM, StoryPage, set_story
from tests.craft.typesetting.conftest import paint, story

FORM = format_of(Trim.PORTRAIT)
LOW = (Spot(0.2, 0.62, 0.16, 0.14, is_face=True), Spot(0.16, 0.58, 0.24, 0.36))
USUAL, LONG, LONGER, ENDLESS = 230, 540, 640, 800  # letters
TRIED = (22, 20, 18)  # the first three sizes in points in which usual pages leave their pictures enough room
BOOKS = {
    "every page fits": [USUAL] * 8,
    "one fits in a smaller size": [*[USUAL] * 7, LONG],
    "one fits in none": [*[USUAL] * 7, ENDLESS],
    "one fits in none, two in different sizes": [*[USUAL] * 10, LONG, LONGER, ENDLESS],
}


@pytest.mark.parametrize("book", BOOKS)
def test_a_book_is_set_in_the_first_of_the_sizes_that_crowd_the_fewest_pages(book: str) -> None:
    each = [_set(_Rooms(), BOOKS[book], replace(FORM, sizes_pt=(size,))) for size in TRIED]
    assert _set(_Rooms(), BOOKS[book]) == min(each, key=len)  # the words of a crowded page get one of their own


@pytest.mark.parametrize("book", ["one fits in a smaller size", "one fits in none"])
def test_a_book_is_not_measured_in_a_size_that_cannot_be_the_best(book: str) -> None:
    rooms = _Rooms()
    _set(rooms, BOOKS[book])
    assert len({ask.size for ask in rooms.asked if len(ask.paragraphs[0]) == USUAL}) == 1


class _Rooms:
    """Tells how much room words take by how many letters they have, and remembers who asked."""

    def __init__(self) -> None:
        self.asked: list[TextAsk] = []

    def __call__(self, asks: Sequence[Ask]) -> list[Room]:
        self.asked += [ask for ask in asks if isinstance(ask, TextAsk)]
        return [self._room(ask) for ask in asks if isinstance(ask, TextAsk)]

    def _room(self, ask: TextAsk) -> Room:
        letters_a_line = ask.width / ask.size * LETTERS_AN_EM
        return Room(ask.width, math.ceil(len(ask.paragraphs[0]) / letters_a_line) * 1.32 * ask.size, ask.size)


def _set(rooms: _Rooms, lengths: Sequence[int], form: Format = FORM) -> list[Leaf]:
    """The leaves of a book with so many letters on its pages, all with the same picture."""
    pages = [StoryPage("", ("x" * length,), _print()) for length in lengths]
    return set_story(pages, form, INK, 1, rooms)


@cache
def _print() -> Print:
    picture, data = paint("dark", Trim.PORTRAIT)
    pages = (story(replace(picture, spots=LOW)),)
    return prepare(pages, {picture.content_hash: data})[1]
