"""Camera moves: soft, and never past the edge of the drawing."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.film import Move
from overprint.craft.motion.moves import NEAREST, OVERSCAN, eased, path_for, placed

notches = st.floats(-10, 10, allow_nan=False)
moves = st.builds(Move, notches, notches, notches, notches, notches, notches)
sizes = st.sampled_from([(1778.0, 1000.0), (866.0, 1540.0), (1000.0, 1000.0), (946.0, 1182.0)])


@given(moves, sizes, st.floats(0, 1), st.floats(0, 20), st.sampled_from([0.0, 0.3, 1.0, NEAREST]))
def test_no_move_shows_what_is_beyond_the_drawing(
    move: Move, size: tuple[float, float], share: float, seconds: float, depth: float
) -> None:
    width, height = size
    place = placed(path_for(move, width, height).at(share, seconds), depth)
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
    path = path_for(Move(pan=8), 1778, 1000)
    ways = {round(placed(path.at(0, 0), depth).dx - placed(path.at(1, 0), depth).dx, 6) for depth in (0.0, 0.5, 1.0)}
    assert ways == {56.0}


@pytest.mark.parametrize("zoom", [9.0, -9.0])
def test_going_nearer_and_farther_are_each_other_backwards(zoom: float) -> None:
    path = path_for(Move(zoom=zoom), 1000, 1000)
    zooms = [path.at(n / 30, n / 30).zoom for n in range(31)]
    assert zooms == sorted(zooms, reverse=zoom < 0)
    assert max(zooms) - min(zooms) == pytest.approx(0.144)


def test_a_move_never_stands_still_and_never_jumps() -> None:
    steps = [after - before for before, after in pairwise(eased(n / 150) for n in range(151))]
    assert min(steps) > 0.4 / 150
    assert max(abs(after - before) for before, after in pairwise(steps)) < 0.02 / 150
