"""How a picture is cut to its frame: never through a face, and through a figure hardly."""

from overprint.core.scene import Area
from overprint.craft.typesetting.geometry import Box, Format, contain, cover, cropped, hidden_share
from overprint.craft.typesetting.leaves import SetPicture
from overprint.craft.typesetting.pictures import Print

_PAGE_CUT_MAX_SHARE = 0.25
_UNKNOWN_CUT_MAX_SHARE, _QUIET_CUT_MAX_SHARE = 0.12, 0.42
_FIGURE_MIN_SHARE, _AIR_SHARE = 0.94, 0.035
_ZOOM_MAX = 1.5
_ROOM_ROUND_FIGURES = 1.22
_CORNER_PT = 8.0


def full_picture(form: Format, picture: Print) -> SetPicture:
    """A page filled by its picture; one of quite another shape is set whole inside the margins instead.

    A picture drawn for two pages, which stands on one, is filled by those who are seen.
    """
    over_one = crop(picture, form.bled) if picture.is_spread and picture.spots else None
    if over_one is not None:
        return SetPicture(picture.name, picture.alt, over_one, form.page)
    if hidden_share(picture.width_px, picture.height_px, form.bled) > _PAGE_CUT_MAX_SHARE:
        m = form.margin_pt
        placed = contain(picture.width_px, picture.height_px, Box(m, m, form.width_pt - 2 * m, form.height_pt - 2 * m))
        return SetPicture(picture.name, picture.alt, placed, placed, _CORNER_PT)
    placed = cover(picture.width_px, picture.height_px, form.bled, picture.quiet)
    return SetPicture(picture.name, picture.alt, placed, form.page)


def crop(picture: Print, box: Box, zoom: float = 1.0, *, round_: bool = False) -> Box | None:
    """Where the picture lies when it fills ``box``; ``None`` if that would cut off somebody, or nobody knows whom.

    ``round_``: only the circle in ``box`` is seen.
    """
    if not picture.spots:
        most = _UNKNOWN_CUT_MAX_SHARE if picture.quiet is Area.NONE else _QUIET_CUT_MAX_SHARE
        placed = cover(picture.width_px, picture.height_px, box, picture.quiet)
        return placed if hidden_share(picture.width_px, picture.height_px, box) <= most else None
    placed = cropped(picture.width_px, picture.height_px, box, picture.focus, zoom)
    air, figures = _AIR_SHARE * box.width_pt, picture.figures(placed)
    whole = all(_is_seen(face.grown(air), box, 1.0, round_) for face in picture.faces(placed))
    return placed if whole and all(_is_seen(one, box, _FIGURE_MIN_SHARE, round_) for one in figures) else None


def zoom_for(picture: Print, box: Box, *, round_: bool = False) -> float:
    """How much nearer a picture of small figures may come: they keep some room round them."""
    plain = cropped(picture.width_px, picture.height_px, box, picture.focus)
    focus = plain.part(*_sides(picture.focus))
    room = _ROOM_ROUND_FIGURES * (1.25 if round_ else 1.0)
    if not picture.spots or focus.width_pt <= 0 or focus.height_pt <= 0:
        return 1.0
    return max(1.0, min(_ZOOM_MAX, box.width_pt / (focus.width_pt * room), box.height_pt / (focus.height_pt * room)))


def _is_seen(part: Box, box: Box, share: float, round_: bool) -> bool:
    area = part.width_pt * part.height_pt
    if part.shared_pt2(box) < share * area - 0.01:
        return False
    return not round_ or _in_circle(part, box)


def _in_circle(part: Box, box: Box) -> bool:
    """Whether the corners of ``part``, drawn in a little because nobody fills theirs, lie in the circle of ``box``."""
    x, y = box.middle_pt
    inner = part.grown(-0.12 * part.width_pt, -0.12 * part.height_pt)
    radius = box.width_pt / 2
    corners = ((a, b) for a in (inner.left_pt, inner.right_pt) for b in (inner.top_pt, inner.bottom_pt))
    return all((a - x) ** 2 + (b - y) ** 2 <= radius * radius for a, b in corners)


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left_pt, box.top_pt, box.width_pt, box.height_pt
