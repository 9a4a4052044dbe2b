"""What can be chosen of a film, in the words of the forms."""

from collections.abc import Mapping

from overprint.core.codec import Json
from overprint.core.film import Aspect, Course, Definition, Move, Output
from overprint.core.motion import Orientation
from overprint.http.film_choices import CAPTIONS, GRADES, MOODS, NO_CAPTIONS, TRANSITIONS
from overprint.http.wording import N_

ASPECTS = {
    Aspect.WIDE: N_("Wide, 16:9"),
    Aspect.TALL: N_("Upright, 9:16"),
    Aspect.SQUARE: N_("Square, 1:1"),
    Aspect.PORTRAIT: N_("Portrait, 4:5"),
}
# Width and height beside the others, in no unit.
SHAPES = {Aspect.WIDE: (34, 19), Aspect.TALL: (19, 34), Aspect.SQUARE: (26, 26), Aspect.PORTRAIT: (25, 31)}
DEFINITIONS = {Definition.HD: N_("720 lines"), Definition.FULL_HD: N_("1080 lines")}
AS_SUITS = N_("as it suits")
# What else a film can be had as.
OUTPUTS = {
    Output.WEBM: (N_("WebM"), N_("for the open web")),
    Output.HLS: (N_("A stream"), N_("HLS, as sharp as the viewer’s line allows")),
    Output.GIF: (N_("GIF"), N_("a few seconds, without sound")),
    Output.WEBP: (N_("Moving WebP"), N_("a few seconds, without sound")),
}
ORIENTATIONS = {
    Orientation.CLIP: N_("as in the clip, whose way they go"),
    Orientation.PICTURE: N_("as in the picture, which stays level"),
}
# How a film is shown, which can be changed when it is made: field, label, and what can be chosen.
SHOWN = (
    ("caption_style", N_("Words in the picture"), CAPTIONS),
    ("mood", N_("Music"), MOODS),
    ("transition", N_("From scene to scene"), TRANSITIONS),
    ("grade", N_("Colours"), GRADES),
)
# By name, what the camera does in a scene.
MOVES = {
    "still": (N_("stands still"), Move()),
    "nearer": (N_("goes nearer"), Move(zoom=6)),
    "farther": (N_("draws back"), Move(zoom=-6)),
    "left": (N_("glides to the left"), Move(horizontal=-6, zoom=2)),
    "right": (N_("glides to the right"), Move(horizontal=6, zoom=2)),
    "up": (N_("rises"), Move(vertical=-5, zoom=2)),
    "down": (N_("sinks"), Move(vertical=5, zoom=2)),
    "around": (N_("goes around what is seen"), Move(horizontal=7, pan=-5, zoom=2, course=Course.ARC)),
    "swelling": (N_("nearer, while all behind grows"), Move(zoom=6, lens=-6)),
    "by hand": (N_("held by a hand"), Move(zoom=2, shake=6)),
}


def captioned(fields: Mapping[str, Json]) -> dict[str, Json]:
    """What a form says of captions, as a brief does: whether there are any, and of what style."""
    found = dict(fields)
    if "caption_style" in found:
        found["captions"] = found["caption_style"] != NO_CAPTIONS
        if not found["captions"]:
            del found["caption_style"]
    return found


def move_named(move: Move) -> str:
    """The name of a move of ours; empty for another."""
    return next((name for name, (_, known) in MOVES.items() if known == move), "")
