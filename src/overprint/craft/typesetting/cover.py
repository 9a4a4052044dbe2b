"""The front cover: the title large in a calm place, the author's name, and contrast that was measured."""

from dataclasses import dataclass

from overprint.core.scene import Area
from overprint.craft.typesetting.contrast import (
    AIM,
    CREAM,
    INK,
    PAPER,
    Colour,
    Veil,
    luminance,
    mix,
    ratio,
    readable,
    veil_for,
    worst,
)
from overprint.craft.typesetting.framing import full_picture
from overprint.craft.typesetting.geometry import Box, Format, contain, joined
from overprint.craft.typesetting.leaves import Leaf, SetLines, SetPicture, SetTitle, SetVeil, TextAsk, TitleAsk
from overprint.craft.typesetting.matter import Matter, set_title, small_room, title_room
from overprint.craft.typesetting.overlays import shade
from overprint.craft.typesetting.pictures import Print, restlessness, tones

_ZONE_SHARE = 0.38
_EDGE_SHARE = 0.065
_CALMER = 0.8
_TITLE_CONTRAST = 7
_BEYOND_LINES, _LETTER_EM = 0.3, 0.5
_TITLE_SHARE, _AUTHOR_SHARES, _AUTHOR_MAX_SHARE = 0.32, (0.046, 0.036, 0.028), 0.1
_LINE_RESTLESS, _LABEL_ALPHA = 4.0, 0.93
_FOOT_RESTLESS, _FOOT_MAX_ALPHA = 8.0, 0.4


def cover_leaf(matter: Matter, picture: Print | None, subtitle: tuple[str, ...], main: bool) -> Leaf:
    """``main``: this title carries the document's title in the structure, because there is no title page."""
    if picture is None:
        return _plain_cover(matter, None, subtitle, main)
    seen = full_picture(matter.form, picture)
    if seen.clip != matter.form.page:
        return _plain_cover(matter, picture, subtitle, main)
    apart = _title_and_author_apart(matter, picture, seen, subtitle, main)
    if _calm_end(matter.form, picture, seen) is Area.TOP:
        return apart or _together(matter, picture, seen, subtitle, main, Area.TOP)
    return _together(matter, picture, seen, subtitle, main, Area.BOTTOM)


def _title_and_author_apart(
    matter: Matter, picture: Print, seen: SetPicture, subtitle: tuple[str, ...], main: bool
) -> Leaf | None:
    """Title at the top, author at the foot; None when something lively is going on down there."""
    form = matter.form
    ask, title = title_room(matter, 0.86, 0.36, 0.17)
    small, author = _author(matter, subtitle)
    title_box = form.centred(form.height_pt * _EDGE_SHARE, ask.width, title.height)
    author_box = form.centred(form.height_pt * (1 - _EDGE_SHARE) - author, small.width, author)
    title_ground, author_ground = _reached(title_box, title.size), _reached(author_box, small.size)
    over = veil_for(tones(picture, seen.placed, title_ground))
    under = veil_for(tones(picture, seen.placed, author_ground))
    foot = form.centred(author_box.top_pt - author, 0.8 * form.width_pt, 2.5 * author)
    if restlessness(picture, seen.placed, foot) > _FOOT_RESTLESS or under.alpha > _FOOT_MAX_ALPHA:
        return None
    veils = (
        shade(form, title_ground, "top", over.colour, over.alpha),
        shade(form, author_ground, "bottom", under.colour, under.alpha),
    )
    ink = _title_ink(matter.accent, over, picture, seen, title_ground)
    return Leaf("cover", seen, veils, (set_title(ask, title_box, ink, main), _lines(small, author_box, under.ink)))


@dataclass(frozen=True, slots=True)
class _Stack:
    """Title and author, one above the other. ``line``: what the author's letters reach, ``restlessness`` that of the
    picture behind them."""

    ask: TitleAsk
    title_box: Box
    small: TextAsk
    author_box: Box
    ground: Box
    line: Box
    restlessness: float


def _together(
    matter: Matter, picture: Print, seen: SetPicture, subtitle: tuple[str, ...], main: bool, end: Area
) -> Leaf:
    """Title and author on one shade, at one end of the page.

    The author's thin line stands below the title, or above it where that is calmer, and on a ground of its own where a
    wall or a window is behind both.
    """
    chosen = _stacked(matter, picture, seen, subtitle, end, author_first=False)
    if chosen.restlessness > _LINE_RESTLESS:
        other = _stacked(matter, picture, seen, subtitle, end, author_first=True)
        chosen = min(chosen, other, key=lambda one: one.restlessness)
    veil = veil_for(tones(picture, seen.placed, chosen.ground))
    veils = [shade(matter.form, chosen.ground, end.value, veil.colour, veil.alpha)]
    ink, line_ink = _title_ink(matter.accent, veil, picture, seen, chosen.ground), veil.ink
    if chosen.restlessness > _LINE_RESTLESS and chosen.small.paragraphs:
        veils.append(SetVeil(chosen.line.grown(0.2 * chosen.small.size), PAPER, _LABEL_ALPHA, "panel"))
        line_ink = INK
    lines = (set_title(chosen.ask, chosen.title_box, ink, main), _lines(chosen.small, chosen.author_box, line_ink))
    return Leaf("cover", seen, tuple(veils), lines)


