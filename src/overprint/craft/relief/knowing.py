"""A picture of a drawing whose layers are known: painted, inked or cut from paper, it is one sheet; what lies before
what in it is no guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from overprint.craft.matting import Cover, Picture
from overprint.craft.relief.slices import Slice, behind, fitted

_GROUPS = (0.12, 0.35, 0.62, 0.97)
"""Depths up to which what is behind the stage is one slice; the first is what everything stands before."""


@dataclass(frozen=True, slots=True)
class Known:
    """A layer: ``cover`` has the picture's shape. ``is_alone``: it is a slice of its own."""

    name: str
    depth: float
    cover: Cover
    is_alone: bool


def known_slices(picture: Picture, layers: Sequence[Known]) -> tuple[Slice, ...]:
    """``layers`` and slices are far to near."""
    parts = [_part(picture, list(group)) for key, group in groupby(layers, _group) if key != 0]
    covers = [part.cover for part in parts]
    slices = [Slice("far", _far(layers), behind(picture, covers))]
    for number, part in enumerate(parts):
        shown = behind(picture, covers[number + 1 :], part.cover)
        slices.append(Slice(part.name, part.depth, shown, part.cover))
    return tuple(slices)


def _group(layer: Known) -> int | str:
    if layer.is_alone:
        return layer.name
    return sum(layer.depth > most for most in _GROUPS)


def _part(picture: Picture, layers: Sequence[Known]) -> Known:
    cover = np.max([layer.cover for layer in layers], axis=0)
    name = layers[0].name if len(layers) == 1 else "slice"
    return Known(name, float(np.mean([layer.depth for layer in layers])), fitted(picture, cover), True)


def _far(layers: Sequence[Known]) -> float:
    return float(np.mean([layer.depth for layer in layers if _group(layer) == 0] or [0.0]))
