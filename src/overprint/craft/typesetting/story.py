"""How story pages look: each takes the template that suits it best, so that the book has rhythm and no words overflow.

The templates of a page that has words and a picture are in ``templates``. Beside them there are

``picture``  a picture alone, on a page or facing its words
``text``     words alone
``spread``   two pages that one picture lies across, the words in a calm place of one half; see ``spreads``
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from overprint.craft.typesetting.contrast import PAPER, Colour, readable
from overprint.craft.typesetting.framing import full_picture
from overprint.craft.typesetting.geometry import Box, Format
from overprint.craft.typesetting.leaves import Leaf, Measure, Ornament, Room, TextAsk, set_text
from overprint.craft.typesetting.overlays import Choice, Sheet, Words
from overprint.craft.typesetting.pictures import Print
from overprint.craft.typesetting.recent import Recent
from overprint.craft.typesetting.spreads import spread
from overprint.craft.typesetting.templates import TEMPLATES

_CENTRED_MAX_LENGTH = 220
_JUSTIFIED_LENGTH, _RUNS_ON_LENGTH = 700, 5000
_JUSTIFIED_LEAST_EM = 22  # a shorter line has too few spaces to share out evenly
_LONG_BOOK_SHARE = 0.5
_SIZES_TRIED = 3
_AGAIN, _AGAIN_SOON, _THIRD_TIME, _FULL_BLEED_TIRES = 0.24, 0.08, 0.8, 0.5
_FACING_MERIT, _OPENING_FACING_MERIT, _OPENING_LENGTH = 0.3, 0.7, 420
# Words that have a page to themselves may stand larger than those that share it with a picture.
_FACING_TYPE = 1.25
# An em of our text face holds so many letters, and a line is so much taller than its type.
LETTERS_AN_EM, _LINE, _DENSE_LINE = 2.35, 1.32, 1.45
_WORDS_SHARE, _LONG_SHARE = 0.25, 0.7
_WIDE = re.compile("[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]")

_Measured = Sequence[tuple[TextAsk, Room] | None]


@dataclass(frozen=True)  # without slots: its length is counted once
class StoryPage:
    """A story page with its words made printable and its picture prepared."""

    heading: str
    paragraphs: tuple[str, ...]
    picture: Print | None

    @property
    def wordless(self) -> bool:
        return not self.heading and not self.paragraphs

    @property
    def is_spread(self) -> bool:
        return self.picture is not None and self.picture.is_spread

    @cached_property
    def length(self) -> int:
        """How much room the words take, in letters of average width; those of Chinese and Japanese count double."""
        return sum(len(text) + len(_WIDE.findall(text)) for text in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Type:
    """Sizes in points: of words that share a page with a picture, and of those that have it to themselves."""

    shared_pt: float
    alone_pt: float


@dataclass(frozen=True, slots=True)
class Manner:
    """``facing``: words never share a page with a picture, but face it. ``from_right``: the book is read, and bound,
    from right to left. ``dense``: its script is set justified and has no capitals, as Chinese and Japanese."""

    facing: bool = False
    from_right: bool = False
    dense: bool = False


def set_story(
    pages: Sequence[StoryPage], form: Format, accent: Colour, first: int, measure: Measure, manner: Manner = Manner()
) -> list[Leaf]:
    """The leaves of all story pages, in one type size. ``first`` is the number of the first leaf."""
    if not pages:
        return []
    story = _Story(pages, form, accent, first, measure, manner)
    sizes = _sizes(pages, form, manner)
    made = story.least_crowded(sizes[:_SIZES_TRIED])
    reading = Type(form.reading_pt, form.reading_pt)
    if made.crowded > _LONG_BOOK_SHARE * len(pages) and sizes[0] != reading:
        return story.set_in(reading).leaves
    return made.leaves


@dataclass(frozen=True, slots=True)
class _Story:
    """Story pages that a type size is sought for."""

    pages: Sequence[StoryPage]
    form: Format
    accent: Colour
    first: int
    measure: Measure
    manner: Manner

    def set_in(self, kind: Type) -> "_Setter":
        form, alone_pt = self.form, kind.alone_pt
        unmeasured = Room(form.measure_pt(alone_pt, form.width_pt - 2 * form.margin_pt), math.inf, alone_pt)
        setter = _Setter(form, self.accent, self.first, self.manner)
        (measured,) = self._measured(self.pages, [kind])
        following = [page.is_spread for page in self.pages[1:]] + [False]
        for page, three, leads in zip(self.pages, measured, following, strict=True):
            setter.add(page, three, unmeasured, leads)
        return setter

    def least_crowded(self, sizes: Sequence[Type]) -> "_Setter":
        """Set in that of ``sizes`` that crowds the fewest pages, the first of several.

        To set a whole book takes long. So the page of the most words, and then those that were crowded, tell first
        whether a size can still be the one.
        """
        if len(sizes) == 1:
            return self.set_in(sizes[0])
        hard = sorted(filter(self._may_crowd, self.pages), key=lambda page: page.length)[-1:]
        made: dict[int, _Setter] = {}
        best: tuple[float, int] = (math.inf, 0)
        while left := [at for at in range(len(sizes)) if at not in made]:
            least, at = min(zip(self._surely_crowded(hard, [sizes[at] for at in left]), left, strict=True))
            if (least, at) > best:
                break
            made[at] = self.set_in(sizes[at])
            best = min(best, (made[at].crowded, at))
            hard = max(hard, made[at].hard, key=len)
        return made[best[1]]

    def _may_crowd(self, page: StoryPage) -> bool:
        """Whether its words are to share a page with its picture."""
        return not (page.picture is None or page.is_spread or page.wordless or self.manner.facing)

    def _surely_crowded(self, hard: Sequence[StoryPage], sizes: Sequence[Type]) -> list[int]:
        """For each size, how many of these pages no template suits, on whichever side of the fold they come to lie."""
        return [
            sum(self._suits_none(page, three) for page, three in zip(hard, measured, strict=True))
            for measured in self._measured(hard, sizes)
        ]

    def _suits_none(self, page: StoryPage, measured: _Measured) -> bool:
        wide, narrow, alone = measured
        if page.picture is None or not (wide and narrow and alone):
            return False
        words = Words(wide, narrow, alone)
        return not any(_choices(Sheet(self.form, self.accent, page.picture, words, side)) for side in (True, False))

    def _measured(self, pages: Sequence[StoryPage], sizes: Sequence[Type]) -> list[list[_Measured]]:
        """For each size, for each page: its words in three forms with their rooms."""
        asks = [[_asks(page, self.form, kind, self.manner) for page in pages] for kind in sizes]
        rooms = iter(self.measure([ask for same in asks for three in same for ask in three if ask]))
        return [[[(ask, next(rooms)) if ask else None for ask in three] for three in same] for same in asks]


def _sizes(pages: Sequence[StoryPage], form: Format, manner: Manner) -> Sequence[Type]:
    """Type sizes to try, best first: as large as leaves most pages three quarters for their picture. Long text has
    the same size everywhere."""
    lengths = sorted(round(page.length * (_DENSE_LINE if manner.dense else 1)) for page in pages)
    usual = lengths[len(lengths) * 3 // 4]
    if _share(usual, form, form.sizes_pt[-1]) > _LONG_SHARE:
        return (Type(form.reading_pt, form.reading_pt),)
    same = [Type(size, size) for size in form.sizes_pt]
    if manner.facing:
        larger = [Type(size, size * _FACING_TYPE) for size in form.sizes_pt]
        return [kind for kind in larger if _share(lengths[-1], form, kind.alone_pt) <= _LONG_SHARE] or same
    return [kind for kind in same if _share(usual, form, kind.shared_pt) <= _WORDS_SHARE] or same[-1:]


def _share(length: int, form: Format, size: float) -> float:
    """About how much of a page's height that many letters take."""
    line = form.measure_pt(size, form.width_pt - 2 * form.margin_pt)
    return math.ceil(length / (line / size * LETTERS_AN_EM)) * _LINE * size / form.height_pt


