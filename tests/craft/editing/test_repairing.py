"""What is taken out of clips: noise without the edges, trembling without the way of the camera."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import cv2
import numpy as np
import pytest

from overprint.craft.editing.repairing import denoise
from overprint.craft.editing.steadying import Tremble, Values, steady

WIDTH, HEIGHT, FPS = 192, 108, 24
WORLD = cv2.GaussianBlur(np.random.default_rng(3).integers(0, 255, (300, 500)).astype(np.uint8), (0, 0), 2.5)


def planes(luma: np.ndarray) -> np.ndarray:
    return np.vstack([luma, np.full((luma.shape[0] // 2, luma.shape[1]), 128, np.uint8)]).astype(np.uint8)


def test_noise_goes_and_edges_stay() -> None:
    plain = np.full((HEIGHT, WIDTH), 60, np.uint8)
    plain[:, WIDTH // 2 :] = 180
    noisy = planes(np.clip(plain + np.random.default_rng(1).normal(0, 7, plain.shape), 16, 235))
    before = noisy.copy()
    denoise(noisy, HEIGHT, 0)
    assert np.array_equal(noisy, before), "nothing is done that nobody asked for"
    denoise(noisy, HEIGHT, 6)
    left = noisy[:HEIGHT, 4 : WIDTH // 2 - 6].astype(float)
    assert left.std() < 0.5 * before[:HEIGHT, 4 : WIDTH // 2 - 6].std()
    step = noisy[:HEIGHT, WIDTH // 2].mean() - noisy[:HEIGHT, WIDTH // 2 - 1].mean()
    assert step > 105


def filmed(ways: list[tuple[float, float, float]]) -> list[np.ndarray]:
    """What a camera sees that stands so far to the right, so far down and so far turned in each frame."""
    frames = []
    for x, y, degrees in ways:
        matrix = cv2.getRotationMatrix2D((150 + x + WIDTH / 2, 90 + y + HEIGHT / 2), degrees, 1)
        matrix[:, 2] -= (150 + x, 90 + y)
        frames.append(cv2.warpAffine(WORLD, matrix, (WIDTH, HEIGHT)))
    return frames


def corrections(frames: Iterable[np.ndarray]) -> Sequence[Values]:
    tremble = Tremble()
    for frame in frames:
        tremble.see(frame)
    return tremble.corrections(FPS)


def ways_of(frames: list[np.ndarray]) -> np.ndarray:
    """How far what is seen went from frame to frame, in pixels."""
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return np.array([np.median(flow.calc(*pair, None)[20:-20, 30:-30], axis=(0, 1)) for pair in pairwise(frames)])


@pytest.mark.parametrize("pan", [0.0, 1.4])
def test_a_trembling_hand_is_held_and_the_camera_goes_where_it_goes(pan: float) -> None:
    dice = np.random.default_rng(5)
    shaken = filmed([(pan * n + dice.normal(0, 1.1), dice.normal(0, 1.1), dice.normal(0, 0.12)) for n in range(36)])
    steps = corrections(shaken)
    held = [steady(planes(frame), HEIGHT, step)[:HEIGHT] for frame, step in zip(shaken, steps, strict=True)]
    before, after = ways_of(shaken), ways_of(held)
    assert after.std(axis=0).max() < 0.35 * before.std(axis=0).min()
    assert after[:, 0].mean() == pytest.approx(-pan * 1.06, abs=0.2)
    assert min(frame.min() for frame in held) >= WORLD.min(), "no edge of a frame is seen"


def test_where_there_is_nothing_to_follow_nothing_moves() -> None:
    for step in corrections([np.full((HEIGHT, WIDTH), 90, np.uint8)] * 3):
        assert np.allclose(step[:, 2], 0)
    assert len(corrections([WORLD[:HEIGHT, :WIDTH]])) == 1
    assert not corrections([])
