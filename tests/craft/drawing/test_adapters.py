"""The embedded illustrator and the fake behind the image port."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.image.embedded import EmbeddedIllustrator
from overprint.adapters.image.fake import FakeImages
from overprint.core.scene import MADE_UP, Actor, Setting
from overprint.core.shown import stand_ins
from overprint.core.story import Style
from overprint.ports.compute import ComputeFailed, ComputeLimit
from overprint.ports.errors import Busy, Refused, Unavailable
from overprint.ports.image import SIDE_MAX_PX, ImagePort, ImageRequest
from overprint.steps.draw_picture import alternative_text
from tests.craft.drawing.people import SHEETS, scene


def request(*actors: Actor, width_px: int = 90, height_px: int = 60, seed: int = 1) -> ImageRequest:
    return ImageRequest(
        scene(*actors, setting=Setting.SEA), SHEETS, Style.FLAT, width_px, height_px, seed, "a prompt", "key"
    )


class BrokenCompute:
    def __init__(self, problem: Exception) -> None:
        self.problem = problem

    async def run(self, work: object, payload: bytes, *, timeout_seconds: float, memory_bytes: int) -> bytes:
        raise self.problem


def size_of(picture: bytes) -> tuple[int, int]:
    decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return decoded.shape[1], decoded.shape[0]


async def test_the_illustrator_draws_exactly_the_asked_size_and_says_what_is_shown() -> None:
    port: ImagePort = EmbeddedIllustrator(InlineCompute())
    answer = await port.draw(request(Actor("fox")))
    assert size_of(answer.data) == (answer.width_px, answer.height_px) == (90, 60)
    assert answer.media_type == "image/jpeg"
    fox = next(item for item in answer.shown if item.what == "fox")
    assert fox.face is not None
    assert port.provider.label == "procedural picture"


async def test_an_actor_without_a_sheet_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="'nobody'"):
        await EmbeddedIllustrator(InlineCompute()).draw(request(Actor("nobody")))


async def test_a_picture_above_the_limit_is_refused() -> None:
    with pytest.raises(Refused, match=str(SIDE_MAX_PX)):
        await EmbeddedIllustrator(InlineCompute()).draw(request(width_px=SIDE_MAX_PX + 1))


async def test_a_drawing_child_that_dies_is_tried_again_and_one_out_of_bounds_is_not() -> None:
    with pytest.raises(Unavailable):
        await EmbeddedIllustrator(BrokenCompute(ComputeFailed("Killed", "signal 9"))).draw(request())
    with pytest.raises(Refused):
        await EmbeddedIllustrator(BrokenCompute(ComputeFailed("Invalid", "no"))).draw(request())
    with pytest.raises(Refused):
        await EmbeddedIllustrator(BrokenCompute(ComputeLimit("out of memory"))).draw(request())


async def test_the_fake_answers_tiny_pictures_that_depend_on_the_request() -> None:
    port = FakeImages()
    one, same, other = [await port.draw(request(seed=seed)) for seed in (1, 1, 2)]
    assert one.data == same.data != other.data
    assert size_of(one.data) == (90, 60)
    assert [asked.seed for asked in port.requests] == [1, 1, 2]


async def test_the_fake_fails_as_scripted_and_then_works() -> None:
    port = FakeImages([Busy("Too many pictures at once."), Unavailable("Away.")])
    for expected in (Busy, Unavailable):
        with pytest.raises(expected):
            await port.draw(request())
    assert (await port.draw(request())).media_type == "image/png"


async def test_a_flat_picture_comes_as_vectors_too_and_a_painted_one_does_not() -> None:
    port = EmbeddedIllustrator(InlineCompute())
    flat = await port.draw(request(Actor("fox")))
    assert flat.vector.startswith(b"<svg ")
    painted = await port.draw(replace(request(Actor("fox")), style=Style.STORYBOOK))
    assert painted.vector == b""


async def test_who_has_no_likeness_is_said_to_be_made_up() -> None:
    answer = await EmbeddedIllustrator(InlineCompute()).draw(request(Actor("creature"), Actor("fox")))
    shown = [item.what for item in answer.shown]
    assert MADE_UP in shown
    told = alternative_text(request(Actor("creature"), Actor("fox")).scene, SHEETS, shown)
    assert told.endswith(f"One of them is drawn here as a {MADE_UP}.")
    alone = request(Actor("creature")).scene
    assert alternative_text(alone, SHEETS, shown).endswith(f"Drawn here as a {MADE_UP}.")
    assert alternative_text(alone, SHEETS, []) == alone.caption


async def test_who_is_drawn_as_the_nearest_likeness_is_said_to_be() -> None:
    sheets = {**SHEETS, "deer": replace(SHEETS["deer"], in_place_of="moose")}
    moose = replace(request(Actor("deer"), Actor("fox")), sheets=sheets)
    answer = await EmbeddedIllustrator(InlineCompute()).draw(moose)
    shown = [item.what for item in answer.shown]
    assert stand_ins(shown) == (("moose", "a deer"),)
    assert alternative_text(moose.scene, moose.sheets, shown).endswith("The moose is drawn here as a deer.")
    assert alternative_text(moose.scene, moose.sheets, []) == moose.scene.caption  # by somebody who drew a moose


async def test_a_named_stranger_is_made_up_by_name() -> None:
    sphinx = replace(request(Actor("creature")), sheets={"creature": replace(SHEETS["creature"], in_place_of="sphinx")})
    shown = [item.what for item in (await EmbeddedIllustrator(InlineCompute()).draw(sphinx)).shown]
    told = alternative_text(sphinx.scene, sphinx.sheets, shown)
    assert told == f"{sphinx.scene.caption} The sphinx is drawn here as a {MADE_UP}."
