"""A proof: every leaf of a book with its parts in their places, for whoever shows it on a screen and knows which page
of the book each leaf belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from overprint.core.book import BookDoc, Page, PageKind
from overprint.craft.typesetting.bleed import with_bleed
from overprint.craft.typesetting.contrast import PAPER, Colour, readable
from overprint.craft.typesetting.dressing import dressed
from overprint.craft.typesetting.epub_fixed import leaves_planned
from overprint.craft.typesetting.epub_leaves import (
    LINES_SHIFT_EM,
    TEXT_SHIFT_EM,
    TITLE_SHIFT_EM,
    fills_lines_beside_a_drop_cap,
)
from overprint.craft.typesetting.geometry import format_of
from overprint.craft.typesetting.leaves import Leaf, SetTitle
from overprint.craft.typesetting.pictures import prepare
from overprint.craft.typesetting.plan import Wishes, check
from overprint.craft.typesetting.words import is_from_right, language_of, printable, script_of


@dataclass(frozen=True, slots=True)
class ProofLeaf:
    """``page`` counts the story pages of the book from 1; 0 for every other leaf. ``picture`` is the content hash of
    the one that is seen. ``titles`` are fitted: size and width in points, in their order among the leaf's lines."""

    leaf: Leaf
    page: int
    picture: str
    titles: tuple[tuple[float, float], ...]
    has_drop: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """Lengths are points. ``bleed_pt`` is how far pictures go on beyond the cut.

    The shifts are what browsers set words too low by, in em of their size: of story words, of lines, of titles.
    """

    width_pt: float
    height_pt: float
    margin_pt: float
    bleed_pt: float
    accent: Colour
    is_from_right: bool
    leaves: tuple[ProofLeaf, ...]
    text_shift_em: float = TEXT_SHIFT_EM
    lines_shift_em: float = LINES_SHIFT_EM
    title_shift_em: float = TITLE_SHIFT_EM


def proof(doc: BookDoc, pictures: Mapping[str, bytes], *, is_print: bool) -> Proof:
    """``is_print``: ``doc`` is the inside of a print edition, where words and their picture face each other.

    Raises ``Invalid`` or ``LimitReached``.
    """
    check(doc)
    book = doc if is_print else dressed(doc)
    form = format_of(book.trim)
    planned, sizes = leaves_planned(book, form, pictures, Wishes(facing=is_print))
    hashes = _hashes(book, pictures)
    numbers = _pages(book, planned.leaves, hashes)
    leaves = tuple(
        ProofLeaf(
            with_bleed(leaf, form),
            number,
            hashes.get(leaf.picture.file, "") if leaf.picture else "",
            tuple(sizes[line] for line in leaf.lines if isinstance(line, SetTitle)),
            bool(leaf.text and leaf.text.drop and fills_lines_beside_a_drop_cap(leaf.text)),
        )
        for leaf, number in zip(planned.leaves, numbers, strict=True)
    )
    size = form.width_pt, form.height_pt, form.margin_pt, form.bleed_pt
    return Proof(*size, readable(planned.accent, PAPER), is_from_right(language_of(book)[0]), leaves)


def _hashes(book: BookDoc, pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Content hash of each picture by the name that leaves know it by."""
    prints = prepare(book.pages, pictures)
    return {made.name: picture.content_hash for n, made in prints.items() if (picture := book.pages[n - 1].picture)}


def _pages(book: BookDoc, leaves: Sequence[Leaf], hashes: Mapping[str, str]) -> Iterator[int]:
    """Which story page each leaf belongs to. Pages keep their order; a page has one leaf, or its words and its picture
    have one each."""
    script = script_of(book)
    story = [page for page in book.pages if page.kind is PageKind.STORY]
    words = [_words_of(page, script) for page in story]
    at, has_words = 0, True
    for leaf in leaves:
        shown = _words_on(leaf)
        first = at if has_words else at - 1  # several pages may say the same
        if any(shown) and shown in words[first:]:
            at, has_words = words.index(shown, first) + 1, True
            yield at
        elif leaf.picture and leaf.template in _STORY:
            here = hashes.get(leaf.picture.file)
            is_same = at > 0 and here == _hash_of(story[at - 1]) and leaf.template == "spread"
            if not is_same and at < len(story) and has_words:
                at, has_words = at + 1, not any(words[at])
            yield at
        else:
            yield 0


# Templates of leaves that show a picture of the story and no words.
_STORY = frozenset({"picture", "spread", "full_bleed"})


def _hash_of(page: Page) -> str:
    return page.picture.content_hash if page.picture else ""


def _words_of(page: Page, script: str) -> tuple[str, ...]:
    shown = (printable(text, script=script) for text in page.paragraphs)
    return (printable(page.heading, script=script), *(text for text in shown if text))


def _words_on(leaf: Leaf) -> tuple[str, ...]:
    return (leaf.text.heading, *leaf.text.paragraphs) if leaf.text else ()
