"""What a printer would find wrong with a file, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_PAGES_NAMED_MAX = 8


class Level(StrEnum):
    """``error``: the printer will refuse it. ``warning``: it will print, but look at it. ``note``: good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """``pages`` count from 1 in the file; none when it is about all of it."""

    level: Level
    message: str
    next_step: str = ""
    pages: tuple[int, ...] = ()


def told(findings: Sequence[Finding]) -> str:
    """The report as people read it."""
    if not findings:
        return "Nothing to report: the printer should take this file as it is.\n"
    lines = (f"{finding.level}: {_where(finding)}{finding.message} {finding.next_step}" for finding in findings)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _where(finding: Finding) -> str:
    if not finding.pages:
        return ""
    named = ", ".join(map(str, finding.pages[:_PAGES_NAMED_MAX]))
    more = len(finding.pages) - _PAGES_NAMED_MAX
    return f"page{'s' if len(finding.pages) > 1 else ''} {named}{f' and {more} more' if more > 0 else ''}: "
