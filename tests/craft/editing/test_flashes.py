"""Nobody is harmed by a film: no second of it flashes as often as three times (WCAG 2.3.1), across cuts too."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from overprint.core.film import Transition
from overprint.craft.editing.overlay import Plane
from overprint.craft.editing.transitions import between
from overprint.craft.motion.storm import FLASH, brightness, strikes

FPS, HANDLE = 20, 12
SIDE_PX = 16
FLASH_LEAST = 0.1
"""So much of the screen's range, up and down again, is a flash."""
DARK, BRIGHT = 40, 200


def scene(seed: int, frames: int, shade: int) -> list[Plane]:
    """All that is filmed of a scene in a storm, with the handle: nothing in it is lit as much as its sky."""
    struck = strikes(seed, (frames + HANDLE) / FPS)
    life = brightness(seed, struck)
    light = [FLASH * min(1.0, max(0.0, life(n / FPS).opacity)) for n in range(frames + HANDLE)]
    return [np.full((SIDE_PX * 3 // 2, SIDE_PX), shade + (235 - shade) * share, np.uint8) for share in light]


def film(scenes: Sequence[list[Plane]], kind: Transition) -> Iterator[float]:
    """How bright each frame is, 0 to 1."""
    before: list[Plane] = []
    for filmed in scenes:
        shown = filmed[:-HANDLE]
        for number, planes in enumerate(shown):
            mixed = (
                between(kind, before[number], planes, SIDE_PX, (number + 1) / (HANDLE + 1))
                if before[number:]
                else planes
            )
            yield (float(mixed[:SIDE_PX].mean()) - 16) / 219
        before = filmed[-HANDLE:]


def most_in_a_second(light: Sequence[float]) -> float:
    """Two changes in opposite ways are a flash."""
    last, way = light[0], 0.0
    changes: list[float] = []
    for number, seen in enumerate(light):
        if way * (seen - last) > 0:
            last = seen
        elif abs(seen - last) >= FLASH_LEAST:
            last, way = seen, seen - last
            changes.append(number / FPS)
    return max((sum(begin <= at < begin + 1 for at in changes) for begin in changes), default=0) / 2


@pytest.mark.parametrize("kind", Transition)
def test_a_film_of_storms_flashes_at_most_twice_in_any_second_whatever_is_between_its_scenes(kind: Transition) -> None:
    """One scene is as dark as can be and the next one bright; scenes are as short as they may be, and longer."""
    for seed in range(12):
        lengths = [1.0, 1.0, 1.5, 3.0, 4.5, 6.0, 1.0, 8.0, 5.0]
        scenes = [scene(seed * 100 + n, round(FPS * long), (DARK, BRIGHT)[n % 2]) for n, long in enumerate(lengths)]
        assert most_in_a_second(list(film(scenes, kind))) <= 2, seed


def test_a_flash_is_counted_where_there_is_one() -> None:
    wave = [0.5 + 0.2 * np.sin(2 * np.pi * 4 * n / FPS) for n in range(3 * FPS)]
    assert most_in_a_second(wave) >= 4
    assert most_in_a_second([0.5 + 0.04 * (-1) ** n for n in range(60)]) == 0
