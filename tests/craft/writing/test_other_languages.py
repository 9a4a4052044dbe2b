"""A premise that is not in English is told so, kindly; a name from elsewhere is no reason."""

import pytest

from overprint.core.problems import Invalid
from overprint.core.story import Brief, PlanTask
from overprint.craft.writing.planning import plan


@pytest.mark.parametrize(
    ("premise", "language"),
    [
        ("Ein schüchterner Fuchs will zum Mond fliegen", "German"),
        ("Der kleine Bär und die Laterne, die nicht leuchten wollte", "German"),
        ("Un pingüino quiere volar", "another language"),
        ("Le petit renard est dans les bois et il veut une lune", "French"),
        ("ثعلب خجول يريد أن يطير إلى القمر", "Arabic"),
        ("一只狐狸想去月亮", "Chinese"),
        ("きつねが月へ行く", "Japanese"),
        ("Лиса хочет на луну", "Russian"),
        ("একটি শেয়াল চাঁদে যেতে চায়", "Bengali"),
        ("நரி", "Tamil"),
        ("fox ถามพระจันทร์ว่าทำไม", "Thai"),
    ],
)
def test_who_writes_another_language_is_told_what_to_do(premise: str, language: str) -> None:
    with pytest.raises(Invalid) as told:
        plan(PlanTask(Brief(premise)), 1)
    assert language in str(told.value)
    assert "only English" in str(told.value)
    assert "text model" in told.value.next_step and told.value.field == "premise"


@pytest.mark.parametrize(
    "premise",
    [
        "سارة wants to build a kite",
        "美羽 and her fox want to see the sea",
        "Łukasz, a boy, is looking for the north wind",
        "Björn the bear",
        "dragon bakery",
        "kindness",
        "asdf",
        "🦊🌙🚀",
    ],
)
def test_names_single_words_and_pictures_are_english_enough(premise: str) -> None:
    assert plan(PlanTask(Brief(premise)), 1).outline.title
