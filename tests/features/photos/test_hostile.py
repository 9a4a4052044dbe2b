"""Hostile files meet a child process that can be killed: a plain answer, and nothing left behind."""

import io
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator

import numpy as np
import pytest
from PIL import Image

from overprint.adapters.compute.processes import ProcessCompute
from overprint.core.problems import Invalid, LimitReached
from overprint.features.photos import Reader
from tests.craft.photos.portraits import encoded, portrait
from tests.features.photos.people import photo


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    compute = ProcessCompute()
    yield Reader(compute)
    await compute.aclose()


def _png_of(width: int, height: int) -> bytes:
    """A header that claims so many pixels; behind it next to nothing."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = b"IDAT" + zlib.compress(bytes(1000))
    chunks = b"".join(struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (header, lines))
    return b"\x89PNG\r\n\x1a\n" + chunks


def _polyglot() -> bytes:
    """A photo to one program, an archive with a script to another."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as into:
        into.writestr("run.sh", "rm -rf /")
    return photo() + archive.getvalue() + b"<script>alert(1)</script>"


def _exif_bomb() -> bytes:
    """Every APP segment that fits, full of EXIF that points at itself."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)  # a directory whose sub-directory is itself
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + b"\0\0\0\0"
    segment = b"Exif\0\0" + tiff + bytes(60_000)
    block = b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment
    return photo()[:2] + block * 300 + photo()[2:]


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (_png_of(10_000, 10_000), LimitReached, "10000 × 10000"),
        (_png_of(2**31 - 1, 2**31 - 1), LimitReached, "pixels"),
        (_png_of(800, 800), Invalid, "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", Invalid, "SVG"),
        (b"\xff\xd8\xff" + b"\xff\xda\x00\x08" * 100_000, Invalid, "damaged"),
    ],
    ids=["hundred_megapixels", "endless", "empty_png", "svg", "scans"],
)
async def test_bombs_are_refused_by_what_they_claim(
    reader: Reader, data: bytes, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        await reader.clean(data)


async def test_of_a_polyglot_only_the_picture_is_left(reader: Reader) -> None:
    clean = await reader.clean(_polyglot())
    assert b"run.sh" not in clean and b"script" not in clean
    assert not zipfile.is_zipfile(io.BytesIO(clean))
    assert (await reader.read(clean)).trait("outfit").name == "blue"


async def test_metadata_that_is_a_bomb_is_dropped(reader: Reader) -> None:
    clean = await reader.clean(_exif_bomb())
    assert len(clean) < 300_000 and b"Exif" not in clean
    assert len((await reader.read(clean)).faces) == 1


def _cmyk() -> bytes:
    out = io.BytesIO()
    Image.fromarray(portrait()).convert("CMYK").save(out, "JPEG", quality=93)
    return out.getvalue()


def _sixteen_bit() -> bytes:
    out = io.BytesIO()
    Image.fromarray((portrait().mean(axis=2) * 257).astype(np.uint16)).save(out, "PNG")
    return out.getvalue()


async def test_unusual_but_honest_photos_are_read(reader: Reader) -> None:
    for data in (_cmyk(), _sixteen_bit(), encoded(portrait(), "WEBP"), encoded(portrait(), "PNG")):
        assert len((await reader.read(await reader.clean(data))).faces) == 1


async def test_a_moving_picture_is_no_photo(reader: Reader) -> None:
    out = io.BytesIO()
    frames = [Image.fromarray(portrait(hair=hair)) for hair in ("#7c3a22", "#1f1a1a")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(Invalid, match="moves"):
        await reader.clean(out.getvalue())
