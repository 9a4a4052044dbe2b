"""A picture across two facing pages: two leaves that meet at the fold, the words in a calm place of one of them."""

from dataclasses import replace

from overprint.core.book import FOLD_SHARE
from overprint.craft.typesetting.contrast import Colour
from overprint.craft.typesetting.geometry import Box, Format, cover, hidden_share
from overprint.craft.typesetting.leaves import Leaf, SetPicture, SetVeil
from overprint.craft.typesetting.overlays import Choice, Sheet, Words, on_card, over_picture, round_words
from overprint.craft.typesetting.pictures import Print

_CUT_MAX_SHARE = 0.12
_BESIDE_FIGURES = 0.15  # what words lose by standing on the half where somebody is
_HANGING = 0.2  # what they gain by hanging in a sky that both pages share
_FADE_LEAST_PT = 36.0


def spread(
    form: Format, accent: Colour, picture: Print, words: Words | None, from_right: bool
) -> tuple[Leaf, Leaf] | None:
    """The leaves in reading order; ``None`` where the picture has another shape, a face lies on the fold, or the words
    find no place. The first leaf tells the picture's alternative text, on the other it is decoration."""
    halves = _halves(form, picture, from_right)
    if halves is None:
        return None
    first, second = (Leaf("spread", half) for half in halves)
    if words is None:
        return first, second
    choices = [_worded(Sheet(form, accent, picture, words, outside_right=True), half) for half in halves]
    on_first, on_second = ((choice.merit if choice else -1.0) for choice in choices)
    chosen = choices[0] if on_first >= on_second else choices[1]
    if chosen is None:
        return None
    worded, plain = _veiled_alike(chosen.leaf, second if chosen is choices[0] else first, picture)
    return (worded, plain) if chosen is choices[0] else (plain, worded)


def _halves(form: Format, picture: Print, from_right: bool) -> tuple[SetPicture, SetPicture] | None:
    both = Box(-form.bleed_pt, -form.bleed_pt, 2 * (form.width_pt + form.bleed_pt), form.bled.height_pt)
    placed = cover(picture.width_px, picture.height_px, both, picture.quiet)
    fold = Box(form.width_pt * (1 - FOLD_SHARE), 0, form.width_pt * 2 * FOLD_SHARE, form.height_pt)
    is_cut = hidden_share(picture.width_px, picture.height_px, both) > _CUT_MAX_SHARE
    if is_cut or any(face.shared_pt2(fold) > 0 for face in picture.faces(placed)):
        return None
    left = SetPicture(picture.name, picture.alt, placed, form.page)
    right = replace(left, placed=replace(placed, left_pt=placed.left_pt - form.width_pt))
    first, second = (right, left) if from_right else (left, right)
    return first, replace(second, alt="")


def _worded(sheet: Sheet, half: SetPicture) -> Choice | None:
    """The words over one half, if there is a calm place for them or one for a panel."""
    edge_pt = sheet.form.margin_pt
    hanging = over_picture(sheet, half, edge_pt, at_top=True)
    made = [choice for choice in (over_picture(sheet, half, edge_pt), on_card(sheet, half, edge_pt)) if choice]
    if hanging is not None:
        made.append(replace(hanging, merit=hanging.merit + _HANGING))
    best = max(made, key=lambda choice: choice.merit, default=None)
    if best is None:
        return None
    lying = sheet.picture.lying(half.placed)
    is_taken = any(figure.shared_pt2(half.clip) > 0 for figure in (*lying.faces, *lying.figures))
    return Choice(best.merit - _BESIDE_FIGURES * is_taken, replace(best.leaf, template="spread"))


def _veiled_alike(worded: Leaf, plain: Leaf, picture: Print) -> tuple[Leaf, Leaf]:
    """A shade that ended at the fold would show it: it goes on over the other half, or stays round the words."""
    if plain.picture is None or not worded.veils or worded.veils[0].shape != "shade" or worded.text is None:
        return worded, plain
    (shade,) = worded.veils
    shorter = _clear_of(shade, picture.faces(plain.picture.placed))
    if shorter is None:
        return replace(worded, veils=(round_words(worded.text.box, shade.colour, shade.alpha),)), plain
    return replace(worded, veils=(shorter,)), replace(plain, veils=(shorter,))


def _clear_of(shade: SetVeil, faces: tuple[Box, ...]) -> SetVeil | None:
    """It, as tall behind the words and fading before it comes to a face, if there is room to fade."""
    box, near = shade.box, [face for face in faces if face.shared_pt2(shade.box) > 0]
    if shade.edge == "top":
        tall_pt = min([box.height_pt, *(face.top_pt - box.top_pt for face in near)])
    else:
        tall_pt = min([box.height_pt, *(box.bottom_pt - face.bottom_pt for face in near)])
    solid_pt = shade.hold * box.height_pt
    if tall_pt < solid_pt + _FADE_LEAST_PT:
        return None
    top_pt = box.top_pt if shade.edge == "top" else box.bottom_pt - tall_pt
    return replace(shade, box=replace(box, top_pt=top_pt, height_pt=tall_pt), hold=solid_pt / tall_pt)
