"""``.cube`` files: what they say is done to colours; whatever is no such file is refused with what to do instead."""

import numpy as np
import pytest

from overprint.core.cube import CUBE_MAX_BYTES, looks_like_cube, read_cube
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.editing.colouring import Colouring, looked
from tests.craft.editing.test_grading import HEIGHT, chart

STEPS = (0.0, 0.5, 1.0)


def cube(rows: list[tuple[float, ...]], head: str = "LUT_3D_SIZE 3") -> bytes:
    said = "\n".join(" ".join(f"{value:.6f}" for value in row) for row in rows)
    return f'TITLE "Made for a test"\n# a comment\n{head}\n\n{said}\n'.encode()


AS_IT_IS = [(red, green, blue) for blue in STEPS for green in STEPS for red in STEPS]


def coloured(data: bytes) -> np.ndarray:
    planes = chart()
    Colouring(read_cube(data), HEIGHT).apply(planes)
    return planes.astype(int)


def test_a_look_that_changes_nothing_changes_nothing() -> None:
    off = np.abs(coloured(cube(AS_IT_IS)) - chart())
    grey = np.s_[HEIGHT // 2 - 2 : HEIGHT // 2 + 2, 28:36]  # the middle of the chart: colours that there are
    assert off[grey].max() <= 1


def test_red_changes_fastest_in_a_table() -> None:
    look = read_cube(cube([(blue, green, red) for red, green, blue in AS_IT_IS]))
    assert looked(look, np.array([[0.9, 0.4, 0.1]], np.float32))[0] == pytest.approx([0.1, 0.4, 0.9], abs=1e-6)


def test_curves_and_other_ranges_are_read() -> None:
    inverted = read_cube(cube([(1.0, 1.0, 1.0), (0.0, 0.0, 0.0)], "LUT_1D_SIZE 2"))
    assert looked(inverted, np.array([[0.2, 0.5, 1.0]], np.float32))[0] == pytest.approx([0.8, 0.5, 0.0], abs=1e-6)
    wide = read_cube(cube(AS_IT_IS, "LUT_3D_SIZE 3\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 2 2 2"))
    assert looked(wide, np.array([[1.0, 0.5, 0.0]], np.float32))[0] == pytest.approx([0.5, 0.25, 0.0], abs=1e-6)
    video = read_cube(cube(AS_IT_IS, "LUT_3D_SIZE 3\nLUT_3D_INPUT_RANGE 0 2"))
    assert np.array_equal(looked(video, np.eye(3, dtype=np.float32)), looked(wide, np.eye(3, dtype=np.float32)))


def test_greys_of_a_dark_look_are_darker() -> None:
    dark = coloured(cube([tuple(value * 0.5 for value in row) for row in AS_IT_IS]))
    luma, before = dark[HEIGHT // 2], chart()[HEIGHT // 2].astype(int)
    assert luma[40] - 16 == pytest.approx((before[40] - 16) / 2, abs=2)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\xff",
        b"#!/bin/sh\nrm -rf /\n",
        cube(AS_IT_IS, ""),
        cube(AS_IT_IS[:-1]),
        cube([*AS_IT_IS, (0, 0, 0)]),
        cube(AS_IT_IS, "LUT_3D_SIZE 3\nLUT_3D_SIZE 3"),
        cube(AS_IT_IS, "LUT_3D_SIZE 3\nLUT_1D_SIZE 27"),
        cube(AS_IT_IS, "LUT_3D_SIZE nan"),
        cube(AS_IT_IS, "LUT_3D_SIZE 2.5"),
        cube(AS_IT_IS, "LUT_3D_SIZE -3"),
        cube(AS_IT_IS, "LUT_3D_SIZE 3\nDOMAIN_MIN 1 1 1"),
        cube(AS_IT_IS, "LUT_3D_SIZE 3\nDOMAIN_MAX 0 1"),
        cube(AS_IT_IS, "LUT_3D_SIZE 3\nDOMAIN_MAX 1 1 1e-46"),
        cube(AS_IT_IS, "LUT_3D_SIZE 3\nDOMAIN_MIN 99.9999999 99 99\nDOMAIN_MAX 100 100 100"),
        cube(AS_IT_IS, "LUT_3D_SIZE 3\nLUT_1D_INPUT_RANGE 0 1"),
        cube(AS_IT_IS, "LUT_3D_SIZE 3\nINCLUDE /etc/passwd"),
        cube([(float("inf"), 0, 0), *AS_IT_IS[1:]]),
        cube([(1e30, 0, 0), *AS_IT_IS[1:]]),
        cube([(0, 0), *AS_IT_IS[1:]]),
        cube(AS_IT_IS).replace(b"0.500000", b"0_1.5", 1),
        cube(AS_IT_IS).replace(b"0.500000", "٠.٥".encode(), 1),
        cube(AS_IT_IS) + b"LUT_3D_SIZE 3\n",
        cube(AS_IT_IS) + b"0 " * 500,
    ],
)
def test_what_is_no_cube_file_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_cube(data)
    assert refused.value.next_step


def test_no_more_of_a_cube_file_is_read_than_its_size_says() -> None:
    with pytest.raises(Invalid, match="says a size of 2 and has more rows"):
        read_cube(b"LUT_3D_SIZE 2\n" + b"0 0 0\n" * 100_000)


def test_a_cube_file_is_told_from_others_by_what_is_in_it() -> None:
    assert looks_like_cube(cube(AS_IT_IS)) and looks_like_cube(b"LUT_1D_SIZE 2\n")
    assert not looks_like_cube(b"%PDF-1.7 LUT_3D_SIZE 3\0") and not looks_like_cube(b"a poem")


@pytest.mark.parametrize(
    "data",
    [b"LUT_3D_SIZE 200\n", b"LUT_1D_SIZE 99999\n0 0 0\n", b" " * (CUBE_MAX_BYTES + 1), b"\n" * 10**7],
    ids=["colours", "curves", "bytes", "empty lines"],
)
def test_a_cube_file_has_bounds(data: bytes) -> None:
    with pytest.raises((LimitReached, Invalid)) as refused:
        read_cube(data)
    assert refused.value.next_step
