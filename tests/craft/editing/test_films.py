"""Clips become a film: copied end to end, with their sound, in a file that plays at once."""

import io
from dataclasses import replace
from functools import cache

import av
import numpy as np
import pytest

from overprint.core.film import Grade, Look, Mood, Transition
from overprint.core.problems import Invalid
from overprint.craft.editing import (
    Caption,
    FilmSound,
    FinishOrder,
    JoinOrder,
    SoundOrder,
    film_sound,
    finish_timeout_seconds,
    sound_bytes,
    sound_order,
)
from overprint.craft.motion.encoder import BETWEEN_STEPS
from overprint.craft.narration import aac
from overprint.craft.narration.waves import Sound
from tests.support import works

WIDTH, HEIGHT, FPS = 96, 64, 24
GREEN = (40, 160, 60)


def clip(frames: int, bgr: tuple[int, int, int] = GREEN) -> bytes:
    def picture(number: int) -> np.ndarray:
        frame = np.full((HEIGHT, WIDTH, 4), (*bgr, 255), np.uint8)
        frame[:, : number % WIDTH] //= 2
        return frame

    return works.encoded(map(picture, range(frames)), FPS, BETWEEN_STEPS)


def tone(seconds: float) -> bytes:
    wave = np.sin(np.arange(round(seconds * aac.OUT_RATE_HZ)) * 0.12) * 0.05
    return aac.encoded(Sound(wave.astype(np.float32), aac.OUT_RATE_HZ))


def finished(frames: int, *captions: Caption, opens: bool = False, ends: bool = False) -> tuple[list[int], bytes]:
    return works.finished(FinishOrder(captions, frames, FPS, opens, ends), clip(frames))


def test_a_clip_of_another_length_than_ordered_is_refused() -> None:
    with pytest.raises(Invalid, match="30 frames instead of 31"):
        works.finished(FinishOrder((), 31, FPS, False, False), clip(30))


@pytest.fixture(scope="module")
def sound() -> FilmSound:
    order = SoundOrder(53 / FPS, (0.0, 30 / FPS), Mood.NONE, 1)
    return film_sound(sound_bytes(sound_order(order, [tone(1.0), tone(0.9)])))


@pytest.fixture(scope="module")
def film(sound: FilmSound) -> bytes:
    clips = [finished(30, Caption("Hello", 0.0, 1.0), opens=True)[1], finished(23, ends=True)[1]]
    order = JoinOrder("A film", FPS, 2, 53, WIDTH, HEIGHT)
    return works.joined(order, clips, sound.data)[0]


def test_a_film_is_as_loud_as_films_are(sound: FilmSound) -> None:
    assert sound.loudness_lufs == pytest.approx(-16, abs=0.2)
    assert sound.peak_dbtp <= -1


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


def test_a_clip_that_is_held_steady_tells_how_far_it_is_while_it_is_looked_at() -> None:
    plain = FinishOrder((), 40, FPS, False, False)
    order = replace(plain, is_steadied=True, transition=Transition.DISSOLVE, before_frames=20, overlap=9)
    told, data = works.finished(order, clip(40), clip(30))
    assert told == sorted(told) and told[-1] == 40
    assert len(told) >= 8, "nothing is told while it is looked at"
    assert len(greys(data)) == 40
    assert finish_timeout_seconds(order) > finish_timeout_seconds(plain) + 30


@pytest.mark.parametrize("broken", [b"", b"no film", clip(3)[:300]])
def test_a_clip_that_cannot_be_read_is_refused(broken: bytes, sound: FilmSound) -> None:
    with pytest.raises(Invalid):
        works.finished(FinishOrder((), 3, FPS, True, True), broken)
    with pytest.raises(Invalid):
        works.joined(JoinOrder("x", FPS, 1, 24, WIDTH, HEIGHT), [broken], sound.data)


