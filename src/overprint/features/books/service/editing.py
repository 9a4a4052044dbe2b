"""What a person changes in a finished book, a page at a time; the next run makes what depends on it.

Words, a picture's scene and a look are edits that stand in place of steps' outputs, so nothing that was made is ever
overwritten, and an edit that no run has used can be taken back. Whoever edits says which state of the page they saw:
two people may work on different pages at once, and on the same one the second is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from overprint.core.codec import Json, decode, digest, encode
from overprint.core.editions import CheckEdition, any_edition
from overprint.core.language import language_of
from overprint.core.principal import Principal
from overprint.core.problems import Invalid, NotFound, Outdated
from overprint.core.scene import Scene
from overprint.core.scene_edits import scene_changed, with_full_hands
from overprint.core.story import TAKES_MAX, TOLD_MAX_CHARACTERS, Outline, Touch, TouchedScenes
from overprint.core.words import clean_text
from overprint.craft.writing.captions import retold
from overprint.db.database import Transaction
from overprint.features.books import store
from overprint.features.books.service.books import Books
from overprint.features.books.service.changes import TAG_CHARACTERS, Changes, What, edit_tag, headings_of
from overprint.features.books.service.places import Place
from overprint.features.books.steps import COMPOSE, PLAN
from overprint.features.books.store import Row

PARAGRAPH_MAX_CHARACTERS = 5000
_OF_TOUCH = ("style", "is_again", "told")


@dataclass(frozen=True, slots=True)
class PageNow:
    """A page as it stands, edits included. ``paragraphs`` are none where nothing was written, and on the cover.
    ``title`` is its chapter's.

    ``scene`` is None where no picture was planned yet; ``kept``: content hash of its picture where a person chose to
    keep that one, whatever is changed. The tags name the state of its title, its words and its picture.
    """

    place: Place
    title: str
    paragraphs: tuple[str, ...]
    scene: Scene | None
    touch: Touch
    kept: str | None

    @property
    def is_kept(self) -> bool:
        return self.kept is not None

    @property
    def title_tag(self) -> str:
        return edit_tag(self.title)

    @property
    def words_tag(self) -> str:
        return digest(self.paragraphs)[:TAG_CHARACTERS]

    @property
    def picture_tag(self) -> str:
        return digest([self.scene, self.touch, self.kept])[:TAG_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Story:
    """All that can be edited of a book, edits included. ``made`` are the scenes by chapter, 0 for the cover."""

    outline: Outline | None
    chapters: Sequence[Row]
    scenes: Mapping[int, TouchedScenes]
    kept: Mapping[Place, Json]

    def places(self) -> list[Place]:
        """The cover, then page by page."""
        planned = self.outline.chapters if self.outline else ()
        pages = [Place(n, page) for n, chapter in enumerate(planned, 1) for page in range(1, len(chapter.beats) + 1)]
        return [Place(0, 1), *pages]

    def page(self, place: Place) -> PageNow:
        """Raises ``NotFound``."""
        if place not in self.places():
            raise NotFound("This book has no such page.")
        chapter = next((row for row in self.chapters if row["number"] == place.chapter), None)
        written = (chapter["pages"] or []) if chapter else []
        words = tuple(written[place.page - 1]["paragraphs"]) if place.page <= len(written) else ()
        made = self.scenes.get(place.chapter)
        scene = with_full_hands(made.scenes[place.page - 1]) if made and place.page <= len(made.scenes) else None
        touch = made.touches.get(str(place.page), Touch()) if made else Touch()
        title = str(chapter["title"]) if chapter else ""
        picture = self.kept.get(place)
        kept = str(picture["file"]["content_hash"]) if picture else None
        return PageNow(place, title, words, scene, touch, kept)


@dataclass(frozen=True, slots=True)
class Versions:
    """What a page's picture step delivered, with its ``paragraphs`` what was written on it, and where its chapter
    begins with its ``title`` what that was called."""

    pictures: Sequence[Row]
    words: Sequence[Row]
    titles: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Editing:
    """Edits of single pages and looks."""

    books: Books

    async def story(self, transaction: Transaction, book_id: UUID) -> Story:
        """Raises ``NotFound`` for a book that is not there."""
        await self.books.get(transaction, book_id)
        planned = await self.books.jobs.find_output(transaction, book_id, PLAN)
        outline = decode(Outline, planned["outline"]) if planned else None
        edits = await self.books.jobs.list_edits(transaction, book_id)
        scenes: dict[int, TouchedScenes] = {}
        for number in range(len(outline.chapters) + 1 if outline else 0):
            key = Place(number, 1).scenes_step
            made = edits.get(key) or await self.books.jobs.find_output(transaction, book_id, key)
            if made is not None:
                scenes[number] = decode(TouchedScenes, made)
        kept = {place: output for key, output in edits.items() if (place := Place.of_picture(key))}
        return Story(outline, await store.list_chapters(transaction, book_id), scenes, kept)

    async def versions(self, transaction: Transaction, book_id: UUID, place: Place) -> Versions:
        """What a page showed and said so far, the newest first. Raises ``NotFound``."""
        (await self.story(transaction, book_id)).page(place)
        jobs = self.books.jobs
        pictures = await jobs.list_versions(transaction, book_id, place.picture_step)
        words: dict[tuple[str, ...], Row] = {}
        for version in [] if place.is_cover else await jobs.list_versions(transaction, book_id, place.text_step):
            pages = version["output"]["pages"]
            if place.page <= len(pages):  # the first that said so counts
                words[tuple(pages[place.page - 1]["paragraphs"])] = version
        titles: dict[str, Row] = {}
        for version in await jobs.list_versions(transaction, book_id, COMPOSE) if place.has_title else []:
            if title := headings_of(version["output"]).get(place.chapter):
                titles[title] = version
        return Versions(
            pictures,
            [{**version, "paragraphs": said} for said, version in words.items()],
            [{**version, "title": title} for title, version in titles.items()],
        )

    async def hold(self, transaction: Transaction, principal: Principal, book_id: UUID, place: Place) -> PageNow:
        """The page, which nobody else edits before this transaction ends. Raises what an edit would."""
        return (await self._begin(transaction, principal, book_id, place))[1]

    async def edit_words(
        self,
        transaction: Transaction,
        principal: Principal,
        book_id: UUID,
        place: Place,
        paragraphs: Sequence[str],
        *,
        seen: str | None = None,
    ) -> PageNow:
        """Put a person's words on one page; the chapter's pictures stay as they are. Answers the page.

        Raises ``Outdated`` where the words are not those that were ``seen`` (``PageNow.words_tag``).
        """
        story, now = await self._begin(transaction, principal, book_id, place)
        _refuse_outdated(seen, now.words_tag)
        words = [cleaned for text in paragraphs if (cleaned := clean_text(text))]
        if place.is_cover or not now.paragraphs:
            raise Invalid("This page has no words to change.", "Choose a page of the story.", field="words")
        if not words:
            raise Invalid("A page needs some words.", "Write at least one sentence.", field="words")
        if max(map(len, words)) > PARAGRAPH_MAX_CHARACTERS:
            told = f"A paragraph has at most {PARAGRAPH_MAX_CHARACTERS} characters."
            raise Invalid(told, "Make two of it.", field="words")
        if tuple(words) == now.paragraphs:
            return now
        chapter = next(row for row in story.chapters if row["number"] == place.chapter)
        pages = [list(page["paragraphs"]) for page in chapter["pages"]]
        pages[place.page - 1] = words
        await self.books.edit_chapter(transaction, principal, book_id, place.chapter, pages)
        if place.chapter in story.scenes:  # else the chapter's scenes would be chosen anew from its words
            await self._keep_scenes(transaction, principal, book_id, place.chapter, story.scenes[place.chapter])
        return replace(now, paragraphs=tuple(words))

    async def edit_title(
        self,
        transaction: Transaction,
        principal: Principal,
        book_id: UUID,
        place: Place,
        title: str,
        *,
        seen: str | None = None,
    ) -> None:
        """Give the chapter that begins on a page another title: its pages are composed anew, and nothing is drawn.

        Raises ``Outdated`` where the title is not the one that was ``seen`` (``PageNow.title_tag``).
        """
        _, now = await self._begin(transaction, principal, book_id, place)
        _refuse_outdated(seen, now.title_tag)
        if not place.has_title:
            raise Invalid("No chapter begins on this page.", "Choose the first page of a chapter.", field="title")
        if clean_text(title) != now.title:
            await self.books.edit_chapter(transaction, principal, book_id, place.chapter, title=title)

    async def edit_picture(
        self,
        transaction: Transaction,
        principal: Principal,
        book_id: UUID,
        place: Place,
        changes: Mapping[str, Any],
        *,
        seen: str | None = None,
    ) -> PageNow:
        """Change what one picture shows and how; see ``changed``. Answers the page.

        Raises ``Outdated`` where the picture is not the one that was ``seen`` (``PageNow.picture_tag``).
        """
        story, now = await self._begin(transaction, principal, book_id, place)
        _refuse_outdated(seen, now.picture_tag)
        wanted = changed(now, changes, story.outline)
        if wanted == now:
            return now
        made = story.scenes[place.chapter]
        scenes = [*made.scenes]
        scenes[place.page - 1] = wanted.scene or scenes[place.page - 1]
        touches = {**made.touches, str(place.page): wanted.touch}
        touches = {page: touch for page, touch in touches.items() if touch != Touch()}
        await self._keep_scenes(transaction, principal, book_id, place.chapter, TouchedScenes(tuple(scenes), touches))
        await self.books.jobs.drop_edit(transaction, principal, book_id, place.picture_step)
        return replace(wanted, kept=None)

    async def restore_picture(
        self,
        transaction: Transaction,
        principal: Principal,
        book_id: UUID,
        place: Place,
        content_hash: str,
        *,
        seen: str | None = None,
    ) -> None:
        """Have a picture stand on its page that was made for it before, and stay there.

        Raises ``NotFound``, and ``Outdated`` where the picture is not the one that was ``seen``.
        """
        _, now = await self._begin(transaction, principal, book_id, place)
        _refuse_outdated(seen, now.picture_tag, is_choice=True)
        versions = await self.books.jobs.list_versions(transaction, book_id, place.picture_step)
        found = [one["output"] for one in versions if one["output"]["file"]["content_hash"] == content_hash]
        if not found:
            raise NotFound("There is no such picture of this page.", "Choose one of those that are shown.")
        await self.books.jobs.edit_output(transaction, principal, book_id, place.picture_step, found[0])

    async def let_go(
        self,
        transaction: Transaction,
        principal: Principal,
        book_id: UUID,
        place: Place,
        *,
        seen: str | None = None,
    ) -> None:
        """A picture that was kept follows the book again. Raises ``Outdated`` where it is not the one ``seen``."""
        _, now = await self._begin(transaction, principal, book_id, place)
        _refuse_outdated(seen, now.picture_tag, is_choice=True)
        await self.books.jobs.drop_edit(transaction, principal, book_id, place.picture_step)

    async def edit_look(
        self,
        transaction: Transaction,
        principal: Principal,
        book_id: UUID,
        who: str,
        look: Mapping[str, Json],
        *,
        seen: str | None = None,
    ) -> None:
        """Change how a character looks. Raises ``Outdated`` where the sheet is not the one that was ``seen``."""
        await self.books.begin_change(transaction, principal, book_id)
        cast = {row["id"]: row for row in await store.list_characters(transaction, book_id)}
        if who in cast:
            _refuse_outdated(seen, look_tag(cast[who]["sheet"]))
            if all(cast[who]["sheet"].get(name) == value for name, value in look.items()):
                return
        await self.books.edit_character(transaction, principal, book_id, who, look)

    async def undo(
        self,
        transaction: Transaction,
        principal: Principal,
        book_id: UUID,
        step: str,
        check: CheckEdition = any_edition,
    ) -> None:
        """Take back an edit that no run has used. ``check`` is given ``Change.tag``. Raises ``NotFound``."""
        await self.books.begin_change(transaction, principal, book_id)
        for change in await Changes(self.books).list(transaction, book_id):
            if change.step == step:
                check(change.tag)
                if change.what is What.TITLE:
                    (place,) = change.places
                    await self.books.edit_chapter(transaction, principal, book_id, place.chapter, title=change.before)
                    return
        undone = await self.books.jobs.undo_edit(transaction, principal, book_id, step)
        kind, _, name = step.partition("/")
        if undone["made"] is None:
            return
        if kind == "text":
            is_edited = undone["origin"] == "person"
            pages = undone["made"]["pages"]
            await store.keep_chapter(transaction, book_id, int(name), pages, state="written", is_edited=is_edited)
        elif kind == "cast":
            await store.keep_sheet(transaction, book_id, name, undone["made"])

    async def _begin(
        self, transaction: Transaction, principal: Principal, book_id: UUID, place: Place
    ) -> tuple[Story, PageNow]:
        await self.books.begin_change(transaction, principal, book_id)
        story = await self.story(transaction, book_id)
        return story, story.page(place)

    async def _keep_scenes(
        self, transaction: Transaction, principal: Principal, book_id: UUID, chapter: int, scenes: TouchedScenes
    ) -> None:
        step = Place(chapter, 1).scenes_step
        await self.books.jobs.edit_output(transaction, principal, book_id, step, encode(scenes))


def look_tag(sheet: Mapping[str, Json]) -> str:
    """Names the state of a look."""
    return digest(sheet)[:TAG_CHARACTERS]


def changed(now: PageNow, changes: Mapping[str, Any], outline: Outline | None) -> PageNow:
    """``now`` with ``changes``: of the scene its ``time``, ``weather``, ``season``, ``mood``, ``camera``,
    ``actors`` and ``props``; ``style`` (null: the book's); ``is_again``: drawn anew from another seed; ``told``: a
    person's own alternative text, empty for the program's. Raises ``Invalid``."""
    if now.scene is None or outline is None:
        raise Invalid("This page has no picture to change yet.", "Make the book first.")
    shown = {name: value for name, value in changes.items() if name not in _OF_TOUCH}
    scene = scene_changed(now.scene, shown, {character.id for character in outline.characters})
    take = min(TAKES_MAX, now.touch.take + 1) if changes.get("is_again") else now.touch.take
    style, told = changes.get("style", now.touch.style), changes.get("told", now.touch.told)
    if told and now.place.is_cover:
        raise Invalid("A cover takes no words of your own here.", "Write them for a picture of a page.", field="told")
    touch = decode(Touch, {"take": take, "style": style, "told": clean_text(told)}, at="")
    return replace(now, scene=_retold(now, scene, outline), touch=touch)


def _retold(now: PageNow, scene: Scene, outline: Outline) -> Scene:
    """With a caption that says what is to be seen now, where anything that it would say is different. It is told in
    English, so of a book in another language the old one stays, until a person writes their own."""
    caption = retold(scene, outline.characters)
    is_same = now.scene is not None and retold(now.scene, outline.characters) == caption
    if is_same or language_of(" ".join([outline.title, outline.logline, *now.paragraphs])) != "en":
        return scene
    return replace(scene, caption=f"Cover: {caption}"[:TOLD_MAX_CHARACTERS] if now.place.is_cover else caption)


def _refuse_outdated(seen: str | None, is_now: str, *, is_choice: bool = False) -> None:
    """``is_choice``: there is nothing in a form that could be lost."""
    if seen is None or seen == is_now:
        return
    if is_choice:
        raise Outdated(
            "Somebody else changed this page since you opened it.", "Look at what stands there now, and choose again."
        )
    raise Outdated(
        "Somebody else changed this page since you opened it.",
        "What you wrote is still here. Look at what stands there now, and save again.",
    )
