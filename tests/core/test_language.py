"""Which language words are in."""

import pytest

from overprint.core.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The fox lit her lantern and they sailed to the moon.", "en"),
        ("Der Fuchs zündete die Laterne an, und das Boot war nicht groß.", "de"),
        ("Le renard allume la lanterne et il part dans les étoiles.", "fr"),
        ("El zorro enciende una linterna y se va con los niños.", "es"),
        ("きつねは月を見あげました。", "ja"),
        ("小狐狸抬头望着月亮，这是谁的灯笼？", "zh"),
        ("小狐狸說：「這是誰的燈籠？」", "zh-Hant"),
        ("여우는 달을 보았습니다.", "ko"),
        ("نظرت الثعلبة إلى القمر مع Pocket.", "ar"),
        ("روباه گفت چرا", "fa"),
        ("השועלה הביטה בירח.", "he"),
        ("Лиса смотрит на луну.", "ru"),
        ("Лисиця дивиться на місяць.", "uk"),
        ("", "en"),
        ("12:30!", "en"),
        ("Tuppence", "en"),
        ("The fox said 月 and 星 and went home.", "en"),
    ],
)
def test_words_say_which_language_they_are_in(text: str, language: str) -> None:
    assert language_of(text) == language