def _asks(page: StoryPage, form: Format, kind: Type, manner: Manner) -> tuple[TextAsk | None, ...]:
    """As wide as can be read; a column; alone, where many are justified. A few lines stand centred everywhere.
    ``None`` where nobody needs to know: beside a picture that is not there, or when there is no end of it."""
    room_pt = form.width_pt - 2 * form.margin_pt
    wide = form.measure_pt(kind.shared_pt, room_pt)
    centred = page.length <= _CENTRED_MAX_LENGTH
    opens = bool(page.heading) and not centred
    just = manner.dense and not centred
    shared = TextAsk(page.heading, page.paragraphs, kind.shared_pt, wide, centred=centred, justified=just, drop=opens)
    alone_wide = form.measure_pt(kind.alone_pt, room_pt)
    even = page.length > _JUSTIFIED_LENGTH and alone_wide >= _JUSTIFIED_LEAST_EM * kind.alone_pt
    alone = replace(shared, size=kind.alone_pt, width=alone_wide, justified=just or even)
    if page.length > _RUNS_ON_LENGTH:
        return None, None, None
    if page.picture is None or (manner.facing and not page.is_spread):
        return None, None, alone
    narrow = replace(shared, drop=False, width=(0.34 if form.landscape else 0.4) * form.width_pt - 0.4 * form.margin_pt)
    return shared, narrow, alone


