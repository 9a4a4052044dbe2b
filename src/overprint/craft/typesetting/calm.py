"""Where in a picture words can stand: places that are calm, wide enough, and taken by nobody.

Restlessness is the mean step between neighbours, 0 to 255, at about one sample in four points of the page, where the
grain of paper and the dots of a print have gone and edges remain: a sky has 2, a sky with clouds 5, a bookshelf 20.
NumPy works it out, and is loaded when a picture is looked at: a novel needs none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from overprint.core.scene import Area
from overprint.craft.typesetting.geometry import Box


@dataclass(frozen=True, slots=True)
class CalmMap:
    """Running sums over a picture, so that any rectangle of it is judged by four look-ups. Arrays of NumPy."""

    steps: Any
    light: Any
    light_squared: Any

    @property
    def size_px(self) -> tuple[int, int]:
        return self.steps.shape[1] - 1, self.steps.shape[0] - 1


@dataclass(frozen=True, slots=True)
class Lying:
    """A picture as it lies on the page, with what must not be covered: faces never, figures hardly."""

    calm: CalmMap
    placed: Box
    faces: tuple[Box, ...]
    figures: tuple[Box, ...]
    quiet: Area


@dataclass(frozen=True, slots=True)
class Place:
    """``cost`` is restlessness and a little for odd positions: lower is better. ``afloat`` is 0 for a place at the top
    or the foot of the page, 1 for one half way between."""

    box: Box
    cost: float
    afloat: float


def calm_map(sample: Image.Image) -> CalmMap:
    from overprint.craft.typesetting.calm_places import summed  # noqa: PLC0415 - loads NumPy

    return summed(sample)


def places(lying: Lying, page: Box, width_pt: float, height_pt: float, edge_pt: float) -> Iterator[Place]:
    """Where a box of this size can stand on the page without covering anybody, the calmest first.

    ``edge_pt`` is the least distance from the edge of the page. A picture of which nobody knows who stands where
    offers only the part that was asked to be quiet.
    """
    from overprint.craft.typesetting.calm_places import found  # noqa: PLC0415 - as above

    return found(lying, page, width_pt, height_pt, edge_pt)
