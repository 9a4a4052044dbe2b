"""Frames of a shot: always the same, never still, never with a hole in them."""

import hashlib
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from overprint.core.film import Move
from overprint.core.problems import Invalid
from overprint.core.scene import Actor, Place, Setting, Weather
from overprint.core.story import Style
from overprint.craft.drawing.buffers import Pixels
from overprint.craft.drawing.drawing import draw
from overprint.craft.motion import ClipOrder, clip_order, film_clip
from overprint.craft.motion.frames import frames_of, way_of
from overprint.craft.motion.glimmers import Lighting
from overprint.craft.motion.idle import is_blinking, stir_of
from overprint.craft.motion.sprites import sprites_of
from tests.craft.drawing.people import SHEETS, scene
from tests.support.works import clip_left

CAST = (Actor("fox", place=Place.LEFT), Actor("woman", place=Place.RIGHT))
SEA = scene(*CAST, setting=Setting.SEA)
SHOT = ClipOrder(SEA, SHEETS, Style.STORYBOOK, Move(horizontal=8, zoom=5), 160, 90, 24, 6, 3)


def frames(shot: ClipOrder, look: Callable[[Pixels], object] = np.copy, picture: bytes = b"") -> list[object]:
    return [look(frame) for frame in frames_of(shot, picture)]


def hashes(shot: ClipOrder) -> list[object]:
    return frames(shot, lambda frame: hashlib.sha256(frame.tobytes()).hexdigest())


def test_the_same_shot_gives_the_same_frames_and_each_differs_from_the_one_before() -> None:
    first = hashes(SHOT)
    assert first == hashes(SHOT)
    assert len(set(first)) == SHOT.frames


@pytest.mark.parametrize("weather", [Weather.RAIN, Weather.SNOW, Weather.WIND, Weather.FOG])
def test_weather_moves(weather: Weather) -> None:
    shown = replace(SHOT.scene, weather=weather)
    moving = frames(replace(SHOT, scene=shown, move=Move()))
    assert all(np.count_nonzero(before != after) > 500 for before, after in pairwise(moving))


@pytest.mark.parametrize("setting", [Setting.SEA, Setting.KITCHEN, Setting.CAVE, Setting.CITY, Setting.SPACESHIP])
def test_a_setting_fills_every_frame_however_the_camera_moves(setting: Setting) -> None:
    move = Move(horizontal=10, vertical=-10, pan=10, roll=10, zoom=-10)
    shot = replace(
        SHOT, scene=scene(*CAST, setting=setting), move=move, frames=2, style=Style.FLAT, width_px=320, height_px=180
    )
    assert all(darkest >= 16 for darkest in frames(shot, lambda frame: frame[:180].min())), "black is 16; a hole is 0"


def test_nothing_stirs_by_itself_where_nothing_is_to() -> None:
    """But for what falls: weather is no life."""
    standing = replace(SHOT, move=Move(shake=0), liveliness=0)
    assert len(set(hashes(standing))) == 1
    restless = stir_of("actor-mia", 0.7, 0.2, 10)
    assert restless.turn_degrees == pytest.approx(2 * stir_of("actor-mia", 0.7, 0.2).turn_degrees)


def test_people_open_their_eyes_again() -> None:
    drawing = draw(SHOT.scene, SHEETS, style=Style.FLAT, width_px=320, height_px=180, seed=3)
    lighting = Lighting(drawing.layers, SHOT, drawing.view)
    people = [sprite for sprite in sprites_of(drawing, lighting) if sprite.name.startswith("actor-")]
    assert len(people) == 2
    assert all(sprite.shut is not None for sprite in people)
    shut = [is_blinking(n / 30, 0.4) for n in range(300)]
    assert 6 <= sum(shut) <= 18
    assert not shut[0]


def test_the_camera_moves_over_a_picture_that_has_no_layers() -> None:
    drawn = draw(SHOT.scene, SHEETS, style=Style.WATERCOLOUR, width_px=160, height_px=90, seed=3)
    moving = frames(replace(SHOT, style=Style.WATERCOLOUR), picture=drawn.raster())
    assert all(np.any(before != after) for before, after in pairwise(moving))
    flat = cv2.imdecode(np.frombuffer(drawn.raster(), np.uint8), cv2.IMREAD_COLOR)
    assert flat is not None
    seen = cv2.cvtColor(np.asarray(moving[3]), cv2.COLOR_YUV2BGR_I420)
    assert abs(float(seen[30:60, 50:110].mean()) - float(flat[30:60, 50:110].mean())) < 12


def test_somebodys_own_picture_gets_no_dark_corners() -> None:
    white = cv2.imencode(".png", np.full((180, 320, 3), 255, np.uint8))[1].tobytes()
    first = next(frames_of(replace(SHOT, is_drawn=False), white))
    assert first[:90].min() == 235


@pytest.mark.parametrize("size_px", [(8, 6000), (6000, 8)])
def test_a_strip_is_never_made_large_as_a_whole(size_px: tuple[int, int]) -> None:
    """Ten thousand pixels by ten would be six gigabytes."""
    strip = cv2.imencode(".png", np.full((*size_px, 3), 200, np.uint8))[1].tobytes()
    tracemalloc.start()
    try:
        first = next(frames_of(replace(SHOT, style=Style.WATERCOLOUR, is_drawn=False), strip))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert first.shape == (135, 160) and most < 20_000_000


@pytest.mark.parametrize("scale", [0.2, -1.0])
def test_a_picture_that_would_be_read_past_its_rows_is_not_laid(scale: float) -> None:
    with pytest.raises(ValueError, match="cannot be laid"):
        way_of((scale, 0, 0, 1, 0, 0))


@pytest.mark.parametrize("picture", [b"", b"\x89PNG\r\n\x1a\nno picture"])
def test_a_picture_that_cannot_be_read_is_refused(picture: bytes) -> None:
    with pytest.raises(Invalid):
        next(frames_of(replace(SHOT, style=Style.WATERCOLOUR), picture))


@pytest.mark.parametrize("size_px", [(161, 90), (160, 0), (1, 1)])
def test_a_clip_of_a_size_that_no_film_has_is_refused_in_words(size_px: tuple[int, int]) -> None:
    wide, tall = size_px
    with pytest.raises(Invalid, match="pixels"):
        clip_left(film_clip, clip_order(replace(SHOT, width_px=wide, height_px=tall), b""))
