import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.craft.narration.dialogue import quotations
from overprint.craft.narration.sentences import SENTENCE_MAX_CHARACTERS, sentences
from tests.craft.narration.conftest import PEOPLE

CASES = {
    "plain": ("en", ["The fox slept.", "The moon rose!", "Who saw it?"]),
    "titles and initials": ("en", ["Mr. Brown met Dr. J. R. Fox on St. Ann Street.", "He smiled."]),
    "numbers and times": ("en", ["It was 3.30 p.m. on the 1.5 mile road.", "Nobody came."]),
    "dialogue and who says it": ("en", ["“Who is there?” asked Mira.", "“Come in!” she said."]),
    "a name before the verb": ("en", ["“Come here!” Mira said.", "“Look.”", "Everyone looked."]),
    "two speeches": ("en", ["“Is it round?”", "“No.”"]),
    "speech of two sentences": ("en", ["“I see.", "You are late,” said Mira, “and wet.”"]),
    "trailing dots": ("en", ["“Wait...” whispered the fox.", "She waited… and waited.", "Then… Nothing."][:2]),
    "single quotes": ("en", ["‘I don’t know,’ said Ember.", "‘You do.’"]),
    "brackets": ("en", ["They left (at last!) for home.", "(It was late.)", "Snow fell."]),
    "german": ("de", ["Am 3. Mai kam z. B. Dr. Huber.", "„Komm her!“, rief Mira.", "Sie kam."]),
    "french": ("fr", ["« Où es-tu ? » demanda Mira.", "M. Renard dormait."]),
    "spanish": ("es", ["—¿Quién es? —preguntó Mira.", "¡Soy yo!"]),
    "japanese": ("ja", ["どこ？", "行こう。", "はい。"]),
    "arabic": ("ar", ["من هناك؟", "أنا."]),
}


@pytest.mark.parametrize("name", CASES)
def test_sentences_are_told_apart(name: str) -> None:
    language, expected = CASES[name]
    text = ("" if language == "ja" else " ").join(expected)
    assert [text[first:last] for first, last in sentences(text, language)] == expected


def test_a_line_of_stars_is_no_sentence_of_its_own() -> None:
    text = "They slept. … Then it was day. —"
    assert [text[a:b] for a, b in sentences(text)] == ["They slept. …", "Then it was day. —"]
    assert sentences("* * *") == ()


def test_a_sentence_without_end_is_cut_at_a_comma() -> None:
    text = "and on they went, " * 60
    parts = [text[a:b] for a, b in sentences(text)]
    assert len(parts) == 3
    assert all(len(part) <= SENTENCE_MAX_CHARACTERS and part.endswith(",") for part in parts)


@given(st.lists(st.sampled_from([*'ab A.!?…“”‘’ "«»。,1—(', "Mr", " said ", "x" * 99]), max_size=200).map("".join))
def test_no_word_is_lost_and_none_is_read_twice(text: str) -> None:
    spans = sentences(text)
    assert all(0 <= a < b <= len(text) and b - a <= SENTENCE_MAX_CHARACTERS for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    kept = "".join(text[a:b] for a, b in spans)
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]
    assert all(any(c.isalnum() for c in text[a:b]) for a, b in spans)


@pytest.mark.parametrize("piece", ["a. ", "“A”", "‘", "“", "Mr. ", "! ", "said she “x” "])
def test_a_page_of_two_hundred_thousand_characters_is_split_in_time(piece: str) -> None:
    text = (piece * 200_000)[:200_000]
    began = time.process_time()
    sentences(text)
    quotations(text, PEOPLE)
    assert time.process_time() - began < 20
