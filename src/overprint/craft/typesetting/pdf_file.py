"""A book as PDF: the plan, handed to Typst as data. Screen files are PDF/A-2a and PDF/UA-1.

Nothing a person wrote is ever Typst markup: all of it travels in ``book.json``. Typst sees one
folder made for the job, which holds the pictures and nothing else, and no package source.
"""

import dataclasses
import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from overprint.core.book import BookDoc
from overprint.craft.typesetting.contrast import PAPER, readable
from overprint.craft.typesetting.fontfile import FONTS
from overprint.craft.typesetting.geometry import format_of
from overprint.craft.typesetting.leaves import Ask, Room
from overprint.craft.typesetting.plan import Plan, check, plan
from overprint.craft.typesetting.stamp import stamp
from overprint.craft.typesetting.words import cleaned, language_of, printable

_LAYOUT = Path(__file__).parent / "layout"
# 2020-01-01. Not the time of making: the same book must give the same bytes.
FIXED_TIME_SECONDS = 1_577_836_800
_UNSHOWN = "could not be displayed"


def pdf(doc: BookDoc, pictures: Mapping[str, bytes]) -> bytes:
    """The screen edition: one PDF page a leaf, trimmed, tagged. ``pictures`` by content hash.

    Raises ``Invalid`` or ``LimitReached``; a ``RuntimeError`` of Typst's would be a fault of ours.
    The same input gives the same bytes.
    """
    check(doc)
    try:
        made = _typeset(doc, pictures, text_face_only=False)
    except RuntimeError as problem:
        # A cluster (a letter with marks no single font has) can fail although every character is known.
        if _UNSHOWN not in str(problem):
            raise
        made = _typeset(doc, pictures, text_face_only=True)
    return stamp(made, doc)


def _typeset(doc: BookDoc, pictures: Mapping[str, bytes], *, text_face_only: bool) -> bytes:
    shared = _shared(doc, text_face_only)
    with tempfile.TemporaryDirectory(prefix="overprint-pages-") as folder:

        def measure(asks: Sequence[Ask]) -> list[Room]:
            return _measure(asks, shared, folder)

        planned = plan(doc, pictures, measure, text_face_only=text_face_only)
        for picture in planned.prints:
            Path(folder, picture.name).write_bytes(picture.data)
        return _compile(planned, shared, folder)


def _compile(planned: Plan, shared: dict[str, Any], folder: str) -> bytes:
    book = shared | {
        "accent": readable(planned.accent, PAPER),
        "paper": PAPER,
        "leaves": [dataclasses.asdict(leaf) for leaf in planned.leaves],
    }
    made = _compiler("book.typ", book, folder).compile(
        format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=FIXED_TIME_SECONDS
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst answered with something other than one PDF file.")
    return made


def _measure(asks: Sequence[Ask], shared: dict[str, Any], folder: str) -> list[Room]:
    """All in one query; equal asks are measured once."""
    different = list(dict.fromkeys(asks))
    book = shared | {"texts": [dataclasses.asdict(ask) for ask in different]}
    found = json.loads(_compiler("measure.typ", book, folder).query("<answers>", field="value", one=True))
    rooms = {ask: Room(**room) for ask, room in zip(different, found, strict=True)}
    return [rooms[ask] for ask in asks]


def _compiler(main: str, book: dict[str, Any], folder: str) -> typst.Compiler:
    files = {
        "main.typ": _layout(main),
        "type.typ": _layout("type.typ"),
        "book.json": json.dumps(book, ensure_ascii=False).encode(),
    }
    return typst.Compiler(
        files,  # type: ignore[type-var]
        root=folder,
        font_paths=_fonts(),
        package_path=folder,
        package_cache_path=folder,
    )


def _shared(doc: BookDoc, text_face_only: bool) -> dict[str, Any]:
    language, region = language_of(doc)
    form = format_of(doc.trim)
    return {
        "title": printable(doc.title, text_face_only=text_face_only) or "Untitled",
        "author": cleaned(doc.author),
        "description": cleaned(doc.description),
        "lang": language,
        "region": region,
        "width": form.width_pt,
        "height": form.height_pt,
        "margin": form.margin_pt,
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _layout(name: str) -> bytes:
    return (_LAYOUT / name).read_bytes()
