"""Pure decisions about assets."""

from collections.abc import Iterable, Mapping
from typing import Any

from overprint.core.files import SIGNED, FileKind, StoredFile
from overprint.core.problems import Invalid, LimitReached

UPLOAD_MAX_BYTES = 50_000_000
NAME_MAX_CHARACTERS = 200

# The first bytes say what a file is; a name or a header may lie.
_SIGNATURES: tuple[tuple[bytes, str, FileKind], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", FileKind.IMAGE),
    (b"\xff\xd8\xff", "image/jpeg", FileKind.IMAGE),
    (b"%PDF-", "application/pdf", FileKind.PDF),
)


def recognise(data: bytes) -> tuple[str, FileKind]:
    """Media type and kind of an upload, from its bytes. Raises ``Invalid`` for anything we do not keep."""
    if not data:
        raise Invalid("This file is empty.", "Choose another one.", field="file")
    if len(data) > UPLOAD_MAX_BYTES:
        raise LimitReached(f"This file is larger than {UPLOAD_MAX_BYTES // 1_000_000} MB.", "Make it smaller.")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", FileKind.IMAGE
    for signature, media_type, kind in _SIGNATURES:
        if data.startswith(signature):
            return media_type, kind
    raise Invalid("This kind of file cannot be kept.", "PNG, JPEG, WebP and PDF can.", field="file")


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
            "Delete what is not needed any more.",
        )
