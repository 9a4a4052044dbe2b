"""Camera moves: smooth, where they say, and never past the edge of the drawing."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overprint.core.film import Course, Easing, Move
from overprint.craft.motion.moves import NEAREST, OVERSCAN, Path, Placement, eased, path_for, placed

notches = st.floats(-10, 10, allow_nan=False)
moves = st.builds(
    Move,
    *[notches] * 7,
    shake=st.floats(0, 10, allow_nan=False),
    course=st.sampled_from(Course),
    easing=st.sampled_from(Easing),
)
sizes = st.sampled_from([(1778.0, 1000.0), (866.0, 1540.0), (1000.0, 1000.0), (946.0, 1182.0)])
STRONGEST = Move(horizontal=10, vertical=-10, pan=10, tilt=10, roll=10, zoom=10, lens=-10, shake=0)


def stage_at(path: Path, share: float) -> Placement:
    return placed(path.at(share, 0.0), 1.0)


@settings(max_examples=60)
@given(
    moves,
    sizes,
    st.floats(0, 1),
    st.floats(0, 20),
    st.sampled_from([0.0, 0.3, 1.0, NEAREST]),
    st.integers(0, 2**31 - 1),
)
def test_no_move_shows_what_is_beyond_the_drawing(
    move: Move, size: tuple[float, float], share: float, seconds: float, depth: float, seed: int
) -> None:
    width, height = size
    place = placed(path_for(move, width, height, seed).at(share, seconds), depth)
    turn = math.radians(place.roll_degrees)
    for x in (-width / 2, width / 2):
        for y in (-height / 2, height / 2):
            seen_x = (x * math.cos(turn) + y * math.sin(turn) - place.dx) / place.scale
            seen_y = (y * math.cos(turn) - x * math.sin(turn) - place.dy) / place.scale
            assert abs(seen_x) <= width / 2 + OVERSCAN + 1
            assert abs(seen_y) <= height / 2 + OVERSCAN + 1


def test_what_is_near_passes_faster_than_what_is_far() -> None:
    path = path_for(Move(horizontal=8), 1778, 1000)
    ways = [placed(path.at(1, 5), depth).dx - placed(path.at(0, 0), depth).dx for depth in (0.0, 0.5, 1.0, 1.4)]
    assert ways == sorted(ways, reverse=True)
    assert ways[3] < 4 * ways[0] < 0


def test_turning_the_camera_moves_everything_alike() -> None:
    path = path_for(Move(pan=5), 1778, 1000)
    ways = {round(placed(path.at(0, 0), depth).dx - placed(path.at(1, 0), depth).dx, 6) for depth in (0.0, 0.5, 1.0)}
    assert ways == {50.0}


@pytest.mark.parametrize("zoom", [9.0, -9.0])
def test_going_nearer_and_farther_are_each_other_backwards(zoom: float) -> None:
    path = path_for(Move(zoom=zoom), 1000, 1000)
    zooms = [path.at(n / 30, n / 30).zoom for n in range(31)]
    assert zooms == sorted(zooms, reverse=zoom < 0)
    assert max(zooms) - min(zooms) == pytest.approx(0.27)


@pytest.mark.parametrize("easing", Easing)
def test_a_move_begins_and_ends_where_it_says_and_never_turns_back(easing: Easing) -> None:
    path = Path(replace(STRONGEST, easing=easing))
    first, last = path.at(0, 0), path.at(1, 9)
    assert (first.x, first.y, first.pan, first.roll_degrees, first.zoom) == (-50, 50, -50, -5, 1)
    assert (last.x, last.y, last.pan, last.roll_degrees, last.zoom) == (50, -50, 50, 5, pytest.approx(1.3))
    ways = [path.at(n / 90, 0).x for n in range(91)]
    assert all(before < after for before, after in pairwise(ways))


def test_a_swing_ends_as_it_began_and_an_arc_comes_nearest_half_way() -> None:
    swing, arc = (Path(replace(STRONGEST, course=course)) for course in (Course.SWING, Course.ARC))
    assert stage_at(swing, 0).dx == pytest.approx(stage_at(swing, 1).dx, abs=1e-9)
    assert stage_at(swing, 0).scale == pytest.approx(stage_at(swing, 1).scale)
    zooms = [arc.at(n / 10, 0).zoom for n in range(11)]
    assert max(zooms) == zooms[5] == pytest.approx(1.3)
    assert zooms[0] == pytest.approx(zooms[10])
    assert arc.at(0, 0).x == pytest.approx(-arc.at(1, 0).x)


@pytest.mark.parametrize("zoom", [8.0, -8.0])
def test_a_dolly_zoom_leaves_the_subject_as_it_is_while_what_is_behind_it_changes(zoom: float) -> None:
    path = path_for(Move(zoom=zoom, lens=-zoom, shake=0), 1778, 1000)
    scales = {depth: [placed(path.at(n / 8, 0), depth).scale for n in range(9)] for depth in (0.0, 1.0)}
    assert max(scales[1.0]) - min(scales[1.0]) < 1e-9
    assert max(scales[0.0]) / min(scales[0.0]) > 1.1


def test_going_round_a_subject_keeps_it_in_the_middle_while_what_is_behind_it_passes() -> None:
    path = path_for(Move(horizontal=8, pan=-8, shake=0), 1778, 1000)
    assert {round(stage_at(path, n / 8).dx, 9) for n in range(9)} == {0.0}
    assert placed(path.at(1, 0), 0.0).dx - placed(path.at(0, 0), 0.0).dx > 60


def test_two_hands_do_not_tremble_alike_and_a_tripod_does_not_at_all() -> None:
    hands = [[Path(Move(shake=9), seed).at(0.5, n / 5).x for n in range(20)] for seed in (1, 1, 2)]
    assert hands[0] == hands[1] != hands[2]
    assert max(map(abs, hands[0])) <= 9 * 1.4
    assert np.std(hands[0]) > 2
    assert len({Path(Move(shake=0)).at(0.5, n / 5) for n in range(20)}) == 1


@pytest.mark.parametrize("course", Course)
@pytest.mark.parametrize("easing", Easing)
def test_nothing_is_a_hundredth_of_a_pixel_off_a_smooth_curve(course: Course, easing: Easing) -> None:
    """Each place against the cubic through its four neighbours, at 240 frames a second of five seconds, 1080 lines."""
    path = path_for(replace(STRONGEST, course=course, easing=easing, shake=10), 1778, 1000, 7)
    eyes = [path.at(n / 1200, n / 240) for n in range(1201)]
    for depth in (0.0, NEAREST):
        dx, dy, scale = np.array([(p.dx, p.dy, 889 * p.scale) for p in (placed(eye, depth) for eye in eyes)]).T
        for way in (dx, dy, scale):
            between = (4 * (way[1:-3] + way[3:-1]) - way[:-4] - way[4:]) / 6
            assert np.abs(between - way[2:-2]).max() * 1.08 <= 0.01


def test_a_soft_move_never_stands_still_and_never_jumps() -> None:
    steps = [after - before for before, after in pairwise(eased(n / 150) for n in range(151))]
    assert min(steps) > 0.4 / 150
    assert max(abs(after - before) for before, after in pairwise(steps)) < 0.02 / 150
