"""In which language words are to be read, by the letters that they are written in."""

import pytest

from overprint.craft.narration import language_written
from overprint.craft.narration.scripts import readable


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The fox ran.", "en"),
        ("Der Fuchs lief.", "en"),
        ("The fox called שועל ran home.", "en"),
        ("השועל רץ אל הירח", "he"),
        ("الثعلب يركض إلى القمر", "ar"),
        ("狐狸跑向月亮。", "zh"),
        ("きつねは月へ行きました。", "ja"),
        ("狐は月へ", "ja"),
        ("여우가 달로 달려갔다.", "ko"),
        ("Лиса бежит к луне", "ru"),
        ("Η αλεπού", "el"),
        ("123 …", "en"),
        ("", "en"),
    ],
)
def test_an_english_book_is_read_in_the_language_of_its_letters(text: str, language: str) -> None:
    assert language_written(text, "en") == language


@pytest.mark.parametrize(("text", "language"), [("狐は月へ", "ja"), ("روباه", "fa"), ("Лисиця", "uk"), ("狐", "ja")])
def test_a_language_that_is_written_so_is_believed(text: str, language: str) -> None:
    assert language_written(text, language) == language


def test_letters_of_other_scripts_are_left_out_and_every_place_stays() -> None:
    text = "Fox שׁוּעָל ran to 月 with Ωmega."
    assert readable(text, "en") == "Fox         ran to   with  mega."
    assert len(readable(text, "en")) == len(text)
    assert readable("הַשׁוּעָל Fox", "he") == "הַשׁוּעָל Fox"
