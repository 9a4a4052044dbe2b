"""Hostile files in a real child with little memory: refused in words, or made harmless, before memory is spent.

A work that decoded first and asked later would end as ``ComputeLimit``, not in a sentence.
"""

import io
import zipfile
from collections.abc import AsyncIterator, Callable
from functools import cache

import pytest
import pytest_asyncio
from PIL import Image

from overprint.adapters.compute.processes import PoolRules, ProcessCompute
from overprint.core.film import Mood
from overprint.craft.editing import SoundOrder, sound_bytes, sound_order
from overprint.craft.fitting import fit
from overprint.craft.framing import pack
from overprint.craft.imaging import thumbnail
from overprint.craft.media import FilmBounds, FirstFrame, first_frame_bytes, first_frame_order, probe_bytes, probe_order
from overprint.craft.photos import clean_photo_bytes, photo_payload
from overprint.ports.compute import ComputeFailed, Work
from tests.support.bombs import BOMBS
from tests.support.films import claiming, film

pytestmark = pytest.mark.asyncio(loop_scope="module")

LITTLE_BYTES = 160_000_000
MARK = b"<script>steal()</script>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def compute() -> AsyncIterator[ProcessCompute]:
    running = ProcessCompute(PoolRules(children=1))
    yield running
    await running.aclose()


def _encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def _polyglot() -> bytes:
    """A JPEG, a web page and a ZIP archive in one file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.html", MARK)
    picture = _encoded(Image.new("RGB", (400, 300), "#3080c0"), "JPEG", comment=MARK)
    return picture + MARK + archive.getvalue()


@cache
def _huge() -> bytes:
    """A hundred megapixels in twelve kilobytes."""
    return _encoded(Image.new("1", (10_000, 10_000)), "PNG")


WORKS: dict[str, tuple[Work, object]] = {
    "a picture in a film": (fit, lambda data: pack({"width_px": 320, "height_px": 180}, {"picture": data})),
    "a first frame": (first_frame_bytes, lambda data: first_frame_order(data, FirstFrame(320, 180, 500_000))),
    "a preview": (thumbnail, lambda data: data),
    "a photo": (clean_photo_bytes, photo_payload),
}


async def _done(compute: ProcessCompute, name: str, data: bytes) -> bytes:
    work, payload = WORKS[name]
    return await compute.run(work, payload(data), timeout_seconds=30, memory_bytes=LITTLE_BYTES)  # type: ignore[operator]


@pytest.mark.parametrize("name", WORKS)
async def test_a_picture_of_a_hundred_megapixels_is_refused_by_its_header(compute: ProcessCompute, name: str) -> None:
    with pytest.raises(ComputeFailed, match=r"pixels|too large"):
        await _done(compute, name, _huge())


@pytest.mark.parametrize("name", WORKS)
async def test_a_picture_that_is_also_a_page_and_an_archive_is_only_a_picture_afterwards(
    compute: ProcessCompute, name: str
) -> None:
    made = await _done(compute, name, _polyglot())
    assert MARK not in made and b"index.html" not in made
    assert Image.open(io.BytesIO(made)).size[0] in (320, 400)


@pytest.mark.parametrize("form", BOMBS)
async def test_a_picture_of_very_many_frames_costs_no_more_than_one(compute: ProcessCompute, form: str) -> None:
    bomb = BOMBS[form]()
    assert len(bomb) < 3_000_000 < 4 * Image.open(io.BytesIO(bomb)).n_frames * 2000 * 2000
    for name in WORKS:
        try:
            assert len(await _done(compute, name, bomb)) < 500_000
        except ComputeFailed as refused:
            assert refused.kind in ("Invalid", "LimitReached", "ValueError", "UnidentifiedImageError"), refused.kind


CLIPS: dict[str, Callable[[], bytes]] = {
    "ten hours that say three seconds": lambda: claiming(film(times=[0, 1, 25 * 36_000]), 3),
    "very many pixels": lambda: film(4000, 4000, frames=1),
    "nothing": bytes,
    "a name": lambda: b"GIF89a" * 9,
}


@pytest.mark.parametrize("name", CLIPS)
async def test_a_driving_clip_that_is_too_much_or_nothing_is_refused(compute: ProcessCompute, name: str) -> None:
    with pytest.raises(ComputeFailed) as refused:
        await compute.run(
            probe_bytes,
            probe_order(CLIPS[name](), FilmBounds(seconds_max=20)),
            timeout_seconds=30,
            memory_bytes=LITTLE_BYTES,
        )
    assert refused.value.kind in ("Invalid", "LimitReached")
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize("sound", [b"", b"RIFF\x00\x00\x00\x00WAVE", b"\x00\x00\x00\x20ftypM4A "])
async def test_a_narration_without_sound_is_told_and_no_film_is_made(compute: ProcessCompute, sound: bytes) -> None:
    order = sound_order(SoundOrder(2.0, (0.0,), Mood.NONE, 1), [sound])
    with pytest.raises(ComputeFailed, match="narration") as refused:
        await compute.run(sound_bytes, order, timeout_seconds=30, memory_bytes=LITTLE_BYTES)
    assert refused.value.kind == "Invalid"
