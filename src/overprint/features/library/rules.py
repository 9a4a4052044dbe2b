"""Pure decisions about assets."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from overprint.core.cube import CUBE_MEDIA_TYPE, looks_like_cube, read_cube
from overprint.core.files import SIGNED, FileKind, StoredFile
from overprint.core.problems import Invalid, LimitReached

UPLOAD_MAX_BYTES = 50_000_000
NAME_MAX_CHARACTERS = 200
SEARCH_MAX_CHARACTERS, SEARCH_MAX_WORDS = 200, 8

_ESCAPED = re.compile(r"[\\%_]")

# The first bytes say what a file is; a name or a header may lie.
_SIGNATURES: tuple[tuple[bytes, str, FileKind], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", FileKind.IMAGE),
    (b"\xff\xd8\xff", "image/jpeg", FileKind.IMAGE),
    (b"%PDF-", "application/pdf", FileKind.PDF),
)


_EBML = b"\x1a\x45\xdf\xa3"
# Sound and pictures come in the same kind of file as films; its brand tells them apart.
_NO_FILMS = frozenset({b"M4A ", b"M4B ", b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1"})


def _escape(found: re.Match[str]) -> str:
    return "\\" + found[0]


def recognise(data: bytes) -> tuple[str, FileKind]:
    """Media type and kind of an upload, from its bytes; a ``.cube`` file is read whole, which takes some tenths of a
    second. Raises ``Invalid`` for anything we do not keep."""
    if not data:
        raise Invalid("This file is empty.", "Choose another one.", field="file")
    if len(data) > UPLOAD_MAX_BYTES:
        raise LimitReached(f"This file is larger than {UPLOAD_MAX_BYTES // 1_000_000} MB.", "Make it smaller.")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", FileKind.IMAGE
    if data[4:8] == b"ftyp" and data[8:12] not in _NO_FILMS:
        return ("video/quicktime" if data[8:12] == b"qt  " else "video/mp4"), FileKind.VIDEO
    if data.startswith(_EBML) and b"webm" in data[:64]:
        return "video/webm", FileKind.VIDEO
    for signature, media_type, kind in _SIGNATURES:
        if data.startswith(signature):
            return media_type, kind
    if looks_like_cube(data):
        read_cube(data)
        return CUBE_MEDIA_TYPE, FileKind.OTHER
    raise Invalid("This kind of file cannot be kept.", "PNG, JPEG, WebP, PDF, MP4, WebM and .cube can.", field="file")


def clean_name(name: str, otherwise: str) -> str:
    """A name for people: printable, no path, bounded."""
    printable = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    return printable.strip()[:NAME_MAX_CHARACTERS] or otherwise


def project_name(name: str) -> str:
    """A project's name without what cannot be printed, bounded; raises ``Invalid`` if nothing is left."""
    plain = "".join(letter for letter in name if letter.isprintable()).strip()[:NAME_MAX_CHARACTERS]
    if not plain:
        raise Invalid("A project needs a name.", field="name")
    return plain


def asset_of(file: StoredFile) -> dict[str, Any]:
    """What an asset says of its file."""
    return {
        "name": file.name,
        "kind": str(file.kind),
        "media_type": file.media_type,
        "storage_key": file.key,
        "content_hash": file.content_hash,
        "size_bytes": file.size_bytes,
        "width_px": file.width_px,
        "height_px": file.height_px,
        "duration_seconds": file.duration_seconds,
        "thumbnail_key": file.thumbnail_key,
        "thumbnail_size_bytes": file.thumbnail_size_bytes,
    }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which works or files somebody looks for: all ``words`` are in their title, story or pictures' descriptions.

    ``state`` is of works; ``job_id``: files that this job made.
    """

    words: str = ""
    kind: str | None = None
    state: str | None = None
    project_id: UUID | None = None
    since: datetime | None = None
    job_id: UUID | None = None

    @property
    def patterns(self) -> tuple[str, ...]:
        """Each word as SQL's ``ILIKE`` finds it anywhere."""
        words = "".join(letter if letter.isprintable() else " " for letter in self.words)[:SEARCH_MAX_CHARACTERS]
        return tuple(f"%{_ESCAPED.sub(_escape, word)}%" for word in words.split()[:SEARCH_MAX_WORDS])


@dataclass(frozen=True, slots=True)
class Room:
    """How much a team keeps. What is in the trash counts until it is deleted."""

    used_bytes: int
    allowed_bytes: int
    trash_bytes: int
    trash_things: int

    @property
    def share(self) -> float:
        """0 … 1."""
        return min(1.0, self.used_bytes / self.allowed_bytes) if self.allowed_bytes else 1.0

    @property
    def is_full(self) -> bool:
        return self.used_bytes >= self.allowed_bytes


def is_signed(asset: Mapping[str, Any]) -> bool:
    """Whether this is a signed copy of a file that a step made."""
    return (asset["step_key"] or "").startswith(SIGNED)


def kept_bytes(assets: Iterable[Mapping[str, Any]]) -> int:
    """What these assets count for in their team's quota: their previews are kept too."""
    return sum(asset["size_bytes"] + asset.get("thumbnail_size_bytes", 0) for asset in assets)


def refuse_over_quota(used_bytes: int, quota_bytes: int) -> None:
    """Raises ``LimitReached`` when the team keeps as much as it may."""
    if used_bytes > quota_bytes:
        raise LimitReached(
            f"This team would keep {used_bytes / 1e9:.2f} GB, and may keep {quota_bytes / 1e9:.2f} GB.",
            "Delete what is not needed any more, and empty the trash: what is in it counts, too.",
        )
