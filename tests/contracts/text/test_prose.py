"""What watchers read while JSON is being written."""

import json

from hypothesis import given
from hypothesis import strategies as st

from overprint.adapters.text.prose import ProseReader
from overprint.core.codec import encode
from tests.support.stories import PLAN, SCENES, TEXT


def read(text: str, piece_characters: int = 1) -> str:
    reader = ProseReader()
    return "".join(reader.feed(text[at : at + piece_characters]) for at in range(0, len(text), piece_characters))


def test_the_words_of_a_chapter_are_read_and_nothing_else() -> None:
    words = "".join(f"{paragraph}\n" for page in TEXT.pages for paragraph in page.paragraphs)
    assert read(json.dumps(encode(TEXT))) == words
    assert read(json.dumps(encode(TEXT), ensure_ascii=False, indent=2), 7) == words


def test_of_a_plan_the_titles_and_summaries_are_read() -> None:
    lines = read(json.dumps(encode(PLAN))).splitlines()
    assert lines[:2] == [PLAN.outline.title, PLAN.outline.logline]
    assert lines[2] == PLAN.outline.chapters[0].title
    assert not {"ember", "fox", "sea", "attempt", "#d9722c"} & set(lines)


def test_of_scenes_the_captions_are_read() -> None:
    assert read(json.dumps(encode(SCENES))).splitlines() == [scene.caption for scene in SCENES.scenes]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=4), st.integers(1, 9), st.booleans())
def test_any_letter_survives_any_cutting(paragraphs: list[str], piece_characters: int, is_ascii: bool) -> None:
    text = json.dumps({"pages": [{"paragraphs": paragraphs}]}, ensure_ascii=is_ascii)
    assert read(text, piece_characters) == "".join(f"{paragraph}\n" for paragraph in paragraphs)


@given(st.one_of(st.text(), st.text(alphabet='{}[]",:\\uDd8c0 paragrphs\n')))
def test_nonsense_is_borne_and_never_grows(text: str) -> None:
    words = read('{"paragraphs": ["' + text)
    assert len(words) <= len(text)
    words.encode()
