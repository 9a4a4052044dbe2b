"""A picture of a drawing whose layers are known: painted, inked or cut from paper, it is one sheet; what lies before
what in it is no guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby

import numpy as np

from overprint.craft.matting import Cover, Picture
from overprint.craft.relief.filling import Mask
from overprint.craft.relief.slices import Slice, behind, fitted

_GROUPS = (0.12, 0.35, 0.62, 0.97)
"""Depths up to which what is behind the stage is one slice; the first is what everything stands before."""


@dataclass(frozen=True, slots=True)
class Known:
    """A layer: ``cover`` has the picture's shape, 0 to 255. ``is_alone``: it is a slice of its own."""

    name: str
    depth: float
    cover: Mask
    is_alone: bool


def known_slices(picture: Picture, layers: Sequence[Known]) -> tuple[Slice, ...]:
    """``layers`` and slices are far to near."""
    groups = [list(group) for key, group in groupby(layers, _group) if key != 0]
    covers = [_cover(picture, group) for group in groups]
    slices = [Slice("far", _far(layers), behind(picture, covers))]
    for number, (group, cover) in enumerate(zip(groups, covers, strict=True)):
        name = group[0].name if len(group) == 1 else "slice"
        depth = float(np.mean([layer.depth for layer in group]))
        slices.append(Slice(name, depth, behind(picture, covers[number + 1 :], cover), cover))
    return tuple(slices)


def _group(layer: Known) -> int | str:
    if layer.is_alone:
        return layer.name
    return sum(layer.depth > most for most in _GROUPS)


def _cover(picture: Picture, layers: Sequence[Known]) -> Cover:
    whole = reduce(np.maximum, [layer.cover for layer in layers])
    return fitted(picture, np.asarray(whole, np.float32) / np.float32(255))


def _far(layers: Sequence[Known]) -> float:
    return float(np.mean([layer.depth for layer in layers if _group(layer) == 0] or [0.0]))
