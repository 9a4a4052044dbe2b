"""What can be chosen of a book, in the words of the forms."""

from overprint.core.book import picture_size_px
from overprint.core.story import Age, Trim
from overprint.http.choices import GENRES, STYLES, TONES
from overprint.http.wording import N_

AGES = {Age.EARLY: N_("3 to 5 years"), Age.YOUNG: N_("6 to 8 years"), Age.MIDDLE: N_("9 to 12 years")}
AGES |= {Age.ALL: N_("everybody")}
TRIMS = {
    Trim.SQUARE: N_("8.5 × 8.5 in"),
    Trim.PORTRAIT: N_("8 × 10 in"),
    Trim.NOVEL: N_("6 × 9 in"),
    Trim.A5: N_("A5"),
    Trim.A4_LANDSCAPE: N_("A4 landscape"),
    Trim.SQUARE_20: N_("20 × 20 cm"),
    Trim.PORTRAIT_21: N_("21 × 28 cm"),
}
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
