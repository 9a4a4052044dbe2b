"""What somebody looks for in the library, as the page's address says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from overprint.core.problems import Invalid
from overprint.features.library import SEARCH_MAX_CHARACTERS, Wanted
from overprint.http.responses import read_cursor
from overprint.http.wording import N_

WORKS, FILES = "/library", "/library/files"
STATES = {
    "making": N_("Being made"),
    "planned": N_("Storyboard ready"),
    "ready": N_("Ready"),
    "edited": N_("Changed since it was made"),
    "incomplete": N_("Not complete"),
    "cancelled": N_("Stopped"),
}
WORK_KINDS = {"book": N_("Book"), "video": N_("Film")}
FILE_KINDS = {
    "image": N_("Picture"),
    "pdf": N_("PDF"),
    "epub": N_("E-book"),
    "audio": N_("Sound"),
    "video": N_("Film"),
    "other": N_("Other file"),
}
WHEN = {"1": N_("Today"), "7": N_("The last 7 days"), "30": N_("The last 30 days"), "365": N_("The last year")}
BACK_MAX_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a list. What cannot be read there is no filter."""

    path: str = WORKS
    words: str = ""
    kind: str = ""
    state: str = ""
    when: str = ""
    project: UUID | None = None
    before: UUID | None = None

    def wanted(self, now: datetime) -> Wanted:
        since = now - timedelta(days=int(self.when)) if self.when else None
        return Wanted(self.words, self.kind or None, self.state or None, self.project, since)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.kind or self.state or self.when)

    def at(self, path: str = "", **changes: str | UUID | None) -> str:
        """The address of this list, or of another at ``path``, with ``changes``; it begins at the first page."""
        kept = {"words": self.words, "kind": self.kind, "state": self.state, "when": self.when}
        there = {**kept, "project": self.project, **changes}
        if path and path != self.path:
            there = {"words": self.words, "when": self.when, "project": self.project, **changes}
        query = urlencode({name: str(value) for name, value in there.items() if value})
        return f"{path or self.path}?{query}" if query else path or self.path


def read(path: str, query: Mapping[str, str]) -> Asked:
    """What an address asks for."""
    kinds = WORK_KINDS if path == WORKS else FILE_KINDS
    return Asked(
        path,
        query.get("words", "").strip()[:SEARCH_MAX_CHARACTERS],
        _one_of(query.get("kind"), kinds),
        _one_of(query.get("state"), STATES) if path == WORKS else "",
        _one_of(query.get("when"), WHEN),
        id_in(query.get("project")),
        _cursor(query.get("cursor")),
    )


def id_in(text: str | None) -> UUID | None:
    """The id that stands there, None if none does."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def way_back(text: str, otherwise: str = WORKS) -> str:
    """Where a form sends people on: an address of the library, or ``otherwise``."""
    path, _, query = text[:BACK_MAX_CHARACTERS].partition("?")
    if path not in (WORKS, FILES) or not query.isascii() or not query.isprintable():
        return otherwise
    return f"{path}?{query}" if query else path


def with_told(address: str, **told: str | int) -> str:
    """An address at which is said what was done."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(told)}"


def _one_of(value: str | None, known: Mapping[str, str]) -> str:
    return value if value is not None and value in known else ""


def _cursor(text: str | None) -> UUID | None:
    try:
        return read_cursor(text)
    except Invalid:
        return None
