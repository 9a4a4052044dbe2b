"""People drawn for the tests, with colours that are known: shaded, softly lit and noisy enough for a camera's."""

import io
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
SKIN, HAIR, CLOTHES = "#e0b48e", "#7c3a22", "#3f6fa8"


def portrait(
    skin: str = SKIN,
    hair: str = HAIR,
    clothes: str = CLOTHES,
    *,
    wall: str = "#c9c6c0",
    long_hair: bool = False,
    side_px: int = 200,
) -> Pixels:
    """Red first. Head and shoulders of somebody who looks at the camera; small, as reading takes time."""
    scale = side_px / 640

    def at(*values: float) -> tuple[int, ...]:
        return tuple(round(value * scale) for value in values)

    image = np.full((side_px, side_px, 3), _rgb(wall), np.uint8)
    dark, deep = _shaded(skin, 0.72), _shaded(hair, 0.62)
    ellipse = _painter(image, at)
    ellipse((320, 690), (235, 215), clothes)
    ellipse((320, 440), (62, 90), dark)
    ellipse((320, 232), (138, 150), hair)
    if long_hair:
        for side in (-1, 1):
            ellipse((320 + side * 140, 400), (48, 210), hair)
    ellipse((320, 290), (108, 142), skin)
    cv2.ellipse(image, at(320, 178), at(118, 62), 0, 180, 360, _rgb(hair), -1)
    for n in range(26):  # strands: the darker half of any hair
        x = 190 + n * 10.4
        cv2.line(
            image, at(x, 200 - 90 * (1 - ((x - 320) / 140) ** 2)), at(x + 3, 196), _rgb(deep), max(1, round(2 * scale))
        )
    for side in (-1, 1):
        x = 320 + side * 46
        ellipse((x, 266), (36, 22), dark)
        ellipse((x, 270), (22, 9), _mixed("#f4f1ee", skin))
        ellipse((x, 270), (11, 11), "#30241f")
        ellipse((x + 3, 266), (3, 3), "#ffffff")
        cv2.ellipse(image, at(x, 246), at(34, 12), 0, 190, 350, _rgb(deep), max(2, round(9 * scale)))
    ellipse((320, 322), (20, 12), dark)
    ellipse((320, 316), (17, 12), skin)
    ellipse((320, 368), (42, 13), "#a8544c")
    ellipse((320, 366), (34, 5), "#e9e2de")
    return _photographed(image, scale)


def encoded(pixels: Pixels, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **({"quality": 93} if kind == "JPEG" else {}), **options)
    return out.getvalue()


def _painter(image: Pixels, at: Callable[..., tuple[int, ...]]) -> Callable[..., None]:
    def paint(middle: tuple[float, float], radii: tuple[float, float], colour: str) -> None:
        cv2.ellipse(image, at(*middle), at(*radii), 0, 0, 360, _rgb(colour), -1)

    return paint


def _photographed(image: Pixels, scale: float) -> Pixels:
    """Light from the upper left, a lens that is not quite sharp, and the noise of a sensor."""
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    light = 1.03 - 0.1 * (x / width) - 0.06 * (y / height)
    soft = cv2.GaussianBlur(image, (0, 0), 2.2 * scale).astype(np.float32) * light[..., None]
    noise = np.random.default_rng(5).normal(0, 3, image.shape)
    return np.clip(soft + noise, 0, 255).astype(np.uint8)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(first: str, second: str) -> str:
    return "#" + "".join(f"{(a + b) // 2:02x}" for a, b in zip(_rgb(first), _rgb(second), strict=True))


def _shaded(colour: str, factor: float) -> str:
    return "#" + "".join(f"{round(value * factor):02x}" for value in _rgb(colour))
