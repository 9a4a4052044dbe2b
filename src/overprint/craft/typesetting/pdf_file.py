"""A book as PDF: the plan, handed to Typst as data. Screen files are PDF/A-2a and PDF/UA-1."""

import dataclasses
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overprint.core.book import BookDoc
from overprint.craft.typesetting.bleed import with_bleed
from overprint.craft.typesetting.compiler import compile_pages, layout, measure_all, shared_by_all
from overprint.craft.typesetting.contrast import PAPER, Colour, readable
from overprint.craft.typesetting.dressing import dressed
from overprint.craft.typesetting.geometry import BLEED_PT, Format, format_of
from overprint.craft.typesetting.hanging import hang
from overprint.craft.typesetting.leaves import Ask, Room
from overprint.craft.typesetting.pictures import put_down
from overprint.craft.typesetting.plan import Plan, Wishes, check, plan
from overprint.craft.typesetting.splicing import pages_in
from overprint.craft.typesetting.stamp import stamp

_UNSHOWN = "could not be displayed"


@dataclass(frozen=True, slots=True)
class Edition:
    """``standards`` as Typst names them. ``bleed_pt``: pages are made larger by so much than they will be cut; 0: they
    are not cut. ``facing`` and ``accent``: see ``Wishes``."""

    standards: tuple[str, ...]
    bleed_pt: float = 0.0
    facing: bool = False
    accent: Colour | None = None


SCREEN = Edition(("a-2a", "ua-1"))


def pdf(doc: BookDoc, pictures: Mapping[str, bytes]) -> bytes:
    """The screen edition: one PDF page a leaf, trimmed, tagged. ``pictures`` by content hash.

    Raises ``Invalid`` or ``LimitReached``; a ``RuntimeError`` of Typst's would be a fault of ours.
    The same input gives the same bytes.
    """
    check(doc)
    return typeset(dressed(doc), pictures, SCREEN, lambda written: stamp(written, doc))


def typeset(
    doc: BookDoc, pictures: Mapping[str, bytes], edition: Edition, touch: Callable[[bytes], bytes] = bytes
) -> bytes:
    """The pages of one edition, as Typst wrote them, with their pictures. Raises what :func:`pdf` raises.

    ``touch`` changes the file before its pictures are hung into it, while it is small.
    """
    check(doc)
    try:
        return _typeset(doc, pictures, edition, touch, text_face_only=False)
    except RuntimeError as problem:
        # A cluster (a letter with marks no single font has) can fail although every character is known.
        if _UNSHOWN not in str(problem):
            raise
        return _typeset(doc, pictures, edition, touch, text_face_only=True)


def page_count(doc: BookDoc, pictures: Mapping[str, bytes], edition: Edition) -> int:
    """How many pages :func:`typeset` makes; told by the plan alone, unless words run on from page to page."""
    check(doc)
    with tempfile.TemporaryDirectory(prefix="overprint-pages-") as folder:
        leaves = _planned(doc, pictures, edition, shared_by_all(doc, _form(doc, edition), False), folder).leaves
    if not any(leaf.runs_on for leaf in leaves):
        return len(leaves)
    return pages_in(typeset(doc, pictures, edition))


def _typeset(
    doc: BookDoc,
    pictures: Mapping[str, bytes],
    edition: Edition,
    touch: Callable[[bytes], bytes],
    *,
    text_face_only: bool,
) -> bytes:
    form = _form(doc, edition)
    shared = shared_by_all(doc, form, text_face_only)
    with tempfile.TemporaryDirectory(prefix="overprint-pages-") as folder:
        planned = _planned(doc, pictures, edition, shared, folder, text_face_only=text_face_only)
        if edition.bleed_pt:
            planned = dataclasses.replace(planned, leaves=tuple(with_bleed(leaf, form) for leaf in planned.leaves))
        vectors = put_down(planned.prints, folder)
        written = _compile(planned, shared | {"vectors": vectors}, folder, edition, edition.bleed_pt)
    return hang(touch(written), planned.prints, planned.leaves)


def _form(doc: BookDoc, edition: Edition) -> Format:
    return format_of(doc.trim, edition.bleed_pt or BLEED_PT)


def _planned(
    doc: BookDoc,
    pictures: Mapping[str, bytes],
    edition: Edition,
    shared: Mapping[str, Any],
    folder: str,
    *,
    text_face_only: bool = False,
) -> Plan:
    def measure(asks: Sequence[Ask]) -> list[Room]:
        return measure_all(asks, shared, folder)

    bleed_pt = _form(doc, edition).bleed_pt
    return plan(doc, pictures, measure, Wishes(text_face_only, edition.facing, bleed_pt, edition.accent))


def _compile(planned: Plan, shared: dict[str, Any], folder: str, edition: Edition, bleed_pt: float) -> bytes:
    book = shared | {
        "accent": readable(planned.accent, PAPER),
        "paper": PAPER,
        "bleed": bleed_pt,
        "leaves": planned.leaves,
    }
    return compile_pages(layout("book.typ"), book, folder, edition.standards)
