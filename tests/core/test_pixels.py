"""Picture sizes are read from headers, as Pillow reads them from the whole."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from overprint.core.pixels import picture_size

FORMATS = [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True}), ("WEBP", {}), ("WEBP", {"lossless": True})]


def _encoded(form: str, options: dict[str, bool], size: tuple[int, int], mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 100 if mode == "L" else None).save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(("form", "options"), FORMATS)
@given(width=st.integers(1, 300), height=st.integers(1, 300))
def test_the_size_of_a_picture_is_read(form: str, options: dict[str, bool], width: int, height: int) -> None:
    assert picture_size(_encoded(form, options, (width, height))) == (width, height)


def test_a_webp_with_transparency_is_read() -> None:
    assert picture_size(_encoded("WEBP", {}, (33, 44), "RGBA")) == (33, 44)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF1234WEBPVP8X"]))
def test_any_bytes_are_survived(data: bytes, start: bytes) -> None:
    found = picture_size(start + data)
    assert found is None or len(found) == 2


@pytest.mark.parametrize(("form", "options"), FORMATS)
def test_a_picture_that_breaks_off_has_no_size_or_the_true_one(form: str, options: dict[str, bool]) -> None:
    whole = _encoded(form, options, (40, 50))
    assert {picture_size(whole[:length]) for length in range(60)} <= {None, (40, 50), (0, 0)}
