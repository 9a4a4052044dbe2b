"""Words on a picture that fills the page: in a calm part of it, or on a paper panel that covers nobody."""

from dataclasses import dataclass, replace

from overprint.craft.typesetting.calm import place
from overprint.craft.typesetting.contrast import PAPER, Colour, Veil, readable, veil_for, worst
from overprint.craft.typesetting.geometry import Box, Format
from overprint.craft.typesetting.leaves import Leaf, Room, SetPicture, SetVeil, TextAsk, set_text
from overprint.craft.typesetting.lying import Place, Wish
from overprint.craft.typesetting.pictures import Print, tones

_CLEAR = 8
_OVERLAY_MAX_SHARE = 0.42
_RESTLESS_MAX, _CALM = 15.0, 6.0
_RESTLESS_AT_TOP_MAX = 20.0  # a shade from the edge looks like a darker or a paler sky
_VEIL_MAX_ALPHA = 0.74
_HALO_COSTS = 0.3
_CARD_X_PT, _CARD_Y_PT = 24.0, 18.0
_CARD_UNREST = 0.01  # a panel hides what is restless: it rather stands at an edge than in a calm place


@dataclass(frozen=True, slots=True)
class Words:
    """A page's words in one type size: as long a line as can be read, a column, and a text page of their own."""

    wide: tuple[TextAsk, Room]
    narrow: tuple[TextAsk, Room]
    alone: tuple[TextAsk, Room]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a template works on. ``outside_right``: the page's outer edge is its right one."""

    form: Format
    accent: Colour
    picture: Print
    words: Words
    outside_right: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """``merit``: how well the template suits the page; 1 is perfect."""

    merit: float
    leaf: Leaf


def over_picture(sheet: Sheet, seen: SetPicture, edge_pt: float, *, at_top: bool = False) -> Choice | None:
    """``seen`` fills the page; words keep ``edge_pt`` from its edges. ``at_top``: they hang from its upper one."""
    form, picture = sheet.form, sheet.picture
    wish = Wish(lowest_pt=_under_top_pt(form) if at_top else form.height_pt)
    found = [
        (best, ask)
        for ask, room in (sheet.words.wide, sheet.words.narrow)
        if room.height <= _OVERLAY_MAX_SHARE * form.height_pt
        and (best := place(picture.lying(seen.placed), seen.clip, room.width, room.height, edge_pt, wish))
    ]
    if not found:
        return None
    stands, ask = min(found, key=lambda one: one[0].cost + one[0].box.height_pt / form.height_pt)
    veil = _veil(picture, seen, stands)
    if stands.cost > (_RESTLESS_AT_TOP_MAX if at_top else _RESTLESS_MAX) or veil.alpha > _VEIL_MAX_ALPHA:
        return None
    under = _shaped(form, picture, seen, stands.box, veil)
    heading = replace(veil, ink=readable(sheet.accent, veil.colour)) if veil.alpha > 0.3 else veil
    accent = heading.ink if worst(heading, tones(picture, seen.placed, stands.box)) >= 4.5 else veil.ink
    text = set_text(ask, stands.box, accent, veil.ink)
    crowded = max(0.0, stands.box.height_pt / form.height_pt - 0.26)
    blurred = _HALO_COSTS * veil.alpha if under and under.shape == "halo" else 0.0
    merit = 1.0 - 0.012 * stands.cost - 0.2 * veil.alpha - 1.2 * crowded - blurred
    return Choice(merit, Leaf("full_bleed", seen, (under,) if under else (), text=text))


def on_card(sheet: Sheet, seen: SetPicture, edge_pt: float) -> Choice | None:
    """The same with a panel where it covers nobody."""
    form = sheet.form
    for ask, room in (sheet.words.wide, sheet.words.narrow):
        wide, tall = room.width + 2 * _CARD_X_PT, room.height + 2 * _CARD_Y_PT
        if tall > (_OVERLAY_MAX_SHARE + 0.06) * form.height_pt:
            continue
        wish = Wish(unrest=_CARD_UNREST)
        stands = place(sheet.picture.lying(seen.placed), form.page, wide, tall, edge_pt, wish)
        if stands is not None:
            under = SetVeil(stands.box, PAPER, 0.93, "panel")
            text = set_text(ask, stands.box.grown(-_CARD_X_PT, -_CARD_Y_PT), readable(sheet.accent, PAPER))
            merit = 0.62 - 0.9 * max(0.0, tall / form.height_pt - 0.3)
            return Choice(merit, Leaf("card", seen, (under,), text=text))
    return None


def _under_top_pt(form: Format) -> float:
    """Words that begin above this have their shade from the upper edge."""
    return form.margin_pt * 1.6


def _veil(picture: Print, seen: SetPicture, stands: Place) -> Veil:
    """What contrast needs, and more where the ground is restless."""
    veil = veil_for(tones(picture, seen.placed, stands.box.grown(_CLEAR)))
    calming = 1 - _CALM / max(_CALM, stands.cost)
    return replace(veil, alpha=max(veil.alpha, calming))


def _shaped(form: Format, picture: Print, seen: SetPicture, box: Box, veil: Veil) -> SetVeil | None:
    """From the nearest edge, where that veils nobody's face; else only round the words."""
    if veil.alpha <= 0:
        return None
    faces = picture.faces(seen.placed)
    edge = _under_top_pt(form)
    if box.top_pt <= edge:
        under = shade(form, box, "top", veil.colour, veil.alpha)
    elif box.bottom_pt >= form.height_pt - edge:
        under = shade(form, box, "bottom", veil.colour, veil.alpha)
    else:
        under = round_words(box, veil.colour, veil.alpha)
    if under.shape == "shade" and any(under.box.shared_pt2(face) > 0 for face in faces):
        return round_words(box, veil.colour, veil.alpha)
    return under


def round_words(box: Box, colour: Colour, alpha: float) -> SetVeil:
    return SetVeil(box.grown(_CLEAR), colour, alpha, "halo")


def shade(form: Format, box: Box, edge: str, colour: Colour, alpha: float) -> SetVeil:
    """Full behind the text, from the page's edge, then fading over a sixth of the page."""
    solid = (form.height_pt - box.top_pt if edge == "bottom" else box.bottom_pt) + 10
    tall = min(form.height_pt, solid + form.height_pt / 6)
    area = Box(0, form.height_pt - tall if edge == "bottom" else 0, form.width_pt, tall)
    return SetVeil(area, colour, alpha, hold=min(1, solid / tall), edge=edge)
