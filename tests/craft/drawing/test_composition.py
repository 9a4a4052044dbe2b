"""How pictures are composed: pages differ, places stay themselves, figures turn to each other and touch."""

import itertools

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from overprint.core.scene import (
    Actor,
    Area,
    Camera,
    Place,
    Pose,
    Relation,
    RelationKind,
    Scene,
    Setting,
    Shot,
    Species,
    View,
)
from overprint.core.shown import Box
from overprint.core.story import Style
from overprint.craft.drawing.camera import QUIET_SCALE, lens_for
from overprint.craft.drawing.casting import cast
from overprint.craft.drawing.drawing import draw
from overprint.craft.drawing.figures import KINDS
from overprint.craft.drawing.layout import Spot, embrace, join_hands, view_of
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.vector import apply, at
from tests.craft.drawing.people import SHEETS, scene

PAIR = (Actor("child", place=Place.LEFT), Actor("fox", place=Place.RIGHT))


def thumbnail(pictured: Scene, seed: int) -> npt.NDArray[np.float32]:
    """What is left of a page seen from across the room: 16 × 16 colours."""
    page = draw(pictured, SHEETS, style=Style.FLAT, width_px=128, height_px=128, seed=seed).raster("png")
    small = cv2.resize(
        cv2.imdecode(np.frombuffer(page, np.uint8), cv2.IMREAD_COLOR), (16, 16), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), np.float32)


def face(pictured: Scene, who: str, seed: int = 1) -> Box:
    shown = draw(pictured, SHEETS, style=Style.FLAT, width_px=200, height_px=200, seed=seed).shown
    found = next(item.face for item in shown if item.what == who)
    assert found is not None
    return found


@pytest.mark.parametrize("setting", Setting)
def test_no_two_pages_of_a_book_in_one_place_are_composed_alike(setting: Setting) -> None:
    shots = (Shot.WIDE, Shot.MEDIUM, Shot.CLOSE, Shot.MEDIUM, Shot.LOW)
    pages = [
        thumbnail(scene(*PAIR, setting=setting, camera=Camera(shots[n % len(shots)])), 42 * 1_000_003 + n)
        for n in range(10)
    ]
    nearest = min(float(np.abs(one - two).mean()) for one, two in itertools.combinations(pages, 2))
    assert nearest > 1.0


def test_a_room_keeps_its_walls_from_page_to_page_and_another_room_has_its_own() -> None:
    def wall(place: str, seed: int) -> npt.NDArray[np.float32]:
        page = Scene(Setting.BEDROOM, place, "A room.", camera=Camera(Shot.WIDE))
        return np.median(thumbnail(page, seed)[2:9].reshape(-1, 3), axis=0)

    same = [wall("Mira's room", seed) for seed in range(6)]
    spread = max(float(np.linalg.norm(one - two)) for one, two in itertools.combinations(same, 2))
    other = [wall(f"room {n}", 1) for n in range(8)]
    assert spread < 8 < max(float(np.linalg.norm(one - two)) for one, two in itertools.combinations(other, 2))


def test_somebody_alone_stands_on_a_third_as_often_as_in_the_middle() -> None:
    spots = [face(scene(Actor("fox")), "fox", seed) for seed in range(24)]
    middles = [spot.x + spot.width / 2 for spot in spots]
    assert min(middles) < 0.43 and max(middles) > 0.57


def test_a_low_shot_shows_larger_figures_over_a_lower_horizon() -> None:
    assert face(scene(Actor("fox"), camera=Camera(Shot.LOW)), "fox").height > face(scene(Actor("fox")), "fox").height


@pytest.mark.parametrize(("pose", "view"), [(Pose.RUN, View.SIDE), (Pose.SLEEP, View.FRONT)])
def test_a_view_is_chosen_that_suits_the_pose(pose: Pose, view: View) -> None:
    players = list(cast(scene(Actor("fox", pose=pose)), SHEETS).players)
    chosen = [view_of(players[0], players, Shot.MEDIUM, Dice(seed)) for seed in range(20)]
    assert chosen.count(view) > 10
    asked = list(cast(scene(Actor("fox", pose=pose, view=View.THREE_QUARTER)), SHEETS).players)
    assert view_of(asked[0], asked, Shot.MEDIUM, Dice(1)) is View.THREE_QUARTER


def spots_of(pictured: Scene) -> list[Spot]:
    players = cast(pictured, SHEETS).players
    return [Spot(player, 300.0 + 190 * n, 940.0, 1.7, flip=n == 1) for n, player in enumerate(players)]


def in_the_world(spot: Spot, side: int) -> tuple[float, float]:
    return apply(at(spot.x, spot.y, spot.scale, flip=spot.flip), spot.grasps[side])


def test_hands_that_go_hand_in_hand_meet() -> None:
    left, right = spots_of(scene(*PAIR, relations=(Relation("fox", RelationKind.HAND_IN_HAND, "child"),)))
    join_hands([left, right])
    one, two = in_the_world(left, 1), in_the_world(right, 1)  # the right one is mirrored: its inner hand is the right
    assert np.allclose(one, two)
    assert left.x < one[0] < right.x


def test_a_hug_reaches_for_the_neighbour() -> None:
    left, right = spots_of(scene(Actor("child", Pose.HUG, place=Place.LEFT), PAIR[1]))
    embrace([left, right])
    assert not right.grasps
    assert in_the_world(left, 1)[0] > left.x + 60 and left.y > right.y


def test_two_who_hold_hands_stand_closer_than_two_who_do_not() -> None:
    def apart(relations: tuple[Relation, ...]) -> float:
        pictured = scene(*PAIR, relations=relations, camera=Camera(Shot.WIDE))
        return face(pictured, "fox").x - face(pictured, "child").x

    assert apart((Relation("child", RelationKind.HAND_IN_HAND, "fox"),)) < 0.7 * apart(())


def test_the_vocabulary_is_as_wide_as_promised() -> None:
    assert len(Setting) >= 16 and len(Style) >= 8 and len(Pose) >= 12 and len(Shot) >= 4
    assert set(KINDS) == set(Species) and len(KINDS) >= 24


def test_text_gets_room_by_drawing_smaller() -> None:
    whole, beside = lens_for(1000, 1000, Area.NONE), lens_for(1000, 1000, Area.TOP)
    assert beside.scale == pytest.approx(QUIET_SCALE * whole.scale)
    assert beside.y0 < 0 == whole.y0
