"""A book as leaves: every written page once and in order, each with its picture, and marks that survive new words."""

from typing import Any

import pytest

from overprint.core.problems import Invalid
from overprint.features.reading.rules import (
    MARKS_MAX,
    checked_key,
    checked_marks,
    is_from_right,
    leaves_of,
)


def _chapter(number: int, *pages: list[str]) -> dict[str, Any]:
    return {"number": number, "title": f"Chapter {number}", "pages": [{"paragraphs": page} for page in pages]}


def _picture(slot: str) -> dict[str, Any]:
    return {"slot": f"picture/{slot}"}


def test_a_book_is_its_cover_its_title_every_page_and_an_end() -> None:
    leaves = leaves_of(
        [_chapter(1, ["One."], ["Two.", "Three."]), _chapter(2, ["Four."])],
        [_picture("cover"), _picture("1/2"), {"slot": "pdf"}],
    )
    assert [leaf.key for leaf in leaves] == ["cover", "title", "1/1", "1/2", "2/1", "end"]
    assert [leaf.heading for leaf in leaves] == ["", "", "Chapter 1", "", "Chapter 2", ""]
    assert [bool(leaf.picture) for leaf in leaves] == [True, False, False, True, False, False]
    assert leaves[3].paragraphs == ("Two.", "Three.")
    assert [leaf.kind for leaf in leaves] == ["cover", "title", "page", "page", "page", "end"]
    assert len({leaf.anchor for leaf in leaves}) == len(leaves)


def test_a_book_of_which_nothing_is_written_has_a_cover_a_title_and_an_end() -> None:
    leaves = leaves_of([{"number": 1, "title": "Soon", "pages": None}], [])
    assert [leaf.key for leaf in leaves] == ["cover", "title", "end"]


@pytest.mark.parametrize("key", ["", "cover/1", "1", "1/2/3", "-1/2", "1/2 ", "1/²", "COVER", "9999/1", "<b>", "1/2\n"])
def test_what_is_no_place_is_refused(key: str) -> None:
    with pytest.raises(Invalid, match="chapter and a page"):
        checked_key(key)


def test_marks_are_kept_once_and_in_the_order_of_the_book() -> None:
    marks = ["end", "10/1", "2/10", "cover", "2/9", "2/10"]
    assert checked_marks(marks) == ["cover", "2/9", "2/10", "10/1", "end"]


def test_more_marks_than_anybody_needs_are_refused() -> None:
    marks = [f"{number}/1" for number in range(1, MARKS_MAX + 2)]
    assert len(checked_marks(marks[:-1])) == MARKS_MAX
    with pytest.raises(Invalid, match="At most"):
        checked_marks(marks)


@pytest.mark.parametrize(("language", "is_so"), [("ar", True), ("he-IL", True), ("en", False), ("ja", False)])
def test_some_languages_are_read_from_the_right(language: str, is_so: bool) -> None:
    assert is_from_right(language) is is_so
