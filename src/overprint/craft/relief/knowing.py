"""A picture of a drawing whose layers are known: painted, inked or cut from paper, it is one sheet; what lies before
what in it is no guess."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby

import numpy as np

from overprint.craft.matting import Cover, Picture
from overprint.craft.relief.filling import Mask
from overprint.craft.relief.slices import Slice, behind, fitted, swapped, with_thin

_GROUPS = (0.12, 0.35, 0.62, 0.97)
"""Depths up to which what is behind the stage is one slice; the first is what everything stands before."""


Stage = Callable[[int], Picture]
"""The same picture, painted without the layer that has this place in its drawing, and all that is nearer."""


@dataclass(frozen=True, slots=True)
class Known:
    """A layer: ``cover`` has the picture's shape, 0 to 255. ``is_alone``: it is a slice of its own. ``place``: in the
    drawing, of which not every layer is known."""

    name: str
    depth: float
    cover: Mask
    is_alone: bool
    place: int


def known_slices(picture: Picture, layers: Sequence[Known], stage: Stage) -> tuple[Slice, ...]:
    """``layers`` and slices are far to near. What anything hides up to the first that is alone is painted, as often as
    there are slices; what those hide of each other is guessed."""
    groups = [list(group) for key, group in groupby(layers, _group) if key != 0]
    covers = [_cover(picture, group) for group in groups]
    first = next((number for number, group in enumerate(groups) if group[0].is_alone), len(groups))

    def without(number: int, within: Cover | None = None) -> Picture:
        """The picture without this group and what is nearer."""
        if number <= first and number < len(groups):
            return swapped(picture, covers[number:], stage(groups[number][0].place))
        return behind(picture, covers[number:], within)

    slices = [Slice("far", _far(layers), without(0))]
    for number, (group, cover) in enumerate(zip(groups, covers, strict=True)):
        name = group[0].name if len(group) == 1 else "slice"
        depth = float(np.mean([layer.depth for layer in group]))
        slices.append(Slice(name, depth, without(number + 1, cover), cover))
    return tuple(slices)


def _group(layer: Known) -> int | str:
    if layer.is_alone:
        return layer.name
    return sum(layer.depth > most for most in _GROUPS)


def _cover(picture: Picture, layers: Sequence[Known]) -> Cover:
    whole = reduce(np.maximum, [layer.cover for layer in layers])
    rough = np.asarray(whole, np.float32) / np.float32(255)
    return with_thin(picture, fitted(picture, rough), rough)


def _far(layers: Sequence[Known]) -> float:
    return float(np.mean([layer.depth for layer in layers if _group(layer) == 0] or [0.0]))
