"""Lights as pictures that are laid over the layer, or the slice, that they are in; as many as a clip can afford."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from overprint.core.film import LIVELINESS
from overprint.core.story import Style
from overprint.craft.drawing.buffers import Pixels, surface_on
from overprint.craft.drawing.lights import Light, lights_of, without
from overprint.craft.drawing.nodes import Group, Layer, Shine, extent
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.styles.flat import flattened
from overprint.craft.drawing.vector import Rect
from overprint.craft.motion.child import ClipOrder
from overprint.craft.motion.moves import OVERSCAN
from overprint.craft.motion.planes import tint
from overprint.craft.motion.shining import LIFTED, Life, life_of

_FIRST = (Shine.FLAME, Shine.BEAM, Shine.LENS, Shine.DISC, Shine.FIRE, Shine.CANDLE)
"""These matter most; of the others, small ones go before large ones."""
_COUNT_MAX, _AREA_MAX = 28, 0.34
"""How many lights live in a shot, and of how much of the frame's area in all."""
_SOLID = {Shine.FLAME, Shine.DISC}
_UNPAINTED = {*_SOLID, Shine.WINDOW}
"""What has edges stays as it was painted."""
_FAINT = 12
_FLAME_LEAST_PX = 12.0
_FINE = 0.5
"""Soft light needs half as many pixels each way."""


@dataclass(frozen=True, slots=True)
class Glimmer:
    """``number``: among the lights of its layer. ``pixels`` lie at ``left`` and ``top`` of the resting frame, in pixels
    of their own, of which ``enlarged`` are one of the frame; ``foot``, in pixels of the frame, is the point around
    which it grows and leans. Soft light has ``pixels`` of one value, how much it covers, and a ``tint``: its luma,
    blueness and redness. What has edges has no tint but its own colours.
    """

    number: int
    pixels: Pixels
    tint: tuple[float, ...]
    left: int
    top: int
    foot: tuple[float, float]
    enlarged: float
    life: Life


def _living(layers: Sequence[Layer], view: Lens, kinds: Collection[Shine]) -> Mapping[int, Collection[int]]:
    """The lights that are to live, by the places of their layers and by their own numbers."""
    frame = Rect(view.x0, view.y0, view.x0 + view.width_px / view.scale, view.y0 + view.height_px / view.scale)
    found: list[tuple[int, float, int, int]] = []
    for place, layer in enumerate(layers):
        for number, light in enumerate(lights_of(layer.group)):
            area = extent(light.group, lit=True)
            seen = area.clipped(frame) if area is not None else None
            if light.shine in kinds and seen is not None and _is_worth_it(light.shine, seen, view.scale):
                rank = _FIRST.index(light.shine) if light.shine in _FIRST else len(_FIRST)
                found.append((rank, seen.width * seen.height, place, number))
    chosen: dict[int, set[int]] = {}
    left = _AREA_MAX * frame.width * frame.height
    for count, (_, size, place, number) in enumerate(sorted(found)):
        if count >= _COUNT_MAX:
            break
        if size <= left:
            left -= size
            chosen.setdefault(place, set()).add(number)
    return chosen


def _is_worth_it(shine: Shine, seen: Rect, scale: float) -> bool:
    """What moves costs more than what only shines."""
    least = _FLAME_LEAST_PX if shine is Shine.FLAME else 0.0
    return seen.width > 0 and seen.height * scale > least


