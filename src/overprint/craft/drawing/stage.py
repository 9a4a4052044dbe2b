"""The empty stage that a setting is built on: sizes, colours, chance, and what may not be shown.

World units: the shorter side of a picture is 1000. A setting composes itself in ``width`` × ``height`` from the
top left and must fill all of ``area``, which is larger: room for a quiet area and for camera moves.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from overprint.core.scene import Area, Season, Time, Weather
from overprint.craft.drawing.colour import Colour
from overprint.craft.drawing.nodes import Group, Layer
from overprint.craft.drawing.palettes import Palette
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.vector import Path, Point, Rect, box


def _level(x: float) -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Floor:
    """Where feet stand, as y in world units for each depth; ``rise`` bends it (added at an x)."""

    near: float
    middle: float
    far: float
    rise: Callable[[float], float] = _level


@dataclass(slots=True)
class Stage:
    """``dice`` is this picture's chance; ``home`` is the place's, the same on every page that is there. ``light`` is
    where the sun, the moon or a lamp is. ``afloat``: a manned boat takes the middle of the stage.
    ``bed_side``: -1 or 1 where somebody will sleep in a bed, if there is one; 0 where nobody does.
    ``floor_colour`` is what the front of the stage is mostly made of, when that is not the palette's ground;
    ``wall_colour`` what is behind, when that is not sky.
    ``quiet`` is the part that text will cover. Figures and things stand between the two xs of ``acting``."""

    width: float
    height: float
    area: Rect
    palette: Palette
    dice: Dice
    home: Dice
    light: Point
    time: Time
    season: Season
    weather: Weather
    forbids: Callable[[str], bool]
    requires: Callable[[str], bool]
    acting: tuple[float, float]
    afloat: bool = False
    bed_side: int = 0
    floor_colour: Colour = ""
    wall_colour: Colour = ""
    is_room: bool = False
    quiet: Area = Area.NONE
    layers: list[Layer] = field(default_factory=list)
    shown: list[tuple[str, Rect | None]] = field(default_factory=list)

    def layer(
        self, name: str, depth: float, *, shadow: float = 0.0, is_light: bool = False, softness: float = 0.0
    ) -> Group:
        """A new sheet in front of all others so far."""
        layer = Layer(name, depth, Group(name), shadow=shadow, is_light=is_light, softness=softness)
        self.layers.append(layer)
        return layer.group

    def same(self, what: str) -> Dice:
        """Chance for what a place keeps from page to page: the colour of its walls, the shape of its towers."""
        return self.home.child(what)

    def allows(self, *words: str) -> bool:
        return not any(self.forbids(word) for word in words)

    def note(self, what: str, where: Rect | None = None) -> None:
        """Records that something can be seen."""
        self.shown.append((what, where))

    def count(self, number: float) -> int:
        """As many as ``number`` on a square picture, in proportion on a wider one."""
        return max(1, round(number * min(3.0, self.area.width / 1240)))

    @property
    def is_dark(self) -> bool:
        return self.palette.dark > 0.5

    @property
    def is_snowy(self) -> bool:
        return self.season is Season.WINTER

    @property
    def side(self) -> int:
        """-1 if the light comes from the left."""
        return -1 if self.light[0] < self.width / 2 else 1

    @property
    def ceiling(self) -> float:
        """The y above which nothing hangs or stands: the picture's edge, or the end of a quiet part above."""
        return self.height * 0.11 if self.quiet is Area.TOP else self.area.y0

    def cover(self) -> Path:
        """All of the area."""
        return box(self.area.x0, self.area.y0, self.area.width, self.area.height)


@dataclass(frozen=True, slots=True)
class Scenery:
    """A built setting. ``front`` layers stand before the actors. ``bed`` is where a sleeper's figure is
    placed: x, y, and 1 for the head at the left, -1 at the right."""

    floor: Floor
    front: tuple[Layer, ...] = ()
    bed: tuple[float, float, float] | None = None
    water: bool = False
    air: bool = False
    indoors: bool = False


Build = Callable[[Stage], Scenery]
__all__ = ["Build", "Floor", "Scenery", "Stage"]
