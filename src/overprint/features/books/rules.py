"""Pure decisions about books: is an answer usable, what the cover shows, what stands on which page."""

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from overprint.core.book import BookDoc, Page, PageKind, Picture
from overprint.core.codec import digest, encode
from overprint.core.language import language_of
from overprint.core.problems import Invalid
from overprint.core.scene import (
    MADE_UP,
    Actor,
    Area,
    Camera,
    Depth,
    Expression,
    Mood,
    Place,
    Pose,
    Scene,
    Setting,
    Sheet,
    Shot,
    Time,
)
from overprint.core.shown import stand_ins
from overprint.core.story import (
    Beat,
    Brief,
    ChapterText,
    CharacterRole,
    Outline,
    Touch,
    TouchedScenes,
    Trim,
)
from overprint.core.words import clean_text
from overprint.craft.press import get_printer
from overprint.craft.typesetting import check_letters, told_character
from overprint.features.books.steps import PLAN, ComposeIn, IllustrateOut, Target, picture_key

_NAMESPACE = uuid.UUID("9b2f6a52-4f0b-5c1e-9d83-0f6c1c1e7a10")
_COVER_ACTORS_MAX = 2
_LETTERS_NAMED_MAX = 3
_TAKE_SEEDS = 100_003  # more than a book has pictures
_ROOMS = (Setting.BEDROOM, Setting.LIBRARY, Setting.KITCHEN, Setting.CLASSROOM, Setting.CAVE)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


Rows = Sequence[Mapping[str, Any]]


def edition_of(
    book: Mapping[str, Any], chapters: Sequence[Mapping[str, Any]], cast: Sequence[Mapping[str, Any]]
) -> str:
    """What names the state of all that people can edit: another one as soon as any of it is."""
    words = [[chapter["title"], chapter["pages"]] for chapter in chapters]
    return digest([book["title"], book["brief"], words, [[one["id"], one["sheet"]] for one in cast]])[:32]


def book_identifier(brief: Brief) -> str:
    """The book's URN: the same brief and seed are the same book, however fine its pictures and whatever its chapters
    are called. What briefs did not have at first counts if used."""
    alike = replace(brief, picture_dpi=Brief(brief.premise).picture_dpi, chapter_titles=())
    asked = {name: value for name, value in encode(alike).items() if value or name not in ("looks", "chapter_titles")}
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, digest(asked))}"


def check_printer(key: str, trim: Trim) -> None:
    """Raises ``Invalid`` for a printer that is not known or has no book of this size; none at all is fine."""
    if not key:
        return
    printer = get_printer(key)
    if not printer.takes(trim):
        taken = " or ".join(printer.trims)
        raise Invalid(
            f"{printer.name} has no book in {trim}; it takes {taken}.",
            f"Make the book in {taken}, or choose another printer.",
            field="printer",
        )


def check_script(brief: Brief, target: Target) -> None:
    """Raises ``Invalid`` for a book with pages in letters that no font here has, before any work is done.

    Words follow their premise; an e-book alone needs no font of ours.
    """
    if target in (Target.BOOK, Target.PDF, Target.PRINT):
        check_letters(brief.premise, "premise")
        check_letters(brief.title, "title")


