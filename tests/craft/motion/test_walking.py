"""Who goes somewhere in a film: on feet that stand still on the ground, in sight, and past nobody."""

from dataclasses import replace

import pytest

from overprint.core.film import Move
from overprint.core.motion import Curves
from overprint.core.scene import Actor, Camera, Place, Pose, Scene, Setting, Shot, View
from overprint.core.story import Style
from overprint.craft.drawing.compose import compose
from overprint.craft.drawing.figures.stances import STEPS, stance_of, striding
from overprint.craft.drawing.nodes import Gait
from overprint.craft.motion import ClipOrder
from overprint.craft.motion.moves import path_for
from overprint.craft.motion.staging import staged
from overprint.craft.motion.walking import PACES, walk_of
from tests.craft.drawing.people import SHEETS, scene

SECONDS = 5.0
FOX = Actor("fox", pose=Pose.WALK, place=Place.LEFT, view=View.SIDE)
WOMAN = Actor("woman", pose=Pose.WALK, place=Place.RIGHT, view=View.SIDE)


def gaits(shown: Scene) -> dict[str, Gait]:
    layers = compose(shown, SHEETS, 320, 180, 3).layers
    return {layer.name: layer.gait for layer in layers if layer.gait is not None}


@pytest.mark.parametrize("pose", STEPS)
def test_a_foot_on_the_ground_stands_still_while_the_figure_goes_on(pose: Pose) -> None:
    stride = 4 * STEPS[pose]
    for first, side in ((0.0, "right_foot"), (0.5, "left_foot")):
        feet = [
            (getattr(striding(stance_of(pose, View.SIDE), pose, View.SIDE, first + share), side), share)
            for share in (0.0, 0.1, 0.25, 0.4, 0.499)
        ]
        assert len({round(x + stride * share, 6) for (x, _), share in feet}) == 1
        assert {lift for (_, lift), _ in feet} == {0.0}


def test_one_foot_is_in_the_air_and_comes_back_down() -> None:
    lifts = [striding(stance_of(Pose.WALK, View.SIDE), Pose.WALK, View.SIDE, n / 20).right_foot[1] for n in range(20)]
    assert max(lifts) > 8 and lifts[0] == 0 and min(lifts) >= 0


def test_only_whoever_walks_or_runs_goes_and_nobody_in_a_close_up() -> None:
    there = scene(FOX, replace(WOMAN, pose=Pose.WAVE), setting=Setting.BEACH)
    assert list(gaits(there)) == ["actor-0"]
    assert not gaits(replace(there, camera=Camera(Shot.CLOSE)))
    assert not gaits(scene(replace(FOX, view=View.FRONT), setting=Setting.BEACH))


def test_two_who_come_towards_each_other_never_meet_and_stay_in_sight() -> None:
    layers = compose(scene(FOX, WOMAN, setting=Setting.BEACH), SHEETS, 320, 180, 3)
    found = {layer.name: layer.gait for layer in layers.layers if layer.gait is not None}
    boxes = {seen.what: seen.box for seen in layers.seen if seen.what in ("fox", "woman")}
    ends = {}
    for who, gait in zip(("fox", "woman"), (found["actor-0"], found["actor-1"]), strict=True):
        walk, box = walk_of(gait, SECONDS), boxes[who]
        assert walk is not None and box is not None
        ways = [walk.at(SECONDS * n / 40)[1].dx for n in range(41)]
        ends[who] = (box.x0 + min(ways), box.x1 + max(ways))
        assert sorted(ways, reverse=gait.way < 0) == ways, "nobody goes backwards"
        assert (box.x0 + box.x1) / 2 + min(ways) >= 0 and (box.x0 + box.x1) / 2 + max(ways) <= 1778
    left, right = sorted(ends.values())
    assert left[1] < right[0] + 30


def test_who_has_no_room_to_go_stays() -> None:
    assert walk_of(Gait(1, 200.0, 150.0, 20.0, 30.0, (0.0, 0.0)), SECONDS) is None
    walk = walk_of(Gait(-1, 200.0, 150.0, 1000.0, 100.0, (0.0, 10.0)), SECONDS)
    assert walk is not None
    assert (walk.at(0)[1].dx, walk.at(SECONDS)[1].dx) == (pytest.approx(650), pytest.approx(-100, abs=200 / PACES))


@pytest.mark.parametrize("way", [-1, 1])
def test_who_follows_a_clip_goes_the_way_that_its_figure_went(way: int) -> None:
    standing = Actor("woman", place=Place.CENTRE, view=None)
    shown = scene(FOX, replace(WOMAN, place=Place.CENTRE), setting=Setting.BEACH)
    layers = compose(shown, SHEETS, 320, 180, 3, facing=way).layers
    assert [layer.gait.way for layer in layers if layer.gait is not None] == [way, way]
    shot = ClipOrder(scene(standing), SHEETS, Style.FLAT, Move(), 160, 90, 24, 120, 3)
    assert shot.facing == 0
    turned = replace(shot, curves=Curves(2.0, facing=way))
    assert turned.facing == way and replace(turned, style=Style.WATERCOLOUR).facing == 0


def test_steps_are_drawn_where_things_stir_and_nowhere_else() -> None:
    shown = scene(FOX, setting=Setting.BEACH)
    shot = ClipOrder(shown, SHEETS, Style.FLAT, Move(), 160, 90, 24, 120, 3)
    path = path_for(Move(), 1778, 1000)
    (fox,) = [sprite for sprite in staged(shot, b"", path)[1] if sprite.name == "actor-0"]
    assert len(fox.paces) == PACES
    assert len({pace.pixels.tobytes() for pace in fox.paces}) == PACES
    assert 0 < sum(pace.shut is not None for pace in fox.paces) < PACES, "drawn with shut eyes only where they are seen"
    still = staged(replace(shot, liveliness=0), b"", path)[1]
    assert not any(sprite.paces for sprite in still)
