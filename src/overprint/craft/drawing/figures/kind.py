"""What a species adds to the shared rig."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from overprint.craft.drawing.colour import Colour
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Rect

DrawHead = Callable[[Group, Look], None]
DrawBack = Callable[[Group, Look, Build], None]
Hand = Literal["paw", "fin", "claw", "tentacle", "tail", "wing", "twig"]
"""What holds things. Whoever has a ``tail`` for a hand has no other."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``head`` and ``hair_behind`` draw around the middle of the head, a child's face being 92 wide and 88 high;
    ``behind`` (tail, wings) in figure units. ``hat_y`` and ``hat_half`` say where a hat sits; ``eye_gap`` and
    ``eye_y`` where glasses do; ``socks`` colours feet, and hands unless ``hands`` does. ``profile`` draws the head
    from the side and ``profile_eye`` is its x there. ``floats``: above the ground, without legs; without
    ``legs`` the trunk stands on it. ``trunk`` replaces the clothed or furry body. ``spread``: how far wings or
    legs stand out to each side, if farther than the head."""

    build: Build
    head: DrawHead
    face: Rect
    hat_y: float
    hat_half: float
    eye_gap: float
    eye_y: float
    socks: Callable[[Look], Colour]
    hair_behind: DrawHead | None = None
    behind: DrawBack | None = None
    profile: DrawHead | None = None
    profile_eye: float = 20.0
    floats: bool = False
    legs: bool = True
    hand: Hand = "paw"
    spread: float = 0.0
    trunk: DrawBack | None = None
    hands: Callable[[Look], Colour] | None = None
