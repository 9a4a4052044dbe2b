"""Where everybody stands: sizes, places without covered faces, and which way each one looks."""

import itertools
from dataclasses import dataclass, field

from overprint.core.scene import Depth, Place, Pose, Prop, Shot, View
from overprint.craft.drawing.casting import Player
from overprint.craft.drawing.figures import KINDS, head_reach, look_of
from overprint.craft.drawing.props import PROPS
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.stage import Scenery, Stage
from overprint.craft.drawing.vector import Point, apply, at, inverse

SIZES = {Shot.WIDE: 1.65, Shot.MEDIUM: 2.2, Shot.CLOSE: 4.0, Shot.LOW: 2.8}
_DEPTHS = {Depth.NEAR: 1.0, Depth.MIDDLE: 0.8, Depth.FAR: 0.6}
_CLOSE_DEPTHS = {Depth.NEAR: 1.0, Depth.MIDDLE: 0.9, Depth.FAR: 0.8}
_OUT_OF_REACH = (Pose.SLEEP, Pose.FLY, Pose.JUMP)
_ARM = 72.0  # how far from their middle a child's hand reaches, figure units
_SIDEWAYS = {Pose.RUN: 0.9, Pose.WALK: 0.6, Pose.FLY: 0.3, Pose.REACH: 0.4, Pose.POINT: 0.25}
_PLACES = {Place.LEFT: 0.28, Place.CENTRE: 0.5, Place.RIGHT: 0.72}
_TALLEST = {Shot.WIDE: 0.42, Shot.MEDIUM: 0.62, Shot.CLOSE: 1.2, Shot.LOW: 0.76}
_TALLEST_AT_LEAST = 0.85  # of a child's height: where everybody is small, the reader's eye is nearer
_TALKING, _STRANGERS = 1.5, 2.4  # how far apart neighbours stand at most, in their own widths


@dataclass(slots=True)
class Spot:
    """Where one player's feet are (world units), how large, and which way: ``flip`` mirrors, ``gaze`` -1 to 1.
    ``grasps``: what the left (-1) and right (1) hand hold on to, in figure units."""

    player: Player
    x: float
    y: float
    scale: float
    flip: bool = False
    gaze: float = 0.0
    view: View = View.FRONT
    grasps: dict[int, Point] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PropSpot:
    prop: Prop
    x: float
    y: float
    scale: float
    in_front: bool


def figure_scale(player: Player, shot: Shot, nearer: float = 1.0) -> float:
    """Figure units to world units: heights are drawn closer together than they are, so that a mouse has a face."""
    depths = _CLOSE_DEPTHS if shot is Shot.CLOSE else _DEPTHS
    scale = SIZES[shot] * nearer * depths[player.depth]
    return scale * drawn_height(player) * 202 / KINDS[player.sheet.species].build.tall


def drawn_height(player: Player) -> float:
    """In children's heights."""
    return float(min(1.6, max(0.4, player.sheet.height)) ** 0.75)


def half_width(player: Player, *, close: bool = False, view: View = View.FRONT) -> float:
    """Room needed each side of the middle, figure units. In a close-up bodies may overlap, heads may not."""
    if player.pose is Pose.SLEEP:
        return 128.0
    kind = KINDS[player.sheet.species]
    head = max(head_of(player, view) + (24 if player.sheet.species == "mouse" else 9), kind.spread)
    return head if close else max(head, 56 * kind.build.girth) + (14 if player.holding else 0)


def head_of(player: Player, view: View) -> float:
    """How far the head stands out sideways, figure units."""
    look = look_of(player.sheet, player.expression, worn=player.worn, light="#ffffff", share=0.0, gaze=0.0, view=view)
    return head_reach(look, player.pose, embraces=player.hugs)


