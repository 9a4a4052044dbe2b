"""The cover of a printed book in one piece: back, spine and front, as wide as the number of pages makes it.

The front is the screen edition's cover, drawn out over what is folded or cut away; it is on the right, unless the book
is read from right to left. On the back stand a picture from the book, what the book is about, and the white place where
the printer puts the bar code.
"""

import dataclasses
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf

from overprint.core.book import BookDoc, PageKind
from overprint.craft.press.press_file import to_pdfx
from overprint.craft.press.printers import Printer
from overprint.craft.press.separation import Separation
from overprint.craft.typesetting.bleed import with_bleed
from overprint.craft.typesetting.compiler import compile_pages, measure_all, shared_by_all
from overprint.craft.typesetting.contrast import CREAM, PAPER, Colour, readable
from overprint.craft.typesetting.cover import cover_leaf, ground
from overprint.craft.typesetting.geometry import POINTS_PER_MM, Box, Format, contain, format_of
from overprint.craft.typesetting.hanging import hang
from overprint.craft.typesetting.leaves import Ask, Leaf, Measure, Room, SetPicture, TextAsk, set_text
from overprint.craft.typesetting.matter import Matter
from overprint.craft.typesetting.pictures import Print, leading_colour, prepare, put_down, tones
from overprint.craft.typesetting.plan import check
from overprint.craft.typesetting.words import is_from_right, language_of, printable, script_of

_BLURB_SIZES_PT = (22, 20, 18.5, 17, 16, 15, 14, 13, 12, 11)
_BLURB_LARGEST_PT, _BLURB_LARGEST_SHARE = 17, 0.034  # of the shorter side, where that is more
_BLURB_SHARE, _VIGNETTE_SHARE = 0.72, 0.4
_SPINE_TYPE_SHARE, _SPINE_MAX_PT = 0.5, 18.0
_PLAIN_ACCENT: Colour = (38, 70, 110)
_GAP_PT = 24.0
_STRIP_SHARE, _STRIP_TALL_SHARE = 0.12, 0.5


@dataclass(frozen=True, slots=True)
class Wrap:
    """A cover's parts in their places, each from the corner of its own trimmed side. ``spine_pt`` is its width."""

    form: Format
    spine_pt: float
    ground: Colour
    front: Leaf
    back: Leaf
    barcode: Box
    spine_text: dict[str, float] | None
    prints: tuple[Print, ...]
    from_right: bool = False


def wrap_pdf(doc: BookDoc, pictures: Mapping[str, bytes], printer: Printer, pages: int) -> bytes:
    """The cover for an inside of ``pages`` pages, as PDF/X-4. Raises what ``typesetting.pdf`` raises."""
    check(doc)
    form = _form(doc, printer)
    shared = shared_by_all(doc, form, text_face_only=False)
    with tempfile.TemporaryDirectory(prefix="overprint-cover-") as folder:

        def measure(asks: Sequence[Ask]) -> list[Room]:
            return measure_all(asks, shared, folder)

        wrap = plan_wrap(doc, pictures, printer, pages, measure)
        vectors = put_down(wrap.prints, folder)
        written = compile_pages(_layout(), shared | {"vectors": vectors} | _as_data(wrap), folder, ("1.6",))
    with pikepdf.open(io.BytesIO(hang(written, wrap.prints, (wrap.front, wrap.back)))) as made:
        return to_pdfx(made, doc, Separation(printer.condition, printer.ink_limit_percent))


def plan_wrap(doc: BookDoc, pictures: Mapping[str, bytes], printer: Printer, pages: int, measure: Measure) -> Wrap:
    """Where everything on the cover goes."""
    form = _form(doc, printer)
    prints = prepare(doc.pages, pictures)  # all, because any may turn out to be unreadable
    number, cover = next(((n, page) for n, page in enumerate(doc.pages, 1) if page.kind is PageKind.COVER), (0, None))
    seen = prints.get(number)
    accent = leading_colour(seen) if seen else _PLAIN_ACCENT
    title, author, blurb = (
        printable(words, script=script_of(doc)) for words in (doc.title, doc.author, doc.description)
    )
    matter = Matter(form, title, author, accent, measure)
    front = cover_leaf(matter, seen, cover.paragraphs if cover else (), main=True)
    barcode = _barcode(form, printer)
    vignette = _last_story_picture(doc, prints)
    back = _back(form, blurb, vignette, barcode, printer, measure)
    spine_pt = printer.spine.width_mm(pages) * POINTS_PER_MM
    from_right = is_from_right(language_of(doc)[0])
    return Wrap(
        form=form,
        spine_pt=spine_pt,
        ground=ground(_beside_the_spine(seen) if seen else accent),
        front=_from_the_spine(with_bleed(front, form), form, from_right),
        back=back,
        barcode=barcode,
        spine_text=_spine_text(form, spine_pt, printer) if pages >= printer.cover.spine_text_from_page else None,
        prints=tuple({picture.name: picture for picture in (seen, vignette) if picture}.values()),
        from_right=from_right,
    )


