"""The frames of a shot: sprites placed by the camera and stirred by the clock. The same shot gives the same frames."""

import math
from collections.abc import Iterator

import cv2
import numpy as np
import skia

from overprint.core.problems import Invalid
from overprint.core.story import Style
from overprint.craft.drawing.buffers import Pixels, draw_pixels, surface_on
from overprint.craft.drawing.drawing import draw
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.styles.paper import vignette
from overprint.craft.drawing.vector import Matrix, Rect, apply_rect, at, multiply
from overprint.craft.motion.child import LAYERED, ClipOrder
from overprint.craft.motion.falling import Falling
from overprint.craft.motion.idle import Stir, is_blinking, stir_of
from overprint.craft.motion.moves import OVERSCAN, Eye, Placement, path_for, placed
from overprint.craft.motion.sprites import Sprite, sprites_of, still

_SMOOTH = skia.SamplingOptions(skia.FilterMode.kLinear)
_CORNERS = 0.17
_NEAREST = 9.0


def frames_of(shot: ClipOrder, picture: bytes = b"") -> Iterator[Pixels]:
    """``picture``: an encoded flat one to move over; none where layers are to be drawn.

    Every frame in order, premultiplied BGRA. Each is the same memory: use it before asking for the next.
    """
    view, sprites = _set(shot, picture)
    falling = Falling(shot.scene.weather if len(sprites) > 1 else shot.scene.weather.CLEAR, view, shot.seed)
    path = path_for(shot.move, shot.width_px / view.scale, shot.height_px / view.scale, shot.seed)
    dice = Dice("idle", shot.seed)
    phases = [dice.between(0, 1) for _ in sprites]
    corners = _corners(shot) if shot.style is Style.STORYBOOK else None
    frame = np.zeros((shot.height_px, shot.width_px, 4), np.uint8)
    canvas = surface_on(frame).getCanvas()
    for number in range(shot.frames):
        seconds = number / shot.fps
        eye = path.at(number / max(1, shot.frames - 1), seconds)
        _draw_frame(canvas, view, sprites, phases, falling, eye, seconds, shot.liveliness)
        if corners is not None:
            draw_pixels(canvas, corners)
        yield frame


def _set(shot: ClipOrder, picture: bytes) -> tuple[Lens, list[Sprite]]:
    if picture or shot.style not in LAYERED:
        return _over_a_picture(shot, picture)
    open_eyed, shut_eyed = (
        draw(
            shot.scene,
            shot.sheets,
            style=shot.style,
            width_px=shot.width_px,
            height_px=shot.height_px,
            seed=shot.seed,
            blinks=blinks,
        )
        for blinks in (False, True)
    )
    return open_eyed.view, sprites_of(open_eyed, shut_eyed)


def _over_a_picture(shot: ClipOrder, picture: bytes) -> tuple[Lens, list[Sprite]]:
    """A flat picture, larger than the frame by what the camera may see beyond it."""
    if not picture:
        raise Invalid(f"{shot.style} pictures do not come in layers.", "Give the picture itself.")
    found = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    if found is None:
        raise Invalid("This picture cannot be read.", "Use a JPEG, PNG or WebP file.")
    scale = min(shot.width_px, shot.height_px) / 1000
    more = int(OVERSCAN * scale)
    wide = cv2.resize(found, (shot.width_px + 2 * more, shot.height_px + 2 * more), interpolation=cv2.INTER_LANCZOS4)
    sprite = still(np.asarray(cv2.cvtColor(wide, cv2.COLOR_BGR2BGRA), np.uint8), more)
    return Lens(shot.width_px, shot.height_px, scale, 0.0, 0.0), [sprite]


