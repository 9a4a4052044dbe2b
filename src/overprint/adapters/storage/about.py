"""What the local store knows of a blob beside its bytes, and how that lies on disk."""

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from overprint.ports.storage import BlobInfo

ABOUT_MAX_BYTES = 4096
_VERSION = "about-1"


@dataclass(frozen=True, slots=True)
class About:
    """A description, and the file that it is true of: the one with ``size_bytes`` and ``modified_ns``."""

    content_hash: str
    media_type: str
    size_bytes: int
    modified_ns: int

    def is_true_of(self, stat: os.stat_result) -> bool:
        return (self.size_bytes, self.modified_ns) == (stat.st_size, stat.st_mtime_ns)

    def info(self, key: str) -> BlobInfo:
        stored_at = datetime.fromtimestamp(self.modified_ns / 1e9, UTC)
        return BlobInfo(key, self.size_bytes, self.content_hash, self.media_type, stored_at)

    def encoded(self) -> bytes:
        return json.dumps([_VERSION, self.content_hash, self.media_type, self.size_bytes, self.modified_ns]).encode()


def decoded(text: bytes) -> About | None:
    """The description that ``text`` holds; None when it is torn, foreign or of another version."""
    try:
        version, content_hash, media_type, size_bytes, modified_ns = json.loads(text)
    except (ValueError, TypeError):
        return None
    sound = (
        version == _VERSION
        and isinstance(content_hash, str)
        and re.fullmatch(r"[0-9a-f]{64}", content_hash)
        and isinstance(media_type, str)
        and isinstance(size_bytes, int)
        and isinstance(modified_ns, int)
    )
    return About(content_hash, media_type, size_bytes, modified_ns) if sound else None
