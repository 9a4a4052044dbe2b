"""A file that a step made, as its output names it. The bytes lie in storage under ``key``."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, BinaryIO

_PIECE_BYTES = 1 << 20


class FileKind(StrEnum):
    """What a stored file is for people."""

    IMAGE = "image"
    PDF = "pdf"
    EPUB = "epub"
    AUDIO = "audio"
    VIDEO = "video"
    OTHER = "other"


THUMBNAIL_SIDE_PX = 840
"""The longer side of a preview: enough for a phone at two pixels a point."""


def preview_width_px(width_px: int, height_px: int) -> int:
    """How wide the preview of a picture is."""
    return round(THUMBNAIL_SIDE_PX * width_px / max(width_px, height_px, THUMBNAIL_SIDE_PX))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """``content_hash`` is SHA-256 in hex. Pixels, seconds and a small preview (``thumbnail_…``) where they apply."""

    key: str
    content_hash: str
    size_bytes: int
    media_type: str
    kind: FileKind
    name: str
    width_px: int | None = None
    height_px: int | None = None
    duration_seconds: float | None = None
    thumbnail_key: str | None = None
    thumbnail_size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class FilmSize:
    """How large a film's frames are as they are stored, and how long it lasts."""

    width_px: int
    height_px: int
    seconds: float


_FIRST_BYTES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/epub+zip"),
)
# Films and pictures come in the same kind of file as sound (MOV, AVIF, HEIC); its brand tells them apart.
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"isom", b"iso2", b"iso5", b"iso6", b"mp41", b"mp42"})


def media_type_of(data: bytes) -> str | None:
    """What a file is by its first bytes, if it is of a kind that can carry credentials."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _SOUND_BRANDS:
        return "audio/mp4"
    return next((media_type for first, media_type in _FIRST_BYTES if data.startswith(first)), None)


SIGNED = "signed/"
"""What the key of a step begins with that signs the file of the step whose key follows."""
MENTIONS: Mapping[str, bool] = {"mentions": True}
FILE_NAME_MAX_BYTES = 120
_MARKS = frozenset(" -_.,()’!&+")


def sha256_of(file: BinaryIO) -> str:
    """Of what is left to read of it, in hex; never more than a piece of it is in memory."""
    found = sha256()
    while piece := file.read(_PIECE_BYTES):
        found.update(piece)
    return found.hexdigest()


def file_name(text: str, extension: str = "") -> str:
    """A file name for people from any text, safe on every file system and in every link."""
    kept = "".join(letter if letter.isalnum() or letter in _MARKS else " " for letter in text)
    stem = " ".join(kept.split()).strip(". ")
    while len(stem.encode()) > FILE_NAME_MAX_BYTES:
        stem = stem[:-1]
    stem = stem.strip(". ") or "file"
    return f"{stem}.{extension}" if extension else stem


def files_in(value: Any) -> Iterator[StoredFile]:
    """Every stored file that a step made, from its decoded output, in order.

    Fields marked with ``MENTIONS`` name files that other steps made.
    """
    if isinstance(value, StoredFile):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if not field.metadata.get("mentions"):
                yield from files_in(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from files_in(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from files_in(item)
