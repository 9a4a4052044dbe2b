"""Clips become a film: copied end to end, with their sound, in a file that plays at once."""

import io
from collections.abc import Generator

import av
import numpy as np
import pytest

from overprint.core.problems import Invalid
from overprint.craft.editing import (
    Caption,
    FinishOrder,
    JoinOrder,
    finish_bytes,
    finish_order,
    finished_film,
    join_bytes,
    join_order,
)
from overprint.craft.motion.encoder import BETWEEN_STEPS, film_writer
from overprint.craft.narration import aac
from overprint.craft.narration.waves import Sound

WIDTH, HEIGHT, FPS = 96, 64, 24
GREEN = (40, 160, 60)


def clip(frames: int, bgr: tuple[int, int, int] = GREEN) -> bytes:
    with film_writer(WIDTH, HEIGHT, FPS, BETWEEN_STEPS) as writer:
        for number in range(frames):
            frame = np.full((HEIGHT, WIDTH, 4), (*bgr, 255), np.uint8)
            frame[:, : number % WIDTH] //= 2
            writer.add_bgra(frame)
        return writer.finished()


def tone(seconds: float) -> bytes:
    wave = np.sin(np.arange(round(seconds * aac.OUT_RATE_HZ)) * 0.12) * 0.05
    return aac.encoded(Sound(wave.astype(np.float32), aac.OUT_RATE_HZ))


def answer_of(work: Generator[int, None, bytes]) -> tuple[list[int], bytes]:
    told = []
    while True:
        try:
            told.append(next(work))
        except StopIteration as end:
            return told, end.value


def finished(frames: int, *captions: Caption, opens: bool = False, ends: bool = False) -> tuple[list[int], bytes]:
    return answer_of(finish_bytes(finish_order(FinishOrder(captions, frames, FPS, opens, ends), clip(frames))))


def test_a_clip_of_another_length_than_ordered_is_refused() -> None:
    with pytest.raises(Invalid, match="30 frames instead of 31"):
        answer_of(finish_bytes(finish_order(FinishOrder((), 31, FPS, False, False), clip(30))))


@pytest.fixture(scope="module")
def film() -> bytes:
    clips = [finished(30, Caption("Hello", 0.0, 1.0), opens=True)[1], finished(23, ends=True)[1]]
    order = JoinOrder("A film", FPS, 53 / FPS, (0.0, 30 / FPS))
    made = finished_film(join_bytes(join_order(order, clips, [tone(1.0), tone(0.9)])))
    assert made.loudness_lufs == pytest.approx(-16, abs=0.2)
    assert made.peak_dbfs <= -1.4
    return made.data


def test_a_film_has_every_frame_of_its_clips_at_its_time(film: bytes) -> None:
    with av.open(io.BytesIO(film)) as opened:
        times = [float(frame.time or 0) for frame in opened.decode(video=0)]
    assert times == pytest.approx([n / FPS for n in range(53)], abs=1e-3)


def test_pictures_and_sound_begin_and_end_together(film: bytes) -> None:
    with av.open(io.BytesIO(film)) as opened:
        picture, sound = opened.streams.video[0], opened.streams.audio[0]
        assert picture.duration is not None and sound.duration is not None
        assert (picture.start_time, sound.start_time) == (0, 0)
        assert float(picture.duration * picture.time_base) == pytest.approx(53 / FPS, abs=0.001)
        assert float(sound.duration * sound.time_base) == pytest.approx(53 / FPS, abs=0.04)
        assert (sound.codec_context.name, sound.codec_context.sample_rate) == ("aac", 48_000)


def test_a_film_says_its_colours_and_plays_before_all_of_it_is_there(film: bytes) -> None:
    assert film.index(b"moov") < film.index(b"mdat")
    with av.open(io.BytesIO(film)) as opened:
        coder = opened.streams.video[0].codec_context
        assert (coder.name, coder.pix_fmt) == ("h264", "yuv420p")
        assert (coder.colorspace, coder.color_primaries, coder.color_trc, coder.color_range) == (1, 1, 1, 1)
        assert opened.metadata["title"] == "A film"


def test_colours_survive_both_encodings(film: bytes) -> None:
    with av.open(io.BytesIO(film)) as opened:
        frame = list(opened.decode(video=0))[28]
    seen = frame.reformat(format="bgr24", src_colorspace="ITU709").to_ndarray()[4, WIDTH - 8]
    assert np.abs(seen.astype(int) - GREEN).max() <= 6


def test_a_film_comes_out_of_black_and_goes_into_it_and_its_first_frame_can_be_seen(film: bytes) -> None:
    with av.open(io.BytesIO(film)) as opened:
        light = [float(frame.to_ndarray(format="gray").mean()) for frame in opened.decode(video=0)]
    assert 18 < light[0] < light[6] < light[14]
    assert light[52] < light[46] < light[38]


def test_frames_are_told_as_they_are_finished_and_the_same_clip_gives_the_same_bytes() -> None:
    told, data = finished(30)
    assert told == [10, 20, 30]
    assert data == finished(30)[1]


@pytest.mark.parametrize("broken", [b"", b"no film", clip(3)[:300]])
def test_a_clip_that_cannot_be_read_is_refused(broken: bytes) -> None:
    with pytest.raises(Invalid):
        answer_of(finish_bytes(finish_order(FinishOrder((), 3, FPS, True, True), broken)))
    with pytest.raises(Invalid):
        join_bytes(join_order(JoinOrder("x", FPS, 1.0, (0.0,)), [broken], [tone(0.2)]))


def test_a_sound_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Invalid, match="narration"):
        join_bytes(join_order(JoinOrder("x", FPS, 1.0, (0.0,)), [clip(24)], [b"no sound"]))
