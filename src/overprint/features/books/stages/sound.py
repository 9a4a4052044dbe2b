"""The sound of a book: voices → a narration for each page → the read-aloud e-books and the audiobook.

What a page says and who speaks on it stands in its step's input, so a changed page is spoken anew and nothing else.
The files need their pages softly: one that could not be spoken is silent, and does not stop the book.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from overprint.core.book import BookDoc, PageKind
from overprint.core.codec import encode
from overprint.core.files import StoredFile, file_name
from overprint.core.narration import NARRATOR, Line, Narration, PageNarration
from overprint.core.problems import Invalid, LimitReached
from overprint.core.story import Character
from overprint.craft.narration import cast_voices, language_written, page_lines, words_hash
from overprint.craft.typesetting import installed_scripts
from overprint.engine.context import StepContext
from overprint.engine.pipeline import StepKind
from overprint.engine.recipe import all_of, ref
from overprint.engine.spec import Queue, StepSpec
from overprint.features.books.stages.signing import MADE_BOOKS, signed_audiobook, signed_book
from overprint.features.books.steps import (
    AUDIOBOOK,
    COMPOSE,
    NARRATED,
    READ_ALOUD,
    READ_ALOUD_FIXED,
    VOICES,
    AudiobookIn,
    ComposeIn,
    ComposeOut,
    MakeBook,
    NarrateIn,
    NarrateOut,
    ReadAloudIn,
    SetOut,
    Target,
    VoicesIn,
    VoicesOut,
    cast_key,
    narrate_key,
)
from overprint.steps.lay_out_pages import Format, lay_out_pages
from overprint.steps.read_aloud import bind_audiobook, read_page_aloud

_SPEECH = ("speech",)
_SOUNDS = (Target.BOOK, Target.AUDIO)
_NAME_CHARACTERS = 40
_EBOOKS = (
    (READ_ALOUD, "books.read_aloud@1", "the read-aloud e-book"),
    (READ_ALOUD_FIXED, "books.read_aloud_fixed@1", "the read-aloud e-book of fixed pages"),
)
_SILENT = "Nothing of this book could be read aloud."


def narrations(request: MakeBook, need: ComposeIn, made: ComposeOut) -> Sequence[StepSpec]:
    """All that a composed book is read aloud by; nothing unless that was asked for."""
    if not (request.is_aloud and request.target in _SOUNDS):
        return ()
    people = need.outline.characters
    spoken = [spec for number in range(1, len(made.doc.pages) + 1) for spec in _narration(made.doc, number, people)]
    pages = tuple(spec.key for spec in spoken)
    drawn = tuple(f"picture/{number}" for number in need.pictures)
    makers = (*MADE_BOOKS, *_SPEECH)
    ebooks = [
        spec
        for key, kind, name in _EBOOKS
        for spec in (
            _read_aloud(key, kind, f"Setting {name}", pages),
            signed_book(request, key, f"Signing {name}", drawn, makers),
        )
    ]
    audiobook = [_audiobook(made, pages), signed_audiobook(request, makers)]
    return [_voices(made.doc, people), *spoken, *ebooks, *audiobook]


def _voices(doc: BookDoc, people: Sequence[Character]) -> StepSpec:
    cast = {
        "characters": encode(people),
        "heights": {person.id: ref(cast_key(person.id), "/height") for person in people},
        "language": language_written("".join(word for page in doc.pages for word in page.paragraphs), doc.language),
    }
    return StepSpec(VOICES, "books.voices@1", "Giving everybody a voice", cast)


def _narration(doc: BookDoc, number: int, people: Sequence[Character]) -> Sequence[StepSpec]:
    """The step that reads a page aloud, if there is anything to read on it."""
    lines = _lines(doc, number, people)
    if lines == ():
        return ()
    speaking = {NARRATOR, *(said.who for line in lines or () for said in line.utterances)}
    said = {
        "words_hash": words_hash(doc, doc.pages[number - 1]),
        "lines": encode(lines),
        "language": ref(VOICES, "/language"),
        "voices": {who: ref(VOICES, f"/casting/{who}") for who in sorted(speaking)},
    }
    return (StepSpec(narrate_key(number), "books.narrate@1", f"Reading page {number} aloud", said),)


def _lines(doc: BookDoc, number: int, people: Sequence[Character]) -> tuple[Line, ...] | None:
    """None: there is too much on the page, which its step has to tell."""
    try:
        return page_lines(doc, number, people)
    except LimitReached:
        return None


def _read_aloud(key: str, kind: str, title: str, pages: tuple[str, ...]) -> StepSpec:
    bound = {
        "doc": ref(COMPOSE, "/doc"),
        "files": ref(COMPOSE, "/files"),
        "reader": ref(VOICES, "/reader"),
        "spoken": all_of(NARRATED),
        "scripts": installed_scripts(),
    }
    return StepSpec(key, kind, title, bound, soft=pages)


def _audiobook(made: ComposeOut, pages: tuple[str, ...]) -> StepSpec:
    doc = made.doc
    cover = next((page.picture for page in doc.pages if page.kind is PageKind.COVER), None)
    bound = {
        "title": doc.title,
        "author": doc.author,
        "reader": ref(VOICES, "/reader"),
        "cover": encode(made.files.get(cover.content_hash)) if cover else None,
        "chapters": {str(number): title for number, title in _chapters(doc).items()},
        "spoken": all_of(NARRATED),
    }
    return StepSpec(AUDIOBOOK, "books.audiobook@1", "Binding the audiobook", bound, soft=pages)


def _chapters(doc: BookDoc) -> dict[int, str]:
    """The title of its chapter for every story page, by page number."""
    titles: dict[int, str] = {}
    for page in doc.pages:
        titles.setdefault(page.chapter, page.heading)
    return {n: titles[page.chapter] for n, page in enumerate(doc.pages, 1) if page.kind is PageKind.STORY}


async def give_voices(context: StepContext, need: VoicesIn) -> VoicesOut:
    casting = cast_voices(need.characters, need.heights, await context.voices(), need.language)
    return VoicesOut(casting, need.language, context.ports.speech.provider.label)


async def narrate(context: StepContext, need: NarrateIn) -> NarrateOut:
    if need.lines is None:
        raise LimitReached("There is too much on this page to read it aloud.", "Make two pages of it.")
    first_words = need.lines[0].utterances[0].text[:_NAME_CHARACTERS]
    name = file_name(first_words, "m4a")
    read = await read_page_aloud(context, need.lines, need.voices, language=need.language, name=name)
    return NarrateOut(read.file, need.words_hash, read.cues)


async def set_read_aloud(context: StepContext, need: ReadAloudIn) -> SetOut:
    return await _set(context, need, Format.EPUB, "read aloud")


async def set_read_aloud_fixed(context: StepContext, need: ReadAloudIn) -> SetOut:
    return await _set(context, need, Format.FIXED, "read aloud, fixed pages")


async def _set(context: StepContext, need: ReadAloudIn, form: Format, told: str) -> SetOut:
    if not need.spoken:
        raise Invalid(_SILENT, "Look at the steps that failed.")
    pages = {
        number: PageNarration(
            page.words_hash, page.file.content_hash, page.file.media_type, page.file.duration_seconds or 0.0, page.cues
        )
        for number, page in need.spoken.items()
    }
    sounds = {page.file.content_hash: page.file for page in need.spoken.values()}
    doc = told_who_reads(need.doc, need.reader)
    name = file_name(f"{doc.title}, {told}", "epub")
    narration = Narration(need.reader, pages)
    return SetOut(await lay_out_pages(context, doc, {**need.files, **sounds}, form, name=name, narration=narration))


def told_who_reads(doc: BookDoc, reader: str) -> BookDoc:
    """The book with a colophon that says whose voice is heard: only in the files that have it."""
    line = f"Read aloud by {reader}."
    return replace(
        doc,
        pages=tuple(
            replace(page, paragraphs=(*page.paragraphs, line)) if page.kind is PageKind.COLOPHON else page
            for page in doc.pages
        ),
    )


async def bind(context: StepContext, need: AudiobookIn) -> SetOut:
    pages = _in_chapters(need.spoken, need.chapters)
    if not pages:
        raise Invalid(_SILENT, "Look at the steps that failed.")
    file = await bind_audiobook(
        context,
        pages,
        title=need.title,
        author=need.author,
        reader=need.reader,
        cover=need.cover,
        name=file_name(need.title, "m4b"),
    )
    return SetOut(file)


def _in_chapters(spoken: Mapping[str, NarrateOut], chapters: Mapping[str, str]) -> list[tuple[StoredFile, str]]:
    """The sounds in order, each with the title of the chapter that begins with it: the first of its pages that is
    heard."""
    pages: list[tuple[StoredFile, str]] = []
    before = ""
    for number in sorted(spoken, key=int):
        title = chapters.get(number, "")
        pages.append((spoken[number].file, title if title != before else ""))
        before = title
    return pages


KINDS = (
    StepKind("books.voices@1", VoicesIn, VoicesOut, give_voices, Queue.SPEECH, ports=_SPEECH),
    StepKind("books.narrate@1", NarrateIn, NarrateOut, narrate, Queue.SPEECH, ports=_SPEECH),
    StepKind("books.read_aloud@1", ReadAloudIn, SetOut, set_read_aloud, Queue.LAYOUT),
    StepKind("books.read_aloud_fixed@1", ReadAloudIn, SetOut, set_read_aloud_fixed, Queue.LAYOUT),
    StepKind("books.audiobook@1", AudiobookIn, SetOut, bind, Queue.LAYOUT),
)
ADDED = (*(kind.name for kind in KINDS), "books.sign@1")
