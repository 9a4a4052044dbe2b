"""Portraits: one character alone, and how further pictures refer to it."""

from dataclasses import replace

from overprint.core.scene import Accessory, Constraint, ConstraintKind
from overprint.core.story import Style
from overprint.steps.portrait import portrait_prompt, portrait_scene
from overprint.steps.prompts import picture_prompt
from tests.support.stories import NO_HAT, SCENE, SHEETS

NO_MOON = Constraint(ConstraintKind.FORBID, "moon")
BOOKS = (NO_HAT, NO_MOON, Constraint(ConstraintKind.FORBID, "scarf", "ada"), Constraint(ConstraintKind.REQUIRE, "moon"))


def test_a_portrait_shows_one_character_by_their_sheet_and_nothing_else() -> None:
    told = portrait_prompt(portrait_scene("ember", ()), SHEETS["ember"], Style.WATERCOLOUR)
    for fact in (
        "watercolour",
        "a fox, small, fur fox orange (#d9722c)",
        "scarf in red",
        "whole body",
        "Nobody",
        "No words",
    ):
        assert fact in told
    assert "ada" not in told


def test_what_must_not_be_seen_on_a_character_is_neither_described_nor_left_unsaid() -> None:
    scene = portrait_scene("ember", BOOKS)
    assert scene.constraints == (NO_HAT, NO_MOON)
    hatted = replace(SHEETS["ember"], accessories=(Accessory.WITCH_HAT,))
    described, _, rules = portrait_prompt(scene, hatted, Style.FLAT).partition("Must not show")
    assert "witch hat" not in described
    assert "witch hat on ember and moon" in rules


def test_a_picture_says_whom_each_reference_shows() -> None:
    told = picture_prompt(SCENE, SHEETS, Style.FLAT, ("ember", "ada"))
    assert "picture 1 shows ember and picture 2 shows ada" in told
    assert "sent along" not in picture_prompt(SCENE, SHEETS, Style.FLAT)
