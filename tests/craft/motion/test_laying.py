"""Frames laid from front to back: as bilinear sums say, to the hundredth of a pixel, however they are turned."""

import cv2
import numpy as np
import pytest

from overprint.craft.drawing.buffers import Pixels
from overprint.craft.motion.drops import TINT
from overprint.craft.motion.forms import Floats, canvas_of
from overprint.craft.motion.laying import lay_frame
from overprint.craft.motion.planes import EDGE, dimmed, stock_of

WIDTH, HEIGHT = 200, 44  # tiles are cut off at the right and below
AROUND = 4096
TO_BLUENESS, TO_REDNESS = (0.5, -0.3854, -0.1146), (-0.0458, -0.4542, 0.5)
NO_DROPS = np.zeros((0, TINT + 1), np.float32), np.zeros((0, 2), np.int64), np.zeros((0, 4), np.uint16)


def blob(width: int, height: int, x: float, y: float, spread: float) -> Pixels:
    """White paint that thins out around a point; premultiplied."""
    rows, columns = np.mgrid[:height, :width]
    cover = 255 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * spread**2))
    return np.repeat(np.rint(cover).astype(np.uint8)[:, :, None], 4, axis=2)


def frame_of(pictures: list[Pixels], matrices: list[Floats], strength: float = 1.0, beside: int = 0) -> Floats:
    """A frame's rows of luma, then of blueness and redness, with the last picture in front; each matrix leads from the
    picture's pixels to the frame's. ``beside``: the bytes around pictures and frame in memory, where nobody writes."""
    stock = stock_of(pictures)
    back = [np.linalg.inv(np.vstack([matrix, [0, 0, 1]])) for matrix in matrices]
    places = np.array([[*way[0, :2], way[0, 2] + EDGE, *way[1, :2], way[1, 2] + EDGE, strength] for way in back])
    order = np.array([(n, n) for n in reversed(range(len(pictures)))])
    data, around = np.pad(stock.data, AROUND, constant_values=beside)[AROUND:-AROUND], np.full(AROUND, beside, np.uint8)
    memory = np.concatenate([around, np.zeros(WIDTH * HEIGHT * 3 // 2, np.uint8), around])
    frame, light = memory[AROUND:-AROUND], dimmed(np.ones((HEIGHT, WIDTH), np.float32))
    canvas = canvas_of(frame.reshape(-1, WIDTH))
    lay_frame(canvas, (WIDTH, HEIGHT), (data, stock.cells, stock.tables), places, NO_DROPS, order, light)
    assert (memory[:AROUND] == beside).all() and (memory[-AROUND:] == beside).all(), "written beside the frame"
    return frame.astype(np.float32)


def laid(pictures: list[Pixels], matrices: list[Floats], strength: float = 1.0) -> Floats:
    """Luma alone."""
    return frame_of(pictures, matrices, strength)[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)


def moved(dx: float, dy: float, scale: float = 1.0, degrees: float = 0.0, lean: float = 0.0) -> Floats:
    turned = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, scale).astype(np.float32)
    turned[:, 2] += dx, dy
    turned[0, 1] += lean
    return turned


@pytest.mark.parametrize(
    "matrix",
    [
        moved(-20.3, -7.6),
        moved(-20.3, -7.6, lean=0.02),
        moved(-20, -8, 1.06),
        moved(-20, -8, 0.93),
        moved(-20, -8, 1.4),
        moved(-20, -8, 1, 0.05),
        moved(-20, -8, 1.05, 2.5),
        moved(-20, -8, 1.05, -14),
    ],
    ids=["straight", "leaning", "larger", "smaller", "much larger", "hardly turned", "turned", "much turned"],
)
def test_what_is_laid_is_what_a_bilinear_sum_says(matrix: Floats) -> None:
    far, near, expected = _scene(matrix)
    luma = (16 * expected[:, :, 3] + 219 * (expected[:, :, :3] @ (0.0722, 0.7152, 0.2126))) / 255
    # A row that falls as it goes is mixed along itself: the steeper it is, the more that differs.
    assert np.abs(laid([far, near], [matrix, matrix]) - luma).max() < 2.6 + 12 * abs(matrix[1, 0])


@pytest.mark.parametrize("matrix", [moved(-20.3, -7.6), moved(-20, -8, 0.93), moved(-20, -8, 1.4, 0.5)])
def test_colours_lie_where_their_light_lies(matrix: Floats) -> None:
    far, near, expected = _scene(matrix)
    half = cv2.resize(expected, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    bgr, middle = half[:, :, :3], 128 * half[:, :, 3]
    colours = [(middle + 224 * (bgr @ weights)) / 255 for weights in (TO_BLUENESS, TO_REDNESS)]
    seen = frame_of([far, near], [matrix, matrix])[WIDTH * HEIGHT :].reshape(2, HEIGHT // 2, WIDTH // 2)
    assert np.abs(seen - np.array(colours)).max() < 3


@pytest.mark.parametrize("scale", [0.27, 0.93, 1.0, 1.06, 2.0])
@pytest.mark.parametrize("degrees", [0.0, 2.5, -14.0])
def test_what_lies_in_memory_beside_a_picture_is_never_seen(scale: float, degrees: float) -> None:
    """Some of its sides are in the frame, so that rows begin or end there; of a single pixel all are."""
    dice = np.random.default_rng(2)
    pictures = [np.full((height, width, 4), 255, np.uint8) for width, height in ((1, 1), (61, 23))]
    for dx, dy in dice.uniform((-80, -30), (150, 40), (4, 2)):
        here = [moved(dx, dy, scale, degrees)] * 2
        assert np.array_equal(frame_of(pictures, here, beside=0), frame_of(pictures, here, beside=255))


def _scene(matrix: Floats) -> tuple[Pixels, Pixels, Floats]:
    """Something solid, something thin in front of it, and what a bilinear sum says that they are together."""
    dice = np.random.default_rng(1)
    far = cv2.GaussianBlur(dice.integers(0, 256, (90, 260, 4), dtype=np.uint8), (0, 0), 2)
    far[:, :, 3] = 255
    near = blob(240, 60, 110, 28, 9)
    expected = np.zeros((HEIGHT, WIDTH, 4), np.float32)
    for picture in (far, near):
        seen = _warped(picture, matrix)
        expected = seen + expected * (1 - seen[:, :, 3:] / 255)
    return far, near, expected


def _warped(picture: Pixels, matrix: Floats) -> Floats:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    back = cv2.invertAffineTransform(matrix).astype(np.float64)
    x, y = (back[n, 0] * columns + back[n, 1] * rows + back[n, 2] for n in (0, 1))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, below = (x - left)[:, :, None], (y - top)[:, :, None]
    wide = np.pad(picture, ((60, 60), (60, 60), (0, 0))).astype(np.float32)
    upper = wide[top + 60, left + 60] * (1 - right) + wide[top + 60, left + 61] * right
    lower = wide[top + 61, left + 60] * (1 - right) + wide[top + 61, left + 61] * right
    return np.asarray(upper * (1 - below) + lower * below, np.float32)


@pytest.mark.parametrize("scale", [1.0, 1.05])
def test_a_slow_move_is_smooth_to_a_hundredth_of_a_pixel(scale: float) -> None:
    star = blob(180, 40, 60, 20, 6)
    ways = [0.037 * step for step in range(40)]
    off = [_beside(laid([star], [np.array([[scale, 0, way], [0, scale, 0]], np.float32)]), scale, way) for way in ways]
    assert np.std(off) < 0.01


def _beside(frame: Floats, scale: float, way: float) -> float:
    """How far to the right of where it should be the star is: its flanks say it best."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    right, down, spread = columns - (60 * scale + way), rows - 20 * scale, 6 * scale
    meant = 235 * np.exp(-(right**2 + down**2) / (2 * spread**2))
    slope = meant * right / spread**2
    return float(((frame - meant) * slope).sum() / (slope**2).sum())


def test_what_is_half_there_lets_half_of_what_is_behind_through() -> None:
    black, white = np.zeros((80, 260, 4), np.uint8), np.full((80, 260, 4), 255, np.uint8)
    black[:, :, 3] = 255
    here = moved(-20, -10)
    assert laid([black, white], [here, here])[5:-5, 5:-5].min() == 235
    assert np.ptp(laid([white, black], [here, here], strength=0.5)[5:-5, 5:-5] - (16 / 2 + 235 / 4)) < 1
