"""The steps of a film: what they depend on, and what therefore stays when something changes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from overprint.core.codec import decode, encode
from overprint.core.credentials import Source
from overprint.core.files import FileKind, StoredFile
from overprint.core.film import Card, Definition, FilmBrief, Grade, Mood, Move, Output, Storyboard, Transition
from overprint.core.motion import Curves, Orientation
from overprint.core.scene import Scene, Setting
from overprint.craft.driving import Driven
from overprint.engine.recipe import resolve
from overprint.engine.spec import StepSpec, checked
from overprint.features.videos.pipeline import begin, most, pipeline, scenes, seconds, units
from overprint.features.videos.rules import STANDING, driven, shared
from overprint.features.videos.stages import motion
from overprint.features.videos.stages.motion import move_of
from overprint.features.videos.steps import MakeFilm, MotionIn, MotionOut, StoryboardIn, Target
from overprint.ports.provider import Provider
from overprint.steps.sign_files import source_of

BRIEF = FilmBrief("A fox looks for the moon", seconds=10)
CARDS = tuple(Card(f"Part {n} is told.", Scene(Setting.SEA, "the sea", "The sea."), Move(), 5.0, id=n) for n in (1, 2))
BOARD = Storyboard("The Moon", CARDS)
DRIVING = StoredFile("walk.mp4", "a" * 64, 1000, "video/mp4", FileKind.VIDEO, "walk.mp4", 640, 360, 6.0)
FOLLOWING = replace(BRIEF, curves=Curves(1.0, loops=True, bob=(0.0, 5.0)))


def steps(
    brief: FilmBrief = BRIEF,
    board: Storyboard = BOARD,
    target: Target = Target.FILM,
    driving: StoredFile | None = None,
) -> dict[str, StepSpec]:
    request = MakeFilm(brief, target, driving=driving)
    first = begin(request)
    need = StoryboardIn.__new__(StoryboardIn)
    made = [*first, *checked(scenes(request, need, board), {spec.key for spec in first})]
    return {spec.key: spec for spec in made}


def inputs(brief: FilmBrief = BRIEF, board: Storyboard = BOARD, **outputs: Any) -> dict[str, Any]:
    """The inputs of all steps with the storyboard filled in, and what else is given."""
    known: Mapping[str, Any] = {"storyboard": encode(board), **outputs}
    kept = {}
    for key, spec in steps(brief, board).items():
        kept[key] = resolve(_only(spec.input, known), known)
    return kept


def _only(value: Any, known: Mapping[str, Any]) -> Any:
    """References to steps that are not given stay as they are."""
    if isinstance(value, Mapping):
        if set(value) == {"$ref"} and str(value["$ref"]).partition("#")[0] not in known:
            return {"waits for": value["$ref"]}
        return {key: _only(item, known) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_only(item, known) for item in value]
    return value


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {key for key in before if before[key] != after[key]}


def test_a_scene_goes_from_its_picture_and_its_narration_to_a_finished_clip() -> None:
    made = steps()
    assert set(made["clip/01"].all_needs()) == {"storyboard", "picture/01", "cut"}
    assert set(made["finish/01"].all_needs()) == {"storyboard", "clip/01", "narrate/01", "cut"}
    assert {"finish/01", "finish/02", "narrate/01", "narrate/02"} <= set(made["film"].all_needs())


def test_every_step_of_a_film_is_counted_before_it_is_planned() -> None:
    brief = replace(BRIEF, seconds=7, outputs=(Output.HLS, Output.WEBM))
    for target in Target:
        counted = dict(most(MakeFilm(brief, target)))
        for spec in steps(brief, target=target).values():
            counted[spec.kind] -= 1
        assert set(counted.values()) == {0}
    given = most(MakeFilm(FOLLOWING, board=BOARD))
    assert {*counted, *given} == {kind.name for kind in pipeline.steps}
    assert given["videos.clip@1"] == len(BOARD.cards)


def test_a_storyboard_costs_no_picture_and_an_animatic_nothing_that_moves() -> None:
    assert set(steps(target=Target.STORYBOARD)) == {"plan", "text", "storyboard"}
    seen = set(steps(target=Target.ANIMATIC)) - {"plan", "text", "storyboard"}
    assert seen == {"picture/01", "picture/02", "narrate/01", "narrate/02"}


def test_films_wait_in_the_queues_that_were_documented() -> None:
    queues = {kind.name: str(kind.queue) for kind in pipeline.steps}
    assert queues["videos.picture@1"] == "image-generation"
    assert queues["videos.clip@1"] == "video-synthesis"
    assert queues["videos.motion@1"] == "motion-transfer"
    assert queues["videos.finish@1"] == queues["videos.film@1"] == "post-processing"


def test_without_captions_in_the_picture_only_post_processing_runs_again() -> None:
    assert changed(inputs(), inputs(replace(BRIEF, captions=False))) == {"finish/01", "finish/02"}


def test_other_words_in_one_scene_are_spoken_and_shown_there_and_nowhere_else() -> None:
    other = replace(BOARD, cards=(CARDS[0], replace(CARDS[1], words="Part two is sung.")))
    assert changed(inputs(), inputs(board=other)) == {"narrate/02", "finish/02", "film"}


@pytest.mark.parametrize("number", [1, 2])
def test_another_camera_in_one_scene_films_that_scene_alone(number: int) -> None:
    cards = list(CARDS)
    cards[number - 1] = replace(CARDS[number - 1], move=Move(zoom=9))
    other = replace(BOARD, cards=tuple(cards))
    assert changed(inputs(), inputs(board=other)) == {f"clip/0{number}"}


def test_what_moves_a_card_or_locks_it_draws_speaks_and_films_nothing_anew() -> None:
    three = (*CARDS, replace(CARDS[1], id=3))
    board = replace(BOARD, cards=three)
    moved = replace(BOARD, cards=(replace(three[1], is_locked=True), three[2], three[0]))
    frames = {"frames": [150, 150, 150], "filmed": [168, 168, 168]}
    again = changed(inputs(board=board, cut=frames), inputs(board=moved, cut=frames))
    assert again - {"cut", "sound", "film"} == {"finish/01", "finish/02", "finish/03"}, "they follow others now"


def test_a_scene_that_is_redone_gets_another_seed_and_no_other_scene_does() -> None:
    before, after = steps(), steps(board=replace(BOARD, cards=(CARDS[0], replace(CARDS[1], take=1))))
    assert {key for key in before if before[key].seed != after[key].seed} == {"picture/02", "clip/02"}


def test_a_scene_that_lasts_longer_films_no_other_scene() -> None:
    cuts = ({"frames": frames, "filmed": [frames[0] + 18, frames[1] + 18]} for frames in ([150, 150], [150, 170]))
    before, after = (inputs(cut=cut) for cut in cuts)
    assert changed(before, after) == {"clip/02", "finish/02", "sound", "film"}


@pytest.mark.parametrize(
    ("other", "again"),
    [
        (replace(BRIEF, grade=Grade.NOIR), {"finish/01", "finish/02"}),
        (replace(BRIEF, transition=Transition.WIPE), {"finish/01", "finish/02"}),
        (replace(BRIEF, denoise=4), {"finish/01", "finish/02"}),
        (replace(BRIEF, is_steadied=True), {"finish/01", "finish/02"}),
        (replace(BRIEF, mood=Mood.TENSE), {"sound"}),
        (replace(BRIEF, credits=False), {"finish/02"}),
    ],
)
def test_other_colours_transitions_music_or_credits_film_nothing_anew(other: FilmBrief, again: set[str]) -> None:
    assert changed(inputs(), inputs(other)) == again


def test_a_film_over_pictures_that_a_person_brought_is_not_signed_as_drawn_here() -> None:
    own = StoredFile("teams/1/own.png", "a" * 64, 10, "image/png", FileKind.IMAGE, "own.png", 1280, 720)
    first, whole = (
        replace(BOARD, cards=tuple(replace(card, picture=own) if card.id <= last else card for card in CARDS))
        for last in (1, 2)
    )
    drawn = {"text", "image", "video", "speech"}
    for board, made_by, is_brought in ((BOARD, drawn, None), (first, drawn, True), (whole, drawn - {"image"}, True)):
        signed = steps(board=board)["signed/film"].input
        assert (set(signed["made_by"]), signed.get("is_brought")) == (made_by, is_brought)
        assert ("is_drawn" in steps(board=board)["finish/02"].input) is (board is whole), "nor do its credits say so"
    embedded, hosted = Provider("embedded", "", "us"), Provider("runway", "gen4", "gen4")
    assert source_of([embedded], is_brought=True) is Source.UNKNOWN, "any part may be made by anybody"
    assert source_of([embedded]) is Source.PROCEDURE and source_of([hosted], is_brought=True) is Source.MIXED


def test_four_times_as_many_pixels_are_filmed_as_full_hd_and_enlarged_when_finished() -> None:
    large, full = (inputs(replace(BRIEF, definition=wanted)) for wanted in (Definition.UHD, Definition.FULL_HD))
    assert changed(full, large) == {"finish/01", "finish/02"}
    assert (large["finish/01"]["width_px"], large["finish/01"]["height_px"]) == (3840, 2160)


def test_another_output_makes_that_output_and_nothing_else() -> None:
    before, after = inputs(), inputs(replace(BRIEF, outputs=(Output.WEBM, Output.GIF)))
    assert set(after) - set(before) == {"output/webm", "output/gif"}
    assert changed(before, after) == set()


def test_only_films_that_follow_a_clip_or_a_preset_that_has_a_motion_transfer_any() -> None:
    assert "motion" not in steps() and "motion" not in steps()["clip/01"].input
    for made in (steps(FOLLOWING), steps(driving=DRIVING), steps(FOLLOWING, driving=DRIVING)):
        assert {"clip/01", "clip/02"} == {key for key, spec in made.items() if "motion" in spec.all_needs()} - {"film"}
    both = steps(FOLLOWING, driving=DRIVING)["motion"].input
    assert {"driving", "curves"} <= both.keys(), "the clip may say nothing"
    for request in (MakeFilm(FOLLOWING), MakeFilm(BRIEF, driving=DRIVING), MakeFilm(BRIEF, board=BOARD)):
        assert most(request).get("videos.motion@1", 0) == int(request.has_motion)
    assert "videos.motion@1" not in most(MakeFilm(FOLLOWING, Target.ANIMATIC))


def test_another_motion_films_anew_and_draws_and_speaks_nothing_anew() -> None:
    before, after = (inputs(FOLLOWING, motion={"file": {"content_hash": name}}) for name in ("one", "other"))
    assert changed(before, after) == {"clip/01", "clip/02"}
    upright = replace(FOLLOWING, orientation=Orientation.PICTURE)
    assert changed(inputs(FOLLOWING), inputs(upright)) == {"motion"}
    assert changed(inputs(), inputs(upright)) == {"clip/01", "clip/02"}


def test_scenes_stand_for_a_clip_and_move_as_without_it_where_it_cannot_be_followed() -> None:
    camera = (Move(zoom=3), Move(pan=2))
    preset = replace(FOLLOWING, camera=camera)
    made = steps(driven(preset), driving=DRIVING)
    assert made["storyboard"].input["camera"] == encode((STANDING,))
    assert [made[f"clip/0{n}"].input["otherwise"] for n in (1, 2)] == encode(camera)
    clip = MotionOut(DRIVING, 2.0)
    lost = replace(clip, is_followed=False)
    assert move_of(clip, STANDING, camera[0]) == STANDING
    assert move_of(lost, STANDING, camera[0]) == camera[0]
    assert move_of(lost, camera[1], camera[0]) == camera[1], "somebody gave it to that card"


async def test_of_a_clip_that_cannot_be_followed_nothing_is_left_in_the_film(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of it was seen to go right: that was added to what the camera does without a clip."""
    sways = Curves(1.0, loops=True, roll_degrees=(0, 2, 0), sway=(0, 50, 0))
    found = Driven(Curves(2.0, x=(-40.0, 40.0)), 1.0, 1.0, seen_share=0.2)
    monkeypatch.setattr(motion, "follow_clip", AsyncMock(return_value=found))
    for curves, kept in ((None, Curves(2.0)), (sways, sways)):
        context = AsyncMock(frames_told=Mock(), save=AsyncMock(return_value=DRIVING))
        out = await motion.transfer(context, MotionIn(driving=DRIVING, curves=curves))
        assert not out.is_followed
        assert decode(Curves, json.loads(context.save.call_args.args[0])) == kept