def _form(doc: BookDoc, printer: Printer) -> Format:
    """Of the back, and of the front."""
    width_mm, height_mm = printer.cover.side_mm(doc.trim)
    return replace(
        format_of(doc.trim),
        width_pt=width_mm * POINTS_PER_MM,
        height_pt=height_mm * POINTS_PER_MM,
        bleed_pt=printer.cover.outside_mm * POINTS_PER_MM,
    )


def _beside_the_spine(picture: Print) -> Colour:
    """The back goes on in the colour in which the front begins."""
    whole = Box(0, 0, picture.width_px, picture.height_px)
    strip = Box(0, 0, picture.width_px * _STRIP_SHARE, picture.height_px * _STRIP_TALL_SHARE)
    return tones(picture, whole, strip).mean


def _barcode(form: Format, printer: Printer) -> Box:
    wide, tall = (side * POINTS_PER_MM for side in printer.cover.barcode_mm)
    edge = printer.cover.safety_mm * POINTS_PER_MM
    return Box(form.width_pt - edge - wide, form.height_pt - edge - tall, wide, tall)


def _last_story_picture(doc: BookDoc, prints: Mapping[int, Print]) -> Print | None:
    numbers = [n for n, page in enumerate(doc.pages, 1) if page.kind is PageKind.STORY and n in prints]
    return prints[numbers[-1]] if numbers else None


def _back(form: Format, blurb: str, vignette: Print | None, barcode: Box, printer: Printer, measure: Measure) -> Leaf:
    """A picture, and below it the largest type in which the blurb still ends above the bar code."""
    edge = printer.cover.safety_mm * POINTS_PER_MM + 0.04 * form.height_pt
    largest_pt = max(_BLURB_LARGEST_PT, _BLURB_LARGEST_SHARE * form.short_side_pt)
    sizes = [size for size in _BLURB_SIZES_PT if size <= largest_pt]
    asks = [TextAsk("", (blurb,), size, form.width_pt * _BLURB_SHARE, centred=True) for size in sizes]
    rooms = measure(asks) if blurb else []
    room_pt = barcode.top_pt - _GAP_PT - edge
    tall_pt = form.height_pt * _VIGNETTE_SHARE if vignette else 0.0
    while True:
        fitting = [n for n, room in enumerate(rooms) if room.height + tall_pt + _GAP_PT <= room_pt]
        if fitting or not rooms or tall_pt == 0:
            break
        tall_pt = tall_pt * 0.85 if tall_pt > form.height_pt * 0.2 else 0.0
    picture = _framed(form, vignette, edge, tall_pt) if vignette and tall_pt else None
    if not rooms:
        return Leaf("back", picture)
    ask, room = (asks[fitting[0]], rooms[fitting[0]]) if fitting else (asks[-1], rooms[-1])
    top = edge + (tall_pt + _GAP_PT if picture else 0)
    return Leaf("back", picture, text=set_text(ask, form.centred(top, room.width, room.height), CREAM, CREAM))


def _framed(form: Format, vignette: Print, top_pt: float, tall_pt: float) -> SetPicture:
    placed = contain(vignette.width_px, vignette.height_px, form.centred(top_pt, form.width_pt * _BLURB_SHARE, tall_pt))
    return SetPicture(vignette.name, vignette.alt, placed, placed, 10)


def _from_the_spine(front: Leaf, form: Format, from_right: bool) -> Leaf:
    """The front does not run over the spine: the edge on its side is cut where the spine begins."""

    def cut(box: Box) -> Box:
        left = box.left_pt if from_right else max(0.0, box.left_pt)
        right = min(form.width_pt, box.right_pt) if from_right else box.right_pt
        return Box(left, box.top_pt, right - left, box.height_pt)

    picture = front.picture and replace(front.picture, clip=cut(front.picture.clip))
    return replace(front, picture=picture, veils=tuple(replace(veil, box=cut(veil.box)) for veil in front.veils))


def _spine_text(form: Format, spine_pt: float, printer: Printer) -> dict[str, float]:
    size = min(_SPINE_MAX_PT, spine_pt * _SPINE_TYPE_SHARE)
    return {"size": size, "length": form.height_pt - 2 * printer.cover.safety_mm * POINTS_PER_MM}


def _as_data(wrap: Wrap) -> dict[str, Any]:
    return {
        "accent": readable(wrap.ground, PAPER),
        "paper": PAPER,
        "ground": wrap.ground,
        "ink": CREAM,
        "bleed": wrap.form.bleed_pt,
        "spine": wrap.spine_pt,
        "front": dataclasses.asdict(wrap.front),
        "back": dataclasses.asdict(wrap.back),
        "barcode": dataclasses.asdict(wrap.barcode),
        "spine_text": wrap.spine_text,
        "from_right": wrap.from_right,
    }


@cache
def _layout() -> bytes:
    return (Path(__file__).parent / "wrap.typ").read_bytes()
