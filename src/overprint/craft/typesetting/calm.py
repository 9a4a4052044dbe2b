"""Where in a picture words can stand: places that are calm, wide enough, and taken by nobody.

Restlessness is the mean step between neighbours, 0 to 255, at about one sample in four points of the page, where the
grain of paper and the dots of a print have gone and edges remain: a sky has 2, a sky with clouds 5, a bookshelf 20.
What letters must stand out from is looked at in full: in a smaller copy a star or the outline of a cloud fades.
NumPy works it out, and is loaded when a picture is looked at: a novel needs none.
"""

from PIL import Image

from overprint.craft.typesetting.geometry import Box
from overprint.craft.typesetting.lying import CalmMap, Extremes, Lying, Place, Wish


def calm_map(sample: Image.Image) -> CalmMap:
    from overprint.craft.typesetting.calm_places import summed  # noqa: PLC0415 - loads NumPy

    return summed(sample)


def extremes(detail: Image.Image) -> Extremes:
    """Of an RGB picture, as large as can be."""
    from overprint.craft.typesetting.extremes import bounds  # noqa: PLC0415 - loads NumPy

    return bounds(detail)


def place(lying: Lying, page: Box, width_pt: float, height_pt: float, edge_pt: float, wish: Wish) -> Place | None:
    """Where a box of this size stands best on the page without covering anybody, if it can.

    ``edge_pt`` is the least distance from the edge of the page. A picture of which nobody knows who stands where
    offers only the part that was asked to be quiet.
    """
    from overprint.craft.typesetting.calm_places import found  # noqa: PLC0415 - as above

    return found(lying, page, width_pt, height_pt, edge_pt, wish)
