"""The XHTML files of an EPUB: one for the cover, each other leaf of matter, and each chapter."""

from collections.abc import Mapping
from dataclasses import dataclass

from overprint.core.book import BookDoc, Page, PageKind
from overprint.craft.typesetting.epub_aloud import PageAloud
from overprint.craft.typesetting.escaping import text
from overprint.craft.typesetting.labels import Labels, labels_for
from overprint.craft.typesetting.pictures import Print
from overprint.craft.typesetting.words import cleaned, is_from_right, language_of


@dataclass(frozen=True, slots=True)
class BookPart:
    """One file. ``title`` is what the table of contents says; ``pages`` are the numbers that begin in it."""

    name: str
    kind: PageKind
    title: str
    listed: bool
    pages: tuple[int, ...]
    markup: str


@dataclass(frozen=True, slots=True)
class _Numbered:
    number: int
    page: Page
    picture: Print | None
    aloud: PageAloud | None = None

    def words(self, place: int, value: str) -> str:
        """The page's part ``place`` as markup; see ``reading.parts_read``."""
        return self.aloud.markup(place, cleaned(value)) if self.aloud else text(value)


def parts_of(doc: BookDoc, prints: Mapping[int, Print], aloud: Mapping[int, PageAloud]) -> list[BookPart]:
    """In reading order. Story pages go together until a heading or another chapter begins."""
    groups: list[list[_Numbered]] = []
    for number, page in enumerate(doc.pages, 1):
        here = _Numbered(number, page, prints.get(number), aloud.get(number))
        if groups and _continues(groups[-1][-1].page, page):
            groups[-1].append(here)
        else:
            groups.append([here])
    return [_part(doc, group, order) for order, group in enumerate(groups, 1)]


def direction(doc: BookDoc) -> str:
    return "rtl" if is_from_right(language_of(doc)[0]) else "ltr"


def xhtml(doc: BookDoc, title: str, body: str, css: str = "../css/book.css", head: str = "") -> str:
    """A whole file. ``head`` is markup that its head has besides title and style sheet."""
    language = text(doc.language)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{language}" xml:lang="{language}" dir="{direction(doc)}">\n'
        f'<head><title>{text(title) or "–"}</title>{head}<link rel="stylesheet" type="text/css" href="{css}"/></head>\n'
        f"<body>\n{body}</body>\n</html>\n"
    )


def _continues(before: Page, page: Page) -> bool:
    story = before.kind is PageKind.STORY and page.kind is PageKind.STORY
    return story and not page.heading and before.chapter == page.chapter


def _part(doc: BookDoc, group: list[_Numbered], order: int) -> BookPart:
    first = group[0]
    labels = labels_for(language_of(doc)[0])
    title, body = _BODIES.get(first.page.kind, _story)(doc, group, labels)
    listed = first.page.kind in (PageKind.TITLE, PageKind.STORY)
    name = f"{order:03d}-{first.page.kind.value}.xhtml"
    numbers = tuple(member.number for member in group)
    return BookPart(name, first.page.kind, title, listed, numbers, xhtml(doc, title, body))


def _cover(doc: BookDoc, group: list[_Numbered], labels: Labels) -> tuple[str, str]:
    here = group[0]
    if here.picture is None:
        inner = f"<h1>{text(doc.title)}</h1>\n" + _paragraphs(here, (doc.author,), "author")
    else:
        alt = f"{here.picture.alt} {doc.title} – {doc.author}".strip(" –")
        inner = f'<img role="doc-cover" src="../pictures/{here.picture.name}" alt="{text(alt)}"/>\n'
    mark = _page_mark(here.number, labels)
    body = f'<section class="cover" epub:type="cover" aria-label="{labels.cover}">{mark}{inner}</section>\n'
    return labels.cover, body


def _title(doc: BookDoc, group: list[_Numbered], labels: Labels) -> tuple[str, str]:
    here = group[0]
    inner = (
        f"<h1>{here.words(0, doc.title)}</h1>\n"
        + _paragraphs(here, here.page.paragraphs)
        + _paragraphs(here, (doc.author,), "author", len(here.page.paragraphs) + 1)
        + _figure(here.picture)
    )
    mark = _page_mark(here.number, labels)
    body = f'<section class="quiet" epub:type="titlepage" aria-label="{labels.title_page}">{mark}\n{inner}</section>\n'
    return cleaned(doc.title), body


def _small(doc: BookDoc, group: list[_Numbered], labels: Labels) -> tuple[str, str]:
    here = group[0]
    kind = here.page.kind.value
    label = labels.dedication if here.page.kind is PageKind.DEDICATION else labels.colophon
    role = ' role="doc-dedication"' if here.page.kind is PageKind.DEDICATION else ' role="doc-colophon"'
    inner = _paragraphs(here, here.page.paragraphs) + _figure(here.picture)
    mark = _page_mark(here.number, labels)
    body = f'<section class="quiet {kind}" epub:type="{kind}"{role} aria-label="{label}">{mark}\n{inner}</section>\n'
    return label, body


def _story(doc: BookDoc, group: list[_Numbered], labels: Labels) -> tuple[str, str]:
    heading = cleaned(group[0].page.heading)
    named = 'aria-labelledby="heading"' if heading else f'aria-label="{labels.story}"'
    body = "".join(_story_page(member, labels, member is group[0] and bool(heading)) for member in group)
    return heading or labels.story, f'<section epub:type="chapter" role="doc-chapter" {named}>\n{body}</section>\n'


def _story_page(here: _Numbered, labels: Labels, opening: bool) -> str:
    heading = f'<h1 id="heading">{here.words(0, here.page.heading)}</h1>\n' if opening else ""
    words = _paragraphs(here, here.page.paragraphs, "opening" if opening else "")
    inner = _page_mark(here.number, labels) + heading + _figure(here.picture) + words
    return f'<div class="page">{inner}</div>\n'


def _page_mark(number: int, labels: Labels) -> str:
    return (
        f'<span epub:type="pagebreak" role="doc-pagebreak" id="page-{number}" '
        f'aria-label="{labels.page} {number}"></span>'
    )


def _figure(picture: Print | None) -> str:
    if picture is None:
        return ""
    return f'<figure><img src="../pictures/{picture.name}" alt="{text(picture.alt)}"/></figure>\n'


def _paragraphs(here: _Numbered, paragraphs: tuple[str, ...], kind: str = "", place: int = 1) -> str:
    """``place`` is the first one's among the parts of the page."""
    kept = [here.words(n, words) for n, words in enumerate(paragraphs, place) if cleaned(words)]
    first = f"first {kind}".strip()
    return "".join(f'<p class="{first}">{p}</p>\n' if n == 0 else f"<p>{p}</p>\n" for n, p in enumerate(kept))


_BODIES = {
    PageKind.COVER: _cover,
    PageKind.TITLE: _title,
    PageKind.DEDICATION: _small,
    PageKind.COLOPHON: _small,
    PageKind.STORY: _story,
}
