"""From a book to its leaves: every decision about looks, none about drawing."""

from collections.abc import Mapping
from dataclasses import dataclass

from overprint.core.book import BookDoc, Page, PageKind
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.typesetting.contrast import Colour
from overprint.craft.typesetting.cover import cover_leaf
from overprint.craft.typesetting.geometry import BLEED_PT, format_of
from overprint.craft.typesetting.leaves import Leaf, Measure
from overprint.craft.typesetting.matter import Matter, end_paper_leaf, half_title_leaf, small_leaf, title_leaf
from overprint.craft.typesetting.pictures import Print, leading_colour, prepare
from overprint.craft.typesetting.story import Manner, StoryPage, set_story
from overprint.craft.typesetting.words import DENSE, is_from_right, language_of, printable, script_of

PAGES_MAX = 1000
PAGE_MAX_CHARACTERS = 200_000
BOOK_MAX_CHARACTERS = 3_000_000
TITLE_MAX_CHARACTERS = 300
_PLAIN_ACCENT: Colour = (38, 70, 110)


@dataclass(frozen=True, slots=True)
class Plan:
    leaves: tuple[Leaf, ...]
    prints: tuple[Print, ...]
    accent: Colour


def check(doc: BookDoc) -> None:
    """Raises ``LimitReached`` or ``Invalid`` for a book that is too big or has nothing in it."""
    if not doc.pages:
        raise Invalid("A book needs at least one page.", "Add a page.", field="pages")
    if len(doc.pages) > PAGES_MAX:
        raise LimitReached(f"A book may have at most {PAGES_MAX} pages.", "Make two books of it.")
    lengths = [len(page.heading) + sum(map(len, page.paragraphs)) for page in doc.pages]
    if max(lengths) > PAGE_MAX_CHARACTERS or sum(lengths) > BOOK_MAX_CHARACTERS:
        raise LimitReached("This book has more text than can be set at once.", "Make two books of it.")
    longest = max(len(doc.title), len(doc.author), *(len(page.heading) for page in doc.pages))
    if longest > TITLE_MAX_CHARACTERS:
        raise LimitReached(f"Titles and names may have at most {TITLE_MAX_CHARACTERS} characters.", "Shorten them.")


@dataclass(frozen=True, slots=True)
class Wishes:
    """``text_face_only``: no characters that only fallback fonts have. ``facing``: every story page with a picture
    becomes two facing pages, the picture on the left. ``bleed_pt``: how far pictures go on beyond the cut. ``accent``:
    of the whole book, where ``plan`` sees only a part; otherwise that of the first picture."""

    text_face_only: bool = False
    facing: bool = False
    bleed_pt: float = BLEED_PT
    accent: Colour | None = None


def plan(doc: BookDoc, pictures: Mapping[str, bytes], measure: Measure, wishes: Wishes = Wishes()) -> Plan:
    """Pure but for ``measure``, which answers how much room words take."""
    prints = prepare(doc.pages, pictures)
    accent = wishes.accent or (leading_colour(next(iter(prints.values()))) if prints else _PLAIN_ACCENT)
    setting = _Setting(doc, prints, accent, measure, wishes)
    return Plan(tuple(setting.leaves()), tuple(prints.values()), accent)


class _Setting:
    """Walks through the pages; runs of story pages are set together, because they share a type size."""

    def __init__(
        self, doc: BookDoc, prints: Mapping[int, Print], accent: Colour, measure: Measure, wishes: Wishes
    ) -> None:
        self.doc, self.prints, self.wishes = doc, prints, wishes
        self.script = script_of(doc)
        self.matter = Matter(
            format_of(doc.trim, wishes.bleed_pt),
            self._clean(doc.title),
            self._clean(doc.author),
            accent,
            measure,
            tuple(prints.values()),
        )
        self.title_page = any(page.kind is PageKind.TITLE for page in doc.pages)

    def leaves(self) -> list[Leaf]:
        made: list[Leaf] = []
        run: list[StoryPage] = []
        for number, page in enumerate(self.doc.pages, 1):
            if page.kind is PageKind.STORY:
                run.append(self._story_page(page, number))
                continue
            made += self._story(run, made)
            run = []
            made += self._other(page, number)
        return made + self._story(run, made)

    def _story(self, run: list[StoryPage], before: list[Leaf]) -> list[Leaf]:
        matter = self.matter
        from_right = is_from_right(language_of(self.doc)[0])
        manner = Manner(self.wishes.facing, from_right, dense=self.script in DENSE)
        return set_story(run, matter.form, matter.accent, len(before) + 1, matter.measure, manner)

    def _other(self, page: Page, number: int) -> list[Leaf]:
        words, picture = self._paragraphs(page), self.prints.get(number)
        if page.kind is PageKind.COVER:
            return [cover_leaf(self.matter, picture, words, not self.title_page)]
        if page.kind is PageKind.TITLE:
            return [title_leaf(self.matter, picture, words)]
        if page.kind is PageKind.HALF_TITLE:
            return [half_title_leaf(self.matter)]
        if page.kind is PageKind.END_PAPER:
            return [end_paper_leaf(self.matter)]
        if page.kind is PageKind.BLANK:
            return [Leaf("blank")]
        return [small_leaf(self.matter, page.kind.value, words, picture)]

    def _story_page(self, page: Page, number: int) -> StoryPage:
        return StoryPage(self._clean(page.heading), self._paragraphs(page), self.prints.get(number))

    def _paragraphs(self, page: Page) -> tuple[str, ...]:
        return tuple(text for text in map(self._clean, page.paragraphs) if text)

    def _clean(self, text: str) -> str:
        return printable(text, text_face_only=self.wishes.text_face_only, script=self.script)
