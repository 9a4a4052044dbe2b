"""Who sets scenes in motion: a clip of exactly what was asked, told frame by frame."""

import io
from pathlib import Path

import av
import pytest

from overprint.adapters.video.embedded import ProceduralMotion
from overprint.ports.compute import DISK_FULL, ComputeFailed, ComputeLimit
from overprint.ports.errors import Refused, Unavailable
from tests.contracts.video.conftest import REQUEST, Set

# Frames that are done; of those who only say how far they are, as many as that is.
HEARD = {"embedded": [10, 20], "runway": [0, 9], "fal": [0, 9]}


class BrokenCompute:
    def __init__(self, problem: Exception) -> None:
        self.problem = problem

    async def run(self, *_: object, **__: object) -> bytes:
        raise self.problem


async def nobody(frames: int) -> None:
    return None


async def test_a_clip_has_exactly_the_asked_size_rate_and_number_of_frames(a_set: Set) -> None:
    clip = await a_set.film()
    with av.open(io.BytesIO(clip)) as opened:
        stream = opened.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate, stream.frames) == (160, 88, 25, 22)
        coder = stream.codec_context
        assert (coder.name, coder.pix_fmt, coder.colorspace, coder.color_range) == ("h264", "yuv420p", 1, 1)
        assert len(opened.streams) == 1
    assert a_set.heard == HEARD[a_set.name]
    assert a_set.films.provider.label
    assert clip == await a_set.film()


@pytest.mark.parametrize(
    "wrong", [{"width_px": 161}, {"height_px": 0}, {"frames": 0}, {"fps": 61}, {"width_px": 9000}, {"frames": 10**6}]
)
async def test_what_cannot_be_filmed_is_refused_and_never_sent(a_set: Set, wrong: dict[str, int]) -> None:
    assert isinstance(await a_set.failure(**wrong), Refused)
    assert a_set.server.requests == []


async def test_a_picture_that_is_none_is_refused(a_set: Set) -> None:
    failure = await a_set.failure(is_layered=False, picture=b"GIF89a and then nothing")
    assert isinstance(failure, Refused)
    assert "cannot be read" in failure.message
    assert a_set.server.requests == []


@pytest.mark.parametrize(
    ("problem", "raised"),
    [
        (ComputeFailed("ChildDied", "gone"), Unavailable),
        (ComputeFailed(DISK_FULL, "28"), Unavailable),
        (ComputeLimit("too long"), Refused),
    ],
)
async def test_a_child_that_died_is_tried_again_and_one_that_needed_too_much_is_not(
    problem: Exception, raised: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(raised):
        await ProceduralMotion(BrokenCompute(problem)).film(REQUEST, nobody, tmp_path)  # type: ignore[arg-type]
