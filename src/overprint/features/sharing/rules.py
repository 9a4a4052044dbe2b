"""What a shared link is. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from overprint.core.files import FileKind
from overprint.core.problems import Invalid, NotFound

DAYS_MAX = 365
TOKEN_BYTES = 16
ENDED_KEPT = timedelta(days=30)
# Where a work of each kind is opened by whoever has its link.
_PATHS: Mapping[str, str] = {"book": "/read", "video": "/watch"}
_SHA256 = re.compile(r"[0-9a-f]{64}")
# The kinds of files that pages show by themselves; captions and streams are of the last one.
_LOOKED_AT = frozenset({FileKind.IMAGE, FileKind.VIDEO, FileKind.OTHER})
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Share:
    """The link of one work. ``token`` cannot be guessed, and whoever knows it may look. ``views``: how often a page was
    opened by it. ``with_files``: whether files may be taken. ``made_at``: when that and its end were last said."""

    work_id: UUID
    team_id: UUID
    token: str
    with_files: bool
    made_at: datetime
    ends_at: datetime | None
    views: int
    seen_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        return self.ends_at is None or now < self.ends_at


def path_of(kind: str, token: str) -> str:
    """Where a work of this kind is opened. Raises ``NotFound`` for a kind that is not shown to others."""
    if kind not in _PATHS:
        raise NotFound("Works of this kind cannot be shared.")
    return f"{_PATHS[kind]}/{token}"


def shown(share: Share, file: Mapping[str, Any]) -> dict[str, Any]:
    """A file of the work (``content_hash``, ``thumbnail_key``) with the addresses at which a stranger finds it: as long
    as the link is good, and no longer."""
    preview = PurePosixPath(file["thumbnail_key"]).stem if file["thumbnail_key"] else None
    return {
        **file,
        "url": file_path(share, file["content_hash"]),
        "thumbnail_url": file_path(share, preview) if preview else None,
    }


def file_path(share: Share, content_hash: str) -> str:
    return f"/shared/{share.token}/{content_hash}"


def may_be_had(share: Share, asset: Mapping[str, Any]) -> bool:
    """Whether a stranger gets this file of the work: what is looked at always, what is taken home where it may be."""
    return share.with_files or asset["kind"] in _LOOKED_AT


def is_content_hash(text: str) -> bool:
    return _SHA256.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Whether it can be one at all: nothing else is looked for."""
    return _TOKEN.fullmatch(text) is not None


def end_of(now: datetime, days: int | None) -> datetime | None:
    """None: the link has no end. Raises ``Invalid``."""
    if days is None:
        return None
    if not 1 <= days <= DAYS_MAX:
        raise Invalid(f"A link is good for 1 to {DAYS_MAX} days, or without an end.", field="days")
    return now + timedelta(days=days)
