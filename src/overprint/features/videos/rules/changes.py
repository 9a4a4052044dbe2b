"""What making a film would do, told by scenes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from overprint.features.videos.steps import CLIP, FINISHED, PICTURE, SPOKEN


class Part(StrEnum):
    """What can be redone of a scene."""

    PICTURE = "picture"
    NARRATION = "narration"
    CLIP = "clip"
    FINISH = "finish"
    """Captions, grade and whatever else is laid over it."""


_PARTS = {PICTURE: Part.PICTURE, SPOKEN: Part.NARRATION, CLIP: Part.CLIP, FINISHED: Part.FINISH}


@dataclass(frozen=True, slots=True)
class Redone:
    """One scene that would be redone, by the id of its card, and what of it."""

    scene: int
    parts: tuple[Part, ...]


def redone(steps: Iterable[str]) -> tuple[Redone, ...]:
    """Of the keys of the steps that would run, in the order of their ids."""
    found: dict[int, list[Part]] = {}
    for key in steps:
        prefix, _, name = key.partition("/")
        part = _PARTS.get(f"{prefix}/")
        if part is not None and name.isdigit():
            found.setdefault(int(name), []).append(part)
    order = list(Part)
    return tuple(Redone(scene, tuple(sorted(parts, key=order.index))) for scene, parts in sorted(found.items()))
