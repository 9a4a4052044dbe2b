"""What strangers send: told by content and header before anything is decoded."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from overprint.core.problems import Invalid, LimitReached
from overprint.craft.photos import PHOTO_MAX_BYTES, clean_photo_bytes, photo_payload
from overprint.craft.photos.opening import open_photo
from tests.craft.photos.portraits import encoded, portrait

FLAG = np.zeros((120, 180, 3), np.uint8)
FLAG[:, :60], FLAG[:, 60:120], FLAG[:, 120:] = (200, 40, 30), (240, 240, 235), (30, 60, 160)


def _near(picture: np.ndarray, y: int, x: int, colour: tuple[int, int, int], by: int = 12) -> bool:
    """``colour`` is red first, as people write it."""
    return int(np.abs(picture[y, x, ::-1].astype(int) - colour).max()) <= by


def _png_header(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_of_photo_open_as_they_look(kind: str) -> None:
    picture = open_photo(encoded(FLAG, kind))
    assert picture.shape == (120, 180, 3) and picture.dtype == np.uint8
    assert _near(picture, 60, 30, (200, 40, 30)) and _near(picture, 60, 150, (30, 60, 160))


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "CMYK"])
def test_other_ways_to_store_colours_come_out_as_red_green_and_blue(mode: str) -> None:
    image = Image.fromarray(FLAG).convert(mode)
    out = io.BytesIO()
    image.save(out, "JPEG" if mode == "CMYK" else "PNG")
    picture = open_photo(out.getvalue())
    assert picture.shape == (120, 180, 3)
    assert picture[60, 90].mean() > 200 > picture[60, 150].mean()
    if mode in ("P", "RGBA", "CMYK"):
        assert _near(picture, 60, 30, (200, 40, 30), 30)


def test_sixteen_bits_a_pixel_are_read_by_their_upper_half() -> None:
    deep = (np.linspace(0, 65535, 100)[None, :] * np.ones((100, 1))).astype(np.uint16)
    out = io.BytesIO()
    Image.fromarray(deep).save(out, "PNG")
    picture = open_photo(out.getvalue())
    assert picture[50, 0].max() == 0 and picture[50, 99].min() == 255 and 110 < picture[50, 49, 0] < 145


def test_what_can_be_seen_through_gets_white_behind_it() -> None:
    clear = np.dstack([FLAG, np.full(FLAG.shape[:2], 0, np.uint8)])
    assert open_photo(encoded(clear, "PNG")).min() == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_camera_gives_an_upright_photo(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(FLAG)
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    if orientation in back:
        stored = stored.transpose(Image.Transpose(back[orientation]))
    out = io.BytesIO()
    stored.save(out, "JPEG", exif=exif, quality=95)
    picture = open_photo(out.getvalue())
    assert picture.shape == (120, 180, 3)
    assert _near(picture, 60, 20, (200, 40, 30)) and _near(picture, 60, 160, (30, 60, 160))


def test_a_profile_is_taken_into_the_colours_and_a_broken_one_is_ignored() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    plain = open_photo(encoded(FLAG, "PNG"))
    for profile in (lab, b"no profile at all" * 20):
        assert np.array_equal(open_photo(encoded(FLAG, "PNG", icc_profile=profile)), plain)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert int(np.abs(open_photo(encoded(FLAG, "PNG", icc_profile=srgb)).astype(int) - plain).max()) <= 2


def test_a_large_photo_is_reduced_to_what_is_worked_on() -> None:
    assert open_photo(encoded(portrait(side_px=1280)), side_px=400).shape == (400, 400, 3)


def test_a_hundred_megapixels_are_refused_by_the_header_alone() -> None:
    with pytest.raises(LimitReached, match="10000 × 10000 pixels"):
        open_photo(_png_header(10_000, 10_000))


def test_a_file_of_too_many_bytes_is_refused() -> None:
    with pytest.raises(LimitReached, match="40 MB"):
        open_photo(b"\xff\xd8\xff" + bytes(PHOTO_MAX_BYTES))


def test_a_photo_with_thousands_of_scans_is_refused() -> None:
    whole = encoded(FLAG, "JPEG", progressive=True)
    scan = whole.index(b"\xff\xda")
    with pytest.raises(Invalid, match="damaged"):
        open_photo(whole[:scan] + whole[scan:-2] * 80 + b"\xff\xd9")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
        (b"%PDF-1.7 and more", "no photo"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "damaged"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8X" + bytes(30), "too small"),
        (_png_header(8, 8), "too small"),
        (_png_header(6000, 90), "too narrow"),
        (_png_header(500, 500), "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_photo_is_refused_in_plain_words(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as caught:
        open_photo(data)
    assert caught.value.next_step


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_a_picture_that_moves_is_no_photo(kind: str) -> None:
    frames = [Image.fromarray(np.roll(FLAG, n * 40, axis=1)) for n in range(3)]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    with pytest.raises(Invalid, match="GIF" if kind == "GIF" else "moves"):
        open_photo(out.getvalue())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_refused(kind: str) -> None:
    whole = encoded(portrait(side_px=300), kind)
    with pytest.raises(Invalid, match="damaged"):
        open_photo(whole[: len(whole) // 2])


def test_nothing_that_hides_in_the_file_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("hidden.txt", "SECRETPAYLOAD")
    both = encoded(FLAG, "JPEG", exif=exif, comment=b"SECRETCOMMENT") + archive.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(both)) and b"SECRETCAMERA" in both
    clean = clean_photo_bytes(photo_payload(both))
    assert b"SECRET" not in clean and not zipfile.is_zipfile(io.BytesIO(clean))
    image = Image.open(io.BytesIO(clean))
    assert not image.getexif() and set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert _near(open_photo(clean), 60, 30, (200, 40, 30))


def test_sixty_megapixels_stay_under_a_gigabyte() -> None:
    """In a process of its own, so that the peak is that of this photo: flat, 7740 × 7740, with transparency."""
    code = (
        "import sys\n"
        "from overprint.craft.photos.opening import open_photo\n"
        "data = sys.stdin.buffer.read()\n"
        "assert open_photo(data).shape == (1500, 1500, 3)\n"
        # Not getrusage: its peak is inherited from the process that started this one, here a whole test run's.
        "status = open('/proc/self/status').read()\n"
        "print(int(status.split('VmHWM:')[1].split()[0]) // 1024)\n"
    )
    out = io.BytesIO()
    Image.new("RGBA", (7740, 7740), (200, 40, 30, 128)).save(out, "PNG", compress_level=1)
    done = subprocess.run(
        [sys.executable, "-c", code], input=out.getvalue(), capture_output=True, timeout=120, check=True
    )
    assert int(done.stdout) < 1024
