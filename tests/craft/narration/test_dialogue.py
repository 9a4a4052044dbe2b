from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.narration import NARRATOR
from overprint.core.story import Pronouns
from overprint.craft.narration.dialogue import quotations
from tests.craft.narration.conftest import EMBER, MIRA, OTTO, PEOPLE, person

# The text, and who says each quotation in it.
CASES = [
    ("“Come in,” said Mira.", ["mira"]),
    ("“Come in!” the old fox whispered.", ["ember"]),
    ("“Wait...” whispered the old fox. “I hear it.”", ["ember", "ember"]),
    ("“Aye,” said Otto. “Aye!”", ["otto", "otto"]),
    ("Captain Otto Brand called: “Mind the step.”", ["otto"]),
    ("Mira turned to Otto and whispered, “Go home. Now.”", ["mira"]),
    ("“Go,” said Mira to Ember.", ["mira"]),
    ("“It will,” said Mira, “when it can.”", ["mira", "mira"]),
    ("“On foot?” said Ember. “On both,” said Mira.", ["ember", "mira"]),
    ("“Is it round?” called Mira. “No.” “Is it wet?” “No!”", ["mira", NARRATOR, NARRATOR, NARRATOR]),
    ("“I know,” said Mira. Ember laughed. “Do you?”", ["mira", NARRATOR]),
    ("“Is it the fox’s?” said Mira’s mother.", [NARRATOR]),
    ("“Who?” said the old woman.", [NARRATOR]),
    ("“I am sorry.” Mira said nothing more.", [NARRATOR]),
    ("She said she was sorry.", []),
    ("‘I don’t know,’ said Ember. It was the boys’ lamp.", ["ember"]),
    ("„Komm her!“, rief Mira.", ["mira"]),
    ("« Où es-tu ? » demanda Mira.", ["mira"]),
    ("“Ay,” he said.", ["otto"]),
    ("“Yes,” she said.", [NARRATOR]),
    ("Mira looked up. “Yes,” she said.", ["mira"]),
    ("Mira and Ember looked up. “Yes,” she said.", [NARRATOR]),
    ("“A speech that goes on in the next paragraph,” said Mira. “And on", ["mira", "mira"]),
]


@pytest.mark.parametrize(("text", "speakers"), CASES)
def test_the_text_says_who_speaks(text: str, speakers: list[str]) -> None:
    assert [quote.who for quote in quotations(text, PEOPLE)] == speakers


def test_a_kind_that_two_share_names_neither() -> None:
    other = person("rust", "Rust", "fox", Pronouns.HE)
    assert [q.who for q in quotations("“Hm,” said the fox. “Hm,” said Rust.", (EMBER, other))] == [NARRATOR, "rust"]


def test_nobody_speaks_in_a_book_without_people() -> None:
    assert [q.who for q in quotations("“Come in,” said Mira.", ())] == [NARRATOR]


@given(st.lists(st.sampled_from([*'“”‘’«»"„.,:! a', "Mira", " said ", " she", "Otto "]), max_size=150).map("".join))
def test_quotations_never_overlap_and_lie_in_the_text(text: str) -> None:
    found = quotations(text, (MIRA, OTTO))
    assert all(0 <= quote.first < quote.last <= len(text) for quote in found)
    assert all(a.last <= b.first for a, b in pairwise(found))
    assert {quote.who for quote in found} <= {NARRATOR, "mira", "otto"}
