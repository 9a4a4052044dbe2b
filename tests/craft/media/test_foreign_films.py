"""Films that others made: honest ones become clips of ours, dishonest ones are refused before they cost anything."""

import io
import struct
import tracemalloc
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import av
import cv2
import numpy as np
import pytest

from overprint.core.problems import Invalid, LimitReached, Problem
from overprint.craft.media import (
    Conforming,
    FilmBounds,
    FilmFacts,
    FirstFrame,
    conform_film,
    conform_order,
    first_frame_bytes,
    first_frame_order,
    placed,
    probe_bytes,
    probe_order,
    probed,
)
from tests.support.films import claiming, film
from tests.support.works import clip_left

BOUNDS = FilmBounds(seconds_max=20)


@cache
def honest() -> bytes:
    return film()


def facts_of(data: bytes, bounds: FilmBounds = BOUNDS) -> FilmFacts:
    return probed(probe_bytes(probe_order(data, bounds)))


def clip_of(data: bytes, order: Conforming) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """The clip's frames in grey, after its promises were checked."""
    clip = clip_left(conform_film, conform_order(data, order))
    with av.open(io.BytesIO(clip)) as opened:
        stream = opened.streams.video[0]
        assert (stream.width, stream.height) == (order.width_px, order.height_px)
        assert (stream.average_rate, stream.frames) == (order.fps, order.frames)
        coder = stream.codec_context
        assert (coder.name, coder.pix_fmt, coder.colorspace, coder.color_range) == ("h264", "yuv420p", 1, 1)
        assert len(opened.streams) == 1
        return [frame.to_ndarray(format="gray") for frame in opened.decode(video=0)]


def bar_at(frame: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    """Where the white bar is, 0 to 1."""
    return float(frame.mean(axis=0).argmax()) / frame.shape[1]


@pytest.mark.parametrize("form", ["mp4", "webm"])
def test_a_film_tells_what_it_has(form: str) -> None:
    facts = facts_of(film(form=form))
    assert (facts.width_px, facts.height_px, facts.frames) == (160, 90, 50)
    assert facts.seconds == pytest.approx(2, abs=0.05)
    assert facts.fps == pytest.approx(25, abs=0.7)


def far_too_long() -> bytes:
    return film(times=[0, 1, 25 * 36_000])


def many_pixels_that_say_few() -> bytes:
    return film(4000, 4000, frames=2).replace(struct.pack(">HH", 4000, 4000), struct.pack(">HH", 160, 90))


DISHONEST: dict[str, tuple[Callable[[], bytes], type[Problem], str]] = {
    "nothing": (bytes, Invalid, "empty"),
    "a document": (lambda: b"%PDF-1.7 and more", Invalid, "no film"),
    "a playlist that names other files": (lambda: b"#EXTM3U\n#EXTINF:5,\n/etc/passwd\n", Invalid, "no film"),
    "a list of files": (lambda: b"ffconcat version 1.0\nfile '/etc/passwd'\n", Invalid, "no film"),
    "only a beginning": (lambda: honest()[:600], Invalid, "damaged"),
    "a name and noise": (lambda: b"\x00\x00\x00\x20ftypisom" + bytes(range(256)) * 40, Invalid, "damaged"),
    "ten hours": (far_too_long, LimitReached, "longer than 20 seconds"),
    "ten hours that say two seconds": (lambda: claiming(far_too_long(), 2), LimitReached, "longer than 20"),
    "far too many pixels": (lambda: film(4000, 4000, frames=1), LimitReached, "pixels"),
    "many pixels that say few": (many_pixels_that_say_few, LimitReached, "pixels"),
}


@pytest.mark.parametrize("name", DISHONEST)
def test_what_is_no_honest_film_is_refused(name: str) -> None:
    make, problem, said = DISHONEST[name]
    data = make()
    with pytest.raises(problem, match=said) as refused:
        facts_of(data)
    assert refused.value.next_step


def test_a_film_of_too_many_bytes_is_not_even_opened() -> None:
    with pytest.raises(LimitReached, match="MB"):
        facts_of(honest(), FilmBounds(bytes_max=1000))


def test_a_film_of_too_many_frames_is_told_so_and_not_that_it_is_long() -> None:
    with pytest.raises(LimitReached, match="more than 40 frames"):
        facts_of(honest(), FilmBounds(seconds_max=4, fps_max=10))


def test_a_longer_film_is_cut_and_keeps_its_pace() -> None:
    shown = clip_of(honest(), Conforming(160, 90, 30, 30))
    assert bar_at(shown[0]) < 0.05
    assert bar_at(shown[-1]) == pytest.approx(0.45, abs=0.04)


def test_a_shorter_film_is_slowed_down_without_standing_still() -> None:
    shown = clip_of(honest(), Conforming(80, 44, 30, 90))
    assert bar_at(shown[-1]) == pytest.approx(0.9, abs=0.06)
    still = sum(bool(np.abs(after.astype(int) - before).max() <= 2) for before, after in pairwise(shown))
    assert still < 6


def test_a_film_that_is_much_too_short_is_refused() -> None:
    with pytest.raises(Invalid, match="too short"):
        clip_of(honest(), Conforming(80, 44, 30, 200))
    with pytest.raises(Invalid, match="instead of 5"):
        clip_of(honest(), Conforming(80, 44, 30, 30, seconds_least=5))


def test_a_film_of_a_phone_that_was_held_upright_stands_upright() -> None:
    (first, *_) = clip_of(film(turn=1), Conforming(90, 160, 25, 5))
    assert first[:14].mean() > 240, "the bar, at the left of what is stored, is not above"
    assert first[16:].mean() < 130


def test_a_picture_comes_back_whole_from_a_frame_of_another_shape() -> None:
    picture = np.full((100, 80, 3), 128, np.uint8)
    picture[:4] = picture[-4:] = 255
    frame = first_frame_bytes(
        first_frame_order(bytes(cv2.imencode(".png", picture)[1]), FirstFrame(832, 1104, 3_000_000))
    )
    decoded = cv2.imdecode(np.frombuffer(frame, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert decoded.shape == (1104, 832)
    box = placed(80, 100, 832, 1104)
    assert (box.left, box.width) == (0, 1)
    top, bottom = round(box.top * 1104), round((box.top + box.height) * 1104)
    assert decoded[top + 5, 400] > 240 and decoded[bottom - 6, 400] > 240
    assert abs(int(decoded[550, 400]) - 128) < 6


def test_a_picture_that_must_be_small_is_made_small_and_a_huge_one_is_not_decoded() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 400, 3), np.uint8)
    small = first_frame_bytes(first_frame_order(bytes(cv2.imencode(".png", noise)[1]), FirstFrame(400, 300, 90_000)))
    assert len(small) <= 90_000
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 10_000, 10_000)
    tracemalloc.start()
    with pytest.raises(LimitReached, match="million pixels"):
        first_frame_bytes(first_frame_order(header + bytes(100), FirstFrame(400, 300, 90_000)))
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
