"""A picture across two pages: nobody and nothing that matters stands where the pages are bound."""

from typing import Any

import pytest

from overprint.core.scene import Actor, Area, Camera, Place, Pose, Prop, PropKind, Relation, RelationKind, Setting, Shot
from overprint.core.story import Style
from overprint.craft.drawing.drawing import Drawing, draw
from tests.craft.drawing.people import SHEETS, scene

SIZE = {"width_px": 690, "height_px": 350}
FOLD = (0.46, 0.54)
TRIO = (Actor("child", place=Place.LEFT), Actor("fox", place=Place.RIGHT), Actor("mouse", Pose.FLY, place=Place.CENTRE))
THINGS = (Prop(PropKind.LANTERN, Place.CENTRE), Prop(PropKind.BASKET, Place.RIGHT))


def _drawn(actors: tuple[Actor, ...], seed: int, *, setting: Setting, shot: Shot, **more: Any) -> Drawing:
    wide = scene(*actors, setting=setting, camera=Camera(shot, Area.TOP), **more)
    return draw(wide, SHEETS, style=Style.FLAT, seed=seed, is_spread=True, **SIZE)


def _assert_fold_is_free(drawing: Drawing, matters: set[str]) -> None:
    """Faces and things keep clear of it, and everybody is on the same page."""
    found = [item for item in drawing.shown if item.what in matters and item.box is not None]
    assert {item.what for item in found} == matters
    for item in found:
        for box in (item.face, None if item.what in SHEETS else item.box):
            assert box is None or box.x >= FOLD[1] or box.x + box.width <= FOLD[0], item
    sides = {box.x + box.width / 2 > 0.5 for item in found if (box := item.face or item.box)}
    assert len(sides) == 1, drawing.shown


@pytest.mark.parametrize("setting", Setting)
def test_faces_and_things_keep_off_the_fold_in_every_place(setting: Setting) -> None:
    for seed, shot in enumerate(Shot, [*Setting].index(setting) * 7):
        drawing = _drawn(TRIO, seed, setting=setting, shot=shot, props=THINGS)
        _assert_fold_is_free(drawing, {"child", "fox", "mouse", "lantern", "basket"})


@pytest.mark.parametrize("setting", [Setting.SEA, Setting.SKY, Setting.MOON, Setting.MEADOW])
def test_a_boat_and_its_crew_float_on_one_page(setting: Setting) -> None:
    aboard = tuple(Relation(who, RelationKind.IN, "boat") for who in ("child", "fox"))
    for seed in range(4):
        drawing = _drawn(
            TRIO[:2], seed, setting=setting, shot=Shot.MEDIUM, props=(Prop(PropKind.BOAT),), relations=aboard
        )
        _assert_fold_is_free(drawing, {"child", "fox", "boat"})


def test_a_sleeper_lies_on_one_page_and_the_others_stand_on_the_other() -> None:
    actors = (Actor("child", Pose.SLEEP, place=Place.LEFT), Actor("fox", place=Place.RIGHT))
    for seed in range(4):
        drawing = _drawn(actors, seed, setting=Setting.BEDROOM, shot=Shot.MEDIUM)
        faces = [item.face for item in drawing.shown if item.face is not None]
        assert len(faces) == 2
        assert all(face.x >= FOLD[1] or face.x + face.width <= FOLD[0] for face in faces)


def test_both_pages_are_stood_on_and_a_quiet_half_stays_empty() -> None:
    sides = set()
    for seed in range(12):
        (face,) = (
            item.face for item in _drawn(TRIO[:1], seed, setting=Setting.MEADOW, shot=Shot.WIDE).shown if item.face
        )
        sides.add(face.x > 0.5)
    assert sides == {True, False}
    for quiet, is_right in ((Area.LEFT, True), (Area.RIGHT, False)):
        calm = scene(*TRIO, setting=Setting.MEADOW, camera=Camera(Shot.MEDIUM, quiet))
        drawing = draw(calm, SHEETS, style=Style.FLAT, seed=5, is_spread=True, **SIZE)
        assert all((item.face.x > 0.5) is is_right for item in drawing.shown if item.face)


def test_a_spread_is_the_same_each_time_and_another_picture_than_a_page() -> None:
    wide = scene(*TRIO, setting=Setting.FOREST)
    one, again, page = (
        draw(wide, SHEETS, style=Style.STORYBOOK, seed=3, is_spread=spread, **SIZE).raster()
        for spread in (True, True, False)
    )
    assert one == again != page
