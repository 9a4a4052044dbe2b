"""How story pages look: which template each takes, so that a book has rhythm and no words overflow.

``full_bleed``  the words stand in the quiet part of a picture that fills the page
``band``        the picture fills the upper part to three edges, the words stand below
``vignette``    the whole picture inside the margins, the words below (beside it on landscape pages)
``facing``      a picture page and a text page opposite: chapter openings, and words too many for the others
``text``        words alone
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from overprint.core.scene import Area
from overprint.craft.typesetting.contrast import PAPER, Colour, readable, veil_for, worst
from overprint.craft.typesetting.geometry import Box, Format, contain, cover, hidden_share
from overprint.craft.typesetting.leaves import Leaf, Measure, Ornament, Room, SetPicture, SetVeil, TextAsk, set_text
from overprint.craft.typesetting.pictures import Print, tones

_CENTRED_MAX_CHARACTERS = 260
_OVERLAY_MAX_SHARE = 0.34
_BAND_MIN_SHARE, _BAND_MAX_SHARE = 0.55, 0.74
_VIGNETTE_MIN_SHARE = 0.44
_CROP_MAX_SHARE = 0.25
_BAND_CROP_MAX_SHARE = 0.42
_FULL_BLEEDS_IN_A_ROW = 3
_LONG_BOOK_SHARE = 0.5
_RESTLESS = 9.0
_CORNER_PT = 8
# Words that have a page to themselves may stand larger than those that share it with a picture.
_SPREAD_TYPE = 1.3


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story page with its words made printable and its picture prepared."""

    heading: str
    paragraphs: tuple[str, ...]
    picture: Print | None
    quiet: Area

    @property
    def wordless(self) -> bool:
        return not self.heading and not self.paragraphs


@dataclass(frozen=True, slots=True)
class _Measured:
    """A page's words in one type size: over a picture, under or beside it, and as a text page."""

    over: tuple[TextAsk, Room]
    short: tuple[TextAsk, Room]
    long: tuple[TextAsk, Room]


def set_story(
    pages: Sequence[StoryPage], form: Format, accent: Colour, first: int, measure: Measure, spreads: bool = False
) -> list[Leaf]:
    """The leaves of all story pages, in one type size. ``first`` is the number of the first leaf.

    ``spreads``: words never share a page with a picture, but face it.
    """

    def run(size: float) -> _Setter:
        asks = [ask for page in pages for ask in _asks(page, form, size)]
        rooms = iter(zip(asks, measure(asks), strict=True))
        measured = [_Measured(next(rooms), next(rooms), next(rooms)) for _ in pages]
        return _Setter(form, accent, first, spreads).run(pages, measured)

    if not pages:
        return []
    sizes = tuple(size * _SPREAD_TYPE for size in form.sizes_pt) + form.sizes_pt if spreads else form.sizes_pt
    smallest = run(sizes[-1])
    if smallest.crowded > _LONG_BOOK_SHARE * len(pages):
        return run(form.reading_pt).leaves
    tries = (run(size) for size in sizes[:-1])
    return min((*tries, smallest), key=lambda made: made.crowded).leaves


def _asks(page: StoryPage, form: Format, size: float) -> tuple[TextAsk, TextAsk, TextAsk]:
    """Over a picture; under it, or in a column beside it; alone. Alone it is justified, with a large initial where
    a chapter opens. A few lines stand centred everywhere."""
    wide = form.measure_pt(size, form.width_pt - 2 * form.margin_pt)
    column = 0.36 * form.width_pt - 0.5 * form.margin_pt if form.landscape else wide
    centred = sum(map(len, page.paragraphs)) <= _CENTRED_MAX_CHARACTERS
    over = TextAsk(page.heading, page.paragraphs, size, wide, centred=centred)
    alone = replace(over, justified=not centred, drop=bool(page.heading) and not centred)
    return over, replace(over, width=column), alone


