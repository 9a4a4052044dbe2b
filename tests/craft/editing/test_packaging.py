"""A film as something else, and a film that is looked at before it is called done."""

import io
import resource
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from overprint.adapters.compute.frames import kind_of
from overprint.core.film import Mood, Output
from overprint.core.problems import Invalid
from overprint.craft.editing import (
    JoinOrder,
    SoundOrder,
    film_sound,
    sound_bytes,
    sound_order,
)
from overprint.craft.editing.packaging import RUNGS_PX, package
from overprint.craft.editing.probing import Meant
from overprint.craft.motion.encoder import FINISHED
from overprint.craft.narration import aac
from overprint.craft.narration.waves import Sound
from overprint.ports.compute import DISK_FULL
from tests.support import works

WIDTH, HEIGHT, FPS, FRAMES = 640, 360, 24, 120
MEANT = Meant(WIDTH, HEIGHT, FPS, FRAMES)


def clip(frames: int, brightness: int = 150, *, moves: bool = True, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    """A square that wanders, cheap to encode."""
    width, height = size

    def picture(number: int) -> np.ndarray:
        frame = np.full((height, width, 4), brightness, np.uint8)
        at = 8 * number % (width * 7 // 8) if moves else 0
        frame[height // 5 : height // 2, at : at + width // 8] //= 2
        return frame

    return works.encoded(map(picture, range(frames)), FPS, FINISHED)


def sound(seconds: float) -> bytes:
    wave = np.sin(np.arange(round(seconds * aac.OUT_RATE_HZ)) * 0.12) * 0.05
    narration = aac.encoded(Sound(wave.astype(np.float32), aac.OUT_RATE_HZ))
    order = SoundOrder(seconds, (0.0,), Mood.NONE, 1)
    return film_sound(sound_bytes(sound_order(order, [narration]))).data


@cache
def whole_sound() -> bytes:
    return sound(FRAMES / FPS)


def joined(*clips: bytes, frames: int = FRAMES, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    order = JoinOrder("A film", FPS, len(clips), frames, *size)
    return works.joined(order, clips, whole_sound())[0]


@pytest.fixture(scope="module")
def film() -> bytes:
    return joined(clip(58), clip(62, 100))


def test_a_film_is_found_to_be_what_it_was_meant_to_be(film: bytes) -> None:
    checks = works.checked(film, MEANT)
    assert checks.problems == ()
    assert (checks.frames, checks.fps, checks.video, checks.audio) == (FRAMES, FPS, "h264", "aac")
    assert checks.sync_seconds <= 0.04
    assert checks.loudness_lufs == pytest.approx(-16, abs=0.3)


@pytest.mark.parametrize(
    ("meant", "problem"),
    [
        (replace(MEANT, frames=FRAMES + 1), "frames"),
        (replace(MEANT, width_px=WIDTH + 2), "pixels"),
        (replace(MEANT, fps=30), "a second"),
    ],
)
def test_a_film_of_another_size_or_length_is_not_done(film: bytes, meant: Meant, problem: str) -> None:
    assert any(problem in told for told in works.checked(film, meant).problems)


SMALL = (96, 64)


@pytest.mark.parametrize(
    ("clips", "note"),
    [
        (lambda: [clip(FRAMES, moves=False, size=SMALL)], "Nothing moves for 5"),
        (lambda: [clip(60, size=SMALL), clip(60, 0, size=SMALL)], "It is black for"),
    ],
    ids=["still", "black"],
)
def test_a_film_that_rests_or_is_dark_is_delivered_with_a_note(clips: Callable[[], list[bytes]], note: str) -> None:
    checks = works.checked(joined(*clips(), size=SMALL), replace(MEANT, width_px=SMALL[0], height_px=SMALL[1]))
    assert checks.problems == ()
    assert any(note in told for told in checks.notes)


def test_a_film_that_is_not_what_it_was_meant_to_be_is_not_delivered() -> None:
    with pytest.raises(Invalid, match="apart"):
        joined(clip(FRAMES - 4, size=SMALL), frames=FRAMES - 4, size=SMALL)


def test_an_index_at_the_end_is_noticed() -> None:
    late = io.BytesIO()
    with av.open(io.BytesIO(clip(4, size=SMALL))) as source, av.open(late, "w", format="mp4") as made:
        copy = made.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                made.mux(packet)
    assert any("before all of it" in told for told in works.checked(late.getvalue(), MEANT).problems)


def test_webm_has_every_frame_its_sound_and_its_colours(film: bytes) -> None:
    with av.open(io.BytesIO(works.packaged(Output.WEBM, film)["film.webm"])) as made:
        video, audio = made.streams.video[0].codec_context, made.streams.audio[0].codec_context
        assert (video.name, audio.name, video.colorspace) == ("vp9", "opus", 1)
        assert (video.width, video.height) == (WIDTH, HEIGHT)
        frames = [frame.time for frame in made.decode(video=0)]
    assert len(frames) == FRAMES
    assert frames[-1] == pytest.approx((FRAMES - 1) / FPS, abs=0.01)


def test_a_ladder_has_rungs_that_are_cut_at_the_same_places_into_short_parts(film: bytes) -> None:
    files = works.packaged(Output.HLS, film)
    rungs = [HEIGHT, *(px for px in RUNGS_PX if px < HEIGHT)]
    assert set(files) == {"film.m3u8", *(f"{px}p.{kind}" for px in rungs for kind in ("m3u8", "m4s"))}
    lists = [files[f"{px}p.m3u8"].decode() for px in rungs]
    lengths = [[line for line in told.splitlines() if line.startswith("#EXTINF:")] for told in lists]
    assert lengths[0] == lengths[1]
    assert max(float(line.removeprefix("#EXTINF:").rstrip(",")) for line in lengths[0]) <= 4
    assert [f"{px}p.m3u8" for px in rungs] == [line for line in files["film.m3u8"].decode().split() if line[0] != "#"]
    with av.open(io.BytesIO(files[f"{HEIGHT}p.m4s"])) as top, av.open(io.BytesIO(film)) as whole:
        copied, first = (next(source.decode(video=0)).to_ndarray() for source in (top, whole))
        assert np.array_equal(copied, first), "the highest rung is the film itself"
    with av.open(io.BytesIO(files[f"{rungs[-1]}p.m4s"])) as low:
        assert sum(1 for _ in low.decode(video=0)) == FRAMES


def test_a_ladder_that_found_no_room_is_not_called_whole(film: bytes, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(film)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(film) // 2, before[1]))
    try:
        with pytest.raises(OSError) as failed:
            package(tmp_path / "film.mp4", Output.HLS, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert kind_of(failed.value) == DISK_FULL, "which is told, and tried again"


@pytest.mark.parametrize("output", [Output.GIF, Output.WEBP])
def test_a_loop_goes_forwards_and_back_without_end(film: bytes, output: Output) -> None:
    with Image.open(io.BytesIO(works.packaged(output, film)[f"loop.{output}"])) as loop:
        assert max(loop.size) == 480
        assert getattr(loop, "n_frames", 1) == 46
        assert loop.info["loop"] == 0
        loop.seek(1)
        second = np.asarray(loop.convert("RGB")).astype(int)
        loop.seek(45)
        last = np.asarray(loop.convert("RGB")).astype(int)
    assert np.abs(second - last).mean() < 3, "it has a seam"


def test_what_is_no_film_becomes_nothing_else() -> None:
    for output in Output:
        with pytest.raises(Invalid):
            works.packaged(output, b"no film")
