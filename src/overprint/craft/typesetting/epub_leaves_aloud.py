"""What is read aloud on pages of one size: which leaf has the words of which page, and each sentence with its name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from overprint.core.book import BookDoc, PageKind
from overprint.craft.typesetting.epub_aloud import PageAloud
from overprint.craft.typesetting.escaping import text
from overprint.craft.typesetting.leaves import Leaf
from overprint.craft.typesetting.reading import parts_read
from overprint.craft.typesetting.words import printable, script_of

Say = Callable[[int, str], str]
"""Markup of what stands on a leaf: its title or heading (0) or a paragraph (from 1), with the words as they are set."""

_TITLE = PageKind.TITLE.value


def silent(_: int, words: str) -> str:
    return text(words)


@dataclass(frozen=True, slots=True)
class LeafAloud:
    """A page's sentences on the leaf that has its words. ``page`` is numbered as the leaf is, ``parts`` are the words
    by the numbers that ``Say`` gives them, each with its place among the parts of its page."""

    page: PageAloud
    parts: tuple[tuple[int, str], ...]
    script: str

    def say(self, order: int, _: str) -> str:
        place, words = self.parts[order]
        return self.page.markup(place, words, self._shown)

    def _shown(self, words: str) -> str:
        """Like the whole paragraph; the spaces at its ends belong between sentences."""
        inside = words.strip()
        return words.replace(inside, printable(inside, script=self.script)) if inside else words


def leaves_aloud(doc: BookDoc, leaves: Sequence[Leaf], aloud: Mapping[int, PageAloud]) -> dict[int, LeafAloud]:
    """By number of the leaf, from 1. ``aloud`` by number of the page of ``doc``."""
    script = script_of(doc)
    worded = iter(enumerate(leaves, 1))
    found: dict[int, LeafAloud] = {}
    for number, page in enumerate(doc.pages, 1):
        parts = parts_read(doc, page)
        shown = [(place, words) for place, words in enumerate(parts) if place == 0 or printable(words, script=script)]
        wanted = tuple(printable(words, script=script) for _, words in shown)
        if not any(wanted):
            continue
        leaf_number = _find(worded, wanted, is_title=page.kind is PageKind.TITLE)
        if number in aloud:
            here = replace(aloud[number], number=leaf_number, name=f"page-{leaf_number}.m4a")
            found[leaf_number] = LeafAloud(here, tuple(shown), script)
    return found


def _find(leaves: Iterator[tuple[int, Leaf]], wanted: tuple[str, ...], *, is_title: bool) -> int:
    """The next leaf with these words. Pages with words keep their order, whatever lies between them."""
    for number, leaf in leaves:
        if leaf.template == _TITLE if is_title else _words_on(leaf) == wanted:
            return number
    raise ValueError(f"No leaf has the words {wanted[:2]!r}.")


def _words_on(leaf: Leaf) -> tuple[str, ...]:
    return (leaf.text.heading, *leaf.text.paragraphs) if leaf.text else ()