class Lighting:
    """Which lights of a drawing live in a shot. ``view``: of the frame. Where nothing stirs by itself, none does."""

    def __init__(self, layers: Sequence[Layer], shot: ClipOrder, view: Lens, *, is_painted: bool = False) -> None:
        self._shot, self._view = shot, view
        kinds = set(Shine) - (_UNPAINTED if is_painted else set())
        self._chosen = _living(layers, view, kinds) if shot.liveliness else {}

    def without(self, place: int, layer: Layer) -> Layer:
        """The layer at ``place`` without what is taken out of it."""
        gone = {number for number, light in self._of(place, layer) if light.shine in LIFTED}
        return replace(layer, group=without(layer.group, gone)) if gone else layer

    def glimmers(self, place: int, layer: Layer, enlarged: float = 1.0) -> tuple[Glimmer, ...]:
        """The lights of the layer at ``place``, drawn."""
        lights = self._of(place, layer)
        discs = [light.group for _, light in lights if light.shine is Shine.DISC]  # goes as one
        lights = [(number, light) for number, light in lights if light.shine is not Shine.DISC]
        lights += [(-1, Light(Shine.DISC, Group(items=list(discs))))] if discs else []
        made = [self._drawn(place, number, light, enlarged) for number, light in lights]
        return tuple(glimmer for glimmer in made if glimmer is not None)

    def carried(self, place: int, layer: Layer, glimmers: Iterable[Glimmer]) -> tuple[Glimmer, ...]:
        """The same lights where they are in another drawing of their layer."""
        lights = dict(self._of(place, layer))
        return tuple(_moved_to(glimmer, lights[glimmer.number], self._view) for glimmer in glimmers)

    def _of(self, place: int, layer: Layer) -> list[tuple[int, Light]]:
        chosen = self._chosen.get(place, ())
        return [(n, light) for n, light in enumerate(lights_of(layer.group)) if n in chosen] if chosen else []

    def _drawn(self, place: int, number: int, light: Light, enlarged: float) -> Glimmer | None:
        shot = self._shot
        key = f"{place}-{number}"
        life = life_of(light.shine, shot.scene, shot.seed, shot.seconds, key, shot.liveliness / LIVELINESS)
        layer = Layer(light.shine, 0.0, light.group)
        layer = flattened(layer) if shot.style is Style.FLAT else layer
        area = extent(layer.group, lit=True)
        if area is None:
            return None
        is_solid = light.shine in _SOLID
        fine = enlarged if is_solid else _FINE * enlarged
        pixels, left, top = drawn(layer, self._view, fine, area)
        foot = _foot(light.shine, area, self._view)
        if is_solid:
            return Glimmer(number, pixels, (), left, top, foot, fine, life)
        return soft(Glimmer(number, pixels, (), left, top, foot, fine, life))


def _moved_to(glimmer: Glimmer, light: Light, view: Lens) -> Glimmer:
    area = extent(light.group, lit=True)
    if area is None:
        return glimmer
    foot = _foot(light.shine, area, view)
    dx, dy = ((after - before) * glimmer.enlarged for after, before in zip(foot, glimmer.foot, strict=True))
    return replace(glimmer, left=glimmer.left + round(dx), top=glimmer.top + round(dy), foot=foot)


def drawn(layer: Layer, view: Lens, enlarged: float, area: Rect) -> tuple[Pixels, int, int]:
    """The part of a layer around ``area``, and where it lies in the resting frame."""
    size = round(view.width_px * enlarged), round(view.height_px * enlarged)
    scale, more = view.scale * enlarged, int(OVERSCAN * view.scale * enlarged)
    wide = Lens(size[0] + 2 * more, size[1] + 2 * more, scale, view.x0 - more / scale, view.y0 - more / scale)
    part, left, top = wide.window(area, 2 / scale)
    sheet = part.empty()
    draw_layer(surface_on(sheet).getCanvas(), layer, part)
    return sheet, left - more, top - more


def _foot(shine: Shine, area: Rect, view: Lens) -> tuple[float, float]:
    x, y = area.centre
    return (x - view.x0) * view.scale, ((area.y1 if shine is Shine.FLAME else y) - view.y0) * view.scale


def as_light(sheet: Pixels) -> Pixels:
    """Light covers as much as it shines: laid over a picture like paint it then brightens it like light."""
    lit = sheet.copy()
    lit[:, :, 3] = sheet[:, :, :3].max(axis=2)
    return lit


def soft(glimmer: Glimmer, faint: int = _FAINT) -> Glimmer | None:
    """As light of one colour, which ends where it covers less than ``faint`` 255ths."""
    whole = glimmer.pixels[:, :, :3].max(axis=2)
    cover = np.rint((np.maximum(whole, faint) - np.float32(faint)) * 255 / (255 - faint)).astype(np.uint8)
    seen = cover > 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        return None
    blue, green, red = (255 * float(glimmer.pixels[seen, n].sum()) / float(whole[seen].sum()) for n in range(3))
    luma, blueness, redness, _ = tint(round(red), round(green), round(blue), 1.0)
    part = np.ascontiguousarray(cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    left, top = glimmer.left + int(columns[0]), glimmer.top + int(rows[0])
    return replace(glimmer, pixels=part, tint=(255 * luma, 255 * blueness, 255 * redness), left=left, top=top)