def is_refused(steps: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the writer would not plan this book: asked the same again, nobody gets another answer."""
    return any((step["key"], step["state"], step["error_kind"]) == (PLAN, "failed", "refused") for step in steps)


def chapter_titles(outline: Outline, wanted: Sequence[str]) -> tuple[str, ...]:
    """What each chapter is called: as a person ``wanted``, or as it was planned."""
    planned = [chapter.title for chapter in outline.chapters]
    return tuple(own or title for own, title in zip_longest(wanted[: len(planned)], planned, fillvalue=""))


def check_cover(scenes: TouchedScenes, outline: Outline) -> None:
    """Raises ``Invalid`` unless it is one scene, of people whom the plan knows."""
    known = {character.id for character in outline.characters}
    if len(scenes.scenes) != 1 or {actor.who for actor in scenes.scenes[0].actors} - known:
        raise Invalid("The cover shows more than one scene, or somebody whom the plan does not know.")


def check_look(sheet: Sheet) -> None:
    """Raises ``Invalid`` unless every colour is ``#rrggbb``: a person who mistypes one should hear of it."""
    for name in ("body", "marking", "outfit", "accent", "hair_colour", "eye_colour"):
        if not _COLOUR.fullmatch(getattr(sheet, name)):
            raise Invalid(f"{name} is not a colour.", "Write it as #rrggbb, such as #3344aa.", field=name)


def cover_scene(outline: Outline) -> Scene:
    """The hero and whoever is nearest to them, where it is brightest and furthest from home, with a calm sky for the
    title."""
    ranked = sorted(outline.characters, key=lambda c: list(CharacterRole).index(c.role))[:_COVER_ACTORS_MAX]
    beats = [beat for chapter in outline.chapters for beat in chapter.beats]
    best = max(map(_inviting, beats))
    fitting = [beat for beat in beats if _inviting(beat) == best]
    beat = fitting[sum(map(ord, outline.title)) % len(fitting)]
    places = (Place.LEFT, Place.RIGHT) if len(ranked) > 1 else (Place.CENTRE,)
    poses = (Pose.STAND, Pose.WAVE)
    actors = tuple(
        Actor(
            character.id,
            pose=poses[n % 2],
            expression=Expression.HAPPY if n == 0 else Expression.JOY,
            place=places[n],
            depth=Depth.NEAR,
            holding=None if n else next(iter(beat.props), None),
        )
        for n, character in enumerate(ranked)
    )
    names = " and ".join(character.name for character in ranked)
    return Scene(
        setting=beat.setting,
        place=beat.place,
        caption=f"Cover: {names}, {beat.place}."[:400],
        time=beat.time,
        season=outline.season,
        mood=Mood.WONDER if beat.mood in (Mood.SAD, Mood.TENSE) else beat.mood,
        camera=Camera(Shot.MEDIUM, Area.TOP),
        actors=actors,
        constraints=outline.constraints,
    )


def _inviting(beat: Beat) -> tuple[bool, bool, bool]:
    """How well a beat would stand on a cover: out of doors, in good spirits, in light or among stars."""
    starry = beat.setting in (Setting.MOON, Setting.SKY, Setting.SPACESHIP)
    glad = beat.mood in (Mood.JOYFUL, Mood.WONDER, Mood.COSY)
    return beat.setting not in _ROOMS, glad, beat.time is not Time.NIGHT or starry


def picture_seed(brief: Brief, chapter: int, page: int, take: int) -> int:
    """What a picture is drawn from, another one each ``take``; the cover is page 1 of chapter 0."""
    return brief.seed * 1_000_003 + (chapter * 1000 + page if chapter else 0) + take * _TAKE_SEEDS


def alternative_texts(doc: BookDoc) -> dict[str, str]:
    """Of the pictures of its story, by the steps that drew them."""
    found: dict[str, str] = {}
    pages: Counter[int] = Counter()
    for page in doc.pages:
        if page.kind is PageKind.STORY:
            pages[page.chapter] += 1
            if page.picture is not None:
                found[picture_key(page.chapter, pages[page.chapter])] = page.picture.alt
    return found


def compose(need: ComposeIn, words_by: str, pictures_by: str) -> BookDoc:
    """Every page, in order. A chapter without words is left out; a page without a picture keeps its words."""
    if not need.texts:
        raise Invalid("No chapter could be written, so there is no book to set.", "Look at the failed steps.")
    outline = need.outline
    title, author = clean_text(outline.title), clean_text(need.author)
    pages = [
        Page(PageKind.COVER, heading=title, picture=picture_of(need.pictures.get("cover"))),
        Page(PageKind.TITLE, heading=title),
    ]
    if need.dedication:
        pages.append(Page(PageKind.DEDICATION, (clean_text(need.dedication),)))
    titles = chapter_titles(outline, need.titles)
    for number in range(1, len(outline.chapters) + 1):
        text = need.texts.get(str(number))
        if text is not None:
            pages.extend(_chapter_pages(number, titles[number - 1], text, need))
    shown = sorted({thing for drawn in need.pictures.values() for thing in drawn.shown})
    pages.append(Page(PageKind.COLOPHON, _colophon(outline, need.author, words_by, pictures_by, shown)))
    return BookDoc(
        identifier=need.identifier,
        title=title,
        author=author or "Overprint",
        language=language_of(" ".join(_words(need.texts))),
        trim=need.trim,
        description=clean_text(outline.logline),
        pages=tuple(pages),
    )


def _words(texts: Mapping[str, ChapterText]) -> Iterator[str]:
    return (paragraph for text in texts.values() for page in text.pages for paragraph in page.paragraphs)


def _chapter_pages(number: int, title: str, text: ChapterText, need: ComposeIn) -> Iterator[Page]:
    touches = need.scenes[str(number)].touches if str(number) in need.scenes else {}
    for index, page in enumerate(text.pages, 1):
        touch = touches.get(str(index), Touch())
        yield Page(
            PageKind.STORY,
            tuple(clean_text(paragraph) for paragraph in page.paragraphs),
            heading=clean_text(title) if index == 1 else "",
            picture=picture_of(need.pictures.get(f"{number}/{index}"), touch.told),
            chapter=number,
        )


def picture_of(drawn: IllustrateOut | None, told: str = "") -> Picture | None:
    """How a drawn picture stands on its page. ``told``: a person's alternative text, in place of the program's."""
    if drawn is None:
        return None
    file = drawn.file
    return Picture(
        file.content_hash,
        file.media_type,
        file.width_px or 0,
        file.height_px or 0,
        told or drawn.alt,
        Area(drawn.quiet),
        drawn.spots,
        drawn.vector.content_hash if drawn.vector else "",
        drawn.is_spread,
    )


def notes_on(missing: Sequence[str], *, could_be_added: bool = False) -> tuple[str, ...]:
    """What to tell people of a book with characters that no font here has. ``could_be_added``: one for them can be
    installed."""
    if not missing:
        return ()
    named = ", ".join(map(told_character, missing[:_LETTERS_NAMED_MAX]))
    more = len(missing) - _LETTERS_NAMED_MAX
    named += f" and {more} more" if more > 0 else ""
    cure = "Spell them in other letters where they matter."
    if could_be_added:
        cure = "Run `overprint fonts install cjk` and make the book again, or spell them in other letters."
    return (
        f"No font here has {named}: a sign stands in their place on pages of a fixed size. Only the e-book whose text "
        f"flows keeps them. {cure}",
    )


def _colophon(outline: Outline, author: str, words_by: str, pictures_by: str, shown: Sequence[str]) -> tuple[str, ...]:
    lines = [f"{clean_text(outline.title)} was made with Overprint."]
    lines.append(f"Words: {words_by}. Pictures: {pictures_by}.")
    if MADE_UP in shown:
        lines.append(f"Whoever the illustrator has no likeness of is drawn as a {MADE_UP}.")
    nearest = ", ".join(f"the {clean_text(what)} as {kind}" for what, kind in stand_ins(shown) if MADE_UP not in kind)
    if nearest:
        lines.append(f"Drawn as the nearest likeness there is: {nearest}.")
    if author:
        lines.append(f"Asked for by {clean_text(author)}.")
    return tuple(lines)