def place(
    players: list[Player], stage: Stage, scenery: Scenery, shot: Shot, dice: Dice, *, free: tuple[float, float]
) -> list[Spot]:
    """Spots from left to right, between the two xs of ``free``. Faces never overlap: where there is no room,
    everybody becomes smaller."""
    if not players:
        return []
    nearer = dice.between(0.94, 1.06) * max(1.0, _TALLEST_AT_LEAST / max(map(drawn_height, players)))
    scales = [figure_scale(player, shot, nearer) for player in players]
    limit = stage.height * _TALLEST[shot]
    scales = [min(s, limit / KINDS[p.sheet.species].build.tall) for s, p in zip(scales, players, strict=True)]
    views = [view_of(player, players, shot, dice) for player in players]
    halves = [
        half_width(player, close=shot is Shot.CLOSE, view=view) * scale
        for player, scale, view in zip(players, scales, views, strict=True)
    ]
    room = (free[1] - free[0]) * 0.93
    shrink = min(1.0, room / (2 * sum(halves)))
    scales, halves = [s * shrink for s in scales], [h * shrink for h in halves]
    xs = _spread(players, halves, free, dice)
    lines = {Depth.NEAR: scenery.floor.near, Depth.MIDDLE: scenery.floor.middle, Depth.FAR: scenery.floor.far}
    spots = []
    for player, x, scale, view in zip(players, xs, scales, views, strict=True):
        y = lines[player.depth] + scenery.floor.rise(x) + dice.between(-3, 3)
        spots.append(Spot(player, x, y, scale, view=view))
    for spot in spots:
        if spot.player.pose is Pose.FLY:
            spot.y -= stage.height * (0.16 if shot is Shot.WIDE else 0.07)
    if shot is Shot.CLOSE:
        _come_close(spots, stage)
    return spots


def view_of(player: Player, players: list[Player], shot: Shot, dice: Dice) -> View:
    """The view that was asked for, else one that suits: whoever moves is seen from the side, whoever looks at
    somebody half turned, and faces in a close-up turn to the reader."""
    if player.view is not None:
        return player.view
    own = dice.child("view", player.who)
    if player.pose is Pose.FLY and len(players) > 1:
        return View.THREE_QUARTER
    if player.hugs or player.pose is Pose.SLEEP or (player.holds_hand_of and player.holding):
        return View.FRONT
    if own.chance(_SIDEWAYS.get(player.pose, 0.0)) and shot is not Shot.CLOSE and not player.holds_hand_of:
        return View.SIDE
    if player.pose in _SIDEWAYS:
        return View.THREE_QUARTER
    if player.looks_at and len(players) > 1 and shot is not Shot.CLOSE and own.chance(0.25):
        return View.SIDE
    turned = 0.75 if player.looks_at else 0.45
    return View.THREE_QUARTER if own.chance(turned) else View.FRONT


def _spread(players: list[Player], halves: list[float], free: tuple[float, float], dice: Dice) -> list[float]:
    start, width = free[0], free[1] - free[0]
    lean = dice.between(-0.1, 0.1)
    xs: list[float] = []
    for player in players:
        same = [other for other in players if other.place is player.place]
        offset = (same.index(player) - (len(same) - 1) / 2) * 0.2
        if len(players) == 1 and player.place is Place.CENTRE:
            offset = dice.pick((0.0, -0.15, 0.15))  # thirds
        if len(players) == 2 and player.place is Place.CENTRE and len(same) == 1:
            offset = 0.11 if players[0] is not player else -0.11  # two share the width
        xs.append(start + width * (_PLACES[player.place] + offset + lean + dice.between(-0.02, 0.02)))
    margin = width * 0.035
    for i in range(len(xs)):
        low = (
            start + margin + halves[i]
            if i == 0
            else xs[i - 1] + (halves[i - 1] + halves[i]) * _closeness(players[i - 1], players[i])
        )
        xs[i] = max(xs[i], low)
    for i in reversed(range(len(xs))):
        last = i == len(xs) - 1
        high = (
            start + width - margin - halves[i]
            if last
            else xs[i + 1] - (halves[i + 1] + halves[i]) * _closeness(players[i], players[i + 1])
        )
        xs[i] = min(xs[i], high)
    for i in range(len(xs) - 1):
        _draw_together(players, halves, xs, i)
    return xs


