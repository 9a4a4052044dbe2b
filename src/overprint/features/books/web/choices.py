"""What can be chosen of a book, in the words of the forms."""

from overprint.core.book import picture_size_px
from overprint.core.story import Age, Genre, Style, Tone, Trim
from overprint.http.wording import N_

AGES = {Age.EARLY: N_("3 to 5 years"), Age.YOUNG: N_("6 to 8 years"), Age.MIDDLE: N_("9 to 12 years")}
AGES |= {Age.ALL: N_("everybody")}
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
TRIMS = {
    Trim.SQUARE: N_("8.5 × 8.5 in"),
    Trim.PORTRAIT: N_("8 × 10 in"),
    Trim.NOVEL: N_("6 × 9 in"),
    Trim.A5: N_("A5"),
    Trim.A4_LANDSCAPE: N_("A4 landscape"),
    Trim.SQUARE_20: N_("20 × 20 cm"),
    Trim.PORTRAIT_21: N_("21 × 28 cm"),
}
# Premises to take.
EXAMPLES = (
    N_("A shy fox wants to fly a lantern boat to the moon"),
    N_("Mira is not a witch, but her cat Soot might be one"),
    N_("A hedgehog and a panda build a kite to reach the first snow"),
    N_("Captain Rosa and her parrot look for the island that moves"),
)
# Name, label, and what can be chosen: value and words.
CHOICES = (
    ("age", N_("For ages"), {str(value): words for value, words in AGES.items()}),
    ("genre", N_("Genre"), {str(value): words for value, words in GENRES.items()}),
    ("tone", N_("Tone"), {str(value): words for value, words in TONES.items()}),
    ("style", N_("Look"), {str(value): words for value, words in STYLES.items()}),
    ("trim", N_("Page size"), {str(value): words for value, words in TRIMS.items()}),
)
# Width and height of a page beside the others, in no unit.
SHAPES = {str(trim): picture_size_px(trim, 3) for trim in Trim}
