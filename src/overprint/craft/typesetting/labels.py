"""The few words that a book file says by itself, in the book's language; English where we have no other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Labels:
    contents: str
    cover: str
    title_page: str
    dedication: str
    colophon: str
    story: str
    start: str
    pages: str
    landmarks: str
    page: str


_ENGLISH = Labels(
    "Contents", "Cover", "Title page", "Dedication", "Colophon", "Story", "Start", "Pages", "Landmarks", "page"
)
_BY_LANGUAGE = {
    "de": Labels(
        "Inhalt",
        "Umschlag",
        "Titelseite",
        "Widmung",
        "Impressum",
        "Geschichte",
        "Anfang",
        "Seiten",
        "Wegmarken",
        "Seite",
    ),
    "fr": Labels(
        "Sommaire",
        "Couverture",
        "Page de titre",
        "Dédicace",
        "Colophon",
        "Histoire",
        "Début",
        "Pages",
        "Repères",
        "page",
    ),
    "es": Labels(
        "Índice", "Cubierta", "Portada", "Dedicatoria", "Colofón", "Cuento", "Comienzo", "Páginas", "Hitos", "página"
    ),
}


def labels_for(language: str) -> Labels:
    """``language``: two or three letters."""
    return _BY_LANGUAGE.get(language, _ENGLISH)
