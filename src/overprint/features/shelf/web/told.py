"""What was done a moment ago, as the address that a form led to says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_DEEDS = frozenset({"moved", "discarded", "restored", "uploaded", "deleted", "named"})
_DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class Told:
    """``left``: how many of the things stayed as they were. ``at``: of what was thrown away, when, in microseconds."""

    did: str
    things: int
    left: int = 0
    at: int = 0

    @property
    def moment(self) -> datetime | None:
        try:
            return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=self.at) if self.at else None
        except OverflowError:
            return None


def told_of(query: Mapping[str, str]) -> Told | None:
    """None where nothing is said that we say."""
    did = query.get("did", "")
    if did not in _DEEDS:
        return None
    return Told(did, _number(query, "things"), _number(query, "left"), _number(query, "at"))


def _number(query: Mapping[str, str], name: str) -> int:
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX else 0


def micros_of(moment: datetime) -> int:
    """Exactly, as no float would tell it."""
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)
