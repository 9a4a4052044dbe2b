"""What is remembered between two settings of a book."""

from pathlib import Path

from overprint.core.book import BookDoc
from overprint.core.story import Trim
from overprint.craft.typesetting.compiler import measure_all, shared_by_all
from overprint.craft.typesetting.geometry import format_of
from overprint.craft.typesetting.leaves import TextAsk
from overprint.craft.typesetting.recent import Recent
from tests.craft.typesetting.conftest import SENTENCE, story


def test_a_finding_is_found_once() -> None:
    recent, found = Recent[int](2), iter(range(9))
    assert [recent.get("a", lambda: next(found)) for _ in range(3)] == [0, 0, 0]


def test_what_nobody_asked_for_longest_is_forgotten_first() -> None:
    recent = Recent[str](2)
    recent.keep("a", "first")
    recent.keep("b", "second")
    assert recent.recall("a") == "first"
    recent.keep("c", "third")
    assert [recent.recall(key) for key in "abc"] == ["first", None, "third"]


def test_words_that_stand_on_two_pages_are_measured_once_and_not_again(tmp_path: Path) -> None:
    doc = BookDoc("urn:here", "Twice", "", "en", Trim.A5, "", (story(None, SENTENCE),))
    shared = shared_by_all(doc, format_of(doc.trim), text_face_only=False)
    asks = [TextAsk("", (f"{SENTENCE} Twice.",), 15, 300)] * 2
    first = measure_all(asks, shared, str(tmp_path))
    nowhere = tmp_path / "gone"  # Typst could not be asked here
    assert measure_all(asks, shared, str(nowhere)) == first
    assert first[0] == first[1]
