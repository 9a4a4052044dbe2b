"""The editor's pages, put together: what is open, what was changed, what making it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi.responses import Response

from overprint.core.codec import decode
from overprint.core.ids import new_id
from overprint.core.problems import Problem
from overprint.core.scene import PROPS_MAX
from overprint.core.story import TOLD_MAX_CHARACTERS
from overprint.craft.drawing import NOT_HERE
from overprint.db.database import Transaction
from overprint.engine.asking import EMBEDDED
from overprint.features.books.service import (
    CHAPTER_TITLE_MAX_CHARACTERS,
    Ahead,
    Books,
    Changes,
    Doc,
    Editing,
    PageNow,
    Place,
    Proofs,
    Story,
    doc_now,
)
from overprint.features.books.steps import COMPOSE, ComposeOut
from overprint.features.books.store import Row
from overprint.features.books.web.editor_forms import THING_FIELD, told_of
from overprint.features.books.web.editor_spreads import open_at, spreads_of, words_of
from overprint.features.books.web.editor_words import ACTOR_FIELDS, CHANGED, PLACES, SCENE_FIELDS, THING_COLOURS, THINGS
from overprint.features.jobs import is_going
from overprint.features.teams import Action, is_allowed
from overprint.http.choices import STYLES
from overprint.http.pages import Pages
from overprint.http.scope import Scope, Scopes

PRINT = "print"


@dataclass(frozen=True, slots=True)
class Opened:
    """All that the editor knows of a book. ``files`` by slot, with links; ``ahead`` is None while it is being made."""

    book: Row
    story: Story
    now: Doc | None
    files: Mapping[str, Row]
    characters: list[Row]
    ahead: Ahead | None
    failed: frozenset[str]
    can_edit: bool

    @property
    def edited(self) -> frozenset[Place]:
        """Pages with edits that are not made."""
        return (
            frozenset(place for change in self.ahead.changes for place in change.places) if self.ahead else frozenset()
        )

    def mark(self, places: Sequence[Place]) -> str:
        """Of pages in the list: the worst that is to be said of them, if anything."""
        if any(self.failed & {place.text_step, place.scenes_step, place.picture_step} for place in places):
            return "failed"
        if self.edited.intersection(places):
            return "edited"
        return "stale" if self.ahead and set(self.ahead.pages).intersection(places) else ""


@dataclass(frozen=True, slots=True)
class Desk:
    books: Books
    editing: Editing
    proofs: Proofs
    pages: Pages

    async def open(self, scope: Scope, book_id: UUID) -> Opened:
        """Raises ``NotFound``."""
        transaction = scope.transaction
        book = await self.books.get(transaction, book_id)
        story = await self.editing.story(transaction, book_id)
        parts = await self.books.get_parts(transaction, book_id)
        composed = await self.books.jobs.find_output(transaction, book_id, COMPOSE)
        ahead = await Changes(self.books).ahead(transaction, book, story.places())
        return Opened(
            book,
            story,
            doc_now(decode(ComposeOut, composed), story) if composed else None,
            {row["slot"]: row for row in parts["files"]},
            parts["characters"],
            ahead,
            await self._failed(transaction, book_id),
            is_allowed(scope.principal, Action.MAKE_WORK),
        )

    async def _failed(self, transaction: Transaction, book_id: UUID) -> frozenset[str]:
        newest = await self.books.jobs.find_newest(transaction, book_id)
        if newest is None or is_going(newest):
            return frozenset()
        steps = await self.books.jobs.list_steps(transaction, newest["id"])
        return frozenset(step["key"] for step in steps if step["state"] == "failed")

    def common(self, opened: Opened, tab: str) -> dict[str, Any]:
        """What every page of the editor shows."""
        names = {row["id"]: row["name"] for row in opened.characters}
        return {"opened": opened, "book": opened.book, "ahead": opened.ahead, "tab": tab, "names": names} | {
            "changed_words": CHANGED,
            "drawn_by": self._drawn_by(),
            "problem": None,
            "once": new_id(),
        }

    def _drawn_by(self) -> str:
        """What draws the pictures of books, where that is not the illustrator in the box, as which sketches are."""
        illustrator = self.books.jobs.rules.providers["image"]
        return "" if illustrator.name == EMBEDDED else illustrator.label

    async def show(
        self,
        scopes: Scopes,
        book_id: UUID,
        place: Place | None,
        *,
        number: int = 1,
        is_print: bool = False,
        tried: Mapping[str, Any] | None = None,
        problem: Problem | None = None,
        status: int = 200,
    ) -> Response:
        """The spread that ``place`` is on. ``tried`` is what a form sent that was not saved."""
        async with scopes.transaction() as transaction:
            opened = await self.open(Scope(scopes.principal, transaction), book_id)
        is_print = is_print or (tried or {}).get("edition") == PRINT
        team_id = scopes.principal.team_id
        proof = await self.proofs.pages(team_id, opened.now, is_print=is_print) if opened.now else None
        spreads = spreads_of(proof, opened.now.places() if opened.now else (), opened.story)
        here = open_at(spreads, place, number)
        return self.pages.render(
            "editor.html",
            status,
            **self.common(opened, "pages") | {"problem": problem},
            proof=proof,
            spreads=spreads,
            here=here,
            marks={spread.number: opened.mark(spread.places) for spread in spreads},
            is_print=is_print,
            panels=[self._panel(opened, one, tried if one == place else None) for one in here.places],
            links=self._links(opened),
            title_max=CHAPTER_TITLE_MAX_CHARACTERS,
            told_max=TOLD_MAX_CHARACTERS,
            scene_fields=SCENE_FIELDS,
            actor_fields=ACTOR_FIELDS,
            thing_fields=tuple(map(THING_FIELD.format, range(PROPS_MAX))),
            thing_colours=THING_COLOURS,
            places=PLACES,
            styles=STYLES,
        )

    def _panel(self, opened: Opened, place: Place, tried: Mapping[str, Any] | None) -> Row:
        """What can be changed of one page, and what somebody chose of it that is not saved."""
        now = opened.story.page(place)
        tried = tried or {}
        words = tried.get("words")
        return {
            "place": place,
            "now": now,
            "words": words if isinstance(words, str) else words_of(now),
            "is_tried": isinstance(words, str),
            "title": _told(tried).get("title", now.title),
            "tried": _told(tried) if "look" in tried or "with_actors" in tried else None,
            "chosen": _chosen(now, tried),
            "things": self._things(now),
            "file": opened.files.get(place.picture_step),
        }

    def _things(self, now: PageNow) -> dict[str, str]:
        """What can stand in a page's picture, in words: what does, and of the rest what the story lets in and the
        illustrator in the box, where that draws, would put down there."""
        if now.scene is None:
            return {}
        is_ours = self.books.jobs.rules.providers["image"].name == EMBEDDED
        nowhere = NOT_HERE.get(now.scene.setting, ()) if is_ours else ()
        stands = {prop.kind for prop in now.scene.props}
        return {
            kind: said
            for kind, said in THINGS.items()
            if kind in stands or not (kind in nowhere or now.scene.forbids(kind))
        }

    def _links(self, opened: Opened) -> dict[str, Row]:
        """Links to the pictures of the book as it would be set now, by content hash."""
        files = opened.now.files if opened.now else {}
        library = self.books.library
        return {name: library.links(file.key, file.thumbnail_key) for name, file in files.items()}

    async def versions(self, scope: Scope, book_id: UUID, place: Place) -> Response:
        """What a page said and showed before."""
        opened = await self.open(scope, book_id)
        now = opened.story.page(place)
        versions = await self.editing.versions(scope.transaction, book_id, place)
        pictures = []
        for version in versions.pictures:
            file = version["output"]["file"]
            links = self.books.library.links(file["key"], file["thumbnail_key"])
            pictures.append({**version, **links, "hash": file["content_hash"], "alt": version["output"]["alt"]})
        return self.pages.render(
            "editor_versions.html",
            **self.common(opened, "pages"),
            place=place,
            now=now,
            pictures=pictures,
            current=_current(opened, place),
            words=versions.words,
            titles=versions.titles,
        )


def _told(tried: Mapping[str, Any]) -> dict[str, str]:
    """What a form sent, without files."""
    return {name: value for name, value in tried.items() if isinstance(value, str)}


def _current(opened: Opened, place: Place) -> str:
    """Content hash of the picture that stands on a page now, edits included."""
    kept = opened.story.kept.get(place)
    if kept:
        return str(kept["file"]["content_hash"])
    file = opened.files.get(place.picture_step)
    return str(file["unsigned_hash"]) if file else ""


def _chosen(now: PageNow, tried: Mapping[str, Any]) -> Row:
    """The choices that the picture's form begins with: field by field what was tried, or as it is."""
    if now.scene is None:
        return {}
    scene = now.scene
    chosen: Row = {"shot": scene.camera.shot, "time": scene.time, "season": scene.season}
    chosen |= {"weather": scene.weather, "mood": scene.mood}
    chosen["style"] = now.touch.style or ""
    chosen["told"] = told_of(now)
    for actor in scene.actors:
        chosen[f"on.{actor.who}"] = True
        chosen |= {f"{name}.{actor.who}": getattr(actor, name) or "" for name, _, _ in ACTOR_FIELDS}
    for field, prop in zip(map(THING_FIELD.format, range(PROPS_MAX)), scene.props, strict=False):
        chosen |= {field: prop.kind, f"place.{field}": prop.place, f"colour.{field}": prop.colour or ""}
    if "with_actors" in tried:
        chosen = {name: value for name, value in chosen.items() if not name.startswith("on.")}
        chosen |= _told(tried)
    return chosen
