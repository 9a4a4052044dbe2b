"""What touches the edge of a page goes on beyond it, so that a cut that is a little off shows no white line."""

from dataclasses import replace

from overprint.craft.typesetting.geometry import Box, Format
from overprint.craft.typesetting.leaves import Leaf, SetPicture, SetVeil

_TOUCHES_PT = 0.5


def with_bleed(leaf: Leaf, form: Format) -> Leaf:
    """The same leaf, drawn out to ``form.bled`` wherever it reached the edge of the trimmed page."""
    picture = leaf.picture and _picture(leaf.picture, form)
    return replace(leaf, picture=picture, veils=tuple(_veil(veil, form) for veil in leaf.veils))


def _picture(picture: SetPicture, form: Format) -> SetPicture:
    clip = _drawn_out(picture.clip, form)
    return picture if clip == picture.clip else replace(picture, clip=clip, placed=_covering(picture.placed, clip))


def _veil(veil: SetVeil, form: Format) -> SetVeil:
    """A shade that is drawn out stays as long as it was behind the words."""
    box = _drawn_out(veil.box, form)
    if box == veil.box or veil.shape != "shade":
        return veil
    before_pt, after_pt = (
        (veil.box.height_pt, box.height_pt) if veil.edge in ("top", "bottom") else (veil.box.width_pt, box.width_pt)
    )
    return replace(veil, box=box, hold=min(1.0, (veil.hold * before_pt + after_pt - before_pt) / after_pt))


def _drawn_out(box: Box, form: Format) -> Box:
    bled = form.bled
    left = bled.left_pt if box.left_pt <= _TOUCHES_PT else box.left_pt
    top = bled.top_pt if box.top_pt <= _TOUCHES_PT else box.top_pt
    right = bled.right_pt if box.right_pt >= form.width_pt - _TOUCHES_PT else box.right_pt
    bottom = bled.bottom_pt if box.bottom_pt >= form.height_pt - _TOUCHES_PT else box.bottom_pt
    return Box(left, top, right - left, bottom - top)


def _covering(placed: Box, clip: Box) -> Box:
    """``placed``, enlarged about the middle of ``clip`` as little as covers it."""
    middle_x, middle_y = clip.left_pt + clip.width_pt / 2, clip.top_pt + clip.height_pt / 2
    scale = max(
        1.0,
        (clip.width_pt / 2) / (middle_x - placed.left_pt),
        (clip.width_pt / 2) / (placed.right_pt - middle_x),
        (clip.height_pt / 2) / (middle_y - placed.top_pt),
        (clip.height_pt / 2) / (placed.bottom_pt - middle_y),
    )
    left = middle_x - (middle_x - placed.left_pt) * scale
    top = middle_y - (middle_y - placed.top_pt) * scale
    return Box(left, top, placed.width_pt * scale, placed.height_pt * scale)