def test_a_sound_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Invalid, match="narration"):
        sound_bytes(sound_order(SoundOrder(1.0, (0.0,), Mood.NONE, 1), [b"no sound"]))
    with pytest.raises(Invalid, match="sound of this film"):
        works.joined(JoinOrder("x", FPS, 1, 24, WIDTH, HEIGHT), [clip(24)], b"no sound")


@pytest.mark.parametrize("kind", [kind for kind in Transition if kind is not Transition.CUT])
def test_a_scene_begins_with_the_end_of_the_one_before_it_and_then_is_alone(kind: Transition) -> None:
    order = FinishOrder((), 16, FPS, False, False, transition=kind, before_frames=20, overlap=9)
    mixed = greys(works.finished(order, dark(), light())[1])
    alone = greys(works.finished(FinishOrder((), 16, FPS, False, False), dark())[1])
    assert np.abs(mixed[0] - alone[0]).mean() > 20, "nothing is seen of the scene before"
    assert np.abs(mixed[4] - alone[4]).mean() > 4
    assert max(np.abs(after - before).mean() for before, after in zip(mixed[10:], alone[10:], strict=True)) < 2


def test_a_cut_takes_nothing_of_the_scene_before() -> None:
    order = FinishOrder((), 4, FPS, False, False, transition=Transition.CUT, before_frames=20, overlap=9)
    assert greys(works.finished(order, dark(), light())[1])[0].mean() < 60


def test_a_clip_of_another_size_is_refused_rather_than_mixed() -> None:
    other = works.encoded([np.zeros((64, 64, 4), np.uint8)], FPS, BETWEEN_STEPS)
    order = FinishOrder((), 4, FPS, False, False, transition=Transition.DISSOLVE, overlap=1)
    with pytest.raises(Invalid, match="different sizes"):
        works.finished(order, dark(), other)


def test_an_enlarged_clip_shows_the_same_in_more_pixels() -> None:
    order = FinishOrder((), 4, FPS, False, False, width_px=2 * WIDTH, height_px=2 * HEIGHT)
    large = greys(works.finished(order, light())[1])[3]
    small = greys(works.finished(FinishOrder((), 4, FPS, False, False), light())[1])[3]
    assert large.shape == (2 * HEIGHT, 2 * WIDTH)
    assert np.abs(large.reshape(HEIGHT, 2, WIDTH, 2).mean(axis=(1, 3)) - small).mean() < 2


def test_credits_lie_over_the_end_and_the_picture_steps_back() -> None:
    plain = FinishOrder((), 30, FPS, False, False)
    shown = FinishOrder((), 30, FPS, False, False, title="The Storm", credits=("procedural picture",), credit_frames=20)
    without, over = (greys(works.finished(order, light())[1]) for order in (plain, shown))
    assert np.abs(over[5] - without[5]).mean() < 2
    assert over[29].mean() < without[29].mean() - 30
    assert over[29].max() > 170, "the words cannot be read"


def greys(film: bytes) -> list[np.ndarray]:
    with av.open(io.BytesIO(film)) as opened:
        return [frame.to_ndarray(format="gray").astype(np.int16) for frame in opened.decode(video=0)]


@cache
def dark() -> bytes:
    return clip(30, (40, 44, 40))


@cache
def light() -> bytes:
    return clip(30, (200, 210, 200))


def test_noir_has_no_colour_and_grain_is_of_every_frame_and_comes_again() -> None:
    noir = FinishOrder((), 3, FPS, False, False, look=Look(Grade.NOIR, grain=8, vignette=10), seed=3)
    made = works.finished(noir, clip(3, (30, 200, 90)))[1]
    assert made == works.finished(noir, clip(3, (30, 200, 90)))[1]
    with av.open(io.BytesIO(made)) as opened:
        frames = [frame.to_ndarray() for frame in opened.decode(video=0)]
    assert np.abs(frames[1][HEIGHT:].astype(int) - 128).max() <= 3
    luma = frames[1][:HEIGHT].astype(int)
    assert luma[:4, -4:].mean() < luma[28:36, 60:70].mean() - 10, "corners are no darker"
