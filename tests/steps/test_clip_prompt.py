"""What a hosted model is told of a clip."""

from dataclasses import replace

from overprint.core.film import Course, Easing, Move
from overprint.core.motion import Curves
from overprint.core.scene import Constraint, ConstraintKind, Weather
from overprint.steps.clip_prompt import PROMPT_MAX_CHARACTERS, camera_words, clip_prompt
from tests.support.stories import SCENE


def test_the_camera_is_told_in_words() -> None:
    assert camera_words(Move()) == "The camera stands still."
    assert camera_words(Move(horizontal=-8, zoom=3)) == "The camera quickly moves to the left and slowly comes nearer."
    assert camera_words(Move(vertical=-5, roll=0.4)) == "The camera rises."


def test_of_curves_it_is_told_where_they_lead() -> None:
    pulled = Curves(3.0, x=(60.0, -40.0), roll_degrees=(0.0, 4.0, 0.0))
    assert "The camera quickly moves to the left." in clip_prompt(SCENE, Move(), pulled)
    assert "The camera stands still." in clip_prompt(SCENE, Move(), replace(pulled, loops=True))


def test_lens_course_pace_and_the_hand_that_holds_the_camera_are_told_too() -> None:
    assert "narrows its view" in camera_words(Move(lens=5))
    dolly = camera_words(Move(zoom=6, lens=-6, horizontal=2))
    assert "dolly zoom" in dolly and "widens its view" not in dolly and "slowly moves to the right" in dolly
    assert camera_words(Move(horizontal=7, pan=-5, course=Course.ARC)).endswith("in an arc around what is seen.")
    for easing, said in ((Easing.GATHERING, "ever faster"), (Easing.SETTLING, "until it rests"), (Easing.WHIP, "dart")):
        assert said in camera_words(Move(zoom=5, easing=easing))
    assert camera_words(Move(shake=5)) == "The camera stands still. It sways a little, held by a hand."
    assert "Gentle" not in clip_prompt(SCENE, Move(zoom=5, shake=8)) and "Gentle" in clip_prompt(SCENE, Move(zoom=5))


def test_a_clip_is_told_what_moves_and_nothing_that_is_forbidden() -> None:
    wet = replace(SCENE, weather=Weather.RAIN, constraints=())
    assert "Rain falls." in clip_prompt(wet, Move(zoom=5))
    dry = replace(wet, constraints=(Constraint(ConstraintKind.FORBID, "rain"),))
    assert "Rain" not in clip_prompt(dry, Move(zoom=5))


def test_the_longest_scene_still_says_what_must_not_happen() -> None:
    crowded = replace(SCENE, caption="word " * 400, actors=SCENE.actors * 40)
    told = clip_prompt(crowded, Move(9, 9, 9, 9, 9, 9, -9, 9, Course.ARC, Easing.WHIP))
    assert len(told) <= PROMPT_MAX_CHARACTERS
    assert told.endswith("nothing frightening.")
