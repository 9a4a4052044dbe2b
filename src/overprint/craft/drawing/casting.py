"""Who and what is in a picture once relations and constraints are honoured."""

from collections.abc import Mapping
from dataclasses import dataclass

from overprint.core.problems import Invalid
from overprint.core.scene import (
    Accessory,
    Actor,
    ConstraintKind,
    Depth,
    Expression,
    Place,
    Pose,
    Prop,
    PropKind,
    RelationKind,
    Scene,
    Setting,
    Sheet,
    View,
    Weather,
)  # fmt: skip

# Words that name something: ``in`` an enum takes only members before Python 3.12.
_PROPS, _ACCESSORIES, _WEATHERS = frozenset(PropKind), frozenset(Accessory), frozenset(Weather)
_NEIGHBOURS = (RelationKind.BESIDE, RelationKind.FACING, RelationKind.FOLLOWING, RelationKind.HAND_IN_HAND)
# What words only speak of where nobody would put it down.
NOT_HERE = {
    Setting.SHIP: (PropKind.DOOR, PropKind.BOAT),
    Setting.SPACESHIP: (PropKind.BOAT,),
    **dict.fromkeys((Setting.SEA, Setting.SKY, Setting.MOON, Setting.DESERT, Setting.BEACH), (PropKind.DOOR,)),
    **dict.fromkeys(
        (Setting.CITY, Setting.MARKET, Setting.HARBOUR, Setting.CASTLE), (PropKind.DOOR,)
    ),  # they have some
    Setting.UNDERWATER: (PropKind.DOOR, PropKind.BOAT, PropKind.CAMPFIRE),
}
_ORDER = {Place.LEFT: 0, Place.CENTRE: 1, Place.RIGHT: 2}


@dataclass(frozen=True, slots=True)
class Player:
    """An actor ready to be drawn. ``looks_at`` is a character id or prop kind, or empty."""

    who: str
    sheet: Sheet
    pose: Pose
    expression: Expression
    place: Place
    depth: Depth
    holding: PropKind | None
    worn: frozenset[Accessory]
    in_boat: bool
    looks_at: str
    hugs: bool
    holds_hand_of: str = ""
    view: View | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """``players`` from left to right. ``boat``: somebody sits in one; it is then not among ``props``."""

    players: tuple[Player, ...]
    props: tuple[Prop, ...]
    weather: Weather
    boat: bool


def cast(scene: Scene, sheets: Mapping[str, Sheet]) -> Cast:
    """Raises ``Invalid`` when an actor has no sheet."""
    actors = [actor for actor in scene.actors if _may_appear(scene, _sheet(sheets, actor.who), actor.who)]
    boat_is_allowed = not scene.forbids(PropKind.BOAT)
    aboard = {
        r.subject
        for r in scene.relations
        if r.kind is RelationKind.IN and r.object == PropKind.BOAT and boat_is_allowed
    }
    players = [_player(scene, sheets, actor, n, actor.who in aboard) for n, actor in enumerate(actors)]
    nowhere = NOT_HERE.get(scene.setting, ())
    props = [prop for prop in scene.props if not scene.forbids(prop.kind) and prop.kind not in nowhere]
    boat = any(player.in_boat for player in players)
    if boat:
        props = [prop for prop in props if prop.kind is not PropKind.BOAT]
    shown = (
        {prop.kind for prop in props} | {player.holding for player in players} | ({PropKind.BOAT} if boat else set())
    )
    for word in _required(scene):
        if word in _PROPS and PropKind(word) not in shown and not scene.forbids(word):
            props.append(Prop(PropKind(word)))
    for actor, player in zip(actors, players, strict=True):
        if (
            player.pose is Pose.SLEEP
            and actor.holding
            and actor.holding not in shown
            and not scene.forbids(actor.holding, actor.who)
        ):
            props.append(Prop(actor.holding, actor.place))
    return Cast(tuple(_arranged(scene, players)), tuple(props), _weather(scene), boat)


def _sheet(sheets: Mapping[str, Sheet], who: str) -> Sheet:
    if who not in sheets:
        raise Invalid(f"Nobody has said how {who[:40]!r} looks.", "Give a sheet for every actor of the scene.")
    return sheets[who]


def _may_appear(scene: Scene, sheet: Sheet, who: str) -> bool:
    return not scene.forbids(sheet.species, who) and not scene.forbids(who)


def _required(scene: Scene, of: str | None = None) -> list[str]:
    return [c.subject for c in scene.constraints if c.kind is ConstraintKind.REQUIRE and c.of == of]


def _player(scene: Scene, sheets: Mapping[str, Sheet], actor: Actor, number: int, in_boat: bool) -> Player:
    who, sheet = actor.who, sheets[actor.who]
    wanted = {
        *sheet.accessories,
        *_accessories(_required(scene, who)),
        *(_accessories(_required(scene)) if number == 0 else ()),
    }
    links = {r.kind: r.object for r in scene.relations if r.subject == who}
    looks_at = (
        links.get(RelationKind.FACING)
        or links.get(RelationKind.HAND_IN_HAND)
        or links.get(RelationKind.FOLLOWING)
        or links.get(RelationKind.BESIDE)
        or ""
    )
    return Player(
        who=who,
        sheet=sheet,
        pose=actor.pose,
        expression=actor.expression,
        place=actor.place,
        depth=actor.depth,
        holding=_holding(scene, actor, links.get(RelationKind.HOLDING)),
        worn=frozenset(item for item in wanted if not scene.forbids(item, who)),
        in_boat=in_boat,
        looks_at=looks_at,
        view=actor.view,
        holds_hand_of=_hand_of(scene, who),
        hugs=actor.pose is Pose.HUG and len(scene.actors) > 1,
    )


def _hand_of(scene: Scene, who: str) -> str:
    """With whom ``who`` walks hand in hand, whichever of the two the relation names first."""
    for relation in scene.relations:
        if relation.kind is RelationKind.HAND_IN_HAND and who in (relation.subject, relation.object):
            return relation.object if relation.subject == who else relation.subject
    return ""


def _accessories(words: list[str]) -> list[Accessory]:
    return [Accessory(word) for word in words if word in _ACCESSORIES]


def _holding(scene: Scene, actor: Actor, related: str | None) -> PropKind | None:
    """What is in the hands. Readers without anything to read get a book; sleepers let go."""
    thing = actor.holding or (PropKind(related) if related in _PROPS and related else None)
    if thing is None and actor.pose is Pose.READ:
        thing = PropKind.BOOK
    if thing is None or actor.pose is Pose.SLEEP or scene.forbids(thing, actor.who):
        return None
    return thing


def _weather(scene: Scene) -> Weather:
    for word in _required(scene):
        if word in _WEATHERS and not scene.forbids(word):
            return Weather(word)
    return Weather.CLEAR if scene.forbids(scene.weather) else scene.weather


def _arranged(scene: Scene, players: list[Player]) -> list[Player]:
    """Left to right by place; whoever is beside, facing or following somebody comes next to them."""
    row = sorted(players, key=lambda player: _ORDER[player.place])
    for relation in scene.relations:
        if relation.kind not in _NEIGHBOURS:
            continue
        subject = next((p for p in row if p.who == relation.subject), None)
        other = next((p for p in row if p.who == relation.object and p is not subject), None)
        if subject is None or other is None or abs(row.index(subject) - row.index(other)) == 1:
            continue
        was_left = row.index(subject) < row.index(other)
        row.remove(subject)
        row.insert(row.index(other) + (0 if was_left else 1), subject)
    return row
