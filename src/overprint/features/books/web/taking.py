"""The files of a book as its page offers them: in groups, each with what it is for and how large it is. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from overprint.features.books.steps import AUDIOBOOK, EPUB, FIXED, PDF, PRINT, READ_ALOUD, READ_ALOUD_FIXED
from overprint.http.wording import N_

Row = Mapping[str, Any]
_MEGABYTE, _KILOBYTE = 1_000_000, 1000

_GROUPS = (
    (
        N_("Read"),
        (
            (PDF, N_("The book as PDF"), N_("All pages as they are printed, for a screen or a printer at home")),
            (EPUB, N_("The e-book"), N_("Its words flow: for e-readers and phones")),
            (FIXED, N_("The e-book of fixed pages"), N_("Pages stay as they are printed: for tablets")),
        ),
    ),
    (
        N_("Print"),
        (
            (f"{PRINT}/inside", N_("The inside"), N_("PDF/X-4 with bleed, as the printer wants it")),
            (f"{PRINT}/cover", N_("The cover"), N_("Front, spine and back in one piece")),
            (f"{PRINT}/whole", N_("Cover and inside"), N_("In one file, as this printer takes them")),
            (f"{PRINT}/report", N_("The preflight report"), N_("What the printer would find, in plain words")),
        ),
    ),
    (
        N_("Listen"),
        (
            (AUDIOBOOK, N_("The audiobook"), N_("With chapters, for any player")),
            (READ_ALOUD, N_("The read-aloud e-book"), N_("Marks each sentence as it is heard")),
            (
                READ_ALOUD_FIXED,
                N_("The read-aloud e-book of fixed pages"),
                N_("The same, on pages as they are printed"),
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One file. ``size`` is a number of ``unit``; ``minutes``: how long it is to be heard, if it is."""

    url: str
    name: str
    purpose: str
    size: float
    unit: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    offers: tuple[Offer, ...]


def groups_of(files: Mapping[str, Row]) -> list[Group]:
    """All groups, with the files that are there. What they say is to be said in the language of who looks."""
    return [Group(name, tuple(_offers(files, wanted))) for name, wanted in _GROUPS]


def _offers(files: Mapping[str, Row], wanted: tuple[tuple[str, str, str], ...]) -> Iterator[Offer]:
    for slot, name, purpose in wanted:
        if slot in files:
            file = files[slot]
            size, unit = _size(file["size_bytes"])
            seconds = file["duration_seconds"]
            yield Offer(file["url"], name, purpose, size, unit, max(1, round(seconds / 60)) if seconds else 0)


def _size(size_bytes: int) -> tuple[float, str]:
    if size_bytes >= _MEGABYTE:
        return round(size_bytes / _MEGABYTE, 1), "MB"
    return max(1, round(size_bytes / _KILOBYTE)), "kB"
