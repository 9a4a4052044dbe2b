"""One plain sentence for each picture, in the present tense: its alternative text."""

from overprint.core.scene import Actor, Expression, Pose, PropKind, Setting, Time, Weather
from overprint.core.story import Beat
from overprint.craft.writing.language import joined, with_article
from overprint.craft.writing.page_reading import Part
from overprint.craft.writing.slots import named_with_kind
from overprint.craft.writing.vocabulary import split_words

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


def caption(parts: list[Part], actors: tuple[Actor, ...], beat: Beat) -> str:
    """``Mira the girl holds a key and Soot the cat sits at the end of the jetty, at night.`` At most 400 characters."""
    groups: dict[tuple[Pose, PropKind | None, str], list[str]] = {}
    for part, actor in zip(parts, actors, strict=True):
        look = "" if actor.pose is Pose.SLEEP else _LOOKS.get(actor.expression, "")
        groups.setdefault((actor.pose, actor.holding, look), []).append(_called(part))
    clauses = [f"{_clause(names, pose, thing)} {look}".strip() for (pose, thing, look), names in groups.items()]
    where = f"{_preposition(beat)} {_place(beat.place)}" if beat.place else ""
    tail = [words for words in (_WEATHERS.get(beat.weather, ""), _TIMES[beat.time]) if words]
    deeds = ", while ".join([" and ".join(clauses[:2]), *clauses[2:]])
    text = f"{deeds} {where}{''.join(', ' + words for words in tail)}."
    return (text[:1].upper() + text[1:])[:400]


def _called(part: Part) -> str:
    return named_with_kind(part.character)


def _clause(names: list[str], pose: Pose, holding: PropKind | None) -> str:
    one, several = _DOING[pose]
    doing = one if len(names) == 1 else several
    if holding is not None:
        thing = "campfire" if holding is PropKind.CAMPFIRE else holding.value
        if pose is Pose.HOLD:
            return f"{joined(names)} {'holds' if len(names) == 1 else 'hold'} {with_article(thing)}"
        doing = f"{doing}, holding {with_article(thing)},"
    return f"{joined(names)} {doing}"


def _preposition(beat: Beat) -> str:
    place = beat.place.lower()
    if "bedroom" in place or place.endswith("room"):
        return "in"
    if any(word in place for word in _AT):
        return "at"
    if any(word in place for word in _ON):
        return "on"
    return "at" if beat.setting in _UP and "lee of" not in place and "cave" not in place else "in"


def _place(place: str) -> str:
    plain = place.strip().rstrip(".")
    return (
        plain[:1].lower() + plain[1:]
        if plain.split(" ")[0].lower() in ("the", "a", "an", "her", "his", "their")
        else plain
    )
