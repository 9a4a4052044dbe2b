"""The page templates: what one page of a picture book can look like. Each says how well it suits its page.

``full_bleed``  the words stand in a calm part of a picture that fills the page
``card``        the words stand on a paper panel, in a picture that fills the page
``band``        the picture fills the upper part to three edges, the words stand below
``canopy``      the words stand above, the picture fills the lower part to three edges
``side``        the picture fills the outer side to three edges, the words stand beside it
``vignette``    the picture inside the margins, the words below it, or beside it on landscape pages
``medallion``   a round picture, for a few words
"""

from collections.abc import Callable

from overprint.craft.typesetting.contrast import PAPER, readable
from overprint.craft.typesetting.framing import crop, full_picture, zoom_for
from overprint.craft.typesetting.geometry import Box, Format, contain
from overprint.craft.typesetting.leaves import Leaf, Room, SetPicture, TextAsk, set_text
from overprint.craft.typesetting.overlays import Choice, Sheet, on_card, over_picture
from overprint.craft.typesetting.pictures import Print

_EDGE = 0.75
_BAND_MIN_SHARE, _BAND_MAX_SHARE = 0.5, 0.76
_SIDE_MIN_SHARE, _SIDE_MAX_SHARE = 0.5, 0.66
_VIGNETTE_MIN_SHARE, _VIGNETTE_MIN_AREA = 0.4, 0.3
_MEDALLION_MIN_SHARE, _MEDALLION_TEXT_MAX_SHARE = 0.46, 0.24
_CORNER_PT = 8.0


def full_bleed(sheet: Sheet) -> Choice | None:
    seen = full_picture(sheet.form, sheet.picture)
    return None if seen.clip != sheet.form.page else over_picture(sheet, seen, sheet.form.margin_pt * _EDGE)


def card(sheet: Sheet) -> Choice | None:
    seen = full_picture(sheet.form, sheet.picture)
    return None if seen.clip != sheet.form.page else on_card(sheet, seen, sheet.form.margin_pt * 0.5)


def band(sheet: Sheet) -> Choice | None:
    form, (ask, room) = sheet.form, sheet.words.wide
    above, below = 0.55 * form.margin_pt, 0.95 * form.margin_pt
    tall = min(form.height_pt - room.height - above - below, _BAND_MAX_SHARE * form.height_pt)
    box = Box(0, 0, form.width_pt, tall)
    top = tall + above + (form.height_pt - below - tall - above - room.height) / 2
    return _bleeding(sheet, "band", ask, box, form.centred(top, room.width, room.height))


def canopy(sheet: Sheet) -> Choice | None:
    form, (ask, room) = sheet.form, sheet.words.wide
    above, below = 0.9 * form.margin_pt, 0.6 * form.margin_pt
    tall = min(form.height_pt - room.height - above - below, _BAND_MAX_SHARE * form.height_pt)
    box = Box(0, form.height_pt - tall, form.width_pt, tall)
    top = above + (form.height_pt - tall - above - below - room.height) / 2
    return _bleeding(sheet, "canopy", ask, box, form.centred(top, room.width, room.height))


def _bleeding(sheet: Sheet, name: str, ask: TextAsk, box: Box, text: Box) -> Choice | None:
    form, picture = sheet.form, sheet.picture
    if form.landscape or box.height_pt < _BAND_MIN_SHARE * form.height_pt:
        return None
    placed = crop(picture, box)
    if placed is None:
        return None
    seen = SetPicture(picture.name, picture.alt, placed, box)
    low = picture.focus.middle_pt[1] > 0.55  # a calm sky can be cut off, a calm ground below the figures too
    merit = 0.72 + (0.04 if low == (name == "canopy") else 0) - 0.4 * max(0.0, _hidden(placed, box) - 0.2)
    leaf = Leaf(name, seen, text=set_text(ask, text, readable(sheet.accent, PAPER)), numbered=name == "band")
    return Choice(merit, leaf)


def side(sheet: Sheet) -> Choice | None:
    """The picture at the outer edge, a column of words beside it."""
    form, picture, (ask, room) = sheet.form, sheet.picture, sheet.words.narrow
    column = room.width + (1.5 if form.landscape else 1.25) * form.margin_pt
    wide = min(form.width_pt - column, _SIDE_MAX_SHARE * form.width_pt)
    if wide < _SIDE_MIN_SHARE * form.width_pt or room.height > form.height_pt - 2.2 * form.margin_pt:
        return None
    box = Box(form.width_pt - wide if sheet.outside_right else 0, 0, wide, form.height_pt)
    placed = crop(picture, box)
    if placed is None:
        return None
    middle = (form.width_pt - wide) / 2 + (0 if sheet.outside_right else wide)
    text = Box(middle - room.width / 2, (form.height_pt - room.height) * 0.46, room.width, room.height)
    seen = SetPicture(picture.name, picture.alt, placed, box)
    merit = (0.8 if form.landscape else 0.62) - 0.3 * max(0.0, _hidden(placed, box) - 0.25)
    return Choice(merit, Leaf("side", seen, text=set_text(ask, text, readable(sheet.accent, PAPER))))


