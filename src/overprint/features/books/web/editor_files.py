"""The files of a book in its editor: which there are, whether they are of what stands there now, and what preflight
says of those for a printer, with the pages that it is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from overprint.core.story import Trim
from overprint.craft.press import printers
from overprint.features.books.store import Row
from overprint.features.books.web.editor_desk import Desk, Opened
from overprint.features.books.web.editor_words import FILES
from overprint.http.scope import InScopes, Scope
from overprint.ports.errors import ProviderError

_REPORT, _REPORT_MAX_BYTES, _FINDINGS_MAX = "print/report", 200_000, 100
_FINDING = re.compile(r"(error|warning|note): (?:pages? ([0-9, ]+?)(?: and [0-9]+ more)?: )?(.+)")
_MADE = re.compile(r"Print edition for (.+): ([0-9]+) pages inside\.")
_END_PAPERS, _FRONT_PAPERS = 4, 2


@dataclass(frozen=True, slots=True)
class Told:
    """One finding of preflight: how bad it is, in words, and the pages of the file that it is about."""

    level: str
    words: str
    pages: tuple[int, ...] = ()
    is_cover: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What preflight says; ``pages`` are those of the inside."""

    printer: str
    pages: int
    found: tuple[Told, ...]


def read_report(text: str) -> Report:
    """The report as the press wrote it; findings are in its order. What cannot be read is left out."""
    made = _MADE.search(text)
    inside, _, cover = text.partition("\nCover\n")
    found = [*_findings(inside, is_cover=False), *_findings(cover, is_cover=True)][:_FINDINGS_MAX]
    return Report(made[1] if made else "", int(made[2]) if made else 0, tuple(found))


def _findings(text: str, *, is_cover: bool) -> list[Told]:
    read = map(_FINDING.fullmatch, text.splitlines())
    return [
        Told(one[1], one[3], tuple(int(page) for page in (one[2] or "").split(",") if page.strip()), is_cover)
        for one in read
        if one
    ]


def spread_of(page: int, pages: int, leaves: int) -> int | None:
    """On which spread of the inside a page of the print file lies, which may begin with end papers; None of those, and
    of the empty ones at its end."""
    leaf = page - (_FRONT_PAPERS if pages - leaves >= _END_PAPERS else 0)
    return leaf // 2 + 1 if 0 < leaf <= leaves else None


def files_routes(web: APIRouter, desk: Desk) -> None:
    """Adds the route of the files' page to ``web``."""

    @web.get("/books/{book_id}/edit/files")
    async def files(scopes: InScopes, book_id: UUID) -> Response:
        async with scopes.transaction() as transaction:
            opened = await desk.open(Scope(scopes.principal, transaction), book_id)
            lacking = await desk.books.lacking(transaction)
        report = await _report(desk, opened)
        trim = Trim(opened.book["brief"]["trim"])
        return desk.pages.render(
            "editor_files.html",
            **desk.common(opened, "files"),
            files=[_file(opened, *known) for known in FILES if known[0] in opened.files],
            report=report,
            report_file=opened.files.get(_REPORT),
            spread_of=await _spreads(desk, scopes.principal.team_id, opened, report),
            printers=[one for one in printers().values() if one.takes(trim)],
            lacking=lacking,
        )


def _file(opened: Opened, slot: str, name: str, use: str) -> Row:
    """``is_stale`` is None while nobody knows, because the book is being made."""
    is_stale = opened.ahead.is_stale(slot) if opened.ahead else None
    return {**opened.files[slot], "label": name, "use": use, "is_stale": is_stale}


async def _report(desk: Desk, opened: Opened) -> Report | None:
    file: Mapping[str, Any] | None = opened.files.get(_REPORT)
    if file is None or file["size_bytes"] > _REPORT_MAX_BYTES:
        return None
    try:
        data = await desk.books.library.storage.get(file["file"]["key"])
    except ProviderError:
        return None
    return read_report(data.decode("utf-8", "replace"))


async def _spreads(desk: Desk, team_id: UUID, opened: Opened, report: Report | None) -> dict[int, int]:
    """For each page that the report names, the spread of the editor that shows it."""
    named = {page for one in report.found if not one.is_cover for page in one.pages} if report else set()
    if report is None or not named or opened.now is None:
        return {}
    proof = await desk.proofs.pages(team_id, opened.now, is_print=True)
    leaves = len(proof["leaves"]) if proof else 0
    return {page: found for page in named if (found := spread_of(page, report.pages, leaves))}