def _draw_frame(
    canvas: skia.Canvas,
    view: Lens,
    sprites: list[Sprite],
    phases: list[float],
    falling: Falling,
    eye: Eye,
    seconds: float,
    liveliness: int,
) -> None:
    depth = -1.0
    for sprite, phase in zip(sprites, phases, strict=True):
        if sprite.depth > depth:
            near = placed(eye, sprite.depth)
            falling.draw(canvas, seconds, depth, sprite.depth, (near.dx, near.dy))
            depth = sprite.depth
        _draw_sprite(
            canvas,
            view,
            sprite,
            placed(eye, sprite.depth),
            stir_of(sprite.name, seconds, phase, liveliness),
            liveliness > 0 and is_blinking(seconds, phase),
        )
    falling.draw(canvas, seconds, depth, _NEAREST, (0.0, 0.0))


def _draw_sprite(canvas: skia.Canvas, view: Lens, sprite: Sprite, place: Placement, stir: Stir, blinks: bool) -> None:
    pixels = sprite.shut if blinks and sprite.shut is not None else sprite.pixels
    brush = skia.Paint()
    if stir.opacity < 1:
        brush.setAlphaf(max(0.0, stir.opacity))
    matrix = matrix_of(view, sprite, place, stir)
    a, b, c, d, x, y = matrix
    if b or c:
        bent = _bent(pixels, matrix, view)
        if bent is not None:
            draw_pixels(canvas, *bent, paint=brush)
        return
    canvas.save()
    canvas.translate(x, y)
    canvas.scale(a, d)
    canvas.drawImage(_image(pixels), 0, 0, _SMOOTH, brush)
    canvas.restore()


def matrix_of(view: Lens, sprite: Sprite, place: Placement, stir: Stir) -> Matrix:
    """From the sprite's own pixels to those of the frame."""
    middle = view.width_px / 2, view.height_px / 2
    seen = multiply(at(*middle, turn=place.roll_degrees), at(place.dx * view.scale, place.dy * view.scale, place.scale))
    seen = multiply(seen, at(stir.dx * view.scale - middle[0], stir.dy * view.scale - middle[1]))
    if stir.stretch != 1 or stir.lean or stir.turn_degrees:
        leaning = (2 - stir.stretch, 0.0, -stir.lean * stir.stretch, stir.stretch, 0.0, 0.0)
        foot = sprite.foot
        bend = multiply(multiply(at(*foot, turn=stir.turn_degrees), leaning), at(-foot[0], -foot[1]))
        seen = multiply(seen, bend)
    return multiply(seen, at(sprite.left, sprite.top))


def _bent(pixels: Pixels, matrix: Matrix, view: Lens) -> tuple[Pixels, int, int] | None:
    """What leans or turns, bent by itself and laid down at whole pixels: five times as fast as letting the canvas."""
    area = apply_rect(matrix, Rect(0, 0, pixels.shape[1], pixels.shape[0])).grown(1)
    area = area.clipped(Rect(0, 0, view.width_px, view.height_px))
    left, top = math.floor(area.x0), math.floor(area.y0)
    size = math.ceil(area.x1) - left, math.ceil(area.y1) - top
    if min(size) < 1:
        return None
    a, b, c, d, x, y = matrix
    bend = np.array([[a, c, x - left], [b, d, y - top]], np.float64)
    return np.asarray(cv2.warpAffine(pixels, bend, size, flags=cv2.INTER_LINEAR), np.uint8), left, top


def _image(pixels: Pixels) -> skia.Image:
    """Borrows the memory, so it never leaves the function that asks for it."""
    return skia.Image.fromarray(
        pixels, skia.ColorType.kBGRA_8888_ColorType, alphaType=skia.AlphaType.kPremul_AlphaType, copy=False
    )


def _corners(shot: ClipOrder) -> Pixels:
    """Darkness that comes in from the corners, as an almost transparent picture."""
    clear = vignette(shot.height_px, shot.width_px, _CORNERS)[slice(0, shot.height_px)]
    dark = np.zeros((shot.height_px, shot.width_px, 4), np.uint8)
    dark[:, :, 3] = np.rint((1 - clear) * 255)
    return dark
