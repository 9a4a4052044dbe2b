"""What a shared link is. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from overprint.core.problems import Invalid, NotFound

DAYS_MAX = 365
TOKEN_BYTES = 16
ENDED_KEPT = timedelta(days=30)
# Where a work of each kind is opened by whoever has its link.
_PATHS: Mapping[str, str] = {"book": "/read", "video": "/watch"}
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
