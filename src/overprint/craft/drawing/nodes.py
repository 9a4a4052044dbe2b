"""What a picture is made of: shapes with paints, groups, and layers that lie behind each other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.vector import Matrix, Path, Rect, apply_rect, ellipse

Blend = Literal["normal", "screen", "multiply"]
Stop = tuple[float, Colour, float]
"""Position 0 to 1, colour, opacity."""


@dataclass(frozen=True, slots=True)
class Gradient:
    """``linear``: ``geometry`` is x0, y0, x1, y1. ``radial``: cx, cy, radius. World units of the shape's group."""

    kind: Literal["linear", "radial"]
    geometry: tuple[float, ...]
    stops: tuple[Stop, ...]

    @property
    def is_opaque(self) -> bool:
        return all(opacity >= 1 for _, _, opacity in self.stops)


Paint = Colour | Gradient


def linear(x0: float, y0: float, x1: float, y1: float, *stops: Colour | Stop) -> Gradient:
    return Gradient("linear", (x0, y0, x1, y1), _spaced(stops))


def radial(cx: float, cy: float, radius: float, *stops: Colour | Stop) -> Gradient:
    return Gradient("radial", (cx, cy, max(radius, 1e-3)), _spaced(stops))


def _spaced(stops: tuple[Colour | Stop, ...]) -> tuple[Stop, ...]:
    last = max(1, len(stops) - 1)
    return tuple((i / last, stop, 1.0) if isinstance(stop, str) else stop for i, stop in enumerate(stops))


@dataclass(slots=True)
class Shape:
    """One painted path. ``blur`` is the deviation of a Gaussian, in world units."""

    path: Path
    fill: Paint | None = None
    stroke: Paint | None = None
    stroke_width: float = 0.0
    opacity: float = 1.0
    blur: float = 0.0
    blend: Blend = "normal"
    even_odd: bool = False


class Shine(StrEnum):
    """What a light is, which says how it lives in a film. Light without one is as steady as a street lamp."""

    FLAME = "flame"
    """The tongues of a fire themselves."""
    FIRE = "fire"
    """What a fire throws around it."""
    CANDLE = "candle"
    """What a lantern, a candle or a window with one behind it throws around it."""
    WINDOW = "window"
    """A window where somebody puts a light on, and out again."""
    TWINKLE = "twinkle"
    """Stars, magic and what glows by itself."""
    GLINT = "glint"
    """Light on water."""
    BEAM = "beam"
    """What a lighthouse sends to both sides, and goes round."""
    LENS = "lens"
    """Its lamp, which is brightest when it looks at us."""
    DISC = "disc"
    """Sun or moon with what is around them."""


@dataclass(slots=True)
class Group:
    """Things that move together. ``lift`` is how far it stands off what is below: styles may cast a shadow.

    ``shine``: it is light that lives in a film. What has no ``opacity`` is drawn in no picture; where it shines, films
    show it as if it had.
    """

    name: str = ""
    matrix: Matrix | None = None
    clip: Path | None = None
    opacity: float = 1.0
    lift: float = 0.0
    items: list["Shape | Group"] = field(default_factory=list)
    shine: Shine | None = None

    def fill(
        self, path: Path, paint: Paint, *, opacity: float = 1.0, blur: float = 0.0, blend: Blend = "normal"
    ) -> None:
        self.items.append(Shape(path, fill=paint, opacity=opacity, blur=blur, blend=blend))

    def cutout(self, path: Path, paint: Paint, *, opacity: float = 1.0, blur: float = 0.0) -> None:
        """Fills by the even-odd rule: inner outlines are holes."""
        self.items.append(Shape(path, fill=paint, opacity=opacity, blur=blur, even_odd=True))

    def stroke(
        self,
        path: Path,
        paint: Paint,
        width: float,
        *,
        opacity: float = 1.0,
        blur: float = 0.0,
        blend: Blend = "normal",
    ) -> None:
        self.items.append(
            Shape(path, stroke=paint, stroke_width=width, opacity=opacity, blur=blur, blend=blend),
        )

    def group(
        self,
        name: str = "",
        *,
        matrix: Matrix | None = None,
        clip: Path | None = None,
        opacity: float = 1.0,
        lift: float = 0.0,
        shine: Shine | None = None,
    ) -> "Group":
        inner = Group(name, matrix, clip, opacity, lift, shine=shine)
        self.items.append(inner)
        return inner

    def solid(
        self, path: Path, colour: Colour, depth: float = 0.1, *, light: tuple[float, float] = (-5, -7), soft: float = 4
    ) -> "Group":
        """Fills with a soft form shadow at the lower right, and answers a group clipped to ``path`` for details."""
        inner = self.group(clip=path)
        inner.fill(path, shade(colour, -depth))
        inner.fill(path.moved(*light), colour, blur=soft)
        return inner


@dataclass(frozen=True, slots=True)
class Gait:
    """Where somebody who goes can go in a film, world units: ``way`` -1 to the left or 1 to the right, as far as
    ``back`` behind and ``ahead`` of where they are in the picture, ``speed`` a second at the most. Two steps are one
    ``stride``. ``rises``: how much lower the ground is at evenly spaced places from the farthest back to ahead."""

    way: int
    stride: float
    speed: float
    back: float
    ahead: float
    rises: tuple[float, ...]


@dataclass(slots=True)
class Layer:
    """One sheet of the picture, far to near. ``depth`` 0 is the horizon, 1 the stage, above 1 in front of it.

    ``is_light`` marks air and light (rays, motes, snow), which paint styles add instead of covering with.
    ``shadow`` 0 to 1 is how much it darkens the layers behind. ``softness`` blurs it (world units).
    """

    name: str
    depth: float
    group: Group = field(default_factory=Group)
    shadow: float = 0.0
    is_light: bool = False
    is_figure: bool = False
    softness: float = 0.0
    gait: Gait | None = None


def glow(
    group: Group,
    x: float,
    y: float,
    radius: float,
    colour: Colour,
    strength: float = 0.6,
    *,
    shine: Shine | None = None,
) -> None:
    """Light that fades out from a point."""
    group = group if shine is None else group.group(shine=shine)
    fade = ((0.0, 1.0), (0.2, 0.6), (0.45, 0.25), (0.7, 0.07), (1.0, 0.0))
    stops = tuple((place, colour, min(1.0, strength * share)) for place, share in fade)
    group.fill(ellipse(x, y, radius), Gradient("radial", (x, y, radius), stops), blend="screen")


def extent(item: Shape | Group, *, lit: bool = False) -> Rect | None:
    """What an item covers, in its parent's coordinates; ``None`` when it is empty. Light covers nothing, unless
    what is ``lit`` is asked for too."""
    if isinstance(item, Shape):
        if item.blend == "screen" and not lit:
            return None
        outline = item.path.extent()
        return None if outline is None else outline.grown(item.stroke_width / 2 + 2 * item.blur)
    covered: Rect | None = None
    for inner in item.items if item.opacity > 0 else ():
        part = extent(inner, lit=lit)
        if part is not None:
            covered = part if covered is None else covered.union(part)
    if covered is not None and item.clip is not None:
        limit = item.clip.extent()
        covered = covered.clipped(limit) if limit is not None else None
    if covered is not None and item.matrix is not None:
        covered = apply_rect(item.matrix, covered)
    return covered


def named(group: Group) -> Iterator[str]:
    """The names of all groups inside, outermost first."""
    if group.name:
        yield group.name
    for item in group.items:
        if isinstance(item, Group):
            yield from named(item)