def _draw_together(players: list[Player], halves: list[float], xs: list[float], i: int) -> None:
    """Two neighbours who hug or hold hands come as near as their faces allow; those who have to do with each other
    stand as people do who talk."""
    one, two = players[i], players[i + 1]
    if len(players) == 2 and (one.hugs or two.hugs):
        share = _closeness(one, two)
    elif _hand_in_hand(one, two):
        share = 1.0
    else:
        share = _TALKING if one.looks_at == two.who or two.looks_at == one.who else _STRANGERS
    spare = xs[i + 1] - xs[i] - (halves[i] + halves[i + 1]) * share
    if spare > 0:
        xs[i], xs[i + 1] = xs[i] + spare / 2, xs[i + 1] - spare / 2


def _hand_in_hand(one: Player, two: Player) -> bool:
    return one.holds_hand_of == two.who or two.holds_hand_of == one.who


def embrace(spots: list[Spot]) -> None:
    """The arms of a hug go around the neighbour; whoever hugs stands in front."""
    for left, right in itertools.pairwise(spots):
        for hugger, other, side in ((left, right, 1), (right, left, -1)):
            if not hugger.player.hugs or hugger.grasps or other.player.pose in _OUT_OF_REACH:
                continue
            hugger.y = max(hugger.y, other.y + 1)
            build = KINDS[hugger.player.sheet.species].build
            top = max(hugger.y - build.neck * 0.8 * hugger.scale, other.y - other.scale * 110)
            within = inverse(at(hugger.x, hugger.y, hugger.scale, flip=hugger.flip))
            for reach, drop, hand in ((_ARM, 0.0, side), (_ARM * 0.55, 26.0, -side)):
                away = min(abs(other.x - hugger.x), reach * build.girth * build.reach * hugger.scale)
                point = (hugger.x + side * away, top + drop * hugger.scale)
                hugger.grasps[-hand if hugger.flip else hand] = apply(within, point)
            break


def join_hands(spots: list[Spot]) -> None:
    """The inner hands of everybody who goes hand in hand meet between them."""
    for left, right in itertools.pairwise(spots):
        if not _hand_in_hand(left.player, right.player) or Pose.SLEEP in (left.player.pose, right.player.pose):
            continue
        builds = [KINDS[spot.player.sheet.species].build for spot in (left, right)]
        heights = [spot.y - (build.neck * 0.62) * spot.scale for spot, build in zip((left, right), builds, strict=True)]
        meeting = ((left.x + right.x) / 2, max(heights))
        for spot, side in ((left, 1), (right, -1)):
            local = apply(inverse(at(spot.x, spot.y, spot.scale, flip=spot.flip)), meeting)
            spot.grasps[-side if spot.flip else side] = local


def _closeness(one: Player, two: Player) -> float:
    """Whoever hugs somebody comes near, but not over their face."""
    if not (one.hugs or two.hugs):
        return 1.0
    shares = [head_of(p, View.FRONT) / half_width(p) for p in (one, two)]
    return min(1.0, 1.1 * max(shares))


def _come_close(spots: list[Spot], stage: Stage) -> None:
    """In a close-up feet are below the frame; heads are lined up in the upper middle."""
    tallest = max(spot.scale * KINDS[spot.player.sheet.species].build.tall for spot in spots)
    feet = max(stage.height * 0.16 + tallest, stage.height * (1.04 if tallest > stage.height * 0.42 else 0.95))
    for spot in spots:
        kind = KINDS[spot.player.sheet.species]
        head = kind.build.neck + 38 * kind.build.head
        if spot.player.pose is Pose.SLEEP:
            head = 50.0
        elif spot.player.pose in (Pose.SIT, Pose.READ):
            head -= kind.build.hip - 18
        spot.y = min(feet, stage.height * 0.6 + head * spot.scale)


def face(spots: list[Spot], facing: int) -> None:
    """Where somebody is to face a side, whoever looks at us turns half of the way, unless that was asked for or they
    are busy with somebody."""
    for spot in spots if facing else ():
        player = spot.player
        is_bound = player.view is not None or player.hugs or player.holds_hand_of or player.pose is Pose.SLEEP
        if spot.view is View.FRONT and not is_bound:
            spot.view = View.THREE_QUARTER


