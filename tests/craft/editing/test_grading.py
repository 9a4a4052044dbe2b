"""Grades: every one looks another, greys stay in range, and what is asked for nothing changes nothing."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from overprint.core.film import Grade, Look
from overprint.craft.editing.grading import Grader

WIDTH, HEIGHT = 64, 48


def graded(look: Look, number: int = 0) -> np.ndarray:
    planes = chart()
    Grader(look, WIDTH, HEIGHT, 1).apply(planes, number)
    return planes.astype(int)


def chart() -> np.ndarray:
    """Lightness from left to right, blueness from the top, redness from the left."""
    planes = np.empty((HEIGHT * 3 // 2, WIDTH), np.uint8)
    planes[:HEIGHT] = np.linspace(16, 235, WIDTH)
    blue, red = planes[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
    blue[:] = np.linspace(80, 176, HEIGHT // 2)[:, np.newaxis]
    red[:] = np.linspace(80, 176, WIDTH // 2)
    return planes


@cache
def in_grade(grade: Grade) -> np.ndarray:
    return graded(Look(grade))


def test_the_natural_grade_changes_nothing() -> None:
    assert np.array_equal(in_grade(Grade.NATURAL), chart())


@pytest.mark.parametrize(("one", "other"), [*combinations(Grade, 2)])
def test_no_two_grades_look_alike(one: Grade, other: Grade) -> None:
    assert np.abs(in_grade(one) - in_grade(other)).mean() > 1.5


@pytest.mark.parametrize("grade", Grade)
def test_darker_stays_darker_and_everything_within_the_range(grade: Grade) -> None:
    luma, chroma = in_grade(grade)[:HEIGHT], in_grade(grade)[HEIGHT:]
    assert (np.diff(luma[0]) >= 0).all()
    assert luma[0, -1] - luma[0, 0] > 120
    assert (luma.min() >= 16, luma.max() <= 235, chroma.min() >= 16, chroma.max() <= 240) == (True,) * 4


def test_colours_change_smoothly() -> None:
    for grade in Grade:
        chroma = in_grade(grade)[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
        assert max(np.abs(np.diff(chroma, axis=axis)).max() for axis in (1, 2)) <= 24


def test_grain_is_seen_differs_from_frame_to_frame_and_leaves_lightness_alone() -> None:
    one, other = graded(Look(grain=5), 1), graded(Look(grain=5), 2)
    inner = np.s_[: HEIGHT - 1, 8:-8]
    assert (one[inner] - chart()[inner]).std() == pytest.approx(6.5, abs=1.5)
    assert abs((one[inner] - chart()[inner].astype(int)).mean()) < 0.8
    assert not np.array_equal(one, other)
    assert np.array_equal(one, graded(Look(grain=5), 1))
