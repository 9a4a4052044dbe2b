"""A picture book as EPUB 3 with fixed layout: the pages of the screen PDF, with words that stay words."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from overprint.core.book import BookDoc
from overprint.core.narration import Narration
from overprint.craft.typesetting.compiler import measure_all, shared_by_all
from overprint.craft.typesetting.contrast import PAPER, readable
from overprint.craft.typesetting.dressing import dressed
from overprint.craft.typesetting.epub_aloud import overlay, pages_aloud
from overprint.craft.typesetting.epub_file import archived
from overprint.craft.typesetting.epub_fonts import fonts_for
from overprint.craft.typesetting.epub_leaves import Stage, leaf_part
from overprint.craft.typesetting.epub_leaves_aloud import LeafAloud, leaves_aloud, silent
from overprint.craft.typesetting.epub_package import Content, Spoken
from overprint.craft.typesetting.epub_pages import BookPart
from overprint.craft.typesetting.geometry import Format, format_of
from overprint.craft.typesetting.labels import labels_for
from overprint.craft.typesetting.leaves import Ask, Leaf, Room, SetTitle, TitleAsk
from overprint.craft.typesetting.plan import Plan, Wishes, check, plan
from overprint.craft.typesetting.words import language_of, wanting_fonts

_CSS = Path(__file__).parent / "layout" / "leaves.css"
_SCREEN = Wishes()


def epub_fixed(doc: BookDoc, pictures: Mapping[str, bytes], narration: Narration | None = None) -> bytes | None:
    """``pictures`` by content hash; with a ``narration``, its sounds are among them and the book reads itself aloud.
    ``None`` for a book that only a reflowable e-book suits: its words run on from page to page, or have no font here
    to be measured with.

    Raises ``Invalid`` or ``LimitReached``. The same input gives the same bytes.
    """
    check(doc)
    book = dressed(doc)
    form = format_of(book.trim)
    if wanting_fonts(book):
        return None
    planned, titles = leaves_planned(book, form, pictures)
    if any(leaf.runs_on for leaf in planned.leaves):
        return None
    stage = Stage(book, form, labels_for(language_of(book)[0]), readable(planned.accent, PAPER), titles)
    heard = leaves_aloud(doc, planned.leaves, pages_aloud(doc, narration, pictures))
    says = {number: leaf.say for number, leaf in heard.items()}
    parts = [leaf_part(stage, leaf, n, says.get(n, silent)) for n, leaf in enumerate(planned.leaves, 1)]
    spoken = _spoken(narration.narrator, parts, heard) if narration and heard else None
    fonts = fonts_for(book)
    css = ("leaves.css", fonts.css + _CSS.read_bytes())
    prints = list({picture.name: picture for picture in planned.prints}.values())
    return archived(Content(book, parts, prints, fonts.files, css, spoken, fixed=True))


def _spoken(narrator: str, parts: Sequence[BookPart], heard: Mapping[int, LeafAloud]) -> Spoken:
    pages = {part.name: heard[number].page for number, part in enumerate(parts, 1) if number in heard}
    return Spoken(narrator, {name: overlay(name, [page]) for name, page in pages.items()}, tuple(pages.values()))


def leaves_planned(
    book: BookDoc, form: Format, pictures: Mapping[str, bytes], wishes: Wishes = _SCREEN
) -> tuple[Plan, Mapping[SetTitle, tuple[float, float]]]:
    """The leaves, and for every title the size and width that it is fitted to."""
    shared = shared_by_all(book, form, text_face_only=False)
    with tempfile.TemporaryDirectory(prefix="overprint-leaves-") as folder:

        def measure(asks: Sequence[Ask]) -> list[Room]:
            return measure_all(asks, shared, folder)

        planned = plan(book, pictures, measure, wishes)
        titles = list(dict.fromkeys(_titles(planned.leaves)))
        asks = [TitleAsk(one.title, one.width, one.height, one.largest, one.least) for one in titles]
        rooms = measure(asks) if asks else []
    return planned, {title: (room.size, room.width) for title, room in zip(titles, rooms, strict=True)}


def _titles(leaves: Sequence[Leaf]) -> list[SetTitle]:
    return [line for leaf in leaves for line in leaf.lines if isinstance(line, SetTitle)]
