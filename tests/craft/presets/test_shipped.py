"""The presets that come along: enough of them, sound, and no two alike."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from overprint.core.codec import decode
from overprint.core.film import FilmBrief, Move
from overprint.core.presets import Category, PresetConfig
from overprint.craft.motion.moves import path_for, placed
from overprint.craft.presets import shipped_presets

PRESETS = shipped_presets()
WIDE = 1778.0, 1000.0


def test_there_are_two_dozen_and_more_in_every_category_and_no_name_comes_twice() -> None:
    assert len(PRESETS) >= 24
    counted = Counter(each.preset.category for each in PRESETS)
    assert set(counted) == set(Category) and min(counted.values()) >= 4
    for calls in (lambda each: each.preset.name, lambda each: each.key, lambda each: each.id):
        assert len({calls(each) for each in PRESETS}) == len(PRESETS)


def test_every_preset_decides_about_a_film_and_what_was_asked_for_goes_before_it() -> None:
    for each in PRESETS:
        asked = {"premise": "A fox", **each.preset.config.asked(each.preset.name), "grade": "cool"}
        brief = decode(FilmBrief, asked)
        assert (brief.preset, brief.grade, brief.camera) == (each.preset.name, "cool", each.preset.config.camera)
        assert brief.captions is (each.preset.config.captions is not None)


def test_every_camera_has_two_moves_at_least_so_that_neighbours_differ() -> None:
    assert all(len(set(each.preset.config.camera)) >= 2 for each in PRESETS)


def test_no_two_presets_are_alike() -> None:
    """Two differ by how their cameras go, in hundredths of a picture's height, or by how they look: a colour, a
    transition or a pace counts as much as a camera that is five hundredths elsewhere."""
    looks = [(each.key, _ways(each.preset.config), _look(each.preset.config)) for each in PRESETS]
    near = [
        (one, other)
        for (one, way, look), (other, another, different) in combinations(looks, 2)
        if float(np.abs(way - another).mean()) + 5 * sum(a != b for a, b in zip(look, different, strict=True)) < 3
    ]
    assert near == []


def test_cameras_by_themselves_go_different_ways() -> None:
    ways = [(each.key, _ways(each.preset.config)) for each in PRESETS if each.preset.category is Category.CAMERA]
    assert min(float(np.abs(one - other).mean()) for (_, one), (_, other) in combinations(ways, 2)) > 2


def _ways(config: PresetConfig) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Where the far and the near end of the picture's corner are in the first two scenes, hundredths of its height."""
    return np.array(list(_corners(config.camera[:2])))


def _corners(moves: tuple[Move, ...]) -> Iterator[float]:
    for move in moves:
        path = path_for(move, *WIDE)
        for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
            for depth in (0.0, 1.0):
                place = placed(path.at(share, 4 * share), depth)
                turn = np.radians(place.roll_degrees)
                x, y = (place.scale * half for half in (WIDE[0] / 2, WIDE[1] / 2))
                yield (x * np.cos(turn) - y * np.sin(turn) + place.dx) / 10
                yield (x * np.sin(turn) + y * np.cos(turn) + place.dy) / 10


def _look(config: PresetConfig) -> tuple[object, ...]:
    pace = "quick" if config.duration < 3.5 else "slow" if config.duration > 6 else "even"
    return config.grade, config.transition, config.captions, config.music, pace, config.grain > 2, config.vignette > 4