class _Setter:
    """Sets page after page and remembers what came before. ``crowded`` counts pages whose words did not fit."""

    def __init__(self, form: Format, accent: Colour, first: int, spreads: bool) -> None:
        self.form = form
        self.accent = accent
        self.spreads = spreads
        self.number = first
        self.leaves: list[Leaf] = []
        self.crowded = 0
        self.full_bleeds = 0

    def run(self, pages: Sequence[StoryPage], measured: Sequence[_Measured]) -> "_Setter":
        for page, words in zip(pages, measured, strict=True):
            self._add(self._choose(page, words))
        return self

    def _add(self, leaves: list[Leaf]) -> None:
        for leaf in leaves:
            self.full_bleeds = self.full_bleeds + 1 if leaf.template == "full_bleed" else 0
        self.leaves += leaves

    def _choose(self, page: StoryPage, words: _Measured) -> list[Leaf]:
        if page.picture is None:
            return self._text_leaf(words)
        if page.wordless:
            return self._picture_leaf(page, page.picture)
        if self.spreads or (page.heading and self.number % 2 == 0):
            return self._facing(page, page.picture, words)
        over = _full_bleed(self.form, self.accent, page, page.picture, *words.over)
        band = _band(self.form, self.accent, page, page.picture, *words.short)
        vignette = _vignette(self.form, self.accent, page.picture, words)
        order = [over, band, vignette]
        if self.full_bleeds >= _FULL_BLEEDS_IN_A_ROW or (over is not None and over.veils and over.veils[0].panel):
            order = [band, vignette, over]
        for leaf in order:
            if leaf is not None:
                self.number += 1
                return [leaf]
        self.crowded += 1
        return self._facing(page, page.picture, words)

    def _facing(self, page: StoryPage, picture: Print, words: _Measured) -> list[Leaf]:
        return self._picture_leaf(page, picture) + self._text_leaf(words)

    def _picture_leaf(self, page: StoryPage, picture: Print) -> list[Leaf]:
        self.number += 1
        return [Leaf("picture", full_picture(self.form, picture, page.quiet))]

    def _text_leaf(self, words: _Measured) -> list[Leaf]:
        leaf, count = text_leaf(self.form, self.accent, *words.long)
        self.number += count
        if leaf.runs_on:
            self.crowded += 1
        return [leaf]


def full_picture(form: Format, picture: Print, quiet: Area = Area.NONE) -> SetPicture:
    """A page filled by its picture; one of quite another shape is set whole inside the margins instead."""
    if hidden_share(picture.width_px, picture.height_px, form.bled) > _CROP_MAX_SHARE:
        m = form.margin_pt
        placed = contain(picture.width_px, picture.height_px, Box(m, m, form.width_pt - 2 * m, form.height_pt - 2 * m))
        return SetPicture(picture.name, picture.alt, placed, placed, _CORNER_PT)
    placed = cover(picture.width_px, picture.height_px, form.bled, Area.NONE if quiet is Area.NONE else quiet)
    return SetPicture(picture.name, picture.alt, placed, form.page)


def believed(form: Format, picture: Print, quiet: Area) -> Area:
    """``quiet``, unless that part of the picture is in truth restless: then nothing may cover it or cut it off."""
    if quiet is Area.NONE:
        return quiet
    third = form.height_pt / 3
    region = Box(0, 0 if quiet is Area.TOP else form.height_pt - third, form.width_pt, third)
    seen = tones(picture, full_picture(form, picture, quiet).placed, region)
    return quiet if seen.restlessness <= _RESTLESS else Area.NONE


def text_leaf(form: Format, accent: Colour, ask: TextAsk, room: Room) -> tuple[Leaf, int]:
    """Words alone, and how many pages they take (an estimate when they run on)."""
    text_accent = readable(accent, PAPER)
    most = form.height_pt - 2.45 * form.margin_pt
    left = (form.width_pt - room.width) / 2
    if room.height > most:
        leaf = Leaf("text", text=set_text(ask, Box(left, 0, room.width, most), text_accent), runs_on=True)
        return leaf, math.ceil(room.height / most)
    top = form.margin_pt * 1.15 + (most - room.height) * 0.4
    text = set_text(ask, Box(left, top, room.width, room.height), text_accent)
    roomy = room.height < 0.7 * most
    below = (Ornament(top + room.height + ask.size * 1.4, ask.size * 1.2),) if roomy else ()
    return Leaf("text", text=text, ornaments=below, numbered=True), 1


def _full_bleed(form: Format, accent: Colour, page: StoryPage, picture: Print, ask: TextAsk, room: Room) -> Leaf | None:
    if page.quiet is Area.NONE or room.height > _OVERLAY_MAX_SHARE * form.height_pt:
        return None
    seen = full_picture(form, picture, page.quiet)
    if seen.clip != form.page:
        return None
    box = _quiet_box(form, page.quiet, room)
    veil = veil_for(tones(picture, seen.placed, _grown(box, 8, 8)))
    under = shade(form, box, page.quiet is Area.BOTTOM, veil.colour, veil.alpha)
    if veil.panel:
        under = SetVeil(_grown(box, 22, 16), veil.colour, veil.alpha, panel=True)
    tinted = replace(veil, ink=readable(accent, veil.colour)) if veil.panel else veil
    heading = tinted.ink if worst(tinted, tones(picture, seen.placed, box)) >= 3 else veil.ink
    return Leaf("full_bleed", seen, (under,), text=set_text(ask, box, heading, veil.ink))


