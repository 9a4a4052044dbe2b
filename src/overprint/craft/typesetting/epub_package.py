"""The package document and the navigation of an EPUB."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from overprint.core.book import BookDoc, PageKind
from overprint.craft.typesetting.epub_aloud import ACTIVE_CLASS, Overlay, PageAloud, clock
from overprint.craft.typesetting.epub_pages import BookPart, direction, xhtml
from overprint.craft.typesetting.escaping import text
from overprint.craft.typesetting.labels import Labels, labels_for
from overprint.craft.typesetting.pictures import Print
from overprint.craft.typesetting.stamp import urn
from overprint.craft.typesetting.words import cleaned, language_of

# Not the time of making: the same book must give the same bytes.
FIXED_MODIFIED = "2020-01-01T00:00:00Z"
_FONT_TYPES = {"otf": "font/otf", "ttf": "font/ttf"}
_FEATURES = ("structuralNavigation", "tableOfContents", "readingOrder", "pageNavigation", "pageBreakMarkers", "ARIA")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is read aloud: overlays by the name of their file of text, and the pages' sounds."""

    narrator: str
    overlays: Mapping[str, Overlay]
    pages: tuple[PageAloud, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What an EPUB is made of. ``fonts`` by name of the file. ``css``: the style sheet's name and bytes. ``fixed``:
    each part is a page of one size, and lies left or right of the fold."""

    doc: BookDoc
    parts: Sequence[BookPart]
    prints: Sequence[Print]
    fonts: Mapping[str, bytes]
    css: tuple[str, bytes]
    spoken: Spoken | None = None
    fixed: bool = False


def package(content: Content) -> str:
    doc = content.doc
    spine = "".join(f'<itemref idref="part-{n}"{_side(content, n)}/>' for n in range(1, len(content.parts) + 1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="identifier" '
        f'xml:lang="{text(doc.language)}" dir="{direction(doc)}">\n'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n{_metadata(content)}</metadata>\n'
        f"<manifest>\n{_manifest(content)}</manifest>\n"
        f'<spine page-progression-direction="{direction(doc)}">{spine}</spine>\n</package>\n'
    )


def _side(content: Content, number: int) -> str:
    """As in a bound book: the first page lies on the side that is read last."""
    if not content.fixed:
        return ""
    side = "right" if (number % 2 == 1) == (direction(content.doc) == "ltr") else "left"
    return f' properties="page-spread-{side}"'


def navigation(content: Content) -> str:
    doc, parts = content.doc, content.parts
    labels = labels_for(language_of(doc)[0])
    listed = [part for part in parts if part.listed] or list(parts[:1])
    entries = "".join(f'<li><a href="text/{part.name}">{text(part.title) or "–"}</a></li>\n' for part in listed)
    pages = "".join(
        f'<li><a href="text/{part.name}#page-{number}">{number}</a></li>\n' for part in parts for number in part.pages
    )
    body = (
        f'<nav epub:type="toc" role="doc-toc" id="toc" aria-label="{labels.contents}">'
        f"<h1>{labels.contents}</h1>\n<ol>\n{entries}</ol></nav>\n"
        f'<nav epub:type="page-list" role="doc-pagelist" aria-label="{labels.pages}" hidden="">'
        f"<ol>\n{pages}</ol></nav>\n{_landmarks(parts, labels)}"
    )
    return xhtml(doc, labels.contents, body, css=f"css/{content.css[0]}")


def _landmarks(parts: Sequence[BookPart], labels: Labels) -> str:
    kinds = {PageKind.COVER: ("cover", labels.cover), PageKind.TITLE: ("titlepage", labels.title_page)}
    kinds[PageKind.STORY] = ("bodymatter", labels.start)
    marks: list[str] = []
    for kind, (name, label) in kinds.items():
        found = next((part for part in parts if part.kind is kind), None)
        if found:
            marks.append(f'<li><a epub:type="{name}" href="text/{found.name}">{label}</a></li>\n')
    return f'<nav epub:type="landmarks" aria-label="{labels.landmarks}" hidden=""><ol>\n{"".join(marks)}</ol></nav>\n'


def _metadata(content: Content) -> str:
    doc = content.doc
    lines = [
        f'<dc:identifier id="identifier">{urn(doc)}</dc:identifier>',
        f"<dc:title>{text(doc.title) or '–'}</dc:title>",
        f"<dc:language>{text(doc.language)}</dc:language>",
    ]
    if cleaned(doc.author):
        lines.append(f'<dc:creator id="author">{text(doc.author)}</dc:creator>')
        lines.append('<meta refines="#author" property="role" scheme="marc:relators">aut</meta>')
    if cleaned(doc.description):
        lines.append(f"<dc:description>{text(doc.description)}</dc:description>")
    lines.append(f'<meta property="dcterms:modified">{FIXED_MODIFIED}</meta>')
    if content.fixed:
        lines.append('<meta property="rendition:layout">pre-paginated</meta>')
        lines.append('<meta property="rendition:spread">landscape</meta>')
    lines += [f'<meta property="{name}">{value}</meta>' for name, value in _accessibility(content)]
    lines += _media(content.spoken) if content.spoken else []
    return "".join(f"{line}\n" for line in lines)


def _media(spoken: Spoken) -> list[str]:
    total_ms = sum(overlay.duration_ms for overlay in spoken.overlays.values())
    each = [
        f'<meta property="media:duration" refines="#overlay-{number}">{clock(overlay.duration_ms)}</meta>'
        for number, overlay in enumerate(spoken.overlays.values(), 1)
    ]
    return [
        *each,
        f'<meta property="media:duration">{clock(total_ms)}</meta>',
        f'<meta property="media:narrator">{text(spoken.narrator) or "–"}</meta>',
        f'<meta property="media:active-class">{ACTIVE_CLASS}</meta>',
    ]


def _accessibility(content: Content) -> list[tuple[str, str]]:
    """schema.org terms, as EPUB Accessibility 1.1 asks. Page marks follow the book's own pages, no print edition."""
    pictured = bool(content.prints)
    features = (
        *_FEATURES,
        *(() if content.fixed else ("displayTransformability",)),
        *(("alternativeText",) if pictured else ()),
        *(("synchronizedAudioText",) if content.spoken else ()),
    )
    summary = "All text is real text, in reading order, with navigation by chapter and page."
    if pictured:
        summary += " Every picture has an alternative text."
    if content.fixed:
        summary += " Pages have a fixed size: letters cannot be made larger without enlarging the page."
    if content.spoken:
        summary += " The story is read aloud, sentence by sentence, by a synthetic voice."
    return [
        ("pageBreakSource", "none"),
        ("schema:accessMode", "textual"),
        *([("schema:accessMode", "visual")] if pictured else []),
        *([("schema:accessMode", "auditory")] if content.spoken else []),
        ("schema:accessModeSufficient", "textual"),
        *(("schema:accessibilityFeature", feature) for feature in features),
        ("schema:accessibilityHazard", "none"),
        ("schema:accessibilitySummary", summary),
    ]


def _manifest(content: Content) -> str:
    spoken = content.spoken
    items = [
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        f'<item id="css" href="css/{content.css[0]}" media-type="text/css"/>',
    ]
    overlays = list(spoken.overlays) if spoken else []
    for number, part in enumerate(content.parts, 1):
        read = f' media-overlay="overlay-{overlays.index(part.name) + 1}"' if part.name in overlays else ""
        items.append(f'<item id="part-{number}" href="text/{part.name}" media-type="application/xhtml+xml"{read}/>')
    items += _sounds(spoken) if spoken else []
    for number, font in enumerate(content.fonts, 1):
        items.append(f'<item id="font-{number}" href="fonts/{font}" media-type="{_FONT_TYPES[font[-3:]]}"/>')
    cover = _cover_name(content.doc, content.prints)
    for number, picture in enumerate(content.prints, 1):
        extra = ' properties="cover-image"' if picture.name == cover else ""
        items.append(
            f'<item id="picture-{number}" href="pictures/{picture.name}" media-type="{picture.media_type}"{extra}/>'
        )
    return "".join(f"{item}\n" for item in items)


def _sounds(spoken: Spoken) -> list[str]:
    return [
        *(
            f'<item id="overlay-{number}" href="smil/{overlay.name}" media-type="application/smil+xml"/>'
            for number, overlay in enumerate(spoken.overlays.values(), 1)
        ),
        *(f'<item id="audio-{page.number}" href="audio/{page.name}" media-type="audio/mp4"/>' for page in spoken.pages),
    ]


def _cover_name(doc: BookDoc, prints: Sequence[Print]) -> str:
    """The cover's picture; without one, the first in the book."""
    covers = [n for n, page in enumerate(doc.pages, 1) if page.kind is PageKind.COVER and page.picture]
    named = [p.name for p in prints if covers and p.name.startswith(f"picture-{covers[0]}.")]
    return named[0] if named else prints[0].name if prints else ""
