"""Curves over a shot: as long as it lasts, without a jolt, and never past the edge of the drawing."""

import math
from itertools import pairwise

import pytest

from overprint.core.film import Move
from overprint.core.motion import ROLL_MAX_DEGREES, TRAVEL_MAX, ZOOM_MAX, Curves, Moment, check_curves
from overprint.core.problems import Invalid
from overprint.craft.motion.following import Following, carried
from overprint.craft.motion.idle import REST
from overprint.craft.motion.moves import NEAREST, OVERSCAN, path_for, placed

FOUR_SECONDS = Curves(4.0, x=tuple(100 * math.sin(n / 40) for n in range(121)))
STEPS = Curves(1.0, loops=True, bob=(0, 10, 0, -10))


@pytest.mark.parametrize("seconds", [2.0, 3.0, 6.0, 8.0])
def test_a_clip_begins_and_ends_with_the_scene(seconds: float) -> None:
    following = Following(FOUR_SECONDS, seconds)
    assert (following.at(0).x, following.at(seconds).x) == pytest.approx((0, FOUR_SECONDS.x[-1]))
    assert following.at(seconds / 2).x == pytest.approx(FOUR_SECONDS.at(2.0).x)


def test_a_long_clip_is_cut_and_a_short_one_goes_there_and_back_without_a_jolt() -> None:
    assert Following(FOUR_SECONDS, 1.0).at(1.0).x == pytest.approx(FOUR_SECONDS.at(2.0).x)
    ways = [Following(Curves(2.0, x=(0.0, 100.0)), 15.0).at(n / 60).x for n in range(901)]
    assert (min(ways), max(ways)) == (0, pytest.approx(95, abs=1))
    speeds = [after - before for before, after in pairwise(ways)]
    assert sum(before > 0 >= after for before, after in pairwise(speeds)) >= 2, "it never turns back"
    assert max(abs(after - before) for before, after in pairwise(speeds)) < 0.2 * max(speeds)


def test_the_motion_of_a_preset_goes_round_at_its_own_pace() -> None:
    for seconds in (0.0, 0.25, 0.6, 0.75):
        assert Following(STEPS, 9.0).at(seconds + 3).bob == pytest.approx(STEPS.at(seconds).bob)
    assert [STEPS.at(n / 4).bob for n in range(5)] == pytest.approx([0, 10, 0, -10, 0])
    assert STEPS.at(0.125) == Moment(bob=pytest.approx(6.25))


def test_feet_stay_where_they_are_as_far_as_somebody_can_lean() -> None:
    leaning, gone = (carried(REST, Moment(sway=way), 400.0) for way in (10.0, 120.0))
    assert abs(leaning.dx) < 0.5 and leaning.lean * 200 == pytest.approx(10, abs=0.5)
    assert gone.dx > 80 and gone.dx + gone.lean * 200 == pytest.approx(120)
    crouching = carried(REST, Moment(bob=8.0), 400.0)
    assert crouching.stretch < 1 and crouching.dy + (1 - crouching.stretch) * 200 == pytest.approx(8)


def test_whatever_is_followed_nothing_beyond_the_drawing_is_seen() -> None:
    far = Curves(
        2.0,
        loops=True,
        x=(-TRAVEL_MAX, TRAVEL_MAX),
        y=(TRAVEL_MAX, 0.0, -TRAVEL_MAX),
        roll_degrees=(0.0, ROLL_MAX_DEGREES, -ROLL_MAX_DEGREES),
        zoom=(1.0, ZOOM_MAX),
    )
    check_curves(far)
    width, height = 1778.0, 1000.0
    path = path_for(Move(zoom=-5, shake=3), width, height, 3, Following(far, 6.0))
    for n in range(181):
        eye = path.at(n / 180, n / 30)
        for depth in (0.0, 1.0, NEAREST):
            place = placed(eye, depth)
            turn = math.radians(abs(place.roll_degrees))
            across = width / 2 * math.cos(turn) + height / 2 * math.sin(turn)
            upright = height / 2 * math.cos(turn) + width / 2 * math.sin(turn)
            assert (across + abs(place.dx)) / place.scale <= width / 2 + OVERSCAN + 2
            assert (upright + abs(place.dy)) / place.scale <= height / 2 + OVERSCAN + 2


@pytest.mark.parametrize("wild", [{"x": (0, 1e300)}, {"zoom": (0.0, 1.0)}, {"roll_degrees": (90,)}, {"bob": (-999,)}])
def test_curves_that_go_farther_than_a_picture_are_refused(wild: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(Invalid, match="at most") as refused:
        check_curves(Curves(1.0, **wild))
    assert refused.value.next_step
