"""What can be chosen of one picture and of one look, in the words of the editor's forms."""

from overprint.core.scene import Accessory, Expression, Garment, Hair, Mood, Place, Pose, Season, Shot, Time, Weather
from overprint.features.books.service import What
from overprint.http.wording import N_

SHOTS = {
    Shot.WIDE: N_("Far away"),
    Shot.MEDIUM: N_("Some steps away"),
    Shot.CLOSE: N_("Close up"),
    Shot.LOW: N_("From below"),
}
TIMES = {
    Time.DAWN: N_("Dawn"),
    Time.DAY: N_("Day"),
    Time.GOLDEN: N_("Golden hour"),
    Time.DUSK: N_("Dusk"),
    Time.NIGHT: N_("Night"),
}
WEATHERS = {
    Weather.CLEAR: N_("Clear"),
    Weather.CLOUDY: N_("Cloudy"),
    Weather.RAIN: N_("Rain"),
    Weather.SNOW: N_("Snow"),
    Weather.FOG: N_("Fog"),
    Weather.WIND: N_("Wind"),
}
SEASONS = {
    Season.SPRING: N_("Spring"),
    Season.SUMMER: N_("Summer"),
    Season.AUTUMN: N_("Autumn"),
    Season.WINTER: N_("Winter"),
}
MOODS = {
    Mood.CALM: N_("Calm"),
    Mood.JOYFUL: N_("Joyful"),
    Mood.TENSE: N_("Tense"),
    Mood.SAD: N_("Sad"),
    Mood.WONDER: N_("Full of wonder"),
    Mood.COSY: N_("Cosy"),
}
POSES = {
    Pose.STAND: N_("stands"),
    Pose.WALK: N_("walks"),
    Pose.WAVE: N_("waves"),
    Pose.HOLD: N_("holds something"),
    Pose.CHEER: N_("cheers"),
    Pose.POINT: N_("points"),
    Pose.SIT: N_("sits"),
    Pose.READ: N_("reads"),
    Pose.HUG: N_("hugs"),
    Pose.SLEEP: N_("sleeps"),
    Pose.FLY: N_("flies"),
    Pose.RUN: N_("runs"),
    Pose.JUMP: N_("jumps"),
    Pose.REACH: N_("reaches out"),
}
EXPRESSIONS = {
    Expression.HAPPY: N_("happy"),
    Expression.JOY: N_("overjoyed"),
    Expression.CALM: N_("calm"),
    Expression.SAD: N_("sad"),
    Expression.WORRIED: N_("worried"),
    Expression.SURPRISED: N_("surprised"),
    Expression.BRAVE: N_("brave"),
    Expression.SLEEPY: N_("sleepy"),
}
PLACES = {Place.LEFT: N_("on the left"), Place.CENTRE: N_("in the middle"), Place.RIGHT: N_("on the right")}
# Name of the field, label, what can be chosen.
SCENE_FIELDS = (
    ("shot", N_("Seen"), SHOTS),
    ("time", N_("Time of day"), TIMES),
    ("season", N_("Season"), SEASONS),
    ("weather", N_("Weather"), WEATHERS),
    ("mood", N_("Mood and colours"), MOODS),
)
ACTOR_FIELDS = (("pose", N_("Pose"), POSES), ("expression", N_("Face"), EXPRESSIONS), ("place", N_("Stands"), PLACES))

HAIRS = {
    Hair.NONE: N_("none"),
    Hair.SHORT: N_("short"),
    Hair.LONG: N_("long"),
    Hair.CURLY: N_("curly"),
    Hair.BUN: N_("in a bun"),
    Hair.BRAIDS: N_("in braids"),
    Hair.BOB: N_("a bob"),
    Hair.PONYTAIL: N_("a ponytail"),
}
GARMENTS = {
    Garment.NONE: N_("none"),
    Garment.COAT: N_("a coat"),
    Garment.STRIPES: N_("stripes"),
    Garment.DRESS: N_("a dress"),
    Garment.VEST: N_("a vest"),
    Garment.DUNGAREES: N_("dungarees"),
}
ACCESSORIES = {
    Accessory.SCARF: N_("scarf"),
    Accessory.GLASSES: N_("glasses"),
    Accessory.WITCH_HAT: N_("witch’s hat"),
    Accessory.CROWN: N_("crown"),
    Accessory.CAP: N_("cap"),
    Accessory.BOW: N_("bow"),
    Accessory.BACKPACK: N_("backpack"),
    Accessory.CAPE: N_("cape"),
    Accessory.HIJAB: N_("hijab"),
    Accessory.SUN_HAT: N_("sun hat"),
    Accessory.WHEELCHAIR: N_("wheelchair"),
    Accessory.WINGS: N_("wings"),
}
COLOURS = (
    ("body", N_("Skin, fur or feathers")),
    ("marking", N_("Belly or muzzle")),
    ("outfit", N_("Clothes")),
    ("accent", N_("What goes with them")),
    ("hair_colour", N_("Hair")),
    ("eye_colour", N_("Eyes")),
)
LOOK_FIELDS = (("hair", N_("Hair"), HAIRS), ("garment", N_("Wears"), GARMENTS))

CHANGED = {
    What.WORDS: N_("Words"),
    What.PICTURES: N_("Picture"),
    What.LOOK: N_("Look"),
    What.KEPT: N_("Picture kept"),
}
# Files of a book: slot, name, what it is for.
FILES = (
    ("pdf", N_("PDF"), N_("for screens, and for printing at home")),
    ("epub", N_("E-book"), N_("whose text flows with the reader’s screen")),
    ("fixed-layout", N_("E-book of fixed pages"), N_("with the pages of the book as they are")),
    ("read-aloud", N_("Read-aloud e-book"), N_("which marks each sentence as it is heard")),
    ("read-aloud-fixed", N_("Read-aloud e-book of fixed pages"), N_("which marks each sentence as it is heard")),
    ("audiobook", N_("Audiobook"), N_("to listen to")),
    ("print/inside", N_("Print file: inside"), N_("for a printer, in inks and with bleed")),
    ("print/cover", N_("Print file: cover"), N_("for a printer, with its spine")),
    ("print/whole", N_("Print file: cover and inside"), N_("for a printer, in inks and with bleed")),
)
