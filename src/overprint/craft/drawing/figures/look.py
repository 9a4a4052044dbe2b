"""A character's sheet, made safe and lit: what every figure is drawn from."""

import math
from dataclasses import dataclass

from overprint.core.scene import PEOPLE, Accessory, Expression, Garment, Hair, Sheet, Species, View
from overprint.craft.drawing.colour import Colour, known_colour, mix
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Rect

INK = "#2d2430"
BLUSH = "#ff7f6e"

_TURN_DEGREES = 15.0
_BALL = 60.0  # half the width of the ball that a turned face lies on


@dataclass(frozen=True, slots=True)
class Look:
    """``gaze`` -1 to 1 is where the face turns, left to right in the figure's own mirror image. Turned figures look
    to the right; to the left they are mirrored as a whole. ``blinks``: the eyes are shut for a moment, and nothing
    else changes. ``stride``: where in two steps those who go are, 0 to 1; none stands as the pose says."""

    species: Species
    body: Colour
    marking: Colour
    outfit: Colour
    accent: Colour
    hair_colour: Colour
    eye_colour: Colour
    hair: Hair
    garment: Garment
    worn: frozenset[Accessory]
    expression: Expression
    gaze: float = 0.0
    asleep: bool = False
    blinks: bool = False
    view: View = View.FRONT
    stride: float | None = None

    @property
    def eyes_are_shut(self) -> bool:
        return self.asleep or self.blinks

    @property
    def is_person(self) -> bool:
        return self.species in PEOPLE

    @property
    def shift(self) -> float:
        """How far the features of a face move sideways."""
        if self.view is View.SIDE:
            return 0.0
        return self.gaze * 9 if self.view is View.FRONT else self.across(0.0)

    @property
    def front(self) -> float:
        """How far the middle of the chest moves sideways on a trunk of girth 1."""
        return {View.FRONT: 0.0, View.THREE_QUARTER: 9.0, View.SIDE: 24.0}[self.view]

    def across(self, x: float) -> float:
        """Where a feature ``x`` beside the middle of the face is seen."""
        if self.view is not View.THREE_QUARTER:
            return x + self.shift
        angle = math.asin(max(-0.95, min(0.95, x / _BALL))) + math.radians(_TURN_DEGREES + 3 * self.gaze)
        return _BALL * math.sin(min(angle, math.pi / 2))

    def sides(self, gap: float) -> tuple[tuple[int, float], ...]:
        """The eyes (or cheeks) that can be seen: side, and x. In profile it is the one whose inner end is right."""
        if self.view is View.SIDE:
            return ((-1, gap),)
        return (-1, self.across(-gap)), (1, self.across(gap))


@dataclass(slots=True)
class Figure:
    """A drawn character. Units: a child is 200 high; the origin is on the ground between the feet.

    ``face`` and ``parts`` (accessories and the thing held, by name) are where they can be found.
    """

    group: Group
    face: Rect
    box: Rect
    parts: dict[str, Rect]
    is_grounded: bool = True
    shadow_half_width: float = 46.0


def look_of(
    sheet: Sheet,
    expression: Expression,
    *,
    worn: frozenset[Accessory],
    light: Colour,
    share: float,
    gaze: float,
    view: View = View.FRONT,
    blinks: bool = False,
    stride: float | None = None,
) -> Look:
    """The sheet under a light. A colour that is none becomes a plain one, so that any sheet can be drawn."""

    def lit(text: str, otherwise: Colour) -> Colour:
        return mix(known_colour(text, otherwise), light, share)

    return Look(
        species=sheet.species,
        body=lit(sheet.body, "#d9a679"),
        marking=lit(sheet.marking, "#fff1de"),
        outfit=lit(sheet.outfit, "#4f86b8"),
        accent=lit(sheet.accent, "#d9544d"),
        hair_colour=lit(sheet.hair_colour, "#3b2a20"),
        eye_colour=known_colour(sheet.eye_colour, INK),
        hair=sheet.hair,
        garment=sheet.garment,
        worn=worn,
        expression=expression,
        gaze=gaze,
        view=view,
        blinks=blinks,
        stride=stride,
    )
