"""What the library keeps, under which name, and how much of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.files import FileKind
from overprint.core.problems import Invalid, LimitReached
from overprint.features.library.rules import (
    NAME_MAX_CHARACTERS,
    UPLOAD_MAX_BYTES,
    clean_name,
    recognise,
    refuse_over_quota,
)

PNG = b"\x89PNG\r\n\x1a\n"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "


@pytest.mark.parametrize(
    ("data", "media_type", "kind"),
    [
        (PNG, "image/png", FileKind.IMAGE),
        (b"\xff\xd8\xff\xe0", "image/jpeg", FileKind.IMAGE),
        (WEBP, "image/webp", FileKind.IMAGE),
        (b"%PDF-1.7", "application/pdf", FileKind.PDF),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4", FileKind.VIDEO),
        (b"\x00\x00\x00\x14ftypqt  ", "video/quicktime", FileKind.VIDEO),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "video/webm", FileKind.VIDEO),
    ],
)
def test_a_file_is_what_its_first_bytes_say(data: bytes, media_type: str, kind: FileKind) -> None:
    assert recognise(data) == (media_type, kind)


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"%PDF-1.7", b"PK\x03\x04", b"GIF89a"])
def test_what_follows_the_first_bytes_makes_no_other_file_of_it(tail: bytes) -> None:
    assert recognise(PNG + tail) == ("image/png", FileKind.IMAGE)


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a" + PNG,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html>%PDF-",
        b" %PDF-1.7",
        b"\xef\xbb\xbf%PDF-1.7",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        b"\x00\x00\x00\x20ftypM4A ",
        b"\x00\x00\x00\x20ftypavif",
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska",
        b"RIFF\x10\x00\x00\x00WAVE",
        b"RIFF",
        PNG[:-1],
        b"\xff\xd8",
        b"\x00",
    ],
)
def test_other_files_and_those_with_something_before_them_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        recognise(data)
    assert caught.value.field == "file"


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Invalid, match="empty"):
        recognise(b"")


def test_a_file_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert recognise(PNG + bytes(UPLOAD_MAX_BYTES - len(PNG)))[0] == "image/png"
    with pytest.raises(LimitReached, match="larger than 50 MB"):
        recognise(PNG + bytes(UPLOAD_MAX_BYTES))


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("fox.png", "fox.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\pictures\\fox.png", "fox.png"),
        ("a/b\\c/d.png", "d.png"),
        ("\x00fox\n\u202egnp.exe", "foxgnp.exe"),
        ("  fox.png ", "fox.png"),
        ("狐.png", "狐.png"),
        ("", "upload"),
        ("/", "upload"),
        ("\u202a\x07", "upload"),
    ],
)
def test_a_name_is_a_name_and_no_path(name: str, cleaned: str) -> None:
    assert clean_name(name, "upload") == cleaned


@given(st.text(max_size=500))
def test_any_name_becomes_a_printable_one_of_bounded_length(name: str) -> None:
    cleaned = clean_name(name, "upload")
    assert cleaned.isprintable()
    assert 0 < len(cleaned) <= NAME_MAX_CHARACTERS
    assert "/" not in cleaned
    assert cleaned.encode()


def test_a_team_that_keeps_as_much_as_it_may_is_told_how_much() -> None:
    refuse_over_quota(1_000_000_000, 1_000_000_000)
    for used_bytes in (1_000_000_001, 5_000_000_000):
        with pytest.raises(LimitReached, match=r"may keep 1\.00 GB. Delete"):
            refuse_over_quota(used_bytes, 1_000_000_000)
    with pytest.raises(LimitReached):
        refuse_over_quota(1, 0)
