"""Depth guessed for flat pictures: what they are of stands before the rest, nothing is left behind, nothing tears."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from overprint.core.film import Move
from overprint.core.scene import Actor, Place, Setting, Time
from overprint.core.story import Style
from overprint.craft.drawing.drawing import draw
from overprint.craft.matting import Picture
from overprint.craft.motion import ClipOrder
from overprint.craft.motion.frames import frames_of
from overprint.craft.motion.sprites import known_layers
from overprint.craft.motion.staging import staged
from overprint.craft.relief import Slice, known_slices, parted
from overprint.craft.relief.filling import filled
from tests.craft.drawing.people import SHEETS, scene
from tests.craft.motion.test_moves import STRONGEST, path_for

WIDTH, HEIGHT = 320, 180
RED, YELLOW = (40, 40, 200), (60, 220, 230)
SHOT = ClipOrder(scene(), SHEETS, Style.WATERCOLOUR, Move(horizontal=9, shake=0), WIDTH, HEIGHT, 24, 2, 1)


@cache
def landscape() -> Picture:
    """Sky with a kite in it, a field, and somebody red on the field."""
    noise = cv2.GaussianBlur(np.random.default_rng(1).normal(0, 9, (HEIGHT, WIDTH)), (0, 0), 1.2)
    picture = np.full((HEIGHT, WIDTH, 3), (225, 190, 150), np.float64)
    picture[80:] = (70, 140, 90)
    picture += noise[:, :, None]
    drawn = np.ascontiguousarray(np.clip(picture, 0, 255), np.uint8)
    cv2.circle(drawn, (250, 30), 6, YELLOW, -1)
    cv2.ellipse(drawn, (150, 100), (26, 52), 0, 0, 360, RED, -1)
    return drawn


@cache
def slices() -> tuple[Slice, ...]:
    return parted(landscape())


def is_red(picture: Picture) -> np.ndarray:
    return picture[:, :, 2].astype(int) - picture[:, :, 1] > 90


def middle(picture: Picture, colour: tuple[int, int, int]) -> np.ndarray:
    """Where this colour is."""
    near = np.abs(picture.astype(int) - colour).sum(axis=2) < 90
    return np.argwhere(near).mean(axis=0)


def test_somebody_on_a_field_under_the_sky_stands_before_it() -> None:
    assert [each.name for each in slices()] == ["far", "ground", "subject"]
    far, ground, subject = slices()
    assert far.depth < ground.depth < subject.depth
    assert subject.cover is not None and ground.cover is not None
    both, either = (subject.cover > 0.5) & is_red(landscape()), (subject.cover > 0.5) | is_red(landscape())
    assert both.sum() / either.sum() > 0.85
    assert ground.top == pytest.approx(80 / HEIGHT, abs=0.03)
    low = ground.low_depth or 0.0
    assert ground.depth + (low - ground.depth) * (152 / HEIGHT - ground.top) / (1 - ground.top) == pytest.approx(
        subject.depth, abs=0.1
    ), "whoever stands on the ground does not slide over it"


def test_nothing_is_left_of_who_was_taken_out_and_nothing_doubled() -> None:
    far, ground, subject = slices()
    assert not is_red(far.pixels).any() and not is_red(ground.pixels).any()
    seen = far.pixels.astype(np.float64)
    for each in (ground, subject):
        share = np.asarray(each.cover)[:, :, None]
        seen += (each.pixels - seen) * share
    assert np.abs(seen - landscape()).mean() < 2.5, "at rest it is the picture"


def test_what_is_near_passes_faster_than_what_is_far() -> None:
    data = cv2.imencode(".png", landscape())[1].tobytes()
    first, last = (cv2.cvtColor(frame.copy(), cv2.COLOR_YUV2BGR_I420) for frame in frames_of(SHOT, data))
    went = {colour: (middle(last, colour) - middle(first, colour))[1] for colour in (RED, YELLOW)}
    assert went[RED] < 2.2 * went[YELLOW] < 0


def test_no_edge_is_seen_however_the_camera_moves() -> None:
    light = np.maximum(landscape(), 90)
    data = cv2.imencode(".png", light)[1].tobytes()
    shot = ClipOrder(scene(), SHEETS, Style.INK, STRONGEST, WIDTH, HEIGHT, 24, 3, 1)
    assert all(frame[:HEIGHT].min() > 60 for frame in frames_of(shot, data))


def test_a_picture_that_says_nothing_of_depth_stays_in_one_piece() -> None:
    leaves = np.random.default_rng(2).integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    assert [each.name for each in parted(cv2.GaussianBlur(leaves, (0, 0), 2))] == ["picture"]


def test_the_same_picture_is_parted_alike() -> None:
    again = parted(landscape())
    assert all(np.array_equal(one.pixels, other.pixels) for one, other in zip(slices(), again, strict=True))


def test_behind_a_hole_the_ground_goes_on() -> None:
    stripes = np.repeat((np.arange(60) // 6 % 2 * 200 + 20).astype(np.uint8)[:, None, None], 90, axis=1).repeat(
        3, axis=2
    )
    hole = np.zeros((60, 90), np.uint8)
    hole[:, 40:52] = 1
    gap = np.abs(filled(stripes, hole, 30).astype(int) - stripes)[:, 40:52]
    assert gap.mean() < 45, "its texture too, and not a grey smear"


def test_of_our_own_drawing_it_is_known_what_stands_before_what() -> None:
    cast = (Actor("fox", place=Place.LEFT), Actor("woman", place=Place.RIGHT))
    shown = scene(*cast, setting=Setting.BEACH)
    shot = ClipOrder(shown, SHEETS, Style.PAPERCUT, Move(), WIDTH, HEIGHT, 24, 1, 3, is_drawn=True)
    drawn = draw(shown, SHEETS, style=shot.style, width_px=WIDTH, height_px=HEIGHT, seed=3)
    _, sprites = staged(shot, drawn.raster("png"), path_for(Move(), 1778, 1000))
    names = [sprite.name for sprite in sprites]
    assert {"actor-0", "actor-1"} <= set(names) and names[0] == "far"
    assert [sprite.depth for sprite in sprites] == sorted(sprite.depth for sprite in sprites)


def test_what_our_own_drawing_hides_is_painted_and_not_guessed() -> None:
    """A house behind somebody had no walls where it was hidden, and a torch smeared the gate beside it."""
    shown = scene(Actor("woman", place=Place.RIGHT), setting=Setting.VILLAGE)
    drawn = draw(shown, SHEETS, style=Style.INK, width_px=WIDTH, height_px=HEIGHT, seed=3)
    layers = known_layers(drawn)
    slices = known_slices(drawn.painted(), layers, drawn.painted)
    who = next(layer for layer in layers if layer.is_alone)
    nobody, hidden = drawn.painted(who.place).astype(int), who.cover > 250
    behind_all: npt.NDArray[np.float64] = np.zeros_like(nobody, np.float64)
    for part in slices[: [part.name for part in slices].index(who.name)]:
        share = np.ones((*hidden.shape, 1)) if part.cover is None else part.cover[:, :, None]
        behind_all += (part.pixels - behind_all) * share
    assert hidden.mean() > 0.02
    assert np.abs(behind_all - nobody)[hidden].mean() < 3


def test_what_is_thin_stays_with_what_it_belongs_to() -> None:
    """By night poles of a castle's flags were left behind, and the flags hung in the air."""
    night = replace(scene(setting=Setting.CASTLE), time=Time.NIGHT)
    drawn = draw(night, SHEETS, style=Style.INK, width_px=450, height_px=800, seed=3)
    layers = known_layers(drawn)
    castle = next(layer for layer in layers if layer.name == "castle")
    part = next(part for part in known_slices(drawn.painted(), layers, drawn.painted) if part.name == "castle")
    assert part.cover is not None
    assert part.cover[castle.cover > 250].min() > 0.4
