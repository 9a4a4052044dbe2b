"""What can be chosen of how films look and sound, in the words of the forms: those of films and those of presets."""

from overprint.core.film import CaptionStyle, Grade, Mood, Transition
from overprint.core.presets import Category
from overprint.http.wording import N_

NO_CAPTIONS = "none"
CATEGORIES = {
    Category.CAMERA: N_("Camera"),
    Category.STORY: N_("Story"),
    Category.MOOD: N_("Mood"),
    Category.SOCIAL: N_("Small screens"),
    Category.PRODUCT: N_("Things"),
    Category.DOCUMENTARY: N_("Documentary"),
    Category.CLASSIC: N_("Classics"),
}
CAPTIONS = {
    CaptionStyle.BAR: N_("white on a dark ground"),
    CaptionStyle.OUTLINE: N_("white with a dark edge"),
    CaptionStyle.SPOKEN: N_("each word lit as it is said"),
    CaptionStyle.STORYBOOK: N_("ink on a slip of paper"),
    NO_CAPTIONS: N_("none in the picture"),
}
MOODS = {
    Mood.FITTING: N_("as the story asks"),
    Mood.CALM: N_("calm"),
    Mood.PLAYFUL: N_("playful"),
    Mood.DREAMY: N_("dreamy"),
    Mood.TENSE: N_("tense"),
    Mood.GRAND: N_("grand"),
    Mood.NONE: N_("no music"),
}
TRANSITIONS = {
    Transition.DISSOLVE: N_("dissolve"),
    Transition.CUT: N_("cut"),
    Transition.DIP: N_("through black"),
    Transition.FLASH: N_("through white"),
    Transition.SLIDE: N_("slide"),
    Transition.WIPE: N_("wipe"),
    Transition.IRIS: N_("circle"),
    Transition.BLUR: N_("blur"),
}
GRADES = {
    Grade.NATURAL: N_("natural"),
    Grade.WARM: N_("warm"),
    Grade.COOL: N_("cool"),
    Grade.GOLDEN: N_("golden"),
    Grade.MOONLIT: N_("moonlit"),
    Grade.VIVID: N_("vivid"),
    Grade.FADED: N_("faded"),
    Grade.DREAM: N_("dreamlike"),
    Grade.SEPIA: N_("sepia"),
    Grade.NOIR: N_("black and white"),
}