def test_a_cut_waits_for_no_other_scene() -> None:
    assert "clip/01" in steps()["finish/02"].all_needs()
    assert "clip/01" not in steps(replace(BRIEF, transition=Transition.CUT))["finish/02"].all_needs()


def test_characters_speak_for_themselves_unless_the_narrator_is_to_say_everything() -> None:
    assert "people" in steps()["narrate/01"].input
    assert "people" not in steps(replace(BRIEF, characters_speak=False))["narrate/01"].input


def test_what_is_filmed_costs_by_its_seconds_pixels_and_frames_and_never_more_than_was_asked_for() -> None:
    def clips(brief: FilmBrief) -> int:
        return sum(spec.units for key, spec in steps(brief).items() if key.startswith("clip/"))

    assert (
        clips(BRIEF) == units(MakeFilm(BRIEF))["videos.clip@1"] == units(MakeFilm(BRIEF, board=BOARD))["videos.clip@1"]
    )
    finer = replace(BRIEF, definition=Definition.FULL_HD, fps=60)
    assert clips(finer) == units(MakeFilm(finer))["videos.clip@1"] == 4 * clips(BRIEF)
    assert clips(replace(BRIEF, definition=Definition.UHD)) == 5 * clips(BRIEF), "it is filmed in 1080p and enlarged"
    assert units(MakeFilm(BRIEF, Target.ANIMATIC)) == {}
    wordy = replace(BOARD, cards=tuple(replace(card, seconds=1.0, words="word " * 60) for card in BOARD.cards))
    assert units(MakeFilm(BRIEF, board=wordy))["videos.clip@1"] == 20 * len(BOARD.cards), "300 letters take 20 seconds"
    lasting = sum(spec.seconds for spec in steps(board=wordy).values())
    assert lasting == pytest.approx(seconds(MakeFilm(BRIEF, board=wordy))["videos.clip@1"])
    for weights in ([1.5] * 7 + [26.0], [1.2, 26.0], [3.0] * 6):
        assert sum(shared(16, weights)) == 16 and min(shared(16, weights)) >= 1
