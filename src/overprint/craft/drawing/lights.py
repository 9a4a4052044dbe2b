"""The lights of a picture that live in a film, each by itself, and the picture without them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import count

from overprint.craft.drawing.nodes import Group, Shine


@dataclass(frozen=True, slots=True)
class Light:
    """``group`` holds nothing else, and has it where it is in its layer."""

    shine: Shine
    group: Group


def lights_of(group: Group) -> tuple[Light, ...]:
    """Those of a layer, in the order in which they are drawn. They have a number by it: the same in every drawing of
    the same scene, whoever blinks or walks in it."""
    return tuple(_found(group, ()))


def without(group: Group, gone: Collection[int]) -> Group:
    """The same layer, but for the lights of these numbers."""
    return _cleared(group, gone, count())


def _found(group: Group, around: tuple[Group, ...]) -> Iterator[Light]:
    if group.shine is not None:
        yield Light(group.shine, _within(around, replace(group, opacity=group.opacity or 1.0)))
        return
    for item in group.items:
        if isinstance(item, Group):
            yield from _found(item, (*around, group))


def _within(around: tuple[Group, ...], light: Group) -> Group:
    for outer in reversed(around):
        light = replace(outer, items=[light])
    return light


def _cleared(group: Group, gone: Collection[int], numbers: Iterator[int]) -> Group:
    kept = replace(group, items=[])
    for item in group.items:
        if not isinstance(item, Group):
            kept.items.append(item)
        elif item.shine is None:
            kept.items.append(_cleared(item, gone, numbers))
        elif next(numbers) not in gone:
            kept.items.append(item)
    return kept
