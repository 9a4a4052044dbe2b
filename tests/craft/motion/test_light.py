"""Light in films: it flickers, sweeps and strikes, softly, where it is seen, and nowhere at any cost else."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from overprint.core.film import Move
from overprint.core.scene import (
    Actor,
    Constraint,
    ConstraintKind,
    Mood,
    Place,
    Prop,
    PropKind,
    Scene,
    Setting,
    Time,
    Weather,
)
from overprint.core.shown import Shown
from overprint.core.story import Style
from overprint.craft.drawing.compose import compose
from overprint.craft.drawing.drawing import draw
from overprint.craft.drawing.lights import lights_of, without
from overprint.craft.drawing.nodes import Group, Shine, extent, glow
from overprint.craft.motion import ClipOrder
from overprint.craft.motion.forms import Floats
from overprint.craft.motion.frames import frames_of
from overprint.craft.motion.glimmers import Glimmer
from overprint.craft.motion.idle import REST, stir_of
from overprint.craft.motion.moves import path_for
from overprint.craft.motion.shading import shaded
from overprint.craft.motion.shining import Gleam, Life, life_of
from overprint.craft.motion.sprites import Sprite
from overprint.craft.motion.staging import staged
from overprint.craft.motion.storm import brightness, is_stormy, strikes
from tests.craft.drawing.people import SHEETS, scene

NIGHT = replace(scene(setting=Setting.FOREST), time=Time.NIGHT, props=(Prop(PropKind.CAMPFIRE, Place.CENTRE),))
STORM = replace(scene(setting=Setting.MEADOW), weather=Weather.RAIN, mood=Mood.TENSE)
SHOT = ClipOrder(NIGHT, SHEETS, Style.STORYBOOK, Move(shake=0), 160, 90, 10, 20, 3)
FLASH_LEAST = 0.1
"""So much of a light's own range, up and down again, is a flash (WCAG 2.3.1 says: of the screen's)."""


def lumas(shot: ClipOrder, picture: bytes = b"") -> Floats:
    return np.array([frame[: shot.height_px].astype(np.float32) for frame in frames_of(shot, picture)])


def sprites(shot: ClipOrder) -> list[Sprite]:
    return staged(shot, b"", path_for(shot.move, 1778, 1000))[1]


def flashes(life: Life, seconds: float) -> int:
    """The most in any one second."""
    ends: list[tuple[float, float]] = []
    for number in range(round(60 * seconds)):
        at, seen = number / 60, min(1.0, max(0.0, life(number / 60).opacity))
        if len(ends) > 1 and (seen - ends[-1][1]) * (ends[-1][1] - ends[-2][1]) > 0:
            ends[-1] = (at, seen)
        elif not ends or abs(seen - ends[-1][1]) >= FLASH_LEAST:
            ends.append((at, seen))
    return max(sum(begin <= at <= begin + 1 for at, _ in ends) for begin, _ in ends) // 2


@pytest.mark.parametrize("shine", Shine)
def test_no_light_flashes_more_than_three_times_in_a_second(shine: Shine) -> None:
    for seed in range(8):
        for lively in (1.0, 2.0):
            assert flashes(life_of(shine, NIGHT, seed, 20.0, "a", lively), 20.0) <= 3


def test_lightning_is_soft_and_seldom() -> None:
    for seed in range(40):
        struck = strikes(seed, 60.0)
        assert 0.5 < struck[0] < 3 and len(struck) > 5
        life = brightness(seed, struck)
        assert 1 <= flashes(life, 60.0) <= 3
        assert max(abs(life(n / 30).opacity - life((n + 1) / 30).opacity) for n in range(1800)) < 0.4, "never at once"


def test_a_storm_is_rain_in_a_tense_scene_and_may_be_forbidden() -> None:
    assert is_stormy(STORM) and not is_stormy(replace(STORM, mood=Mood.CALM))
    no, yes = (Constraint(kind, "lightning") for kind in (ConstraintKind.FORBID, ConstraintKind.REQUIRE))
    assert not is_stormy(replace(STORM, constraints=(no,)))
    assert is_stormy(replace(STORM, mood=Mood.CALM, constraints=(yes,)))


def test_lightning_lights_the_picture_up_and_it_is_dark_again_after_it() -> None:
    shot = replace(SHOT, scene=STORM, frames=60)
    bright = lumas(shot).mean(axis=(1, 2))
    (first, *_) = strikes(shot.seed, shot.seconds)
    calm = lumas(replace(shot, scene=replace(STORM, mood=Mood.CALM), frames=1)).mean()
    peak = int(bright.argmax())
    assert abs(peak / shot.fps - first) < 0.3
    assert bright[peak] - bright[0] > 8 and abs(bright[-1] - bright[0]) < 2, f"a calm one has {calm}"


def test_a_fire_flickers_and_what_is_far_from_it_does_not() -> None:
    seen = lumas(SHOT)
    box = next(seen.box for seen in drawn(NIGHT) if seen.what == "campfire")
    assert box is not None
    x, y = int((box.x + box.width / 2) * 160), int((box.y + box.height / 2) * 90)
    flicker = np.ptp(seen, axis=0)
    assert flicker[y - 6 : y + 6, x - 6 : x + 6].mean() > 5
    assert flicker[-8:, :20].mean() < 1 and flicker[-8:, -20:].mean() < 1


def drawn(shown: Scene) -> Sequence[Shown]:
    return draw(shown, SHEETS, style=Style.FLAT, width_px=160, height_px=90, seed=3).shown


def test_the_light_of_a_painted_lantern_is_where_it_was_painted() -> None:
    shown = replace(scene(setting=Setting.MEADOW), time=Time.NIGHT, props=(Prop(PropKind.LANTERN, Place.LEFT),))
    shot = replace(SHOT, scene=shown, style=Style.WATERCOLOUR, is_drawn=True, frames=12)
    drawing = draw(shown, SHEETS, style=Style.WATERCOLOUR, width_px=160, height_px=90, seed=3)
    flicker = cv2.GaussianBlur(np.ptp(lumas(shot, drawing.raster()), axis=0), (0, 0), 3)
    y, x = np.unravel_index(flicker.argmax(), flicker.shape)
    box = next(seen.box for seen in drawing.shown if seen.what == "lantern")
    assert box is not None
    assert box.x - 0.06 < x / 160 < box.x + box.width + 0.06 and box.y - 0.08 < y / 90 < box.y + box.height + 0.08


def test_what_does_not_vary_is_not_laid_by_itself() -> None:
    steady = replace(scene(setting=Setting.KITCHEN), props=())
    assert not any(sprite.lights for sprite in sprites(replace(SHOT, scene=steady)) if sprite.name != "counter")
    assert not any(sprite.lights for sprite in sprites(replace(SHOT, liveliness=0)))


def test_what_lives_in_films_alone_is_in_no_picture() -> None:
    hidden, shown = Group(), Group()
    glow(hidden.group(opacity=0, shine=Shine.TWINKLE), 50, 50, 20, "#ffffff")
    assert extent(hidden, lit=True) is None
    (light,) = lights_of(hidden)
    assert extent(light.group, lit=True) is not None
    glow(shown, 0, 0, 20, "#ffffff")
    glow(shown.group(matrix=(1, 0, 0, 1, 9, 0)), 0, 0, 20, "#ffffff", shine=Shine.FIRE)
    (fire,) = lights_of(shown)
    area = extent(fire.group, lit=True)
    assert area is not None and area.centre == (9, 0)
    assert lights_of(without(shown, {0})) == () and len(without(shown, {0}).items) == 2


def test_who_stands_before_a_light_keeps_it_from_us() -> None:
    paper = np.full((40, 40, 4), 255, np.uint8)
    halo = Glimmer(
        0, np.full((20, 20), 200, np.uint8), (200.0, 128.0, 128.0), 10, 10, (20, 20), 1.0, lambda at: Gleam(1)
    )
    far = Sprite("far", 0, paper, 0, 0, (20, 40), lights=(halo,))
    half = Sprite("near", 1, paper, 20, 0, (40, 40))
    assert shaded([far])[0].lights == (halo,)
    assert shaded([far, replace(half, left=0)])[0].lights == ()
    (left,) = shaded([far, half])[0].lights
    assert left.pixels[:, :8].min() > 150 and left.pixels[:, 12:].max() < 50


@pytest.mark.parametrize(("setting", "rocks"), [(Setting.SKY, True), (Setting.SEA, False)])
def test_a_boat_rocks_where_it_floats_and_not_on_the_quay(setting: Setting, rocks: bool) -> None:
    shown = replace(scene(Actor("fox"), setting=setting), props=(Prop(PropKind.BOAT),))
    (boat,) = [layer.name for layer in compose(shown, SHEETS, 320, 180, 3).layers if "boat" in layer.name]
    assert (stir_of(boat, 1.1, 0.3) != REST) is rocks
