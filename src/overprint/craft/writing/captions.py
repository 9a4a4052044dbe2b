"""One plain sentence for each picture, in the present tense: its alternative text."""

from collections.abc import Collection, Sequence

from overprint.core.scene import Actor, Expression, Pose, PropKind, Scene, Setting, Time, Weather
from overprint.core.story import Beat, Character
from overprint.craft.writing.language import joined, with_article
from overprint.craft.writing.naming import with_kind
from overprint.craft.writing.vocabulary import split_words

_MAX_CHARACTERS = 400

_DOING = {
    Pose.STAND: ("stands", "stand"),
    Pose.WALK: ("walks", "walk"),
    Pose.WAVE: ("waves", "wave"),
    Pose.HOLD: ("stands", "stand"),
    Pose.CHEER: ("cheers", "cheer"),
    Pose.POINT: ("points the way", "point the way"),
    Pose.SIT: ("sits", "sit"),
    Pose.READ: ("reads", "read"),
    Pose.HUG: ("gives a hug", "share a hug"),
    Pose.SLEEP: ("sleeps", "sleep"),
    Pose.FLY: ("flies", "fly"),
    Pose.RUN: ("runs", "run"),
    Pose.JUMP: ("jumps", "jump"),
    Pose.REACH: ("reaches up", "reach up"),
}
_TIMES = {
    Time.DAWN: "at dawn",
    Time.DAY: "",
    Time.GOLDEN: "in golden evening light",
    Time.DUSK: "at dusk",
    Time.NIGHT: "at night",
}
_WEATHERS = {
    Weather.RAIN: "in the rain",
    Weather.SNOW: "in the snow",
    Weather.FOG: "in the fog",
    Weather.WIND: "in the wind",
}
_LOOKS = {
    Expression.JOY: "with a big smile",
    Expression.SAD: "with a sad look",
    Expression.WORRIED: "with a worried look",
    Expression.SURPRISED: "with wide eyes",
    Expression.BRAVE: "with head held high",
    Expression.SLEEPY: "with heavy eyes",
}
_AT = split_words(
    "roots of, end of, gate, edge, door, window, crossroads, quay, stall, course,"
    " top of, bottom of, bend, stop, corner, office, house on"
)
_ON = split_words(
    "road, street, hill, mountain, ledge, stair, moon, cloud of all, roof, wall, island, beach, shore, bridge, plain,"
    " rock, slope, green, lawn, path, track, steps of, bench, seat, stump, bar of, peak, slopes, side of"
)
_UP = (Setting.SKY, Setting.MOON, Setting.MOUNTAIN)


def caption(names: Sequence[str], actors: Sequence[Actor], where: Beat | Scene, things: Sequence[PropKind] = ()) -> str:
    """``Mira the girl holds a key and Soot the cat sits at the end of the jetty, at night.`` At most 400 characters.
    ``names``: what the ``actors`` are called; ``things`` that stand there besides."""
    groups: dict[tuple[Pose, PropKind | None, str], list[str]] = {}
    for name, actor in zip(names, actors, strict=True):
        look = "" if actor.pose is Pose.SLEEP else _LOOKS.get(actor.expression, "")
        groups.setdefault((actor.pose, actor.holding, look), []).append(name)
    clauses = [f"{_clause(called, pose, thing)} {look}".strip() for (pose, thing, look), called in groups.items()]
    place = f"{_preposition(where)} {_place(where.place)}" if where.place else ""
    beside = f"with {joined([with_article(thing.value) for thing in things])}" if things else ""
    tail = (beside, _WEATHERS.get(where.weather, ""), _TIMES[where.time])
    deeds = ", while ".join([" and ".join(clauses[:2]), *clauses[2:]])
    said = [words for words in (f"{deeds} {place}".strip(), *tail) if words] or [with_article(where.setting.value)]
    text = f"{', '.join(said)}."
    return (text[:1].upper() + text[1:])[:_MAX_CHARACTERS]


def retold(scene: Scene, characters: Collection[Character]) -> str:
    """The caption of a scene that a person changed: who and what they put there is in it. English."""
    called = {character.id: with_kind(character) for character in characters}
    names = [called.get(actor.who, actor.who) for actor in scene.actors]
    things = dict.fromkeys(prop.kind for prop in scene.props)
    return caption(names, scene.actors, scene, list(things))


def _clause(names: list[str], pose: Pose, holding: PropKind | None) -> str:
    one, several = _DOING[pose]
    doing = one if len(names) == 1 else several
    if holding is not None:
        thing = with_article(holding.value)
        if pose is Pose.HOLD:
            return f"{joined(names)} {'holds' if len(names) == 1 else 'hold'} {thing}"
        doing = f"{doing}, holding {thing},"
    return f"{joined(names)} {doing}"


def _preposition(where: Beat | Scene) -> str:
    place = where.place.lower()
    if "bedroom" in place or place.endswith("room"):
        return "in"
    if any(word in place for word in _AT):
        return "at"
    if any(word in place for word in _ON):
        return "on"
    return "at" if where.setting in _UP and "lee of" not in place and "cave" not in place else "in"


def _place(place: str) -> str:
    plain = place.strip().rstrip(".")
    return (
        plain[:1].lower() + plain[1:]
        if plain.split(" ")[0].lower() in ("the", "a", "an", "her", "his", "their")
        else plain
    )
