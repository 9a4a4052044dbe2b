"""Typst, told everything as data.

Nothing a person wrote is ever Typst markup: all of it travels in ``book.json``. Typst sees one folder made for the job,
which holds the pictures and nothing else, no fonts but ours, and no package source.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from overprint.core.book import BookDoc
from overprint.craft.typesetting.fontfile import FONTS, added_family, added_file
from overprint.craft.typesetting.geometry import Format
from overprint.craft.typesetting.leaves import Ask, Room
from overprint.craft.typesetting.words import check_fonts, cleaned, language_of, printable, script_of

_LAYOUT = Path(__file__).parent / "layout"
# 2020-01-01. Not the time of making: the same book must give the same bytes.
FIXED_TIME_SECONDS = 1_577_836_800


def compile_pages(main: bytes, book: Mapping[str, Any], folder: str, standards: Sequence[str]) -> bytes:
    """The PDF file of one Typst program of ours. The same input gives the same bytes."""
    made = _compiler(main, book, folder).compile(
        format="pdf",
        pdf_standards=list(standards),  # type: ignore[arg-type]
        timestamp=FIXED_TIME_SECONDS,
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst answered with something other than one PDF file.")
    return made


def measure_all(asks: Sequence[Ask], shared: Mapping[str, Any], folder: str) -> list[Room]:
    """All in one query; equal asks are measured once."""
    different = list(dict.fromkeys(asks))
    book = {**shared, "texts": [dataclasses.asdict(ask) for ask in different]}
    found = json.loads(_compiler(layout("measure.typ"), book, folder).query("<answers>", field="value", one=True))
    rooms = {ask: Room(**room) for ask, room in zip(different, found, strict=True)}
    return [rooms[ask] for ask in asks]


def shared_by_all(doc: BookDoc, form: Format, text_face_only: bool) -> dict[str, Any]:
    """What every program of ours reads of a book. Raises ``Invalid`` where its letters have no font here."""
    check_fonts(doc)
    language, region = language_of(doc)
    script = script_of(doc)
    return {
        "title": printable(doc.title, text_face_only=text_face_only, script=script) or "Untitled",
        "script": script,
        "added_font": added_family(script) if script else None,
        "author": cleaned(doc.author),
        "description": cleaned(doc.description),
        "lang": language,
        "region": region,
        "width": form.width_pt,
        "height": form.height_pt,
        "margin": form.margin_pt,
    }


@cache
def layout(name: str) -> bytes:
    return (_LAYOUT / name).read_bytes()


def _compiler(main: bytes, book: Mapping[str, Any], folder: str) -> typst.Compiler:
    files = {
        "main.typ": main,
        "type.typ": layout("type.typ"),
        "leaf.typ": layout("leaf.typ"),
        "book.json": json.dumps(book, ensure_ascii=False).encode(),
    }
    return typst.Compiler(
        files,  # type: ignore[type-var]
        root=folder,
        font_paths=_fonts(book["script"]),
        package_path=folder,
        package_cache_path=folder,
    )


@cache
def _fonts(script: str) -> typst.Fonts:
    added = added_file(script)
    paths = [str(FONTS), *([str(added.parent)] if added else [])]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
