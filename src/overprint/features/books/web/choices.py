"""What can be chosen of a book, in the words of the forms."""

from overprint.core.story import Age, Genre, Style, Tone, Trim

_TRIMS = {
    Trim.SQUARE: "8.5 × 8.5 in",
    Trim.PORTRAIT: "8 × 10 in",
    Trim.NOVEL: "6 × 9 in",
    Trim.A5: "A5",
    Trim.A4_LANDSCAPE: "A4 landscape",
    Trim.SQUARE_20: "20 × 20 cm",
    Trim.PORTRAIT_21: "21 × 28 cm",
}
# Name, label, and what can be chosen: value and words.
CHOICES = (
    ("age", "For ages", {str(value): value.replace("-", "–") for value in Age}),
    *(
        (name, label, {str(value): str(value) for value in kind})
        for name, label, kind in (("genre", "Genre", Genre), ("tone", "Tone", Tone), ("style", "Look", Style))
    ),
    ("trim", "Page size", {str(value): label for value, label in _TRIMS.items()}),
)
