"""What a prop has to bring. Units: a child is 200 high."""

from collections.abc import Callable
from dataclasses import dataclass

from overprint.craft.drawing.colour import Colour
from overprint.craft.drawing.nodes import Group

Draw = Callable[[Group, Colour], None]


@dataclass(frozen=True, slots=True)
class PropArt:
    """``held`` is drawn around the gripping hand at the origin, ``standing`` with its foot there.

    ``width`` and ``height`` are the standing size. ``floats``: it hangs in the air; ``lamp``: it lights its
    surroundings; ``overhead``: whoever holds it raises the hand; ``both_hands``: always held in front of the chest;
    ``in_both_hands`` draws it so, its lower edge at the origin. ``outdoors`` draws it where it needs more around it.
    """

    colour: Colour
    held: Draw
    standing: Draw
    width: float
    height: float
    floats: bool = False
    lamp: bool = False
    overhead: bool = False
    both_hands: bool = False
    in_both_hands: Draw | None = None
    outdoors: Draw | None = None
