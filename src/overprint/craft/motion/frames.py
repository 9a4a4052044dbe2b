"""The frames of a shot: sprites placed by the camera and stirred by the clock. The same shot gives the same frames."""

from collections.abc import Iterator, Sequence

import numpy as np

from overprint.core.scene import Weather
from overprint.core.story import Style
from overprint.craft.drawing.buffers import Pixels
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.styles.paper import vignette
from overprint.craft.drawing.vector import Matrix, at, multiply
from overprint.craft.motion.child import ClipOrder
from overprint.craft.motion.falling import Falling
from overprint.craft.motion.following import Following, carried
from overprint.craft.motion.forms import Bytes, Canvas, Light, Numbers, Places, canvas_of
from overprint.craft.motion.glimmers import Glimmer
from overprint.craft.motion.idle import Stir, is_blinking, stir_of
from overprint.craft.motion.laying import STEP_MAX, lay_frame
from overprint.craft.motion.moves import Eye, Placement, path_for, placed
from overprint.craft.motion.planes import EDGE, dimmed, stock_of
from overprint.craft.motion.shedding import covers_of, row_of, shed
from overprint.craft.motion.shining import Gleam
from overprint.craft.motion.sprites import Slope, Sprite
from overprint.craft.motion.staging import is_layered, staged
from overprint.craft.motion.walking import Walk, walk_of

CORNERS = 0.17
"""How dark the corners of what is painted are."""
_NEAREST = 9.0
_CURTAIN = -1
_FIGURES = ("actor-", "subject", "boat", "beached boat")
_IN_FRONT = 1.2
_SEEN = 1 / 256
"""What is fainter is not laid at all."""


