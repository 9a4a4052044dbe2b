"""A book as it leaves: what its steps answered last, what a person wrote, and where the bytes of its files lie."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from overprint import __version__
from overprint.core.codec import Json, decode
from overprint.core.story import Brief
from overprint.engine.recipe import essence
from overprint.features.books.portable.contents import kind_of
from overprint.features.books.steps import AUDIOBOOK, EPUB, FIXED, PDF, READ_ALOUD, READ_ALOUD_FIXED
from overprint.features.jobs import ARCHIVE_FORMAT, BookHeader, Parcel, StepAbout, packed_answer

Row = dict[str, Any]
_RESULTS = (PDF, EPUB, FIXED, READ_ALOUD, READ_ALOUD_FIXED, AUDIOBOOK)


BookParcel: TypeAlias = Parcel[BookHeader]


def parcel_of(
    book: Row,
    asked: Mapping[str, Any],
    outputs: list[Row],
    edits: Mapping[str, Json],
    files: list[Row],
    labels: tuple[str, str],
) -> BookParcel:
    """``asked`` is the request of the book's newest job, ``outputs`` are what its steps answered last, ``labels`` who
    writes and draws here now."""
    stored: dict[str, str] = {}
    answers = {row["key"]: row for row in outputs if kind_of(row["key"]) == row["kind"] and row["key"] not in edits}
    steps = {key: packed_answer(row["output"], stored) for key, row in answers.items()}
    written = {key: packed_answer(output, stored) for key, output in edits.items()}
    words_by, pictures_by = _makers(book, outputs, labels)
    header = BookHeader(
        format=ARCHIVE_FORMAT,
        made_with=f"Overprint {__version__}",
        title=book["title"],
        brief=decode(Brief, book["brief"]),
        printer=str(asked.get("printer", "")),
        is_aloud=bool(asked.get("is_aloud")),
        words_by=words_by,
        pictures_by=pictures_by,
        steps={
            key: StepAbout(row["kind"], essence(row["kind"], row["resolved"], row["seed"]))
            for key, row in sorted(answers.items())
        },
        edits=tuple(sorted(edits)),
        results={row["slot"]: row["file"]["content_hash"] for row in files if row["slot"] in _RESULTS},
    )
    return Parcel(header, steps, written, stored)


def _makers(book: Row, outputs: list[Row], labels: tuple[str, str]) -> tuple[str, str]:
    """As they stand in the colophon: of the book when it was composed last."""
    composed: Row = next((row["output"] for row in outputs if row["kind"] == "books.compose@1"), {})
    words_by, pictures_by = composed.get("words_by", ""), composed.get("pictures_by", "")
    return words_by or labels[0], pictures_by or labels[1]
