"""Who sets scenes in motion: a clip of exactly what was asked, told frame by frame."""

import io
from dataclasses import replace

import av
import pytest

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.video.embedded import ProceduralMotion
from overprint.core.film import Move
from overprint.core.scene import Setting
from overprint.core.story import Style
from overprint.ports.compute import ComputeFailed, ComputeLimit
from overprint.ports.errors import Refused, Unavailable
from overprint.ports.video import VideoRequest
from tests.craft.drawing.people import SHEETS, scene

REQUEST = VideoRequest(
    scene=scene(setting=Setting.SEA),
    sheets=SHEETS,
    style=Style.FLAT,
    move=Move(zoom=5),
    width_px=160,
    height_px=90,
    fps=25,
    frames=22,
    seed=1,
    picture=b"",
    is_layered=True,
    prompt="It moves.",
    idempotency_key="job-1:film",
)


class BrokenCompute:
    def __init__(self, problem: Exception) -> None:
        self.problem = problem

    async def run(self, *_: object, **__: object) -> bytes:
        raise self.problem


async def nobody(frames: int) -> None:
    return None


async def test_a_clip_has_exactly_the_asked_size_rate_and_number_of_frames() -> None:
    heard: list[int] = []

    async def told(frames: int) -> None:
        heard.append(frames)

    motion = ProceduralMotion(InlineCompute())
    answer = await motion.film(REQUEST, told)
    with av.open(io.BytesIO(answer.data)) as opened:
        stream = opened.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate, stream.frames) == (160, 90, 25, 22)
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
    assert heard == [10, 20]
    assert answer.data == (await motion.film(REQUEST, nobody)).data


@pytest.mark.parametrize(
    "wrong", [{"width_px": 161}, {"height_px": 0}, {"frames": 0}, {"fps": 61}, {"width_px": 9000}, {"frames": 10**6}]
)
async def test_what_cannot_be_filmed_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(Refused):
        await ProceduralMotion(InlineCompute()).film(replace(REQUEST, **wrong), nobody)  # type: ignore[arg-type]


async def test_a_picture_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be read"):
        flat = replace(REQUEST, is_layered=False, picture=b"GIF89a and then nothing")
        await ProceduralMotion(InlineCompute()).film(flat, nobody)


@pytest.mark.parametrize(
    ("problem", "raised"),
    [(ComputeFailed("ChildDied", "gone"), Unavailable), (ComputeLimit("too long"), Refused)],
)
async def test_a_child_that_died_is_tried_again_and_one_that_needed_too_much_is_not(
    problem: Exception, raised: type[Exception]
) -> None:
    with pytest.raises(raised):
        await ProceduralMotion(BrokenCompute(problem)).film(REQUEST, nobody)  # type: ignore[arg-type]