def look_around(spots: list[Spot], props: list[PropSpot], stage: Stage, dice: Dice, facing: int = 0) -> None:
    """Turns everybody: to whom or what they look at, else to the nearest other, else to the middle. Who is seen from a
    side goes and looks the way of ``facing`` instead, if there is one."""
    where = {spot.player.who: spot.x for spot in spots}
    where |= {str(item.prop.kind): item.x for item in props}
    for spot in spots:
        others = [other for other in spots if other is not spot]
        target = where.get(spot.player.looks_at)
        if target is None and others:
            target = min(others, key=lambda other: abs(other.x - spot.x)).x
        if target is None:
            target = props[0].x if props else stage.width * dice.pick((0.35, 0.65, 0.5))
        toward = max(-0.75, min(0.75, (target - spot.x) / (stage.width * 0.25)))
        if facing and spot.view is not View.FRONT:
            target, toward = spot.x + facing, 0.6 * facing
        spot.flip = _mirrored(spot, target, others, stage)
        spot.gaze = -toward if spot.flip else toward


def _mirrored(spot: Spot, target: float, others: list[Spot], stage: Stage) -> bool:
    """The right hand is the busy one. It points at the target; what it carries or waves stays clear of others."""
    partner = next((other for other in others if _hand_in_hand(spot.player, other.player)), None)
    if partner is not None and spot.player.holding is not None:
        return partner.x > spot.x  # the hand that carries is the outer one
    if spot.view is not View.FRONT or spot.player.pose in (Pose.POINT, Pose.FLY, Pose.WALK, Pose.HUG):
        return target < spot.x
    left_free = min((spot.x - other.x for other in others if other.x < spot.x), default=spot.x)
    right_free = min((other.x - spot.x for other in others if other.x > spot.x), default=stage.width - spot.x)
    return left_free > right_free


def place_props(
    props: tuple[Prop, ...], spots: list[Spot], stage: Stage, scenery: Scenery, shot: Shot, dice: Dice
) -> list[PropSpot]:
    """Things on the ground, where they hide nobody."""
    start, span = stage.acting[0], stage.acting[1] - stage.acting[0]
    taken = [(spot.x, half_width(spot.player, view=spot.view) * spot.scale) for spot in spots]
    placed: list[PropSpot] = []
    base = {Shot.WIDE: 0.95, Shot.MEDIUM: 1.35, Shot.CLOSE: 1.9, Shot.LOW: 1.6}[shot]
    base *= min(1.0, 3.2 / max(1, len(props))) ** 0.5
    for prop in props:
        art = PROPS[prop.kind]
        scale = min(base, stage.height * 0.55 / art.height, span * 0.4 / art.width)
        half = art.width * scale / 2
        wished = start + span * (_PLACES[prop.place] + dice.between(-0.06, 0.06))
        x = min(_candidates(stage.acting, half), key=lambda at: abs(at - wished) + 3 * _crowding(at, half, taken))
        hidden = _crowding(x, half, taken) > half * 0.5
        y = scenery.floor.far if hidden else dice.pick((scenery.floor.middle, scenery.floor.near))
        is_behind = art.outdoors is not None and not scenery.indoors
        if is_behind:
            y, scale = scenery.floor.far - 0.03 * stage.height, scale * 1.15
        elif shot is Shot.CLOSE:
            y = stage.height * 0.99
        in_front = shot is Shot.CLOSE and not hidden and not is_behind
        placed.append(PropSpot(prop, x, y + scenery.floor.rise(x), scale, in_front))
        taken.append((x, half))
    return placed


def _candidates(free: tuple[float, float], half: float) -> list[float]:
    middle = (free[0] + free[1]) / 2
    low, high = min(free[0] + half + 12, middle), max(free[1] - half - 12, middle)
    return [low + (high - low) * i / 40 for i in range(41)]


def _crowding(x: float, half: float, taken: list[tuple[float, float]]) -> float:
    return sum(max(0.0, half + other_half - abs(x - other)) for other, other_half in taken)
