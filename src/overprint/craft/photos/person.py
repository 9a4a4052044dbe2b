"""What was read of somebody on a photo: a proposed character sheet, every part with how sure the reading is."""

from dataclasses import dataclass, field

from overprint.core.codec import bounds
from overprint.core.scene import Sheet
from overprint.craft.drawing.colour import Colour, mix


@dataclass(frozen=True, slots=True)
class Trait:
    """One field of the sheet. ``measured`` is the colour as the photo has it; ``name`` and ``others`` are how the
    value and the next likely ones would be called."""

    of: str
    value: str
    confidence: float = field(metadata=bounds(at_least=0, at_most=1))
    measured: str | None = None
    name: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonReading:
    """``notes`` are for the person who uploaded the photo. ``faces`` are left, top, width and height as fractions, the
    largest first; ``which`` of them was read."""

    sheet: Sheet
    traits: tuple[Trait, ...]
    faces: tuple[tuple[float, ...], ...]
    which: int = 0
    notes: tuple[str, ...] = ()

    def trait(self, of: str) -> Trait:
        return next(trait for trait in self.traits if trait.of == of)


def blush(skin: Colour) -> Colour:
    """The second colour of somebody with this skin: cheeks and lips."""
    return mix(skin, "#d0614a", 0.28)