class _Setter:
    """Sets page after page and remembers what came before. ``crowded`` counts pages whose words did not fit; ``hard``
    are those of them that share theirs with a picture."""

    def __init__(self, form: Format, accent: Colour, first: int, manner: Manner) -> None:
        self.form = form
        self.accent = accent
        self.manner = manner
        self.number = first
        self.leaves: list[Leaf] = []
        self.crowded = 0
        self.hard: list[StoryPage] = []

    def add(self, page: StoryPage, measured: _Measured, unmeasured: Room, leads: bool) -> None:
        """``leads``: the next page is a spread, which has to begin on a left-hand page."""
        wide, narrow, alone = measured
        if alone is None:
            ask = TextAsk(page.heading, page.paragraphs, unmeasured.size, unmeasured.width, False, True, True)
            alone = ask, unmeasured
        words = Words(wide, narrow, alone) if wide and narrow else None
        if self.manner.facing and page.picture is not None and self.number % 2:
            self._make_up()
        if page.picture is None:
            self._text(alone)
        elif page.is_spread and self._spread(page, page.picture, words):
            return
        elif page.wordless:
            self._picture(page.picture)
        elif words is None or self.manner.facing:
            self._picture(page.picture)
            self._text(alone)
        else:
            self._choose(page, page.picture, words, leads)

    def _choose(self, page: StoryPage, picture: Print, words: Words, leads: bool) -> None:
        outside_right = (self.number % 2 == 1) != self.manner.from_right
        sheet = Sheet(self.form, self.accent, picture, words, outside_right)
        choices = _choices(sheet)
        best = max(choices, key=self._merit, default=None)
        facing = _FACING_MERIT
        if page.heading and self.number % 2 == 0 and page.length > _OPENING_LENGTH:
            facing = _OPENING_FACING_MERIT - self._tired("picture")
        if leads:  # one page more or less here, so that the spread lies open
            facing = math.inf if self.number % 2 == 0 else -math.inf
        if best and self._merit(best) >= facing:
            self.leaves.append(best.leaf)
            self.number += 1
            return
        if not choices:
            self.crowded += 1
            self.hard.append(page)
        self._picture(picture)
        self._text(words.alone)

    def _spread(self, page: StoryPage, picture: Print, words: Words | None) -> bool:
        """Sets the page across two, if they face each other and there is room for its words."""
        if self.number % 2 or (words is None and not page.wordless):
            return False
        seen = None if page.wordless else words
        made = _SPREADS.get(
            (self.form, self.accent, picture.traits, seen, self.manner.from_right),
            lambda: spread(self.form, self.accent, picture, seen, self.manner.from_right) or (),
        )
        self.crowded += not made
        self.leaves += made
        self.number += len(made)
        return bool(made)

    def _merit(self, choice: Choice) -> float:
        return choice.merit - self._tired(choice.leaf.template)

    def _tired(self, template: str) -> float:
        """What a template loses by having been seen just now. Three in a row are for those who have no other choice."""
        before = [leaf.template for leaf in self.leaves[-3:]]
        again = [template == seen for seen in reversed(before)]
        if again[:2] == [True, True]:
            return _THIRD_TIME
        share = _FULL_BLEED_TIRES if template == "full_bleed" else 1
        return share * (_AGAIN * (again[:1] == [True]) + _AGAIN_SOON * sum(again[1:]))

    def _make_up(self) -> None:
        """A page with no more than an ornament, so that the next picture lies on the left again."""
        size_pt = 1.5 * self.form.reading_pt
        self.number += 1
        self.leaves.append(Leaf("blank", ornaments=(Ornament(self.form.height_pt * 0.4, size_pt),)))

    def _picture(self, picture: Print) -> None:
        self.number += 1
        self.leaves.append(Leaf("picture", full_picture(self.form, picture)))

    def _text(self, words: tuple[TextAsk, Room]) -> None:
        leaf, count = text_leaf(self.form, self.accent, *words)
        self.number += count
        self.crowded += leaf.runs_on
        self.leaves.append(leaf)


# After an edit only the pages that it touched are thought about again.
_CHOICES: Recent[tuple[Choice, ...]] = Recent(200)
_SPREADS: Recent[tuple[Leaf, ...]] = Recent(100)


def _choices(sheet: Sheet) -> tuple[Choice, ...]:
    """What every template that suits the page makes of it."""
    return _CHOICES.get(
        (sheet.form, sheet.accent, sheet.words, sheet.outside_right, sheet.picture.traits),
        lambda: tuple(choice for template in TEMPLATES if (choice := template(sheet))),
    )


def text_leaf(form: Format, accent: Colour, ask: TextAsk, room: Room) -> tuple[Leaf, int]:
    """Words alone, and how many pages they take (an estimate when they run on)."""
    text_accent = readable(accent, PAPER)
    most = form.height_pt - 2.45 * form.margin_pt
    left = (form.width_pt - room.width) / 2
    if room.height > most:
        leaf = Leaf("text", text=set_text(ask, Box(left, 0, room.width, most), text_accent), runs_on=True)
        letters = sum(map(len, ask.paragraphs))
        height = room.height if math.isfinite(room.height) else _share(letters, form, ask.size) * form.height_pt
        return leaf, math.ceil(height / most)
    top = form.margin_pt * 1.15 + (most - room.height) * 0.4
    text = set_text(ask, Box(left, top, room.width, room.height), text_accent)
    roomy = room.height < 0.7 * most
    below = (Ornament(top + room.height + ask.size * 1.4, ask.size * 1.2),) if roomy else ()
    return Leaf("text", text=text, ornaments=below, numbered=True), 1
