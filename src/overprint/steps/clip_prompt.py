"""What moves in a clip, in words, for models that get its first frame as a picture. Pure: the same scene and move are
always the same prompt.

The picture says how everything looks, so the words say only what it does: short, because models take about a thousand
characters.
"""

from collections.abc import Iterator
from dataclasses import replace

from overprint.core.film import MOVE_MAX, Course, Easing, Move
from overprint.core.motion import Curves
from overprint.core.scene import Actor, Pose, Scene, Weather

PROMPT_MAX_CHARACTERS = 1000
_CAPTION_MAX_CHARACTERS = 240
# Each axis: what it is called below zero and above.
_TURNS = {
    "horizontal": ("moves to the left", "moves to the right"),
    "vertical": ("rises", "sinks"),
    "pan": ("turns to the left", "turns to the right"),
    "tilt": ("tilts up", "tilts down"),
    "roll": ("leans to the left", "leans to the right"),
    "zoom": ("pulls back", "comes nearer"),
    "lens": ("widens its view", "narrows its view"),
}
_WORLD_A_NOTCH, _ZOOM_A_NOTCH = 10.0, 0.03
_DOLLY_ZOOM = (
    "pulls back while its lens draws everything nearer, a dolly zoom: the subject keeps its size",
    "comes nearer while its lens widens the view, a dolly zoom: the subject keeps its size",
)
_COURSES = {Course.ARC: "in an arc around what is seen", Course.SWING: "and back to where it began"}
_EASINGS = {
    Easing.EVEN: "at one even pace",
    Easing.GATHERING: "slowly at first and ever faster",
    Easing.SETTLING: "ever slower, until it rests",
    Easing.WHIP: "all in one quick dart, resting before and after",
}
_BY_HAND, _SHAKEN = 3.0, 7.0
_SLOW_BELOW, _FAST_ABOVE = 4.0, 7.0
_DOES = {
    Pose.STAND: "stands and breathes",
    Pose.WALK: "walks on",
    Pose.WAVE: "waves",
    Pose.HOLD: "holds on, breathing",
    Pose.CHEER: "cheers",
    Pose.POINT: "points",
    Pose.SIT: "sits, blinking now and then",
    Pose.READ: "reads on",
    Pose.HUG: "hugs",
    Pose.SLEEP: "sleeps, breathing slowly",
    Pose.FLY: "flies on",
    Pose.RUN: "runs on",
    Pose.JUMP: "jumps",
    Pose.REACH: "reaches up",
}
_FALLS = {
    Weather.RAIN: "Rain falls.",
    Weather.SNOW: "Snow falls softly.",
    Weather.FOG: "Fog drifts.",
    Weather.WIND: "Wind bends grass and leaves.",
    Weather.CLOUDY: "Clouds drift slowly.",
}
_SAME = "Every character, colour and thing stays exactly as in the picture; nobody else appears."
_GENTLE, _ONE = "Gentle, smooth motion in one single shot.", "One single shot."
_NEVER = "No cuts, no words, no letters, nothing frightening."


def clip_prompt(scene: Scene, move: Move, curves: Curves | None = None) -> str:
    """What the camera, the characters and the weather do, in at most ``PROMPT_MAX_CHARACTERS``; of ``curves`` only
    where they lead can be said."""
    whole = _together(move, curves) if curves else move
    is_gentle = whole.shake < _BY_HAND and whole.easing is not Easing.WHIP
    fixed = f"{camera_words(whole)} {_SAME} {_GENTLE if is_gentle else _ONE} {_NEVER}"
    said = " ".join([f"“{' '.join(scene.caption.split())[:_CAPTION_MAX_CHARACTERS]}”", *_happenings(scene)])
    return f"{said[: PROMPT_MAX_CHARACTERS - len(fixed) - 1]} {fixed}"


def _together(move: Move, curves: Curves) -> Move:
    """The move, with the way that curves go in the end, in its notches."""
    first, last = curves.at(0.0), curves.at(0.0 if curves.loops else curves.seconds)
    added = {
        "horizontal": (last.x - first.x) / _WORLD_A_NOTCH,
        "vertical": (last.y - first.y) / _WORLD_A_NOTCH,
        "roll": last.roll_degrees - first.roll_degrees,
        "zoom": (last.zoom - first.zoom) / _ZOOM_A_NOTCH,
    }
    told = {axis: getattr(move, axis) + value for axis, value in added.items()}
    return replace(move, **{axis: min(MOVE_MAX, max(-MOVE_MAX, value)) for axis, value in told.items()})


def camera_words(move: Move) -> str:
    """The move as one sentence, and who holds the camera; what is hardly felt is not said."""
    turns = dict.fromkeys(axis for axis in _TURNS if abs(getattr(move, axis)) >= 1)
    said = []
    if {"zoom", "lens"} <= turns.keys() and move.zoom * move.lens < 0:
        said.append(_DOLLY_ZOOM[move.zoom > 0])
        del turns["zoom"], turns["lens"]
    said = [*(_word(axis, getattr(move, axis)) for axis in turns), *said]
    held = _held(move.shake)
    if not said:
        return f"The camera stands still.{held}"
    way = ", ".join(words for words in (_COURSES.get(move.course), _EASINGS.get(move.easing)) if words)
    return f"The camera {' and '.join(said)}{f', {way}' if way else ''}.{held}"


def _held(shake: float) -> str:
    if shake >= _SHAKEN:
        return " It shakes like one that somebody carries running."
    return " It sways a little, held by a hand." if shake >= _BY_HAND else ""


def _word(axis: str, value: float) -> str:
    words = _TURNS[axis][value > 0]
    pace = "slowly " if abs(value) < _SLOW_BELOW else "quickly " if abs(value) > _FAST_ABOVE else ""
    verb, _, rest = words.partition(" ")
    return f"{pace}{verb} {rest}".strip()


def _happenings(scene: Scene) -> Iterator[str]:
    yield from (_act(actor) for actor in scene.actors)
    if scene.weather in _FALLS and not scene.forbids(scene.weather.value):
        yield _FALLS[scene.weather]


def _act(actor: Actor) -> str:
    who = " ".join(actor.who.replace("-", " ").replace("_", " ").split())
    return f"{who.capitalize()} {_DOES[actor.pose]}."
