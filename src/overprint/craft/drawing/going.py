"""Who goes somewhere in a film, and how far: only those whose pose says so, never through others or out of sight."""

from collections.abc import Mapping, Sequence

from overprint.core.scene import Pose, Shot, Species, View
from overprint.craft.drawing.figures import KINDS
from overprint.craft.drawing.figures.legs import leg_reach
from overprint.craft.drawing.figures.stances import STEPS, TURNED
from overprint.craft.drawing.layout import Spot, half_width
from overprint.craft.drawing.nodes import Gait
from overprint.craft.drawing.stage import Scenery, Stage

_STRIDES_A_SECOND = {Pose.WALK: 0.85, Pose.RUN: 1.3}
_PLACES = 9
_ASIDE = 0.55  # of what somebody takes up, that must be seen at the picture's edge


def gaits(spots: Sequence[Spot], stage: Stage, scenery: Scenery, shot: Shot) -> Mapping[int, Gait]:
    """By the place among ``spots``. Those who go the same way go together, as fast as the slowest of them."""
    if shot is Shot.CLOSE:
        return {}
    found: dict[int, Gait] = {}
    for way in (-1, 1):
        going = [n for n, spot in enumerate(spots) if _goes(spot, way)]
        if not going:
            continue
        others = [spot for n, spot in enumerate(spots) if n not in going]
        ahead = min(_room(spots[n], others, stage, way) for n in going)
        back = min(_room(spots[n], others, stage, -way) for n in going)
        strides = {n: _stride(spots[n]) for n in going}
        speed = min(strides[n] * _STRIDES_A_SECOND[spots[n].player.pose] for n in going)
        for n in going:
            found[n] = Gait(way, strides[n], speed, back, ahead, _rises(spots[n], scenery, way, back, ahead))
    return found


def _goes(spot: Spot, way: int) -> bool:
    is_off = spot.view is View.FRONT or spot.player.sheet.species is Species.OWL
    return spot.player.pose in STEPS and not is_off and (-1 if spot.flip else 1) == way


def _stride(spot: Spot) -> float:
    build = KINDS[spot.player.sheet.species].build
    reach = leg_reach(build) if spot.view is View.SIDE else TURNED
    return 4 * STEPS[spot.player.pose] * reach * build.girth * spot.scale


def _room(spot: Spot, others: Sequence[Spot], stage: Stage, way: int) -> float:
    """Up to the edge of the picture, or to whoever stands there; who comes the other way is met half way."""
    half = half_width(spot.player, view=spot.view) * spot.scale
    free = (stage.width - spot.x if way > 0 else spot.x) - _ASIDE * half
    for other in others:
        gap = (other.x - spot.x) * way
        if gap > 0:
            between = gap - half - half_width(other.player, view=other.view) * other.scale
            free = min(free, between / 2 if _goes(other, -1) or _goes(other, 1) else between)
    return max(0.0, free)


def _rises(spot: Spot, scenery: Scenery, way: int, back: float, ahead: float) -> tuple[float, ...]:
    here = scenery.floor.rise(spot.x)
    shares = [n / (_PLACES - 1) for n in range(_PLACES)]
    return tuple(scenery.floor.rise(spot.x + way * (-back + (back + ahead) * share)) - here for share in shares)