def _quiet_box(form: Format, quiet: Area, room: Room) -> Box:
    """In the middle of the quiet third, and never nearer to the edge than two thirds of the margin."""
    edge = form.margin_pt * 0.7
    slack = max(0.0, (0.32 * form.height_pt - edge - room.height) / 2)
    left = (form.width_pt - room.width) / 2
    top = edge + slack if quiet is Area.TOP else form.height_pt - edge - slack - room.height
    return Box(left, top, room.width, room.height)


def shade(form: Format, box: Box, upwards: bool, colour: Colour, alpha: float) -> SetVeil:
    """Full behind the text, from the page's edge, then fading over a sixth of the page."""
    fade = form.height_pt / 6
    solid = (form.height_pt - box.top_pt if upwards else box.bottom_pt) + 10
    tall = min(form.height_pt, solid + fade)
    area = Box(0, form.height_pt - tall if upwards else 0, form.width_pt, tall)
    return SetVeil(area, colour, alpha, hold=min(1, solid / tall), upwards=upwards)


def _band(form: Format, accent: Colour, page: StoryPage, picture: Print, ask: TextAsk, room: Room) -> Leaf | None:
    if form.landscape or page.quiet is Area.NONE:
        return None
    above, below = 0.5 * form.margin_pt, 0.95 * form.margin_pt
    tall = min(form.height_pt - room.height - above - below, _BAND_MAX_SHARE * form.height_pt)
    box = Box(0, 0, form.width_pt, tall)
    if tall < _BAND_MIN_SHARE * form.height_pt:
        return None
    if hidden_share(picture.width_px, picture.height_px, box) > _BAND_CROP_MAX_SHARE:
        return None
    placed = cover(picture.width_px, picture.height_px, box, page.quiet)
    top = tall + above + (form.height_pt - below - tall - above - room.height) / 2
    text = Box((form.width_pt - room.width) / 2, top, room.width, room.height)
    seen = SetPicture(picture.name, picture.alt, placed, box)
    return Leaf("band", seen, text=set_text(ask, text, readable(accent, PAPER)), numbered=True)


def _vignette(form: Format, accent: Colour, picture: Print, words: _Measured) -> Leaf | None:
    """The whole picture with the words under it or, on landscape pages, beside it: whichever leaves it larger."""
    made = [_words_under(form, picture, words.over[1])]
    if form.landscape:
        made.append(_words_beside(form, picture, *words.short))
    fitting = [option for option in made if option and option[0].height_pt >= _VIGNETTE_MIN_SHARE * form.height_pt]
    if not fitting:
        return None
    placed, text = max(fitting, key=lambda option: option[0].width_pt)
    ask = words.over[0] if (placed, text) == made[0] else words.short[0]
    seen = SetPicture(picture.name, picture.alt, placed, placed, _CORNER_PT)
    return Leaf("vignette", seen, text=set_text(ask, text, readable(accent, PAPER)), numbered=True)


def _words_under(form: Format, picture: Print, room: Room) -> tuple[Box, Box] | None:
    m = form.margin_pt
    tall = form.height_pt - room.height - 2.55 * m
    if tall <= 0:
        return None
    box = form.centred(m, form.width_pt - 2 * m, tall)
    placed = contain(picture.width_px, picture.height_px, box)
    spare = box.height_pt - placed.height_pt
    placed = replace(placed, top_pt=m + spare * 0.35)
    return placed, form.centred(placed.bottom_pt + 0.55 * m + spare * 0.2, room.width, room.height)


def _words_beside(form: Format, picture: Print, ask: TextAsk, room: Room) -> tuple[Box, Box] | None:
    m = form.margin_pt
    if room.height > form.height_pt - 2.4 * m:
        return None
    box = Box(m, m, form.width_pt - 2.5 * m - ask.width, form.height_pt - 2 * m)
    left = form.width_pt - m - ask.width + (ask.width - room.width) / 2
    text = Box(left, (form.height_pt - room.height) / 2, room.width, room.height)
    return contain(picture.width_px, picture.height_px, box), text


def _grown(box: Box, by_x_pt: float, by_y_pt: float) -> Box:
    return Box(box.left_pt - by_x_pt, box.top_pt - by_y_pt, box.width_pt + 2 * by_x_pt, box.height_pt + 2 * by_y_pt)