def _stacked(
    matter: Matter, picture: Print, seen: SetPicture, subtitle: tuple[str, ...], end: Area, *, author_first: bool
) -> _Stack:
    form = matter.form
    ask, title = title_room(matter, 0.86, _TITLE_SHARE, 0.17)
    small, author = _author(matter, subtitle)
    gap = form.height_pt * 0.025 + 0.25 * title.size
    edge = form.height_pt * _EDGE_SHARE
    top = edge if end is Area.TOP else form.height_pt - edge - author - gap - title.height
    title_box = form.centred(top + (author + gap if author_first else 0), ask.width, title.height)
    author_box = form.centred(top if author_first else title_box.bottom_pt + gap, small.width, author)
    line = _reached(form.centred(author_box.top_pt, min(small.width, _line_pt(small)), author), small.size)
    ground = joined(_reached(title_box, title.size), _reached(author_box, small.size))
    return _Stack(ask, title_box, small, author_box, ground, line, restlessness(picture, seen.placed, line))


def _line_pt(small: TextAsk) -> float:
    """About how long the longest of a few short lines is."""
    return _LETTER_EM * small.size * max(map(len, small.paragraphs), default=0)


def _plain_cover(matter: Matter, picture: Print | None, subtitle: tuple[str, ...], main: bool) -> Leaf:
    """No picture, or one of quite another shape: the title on the book's colour, the picture whole below it."""
    form = matter.form
    ask, title = title_room(matter, 0.8, 0.3, 0.15)
    small, author = _author(matter, subtitle)
    title_box = form.centred(form.height_pt * (0.09 if picture else 0.3), ask.width, title.height)
    author_box = form.centred(form.height_pt * 0.93 - author, small.width, author)
    lines = (set_title(ask, title_box, CREAM, main), _lines(small, author_box, CREAM))
    seen = None
    if picture is not None:
        seen = _whole_between(form, picture, title_box.bottom_pt + 0.3 * title.size + 14, author_box.top_pt - 22)
    return Leaf("cover", seen, lines=lines, ground=ground(matter.accent))


def _whole_between(form: Format, picture: Print, top_pt: float, bottom_pt: float) -> SetPicture:
    room = form.centred(top_pt, form.width_pt - 2 * form.margin_pt, max(40, bottom_pt - top_pt))
    placed = contain(picture.width_px, picture.height_px, room)
    return SetPicture(picture.name, picture.alt, placed, placed, 8)


def _author(matter: Matter, subtitle: tuple[str, ...]) -> tuple[TextAsk, float]:
    """Smaller where somebody has a very long name."""
    form = matter.form
    for share in _AUTHOR_SHARES:
        ask, height = small_room(matter, (*subtitle, matter.author), max(15, form.short_side_pt * share))
        if height <= _AUTHOR_MAX_SHARE * form.height_pt:
            break
    return ask, height


def _reached(box: Box, size_pt: float) -> Box:
    """All that letters of lines in ``box`` touch: it is measured from capitals to the last baseline."""
    return box.grown(_BEYOND_LINES * size_pt)


def _lines(small: TextAsk, box: Box, ink: Colour) -> SetLines | SetTitle:
    return SetLines(box, small.paragraphs, small.size, ink)


def ground(accent: Colour) -> Colour:
    """The book's colour, dark enough for cream words."""
    darker = accent
    while ratio(CREAM, darker) < _TITLE_CONTRAST:
        darker = mix((0, 0, 0), darker, 0.12)
    return darker


def _title_ink(accent: Colour, veil: Veil, picture: Print, seen: SetPicture, box: Box) -> Colour:
    """On a light ground the title takes the book's own colour, if that can be read everywhere."""
    if luminance(veil.ink) > 0.5:
        return veil.ink
    tinted = Veil(readable(accent, veil.colour, _TITLE_CONTRAST), veil.colour, veil.alpha)
    return tinted.ink if worst(tinted, tones(picture, seen.placed, box)) >= AIM else veil.ink


def _calm_end(form: Format, picture: Print, seen: SetPicture) -> Area:
    """Where nobody's face is; of both ends the one that was asked to be quiet, or else is the calmer."""
    zone = form.height_pt * _ZONE_SHARE
    faces = picture.faces(seen.placed)
    upper = any(face.top_pt < zone for face in faces)
    lower = any(face.bottom_pt > form.height_pt - zone for face in faces)
    if upper != lower:
        return Area.BOTTOM if upper else Area.TOP
    if picture.quiet is not Area.NONE:
        return picture.quiet
    top = restlessness(picture, seen.placed, Box(0, 0, form.width_pt, zone))
    bottom = restlessness(picture, seen.placed, Box(0, form.height_pt - zone, form.width_pt, zone))
    return Area.BOTTOM if bottom < _CALMER * top else Area.TOP