def frames_of(shot: ClipOrder, picture: bytes = b"") -> Iterator[Bytes]:
    """As ``laid_on``, every frame as rows of luma, then those of blueness and redness, each row half as long. Each is
    the same memory: use it before asking for the next."""
    frame = np.zeros((shot.height_px * 3 // 2, shot.width_px), np.uint8)
    for _ in laid_on(canvas_of(frame), shot, picture):
        yield frame


def laid_on(canvas: Canvas, shot: ClipOrder, picture: bytes = b"") -> Iterator[None]:
    """``picture``: an encoded flat one to move over; none where layers are to be drawn.

    Lays every frame in order on ``canvas`` (BT.709), which is as large as the shot: it is there until the next is asked
    for.
    """
    width, height = shot.width_px, shot.height_px
    scale = min(width, height) / 1000
    follows = Following(shot.curves, shot.seconds) if shot.curves else None
    path = path_for(shot.move, width / scale, height / scale, shot.seed, follows)
    view, sprites = staged(shot, picture, path)
    is_ours = is_layered(shot, picture)
    falling = Falling(shot.scene.weather if is_ours else Weather.CLEAR, view, shot.seed)
    acting = _Acting(view, sprites, falling, shot, follows)
    light, fallen = _light(shot, is_ours), (falling.drops, falling.curtains, falling.tints)
    kept = acting.stock.data, acting.stock.cells, acting.stock.tables
    for number in range(shot.frames):
        seconds = number / shot.fps
        places, order = acting.at(path.at(number / max(1, shot.frames - 1), seconds), seconds)
        lay_frame(canvas, (width, height), kept, places, fallen, order, light)
        if acting.lights:
            tables = np.array([table for table, _ in acting.lights], np.int64)
            rows = np.array([row for _, row in acting.lights])
            shed(canvas, (width, height), acting.covers.data, tables, rows)
        yield None


class _Acting:
    """Who is where at a moment."""

    def __init__(
        self, view: Lens, sprites: Sequence[Sprite], falling: Falling, shot: ClipOrder, follows: Following | None
    ) -> None:
        self._view, self._sprites, self._falling, self._liveliness = view, sprites, falling, shot.liveliness
        self._follows, self._carried = follows, _carried_among(sprites)
        self._walks: dict[int, Walk] = {}
        for number, sprite in enumerate(sprites):
            walk = walk_of(sprite.gait, shot.seconds) if sprite.gait is not None and sprite.paces else None
            if walk is not None:
                self._walks[number] = walk
        shown = [pose for sprite in sprites for pose in (sprite, *sprite.paces)]
        pictures = {id(picture): picture for pose in shown for picture in _pictures(pose)}
        self._places = {known: place for place, known in enumerate(pictures)}
        self.stock = stock_of(list(pictures.values()))
        halos = {id(light.pixels): light.pixels for pose in shown for light in pose.lights if light.tint}
        self.covers = covers_of(list(halos.values()))
        self._halos = dict(zip(halos, self.covers.tables, strict=True))
        self.lights: list[tuple[tuple[int, int, int], tuple[float, ...]]] = []

    def at(self, eye: Eye, seconds: float) -> tuple[Places, Numbers]:
        """Places and order as ``lay_frame`` takes them."""
        depth, order = -1.0, list[tuple[int, int]]()
        moment = self._follows.at(seconds) if self._follows else None
        places: list[tuple[float, ...]] = []
        self.lights = []
        for number, sprite in enumerate(self._sprites):
            near = placed(eye, sprite.depth)
            if sprite.depth > depth:
                order += self._curtains(seconds, depth, sprite.depth, (near.dx, near.dy))
                depth = sprite.depth
            stir = stir_of(sprite.name, seconds, sprite.phase, self._liveliness)
            blinks = self._liveliness > 0 and is_blinking(seconds, sprite.phase)
            if number in self._walks:
                pace, stir = self._walks[number].at(seconds)
                sprite = sprite.paces[pace]
            if moment is not None and number in self._carried:
                stir = carried(stir, moment, self._carried[number] / self._view.scale)
            if sprite.slope is not None:
                seen = _lying(self._view, sprite.slope, near, placed(eye, sprite.slope.depth))
            else:
                seen = _standing(self._view, sprite.foot, near, stir)
            shown = sprite.shut if blinks and sprite.shut is not None else sprite.pixels
            order.append((self._places[id(shown)], len(places)))
            places.append((*way_of(multiply(seen, _own(sprite))), _share(stir.opacity)))
            for light in sprite.lights:
                gleam = light.life(seconds)
                strength = _share(gleam.opacity)
                if strength < _SEEN:
                    continue
                way = _shining(self._view, light, seen, gleam)
                if light.tint:
                    table, size = self._halos[id(light.pixels)], (self._view.width_px, self._view.height_px)
                    self.lights.append((table, row_of(table, way, strength, light.tint, size)))
                else:
                    order.append((self._places[id(light.pixels)], len(places)))
                    places.append((*way_of(way), strength))
        order += self._curtains(seconds, depth, _NEAREST, (0.0, 0.0))
        return np.array(places), np.array(order[::-1], np.int64)

    def _curtains(
        self, seconds: float, nearer_than: float, up_to: float, shift: tuple[float, float]
    ) -> list[tuple[int, int]]:
        return [(_CURTAIN, number) for number in self._falling.place(seconds, nearer_than, up_to, shift)]


def _carried_among(sprites: Sequence[Sprite]) -> dict[int, float]:
    """Who moves as figures of a driving clip do, by number, and how tall they are in pixels of the frame: everybody who
    is there, or where nobody is, what stands in front."""
    figures = [number for number, sprite in enumerate(sprites) if sprite.name.startswith(_FIGURES)]
    chosen = figures or [number for number, sprite in enumerate(sprites) if sprite.depth > _IN_FRONT]
    return {number: sprites[number].foot[1] - sprites[number].top / sprites[number].enlarged for number in chosen}


def _pictures(sprite: Sprite) -> Iterator[Pixels]:
    yield sprite.pixels
    if sprite.shut is not None:
        yield sprite.shut
    for light in sprite.lights:
        if not light.tint:
            yield light.pixels


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


def _own(picture: Sprite | Glimmer) -> Matrix:
    """From a picture's own pixels to those of the resting frame."""
    return multiply(at(0, 0, 1 / picture.enlarged), at(picture.left, picture.top))


def _shining(view: Lens, light: Glimmer, seen: Matrix, gleam: Gleam) -> Matrix:
    """From the light's own pixels to those of the frame; ``seen`` is what becomes of the resting one."""
    x, y = light.foot
    there = at(x + gleam.dx * view.scale, y + gleam.dy * view.scale)
    grown = gleam.wide, 0.0, -gleam.lean * gleam.tall, gleam.tall, 0.0, 0.0
    return multiply(multiply(seen, multiply(multiply(there, grown), at(-x, -y))), _own(light))


def matrix_of(view: Lens, sprite: Sprite, place: Placement, stir: Stir) -> Matrix:
    """From the sprite's own pixels to those of the frame."""
    return multiply(_standing(view, sprite.foot, place, stir), _own(sprite))


def _standing(view: Lens, foot: tuple[float, float], place: Placement, stir: Stir) -> Matrix:
    """From pixels of the resting frame to where they are seen."""
    middle = view.width_px / 2, view.height_px / 2
    seen = multiply(at(*middle, turn=place.roll_degrees), at(place.dx * view.scale, place.dy * view.scale, place.scale))
    seen = multiply(seen, at(stir.dx * view.scale - middle[0], stir.dy * view.scale - middle[1]))
    if stir.stretch != 1 or stir.lean or stir.turn_degrees:
        leaning = (2 - stir.stretch, 0.0, -stir.lean * stir.stretch, stir.stretch, 0.0, 0.0)
        bend = multiply(multiply(at(*foot, turn=stir.turn_degrees), leaning), at(-foot[0], -foot[1]))
        seen = multiply(seen, bend)
    return seen


def _lying(view: Lens, slope: Slope, far: Placement, low: Placement) -> Matrix:
    """The same for what lies: its upper and its lower row are each where their depth puts them. Between them it leans,
    and is stretched; sideways it grows as its middle does."""
    x, y = view.width_px / 2, view.height_px / 2
    top = y + (slope.top - y) * far.scale + far.dy * view.scale
    bottom = y + (slope.bottom - y) * low.scale + low.dy * view.scale
    tall = slope.bottom - slope.top
    grows, down = (far.scale + low.scale) / 2, (bottom - top) / tall
    lean = (low.dx - far.dx) * view.scale / tall
    left = x * (1 - grows) + far.dx * view.scale - lean * slope.top
    lying = grows, 0.0, lean, down, left, top - down * slope.top
    return multiply(multiply(at(x, y, turn=far.roll_degrees), at(-x, -y)), lying)


def way_of(matrix: Matrix) -> tuple[float, float, float, float, float, float]:
    """Back from the middles of a frame's pixels to those of a picture's, whose edge is empty.

    Raises ``ValueError`` for what ``lay_frame`` cannot read.
    """
    a, b, c, d, x, y = matrix
    area = a * d - b * c
    across, down = (d / area, -c / area), (-b / area, a / area)
    if not 0 < across[0] <= STEP_MAX:
        raise ValueError(f"A picture cannot be laid {across[0]:.3g} times as small as it was drawn.")
    left, top = 0.5 - x, 0.5 - y
    return (
        *across,
        across[0] * left + across[1] * top - 0.5 + EDGE,
        *down,
        down[0] * left + down[1] * top - 0.5 + EDGE,
    )


def _light(shot: ClipOrder, is_ours: bool) -> Light:
    """Darkness comes in from the corners of what is painted here; a picture has its own."""
    if shot.style is not Style.STORYBOOK or not is_ours:
        return dimmed(np.ones((shot.height_px, shot.width_px), np.float32))
    return dimmed(vignette(shot.height_px, shot.width_px, CORNERS)[slice(0, shot.height_px)])