def vignette(sheet: Sheet) -> Choice | None:
    """As large as the words leave it; it loses its calm edges rather than become small."""
    made = [_words_under(sheet)]
    if sheet.form.landscape:
        made.append(_words_beside(sheet))
    fitting = [one for one in made if one]
    if not fitting:
        return None
    placed, clip, text, ask = max(fitting, key=lambda one: one[1].width_pt * one[1].height_pt)
    if clip.height_pt < _VIGNETTE_MIN_SHARE * sheet.form.height_pt:
        return None
    seen = SetPicture(sheet.picture.name, sheet.picture.alt, placed, clip, _CORNER_PT)
    share = clip.width_pt * clip.height_pt / (sheet.form.width_pt * sheet.form.height_pt)
    if share < _VIGNETTE_MIN_AREA:
        return None
    leaf = Leaf("vignette", seen, text=set_text(ask, text, readable(sheet.accent, PAPER)), numbered=True)
    return Choice(0.36 + 0.5 * share, leaf)


def medallion(sheet: Sheet) -> Choice | None:
    """For a few words and a group of figures that a circle can hold."""
    form, picture = sheet.form, sheet.picture
    ask, room = sheet.words.narrow if form.landscape else sheet.words.wide
    if not picture.spots or sheet.words.wide[1].height > _MEDALLION_TEXT_MAX_SHARE * form.height_pt:
        return None
    clip, text = _round_beside(sheet, room) if form.landscape else _round_above(form, room)
    if clip.width_pt < _MEDALLION_MIN_SHARE * form.short_side_pt or not form.page.holds(text):
        return None
    placed = crop(picture, clip, zoom_for(picture, clip, round_=True), round_=True)
    if placed is None:
        return None
    seen = SetPicture(picture.name, picture.alt, placed, clip, clip.width_pt / 2)
    leaf = Leaf("medallion", seen, text=set_text(ask, text, readable(sheet.accent, PAPER)), numbered=True)
    return Choice(0.66, leaf)


def _round_above(form: Format, room: Room) -> tuple[Box, Box]:
    m = form.margin_pt
    across = min(form.width_pt - 1.7 * m, form.height_pt - room.height - 2.5 * m)
    spare = form.height_pt - across - room.height - 2.5 * m
    clip = form.centred(0.85 * m + spare * 0.4, across, across)
    return clip, form.centred(clip.bottom_pt + 0.55 * m + spare * 0.2, room.width, room.height)


def _round_beside(sheet: Sheet, room: Room) -> tuple[Box, Box]:
    form, m = sheet.form, sheet.form.margin_pt
    across = min(form.height_pt - 1.6 * m, form.width_pt - room.width - 2.6 * m)
    left = form.width_pt - 0.8 * m - across if sheet.outside_right else 0.8 * m
    beside = 0.9 * m if sheet.outside_right else form.width_pt - 0.9 * m - room.width
    text = Box(beside, (form.height_pt - room.height) / 2, room.width, room.height)
    return Box(left, (form.height_pt - across) / 2, across, across), text


TEMPLATES: tuple[Callable[[Sheet], Choice | None], ...] = (full_bleed, card, band, canopy, side, vignette, medallion)


def _words_under(sheet: Sheet) -> tuple[Box, Box, Box, TextAsk] | None:
    form, picture, (ask, room) = sheet.form, sheet.picture, sheet.words.wide
    m = form.margin_pt
    tall = form.height_pt - room.height - 2.2 * m
    if tall <= 0:
        return None
    box = form.centred(0.75 * m, form.width_pt - 1.5 * m, tall)
    placed, clip = _framed(picture, box)
    spare = box.height_pt - clip.height_pt
    top = clip.bottom_pt + 0.55 * m + spare * 0.2
    return placed, clip, form.centred(top, room.width, room.height), ask


def _words_beside(sheet: Sheet) -> tuple[Box, Box, Box, TextAsk] | None:
    form, picture, (ask, room) = sheet.form, sheet.picture, sheet.words.narrow
    m = form.margin_pt
    if room.height > form.height_pt - 2.4 * m:
        return None
    wide = form.width_pt - 2.3 * m - room.width
    left = form.width_pt - 0.8 * m - wide if sheet.outside_right else 0.8 * m
    placed, clip = _framed(picture, Box(left, 0.8 * m, wide, form.height_pt - 1.6 * m))
    text_left = 0.8 * m if sheet.outside_right else form.width_pt - 0.8 * m - room.width
    return placed, clip, Box(text_left, (form.height_pt - room.height) / 2, room.width, room.height), ask


def _framed(picture: Print, box: Box) -> tuple[Box, Box]:
    """Cut to fill ``box`` if nobody is lost, or whole."""
    placed = crop(picture, box, zoom_for(picture, box)) or crop(picture, box)
    if placed is not None:
        return placed, box
    whole = contain(picture.width_px, picture.height_px, box)
    return whole, whole


def _hidden(placed: Box, box: Box) -> float:
    return 1 - box.width_pt * box.height_pt / (placed.width_pt * placed.height_pt)
