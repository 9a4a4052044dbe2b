"""The leaves around the story: title page, dedication, colophon; and what they share with the cover."""

from collections.abc import Sequence
from dataclasses import dataclass

from overprint.craft.typesetting.contrast import INK, PAPER, Colour, mix, readable
from overprint.craft.typesetting.framing import crop, zoom_for
from overprint.craft.typesetting.geometry import Box, Format, contain
from overprint.craft.typesetting.leaves import (
    Leaf,
    Measure,
    Ornament,
    Room,
    SetLines,
    SetPicture,
    SetTitle,
    TextAsk,
    TitleAsk,
)
from overprint.craft.typesetting.pictures import Print
from overprint.craft.typesetting.story import text_leaf

_TITLE_MIN_PT = 14
_EMBLEM_SHARE, _EMBLEM_MIN_SHARE, _TAIL_PIECE_SHARE = 0.46, 0.24, 0.4
_COLOPHON_PT = 11
_LINES_MAX_SHARE = 0.55
_PICTURE_MIN_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Matter:
    """What these leaves share. All words are printable already; ``pictures`` are the book's, in order."""

    form: Format
    title: str
    author: str
    accent: Colour
    measure: Measure
    pictures: tuple[Print, ...] = ()

    def emblem(self, box: Box, pictures: Sequence[Print]) -> SetPicture | None:
        """A round detail of one of ``pictures``: of those that a circle can hold, the one with the largest faces."""
        found: list[tuple[float, SetPicture]] = []
        for picture in pictures:
            placed = crop(picture, box, zoom_for(picture, box, round_=True), round_=True) if picture.spots else None
            if placed is not None:
                faces = sum(face.width_pt * face.height_pt for face in picture.faces(placed))
                found.append((faces, SetPicture(picture.name, "", placed, box, box.width_pt / 2)))
        return max(found, key=lambda one: one[0])[1] if found else None


def title_leaf(matter: Matter, picture: Print | None, subtitle: tuple[str, ...]) -> Leaf:
    form = matter.form
    ask, title = title_room(matter, 0.74, 0.28, 0.105)
    small, below = small_room(matter, (*subtitle, matter.author), max(14, form.short_side_pt * 0.032))
    pictures = matter.pictures[: len(matter.pictures) // 2]
    above = 0.12 * form.height_pt + 1.3 * title.size + title.height + below + 0.05 * form.height_pt
    across = min(_EMBLEM_SHARE * form.short_side_pt, 0.93 * form.height_pt - above)
    emblem = None
    if picture is None and across >= _EMBLEM_MIN_SHARE * form.short_side_pt:
        emblem = matter.emblem(form.centred(form.height_pt * 0.91 - across, across, across), pictures)
    box = form.centred(form.height_pt * (0.12 if picture or emblem else 0.3), ask.width, title.height)
    mark = Ornament(box.bottom_pt + 0.3 * title.size + form.height_pt * 0.02, small.size * 1.3)
    words = form.centred(mark.top_pt + mark.size_pt * 2, small.width, below)
    lines = (
        set_title(ask, box, readable(matter.accent, PAPER), True),
        SetLines(words, small.paragraphs, small.size, INK),
    )
    seen = _picture_under(form, picture, words.bottom_pt + 24) if picture else emblem
    return Leaf("title", seen, lines=lines, ornaments=(mark,))


def half_title_leaf(matter: Matter) -> Leaf:
    """The title alone and small, on the first page inside."""
    form = matter.form
    ask, title = title_room(matter, 0.6, 0.2, 0.055)
    box = form.centred(form.height_pt * 0.36, ask.width, title.height)
    return Leaf("half_title", lines=(set_title(ask, box, readable(matter.accent, PAPER), False),))


def end_paper_leaf(matter: Matter) -> Leaf:
    """A page in the book's own colour, strewn with ornaments."""
    return Leaf("end_paper", ground=mix(PAPER, matter.accent, 0.35), strewn=True)


def small_leaf(matter: Matter, template: str, paragraphs: tuple[str, ...], picture: Print | None) -> Leaf:
    """A dedication in the upper middle, or a colophon at the foot; longer ones become text pages."""
    form = matter.form
    dedication = template == "dedication"
    size_pt = max(13, form.short_side_pt * 0.033) if dedication else _COLOPHON_PT
    ask, height = small_room(matter, paragraphs, size_pt)
    if height > _LINES_MAX_SHARE * form.height_pt:
        long = TextAsk("", paragraphs, ask.size, ask.width, justified=True)
        return text_leaf(form, matter.accent, long, matter.measure([long])[0])[0]
    top = form.height_pt * 0.4 - height / 2 if dedication else form.height_pt - form.margin_pt - height
    box = form.centred(top, ask.width, height)
    lines = (SetLines(box, ask.paragraphs, ask.size, INK, italic=dedication),)
    marks = (Ornament(box.bottom_pt + ask.size * 1.2, ask.size * 1.2),) if dedication else ()
    if picture is None:
        across = _TAIL_PIECE_SHARE * form.short_side_pt
        pictures = () if dedication else matter.pictures[len(matter.pictures) // 2 :]
        tail = matter.emblem(form.centred(form.height_pt * 0.24, across, across), pictures)
        return Leaf(template, tail, lines=lines, ornaments=marks)
    under = box.bottom_pt + 50 if dedication else form.margin_pt
    limit = form.height_pt - form.margin_pt if dedication else box.top_pt - 24
    return Leaf(template, _picture_under(form, picture, under, limit), lines=lines, ornaments=marks)


def title_room(matter: Matter, wide: float, tall: float, largest: float) -> tuple[TitleAsk, Room]:
    """``wide`` and ``largest`` are shares of the page's width, ``tall`` of its height."""
    form = matter.form
    ask = TitleAsk(matter.title, form.width_pt * wide, form.height_pt * tall, form.width_pt * largest, _TITLE_MIN_PT)
    return ask, matter.measure([ask])[0]


def small_room(matter: Matter, paragraphs: tuple[str, ...], size_pt: float) -> tuple[TextAsk, float]:
    """A few centred lines and their height in points."""
    kept = tuple(paragraph for paragraph in paragraphs if paragraph)
    ask = TextAsk("", kept, size_pt, matter.form.width_pt - 2.4 * matter.form.margin_pt, centred=True)
    return ask, matter.measure([ask])[0].height if kept else 0.0


def set_title(ask: TitleAsk, box: Box, ink: Colour, main: bool) -> SetTitle:
    return SetTitle(box, ask.title, ask.width, ask.height, ask.largest, ask.least, ink, main)


def _picture_under(form: Format, picture: Print, top_pt: float, limit_pt: float | None = None) -> SetPicture:
    """The whole picture in the room there is; where words left little, a small one at the foot all the same."""
    limit = form.height_pt - form.margin_pt if limit_pt is None else limit_pt
    tall = max(_PICTURE_MIN_SHARE * form.height_pt, limit - top_pt)
    room = form.centred(limit - tall, form.width_pt - 2 * form.margin_pt, tall)
    placed = contain(picture.width_px, picture.height_px, room)
    return SetPicture(picture.name, picture.alt, placed, placed, 8)
