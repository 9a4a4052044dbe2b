"""Typst, told everything as data.

Nothing a person wrote is ever Typst markup: all of it travels in ``book.json``. Typst sees one folder made for the job,
which holds the pictures and nothing else, no fonts but ours, and no package source.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from overprint.core.book import BookDoc
from overprint.craft.typesetting.fontfile import FONTS, added_family, added_file, upright_only
from overprint.craft.typesetting.geometry import Format
from overprint.craft.typesetting.leaves import Ask, Room
from overprint.craft.typesetting.recent import Recent
from overprint.craft.typesetting.words import check_fonts, cleaned, language_of, printable, script_of

_LAYOUT = Path(__file__).parent / "layout"
# 2020-01-01. Not the time of making: the same book must give the same bytes.
FIXED_TIME_SECONDS = 1_577_836_800
# What asks were answered with, by what else decides it: after an edit only new words are measured.
_ROOMS: Recent[Room] = Recent(1000)


def compile_pages(main: bytes, book: Mapping[str, Any], folder: str, standards: Sequence[str]) -> bytes:
    """The PDF file of one Typst program of ours. The same input gives the same bytes."""
    made = _compiler(main, book, folder).compile(
        format="pdf",
        pdf_standards=list(standards),  # type: ignore[arg-type]  # a union of literals that Typst does not export
        timestamp=FIXED_TIME_SECONDS,
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst answered with something other than one PDF file.")
    return made


def measure_all(asks: Sequence[Ask], shared: Mapping[str, Any], folder: str) -> list[Room]:
    """All that nobody asked lately, in one query; equal asks are measured once."""
    house = tuple(shared[name] for name in ("lang", "region", "script", "beside"))
    different = dict.fromkeys(asks)
    known = {ask: room for ask in different if (room := _ROOMS.recall((house, ask)))}
    new = [ask for ask in different if ask not in known]
    if new:
        book = {**shared, "texts": new}
        found = json.loads(_compiler(layout("measure.typ"), book, folder).query("<answers>", field="value", one=True))
        known |= {ask: _ROOMS.keep((house, ask), Room(**room)) for ask, room in zip(new, found, strict=True)}
    return [known[ask] for ask in asks]


def shared_by_all(doc: BookDoc, form: Format, text_face_only: bool) -> dict[str, Any]:
    """What every program of ours reads of a book. Raises ``Invalid`` where its letters have no font here."""
    beside = check_fonts(doc)
    language, region = language_of(doc)
    script = script_of(doc)
    return {
        "title": printable(doc.title, text_face_only=text_face_only, script=script) or "Untitled",
        "script": script,
        "added_font": added_family(script) if script else None,
        "beside": beside,
        "beside_fonts": tuple(map(added_family, beside)),
        "author": cleaned(doc.author),
        "description": cleaned(doc.description),
        "lang": language,
        "region": region,
        "width": form.width_pt,
        "height": form.height_pt,
        "margin": form.margin_pt,
        "upright": _upright(),
    }


@cache
def _upright() -> str:
    """A regular expression of Typst's for letters that the italic does not have."""
    return "[" + "".join(rf"\u{{{code:x}}}" for code in sorted(upright_only())) + "]"


@cache
def layout(name: str) -> bytes:
    return (_LAYOUT / name).read_bytes()


def _compiler(main: bytes, book: Mapping[str, Any], folder: str) -> typst.Compiler:
    files = {
        "main.typ": main,
        "type.typ": layout("type.typ"),
        "leaf.typ": layout("leaf.typ"),
        "book.json": json.dumps(book, ensure_ascii=False, default=_fields).encode(),
    }
    return typst.Compiler(
        files,  # type: ignore[type-var]  # bytes are taken as well as paths
        root=folder,
        font_paths=_fonts((book["script"], *book["beside"])),
        package_path=folder,
        package_cache_path=folder,
    )


def _fields(part: Any) -> dict[str, Any]:
    """A dataclass of ours as JSON; ``dataclasses.asdict`` would copy all that is in it."""
    return {name: getattr(part, name) for name in part.__slots__}


@cache
def _fonts(scripts: tuple[str, ...]) -> typst.Fonts:
    """Ours, and those that somebody added for these scripts."""
    added = [path for script in scripts if (path := added_file(script))]
    paths = [str(FONTS), *(str(path.parent) for path in added)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
