"""What can be chosen of any story that is made, in the words of the forms."""

from overprint.core.scene import Accessory
from overprint.core.story import Genre, Style, Tone
from overprint.http.wording import N_

GENRES = {
    Genre.ADVENTURE: N_("adventure"),
    Genre.FANTASY: N_("fantasy"),
    Genre.BEDTIME: N_("bedtime"),
    Genre.MYSTERY: N_("mystery"),
    Genre.SPACE: N_("space"),
    Genre.SEA: N_("sea"),
    Genre.FAIRY_TALE: N_("fairy tale"),
    Genre.EVERYDAY: N_("everyday life"),
    Genre.HISTORICAL: N_("long ago"),
    Genre.FABLE: N_("fable"),
    Genre.INVENTION: N_("invention"),
    Genre.COMIC: N_("comic"),
    Genre.RHYME: N_("in rhyme"),
}
TONES = {Tone.WARM: N_("warm"), Tone.FUNNY: N_("funny"), Tone.BRAVE: N_("brave"), Tone.DREAMY: N_("dreamy")}
STYLES = {
    Style.STORYBOOK: N_("Storybook"),
    Style.WATERCOLOUR: N_("Watercolour"),
    Style.PAPERCUT: N_("Paper-cut"),
    Style.FLAT: N_("Flat"),
    Style.PENCIL: N_("Pencil"),
    Style.INK: N_("Ink"),
    Style.POP: N_("Pop"),
    Style.PIXEL: N_("Pixel"),
}
# What somebody has on every picture.
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
# Premises to take.
EXAMPLES = (
    N_("A shy fox wants to fly a lantern boat to the moon"),
    N_("Mira is not a witch, but her cat Soot might be one"),
    N_("A hedgehog and a panda build a kite to reach the first snow"),
    N_("Captain Rosa and her parrot look for the island that moves"),
)
