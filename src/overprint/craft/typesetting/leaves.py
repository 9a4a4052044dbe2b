"""What the planner tells the setter: every leaf with its parts in their places. Goes to Typst as JSON.

A leaf is one physical page. Only a leaf that ``runs_on`` may become several. One that is ``strewn`` has ornaments
all over it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from overprint.craft.typesetting.contrast import INK, Colour
from overprint.craft.typesetting.geometry import Box


@dataclass(frozen=True, slots=True)
class TextAsk:
    """Words whose room is asked for. ``width`` is the longest line allowed, in points."""

    heading: str
    paragraphs: tuple[str, ...]
    size: float
    width: float
    centred: bool = False
    justified: bool = False
    drop: bool = False
    kind: str = "story"


@dataclass(frozen=True, slots=True)
class TitleAsk:
    """A title to be set as large as ``width`` × ``height`` allows, between two sizes, all in points."""

    title: str
    width: float
    height: float
    largest: float
    least: float
    kind: str = "title"


Ask = TextAsk | TitleAsk


@dataclass(frozen=True, slots=True)
class Room:
    """What an ask needs, in points. ``size`` is the type size it gets."""

    width: float
    height: float
    size: float


Measure = Callable[[Sequence[Ask]], list[Room]]


@dataclass(frozen=True, slots=True)
class SetPicture:
    """``placed`` is where the whole picture lies, ``clip`` the part of the page where it is seen. One without ``alt``
    is decoration: it shows again what was shown before."""

    file: str
    alt: str
    placed: Box
    clip: Box
    radius_pt: float = 0


@dataclass(frozen=True, slots=True)
class SetVeil:
    """What lies between a picture and words, in one of three shapes.

    A ``shade`` is full over ``hold`` (0 to 1) of its box, beginning at the ``edge`` of the page that it comes from
    (top, bottom, left or right), and then fades. A ``halo`` is full in its box and fades out round it. A ``panel`` is
    a box.
    """

    box: Box
    colour: Colour
    alpha: float
    shape: str = "shade"
    hold: float = 1
    edge: str = "top"


@dataclass(frozen=True, slots=True)
class SetTitle:
    """``main``: the one that carries the document's title in the structure."""

    box: Box
    title: str
    width: float
    height: float
    largest: float
    least: float
    ink: Colour
    main: bool = False
    kind: str = "title"


@dataclass(frozen=True, slots=True)
class SetLines:
    """A few centred lines: an author, a dedication."""

    box: Box
    paragraphs: tuple[str, ...]
    size: float
    ink: Colour
    italic: bool = True
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class SetText:
    """The words of a story page."""

    box: Box
    heading: str
    paragraphs: tuple[str, ...]
    size: float
    width: float
    centred: bool
    justified: bool
    drop: bool
    ink: Colour
    accent: Colour


@dataclass(frozen=True, slots=True)
class Ornament:
    top_pt: float
    size_pt: float


@dataclass(frozen=True, slots=True)
class Leaf:
    template: str
    picture: SetPicture | None = None
    veils: tuple[SetVeil, ...] = ()
    lines: tuple[SetTitle | SetLines, ...] = ()
    text: SetText | None = None
    ornaments: tuple[Ornament, ...] = ()
    ground: Colour | None = None
    numbered: bool = False
    runs_on: bool = False
    strewn: bool = False


def set_text(ask: TextAsk, box: Box, accent: Colour, ink: Colour = INK) -> SetText:
    """``ask``, answered and placed: its box's width is the line it was measured with."""
    return SetText(
        box,
        ask.heading,
        ask.paragraphs,
        ask.size,
        box.width_pt,
        ask.centred,
        ask.justified,
        ask.drop,
        ink,
        accent,
    )
