"""JSON API of editing a book page by page: words, pictures, versions, and what is not made yet."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import Field

from overprint.core.codec import digest, encode
from overprint.core.scene_edits import SCENE_FIELDS
from overprint.core.story import TOLD_MAX_CHARACTERS, Style
from overprint.features.books.api.books import Paragraphs
from overprint.features.books.service import (
    CHAPTER_TITLE_MAX_CHARACTERS,
    Books,
    Change,
    Changes,
    Editing,
    PageNow,
    Place,
)
from overprint.http.responses import IfMatch, In, Out, etag_of, example, refuse_outdated
from overprint.http.routes import Router
from overprint.http.scope import InScope

PageName = Annotated[str, Path(max_length=8, description="`cover`, or chapter and page, such as `2-3`.")]
StepName = Annotated[str, Path(max_length=60, description="The edited step, as `GET …/edits` names it.")]


class PageChanges(In):
    """What is left out stays. ``title``: of the chapter that begins on this page; ``scene``: its ``time``, ``weather``,
    ``season``, ``mood``, ``camera``, ``actors`` and ``props``, which are the things that stand there, eight at most;
    ``style``: of this picture alone, null for the book's; ``told``: what is said of it to those who cannot see it,
    empty for what the program says, which follows the scene;
    ``is_again``: draw it anew; ``is_kept``: false lets a picture that was put back follow the book again."""

    model_config = example(paragraphs=["The harbour slept."], scene={"time": "night"}, style="ink")

    title: str | None = Field(None, min_length=1, max_length=CHAPTER_TITLE_MAX_CHARACTERS)
    paragraphs: Paragraphs | None = None
    scene: dict[str, Any] | None = Field(None, max_length=len(SCENE_FIELDS))
    style: Style | None = None
    told: str | None = Field(None, max_length=TOLD_MAX_CHARACTERS)
    is_again: bool = False
    is_kept: bool | None = None

    def of_picture(self) -> dict[str, Any]:
        """As ``Editing.edit_picture`` takes them."""
        changes = dict(self.scene or {})
        if "style" in self.model_fields_set:
            changes["style"] = self.style
        if self.told is not None:
            changes["told"] = self.told
        return {**changes, "is_again": True} if self.is_again else changes


class PageOut(Out):
    """``page`` names it; ``title`` is its chapter's. ``told``: a person's own alternative text, else empty; ``take``:
    how often its picture was drawn anew; ``is_kept``: it is one that was put back."""

    page: str
    title: str
    paragraphs: list[str]
    scene: dict[str, Any] | None
    style: Style | None
    told: str
    take: int
    is_kept: bool


class ChangeOut(Out):
    """``what``: words, title (of the chapter that begins on the page), pictures, look, or kept (a picture that was put
    back). ``who``: of a look, whose."""

    step: str
    what: str
    pages: list[str]
    who: str
    tag: str


class EditsOut(Out):
    """``pages`` will look different once the book is made; ``is_most``: some of them may not. ``credits``: the most
    that it costs. All of these are null while the book is being made."""

    edits: list[ChangeOut]
    pages: list[str] | None
    is_most: bool | None
    credits: int | None


class VersionOut(Out):
    """A picture that a page has or had, or its words; ``origin``: run, reused, person or imported."""

    origin: str
    content_hash: str | None = None
    url: str | None = None
    alt: str | None = None
    paragraphs: list[str] | None = None


class RestoreIn(In):
    model_config = example(content_hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")

    content_hash: str = Field(min_length=64, max_length=64)


def _tag(now: PageNow) -> str:
    return digest([now.title_tag, now.words_tag, now.picture_tag])[:32]


def _page_out(now: PageNow) -> PageOut:
    return PageOut(
        page=now.place.key,
        title=now.title,
        paragraphs=list(now.paragraphs),
        scene=encode(now.scene),
        style=now.touch.style,
        told=now.touch.told,
        take=now.touch.take,
        is_kept=now.is_kept,
    )


def _change_out(change: Change) -> ChangeOut:
    return ChangeOut(
        step=change.step, what=change.what, pages=[place.key for place in change.places], who=change.who, tag=change.tag
    )


def editing_router(books: Books, prefix: str) -> APIRouter:
    """Routes over ``books`` under ``prefix``."""
    api = Router(prefix=prefix, tags=["books"])
    editing = Editing(books)

    async def answered(scope: InScope, response: Response, book_id: UUID, place: Place) -> PageOut:
        now = (await editing.story(scope.transaction, book_id)).page(place)
        response.headers.update(etag_of(_tag(now)))
        return _page_out(now)

    @api.get("/{book_id}/pages/{page}")
    async def get_page(scope: InScope, response: Response, book_id: UUID, page: PageName) -> PageOut:
        return await answered(scope, response, book_id, Place.parse(page))

    @api.patch("/{book_id}/pages/{page}")
    async def edit_page(
        scope: InScope,
        response: Response,
        book_id: UUID,
        page: PageName,
        changes: PageChanges,
        if_match: IfMatch = None,
    ) -> PageOut:
        place, transaction, who = Place.parse(page), scope.transaction, scope.principal
        now = await editing.hold(transaction, who, book_id, place)
        refuse_outdated(if_match, _tag(now))
        if changes.title is not None:
            await editing.edit_title(transaction, who, book_id, place, changes.title)
        if changes.paragraphs is not None:
            await editing.edit_words(transaction, who, book_id, place, changes.paragraphs)
        if told := changes.of_picture():
            await editing.edit_picture(transaction, who, book_id, place, told)
        if changes.is_kept is False:
            await editing.let_go(transaction, who, book_id, place)
        return await answered(scope, response, book_id, place)

    @api.get("/{book_id}/pages/{page}/versions")
    async def list_versions(scope: InScope, book_id: UUID, page: PageName) -> list[VersionOut]:
        place = Place.parse(page)
        versions = await editing.versions(scope.transaction, book_id, place)
        pictures = [
            VersionOut(
                origin=one["origin"],
                content_hash=one["output"]["file"]["content_hash"],
                url=books.library.link(one["output"]["file"]["key"]),
                alt=one["output"]["alt"],
            )
            for one in versions.pictures
        ]
        return pictures + [VersionOut(origin=one["origin"], paragraphs=one["paragraphs"]) for one in versions.words]

    @api.post("/{book_id}/pages/{page}/versions")
    async def restore_picture(
        scope: InScope, response: Response, book_id: UUID, page: PageName, wanted: RestoreIn, if_match: IfMatch = None
    ) -> PageOut:
        """Put a picture back that the page had before; it stays there whatever is changed."""
        place = Place.parse(page)
        refuse_outdated(if_match, _tag(await editing.hold(scope.transaction, scope.principal, book_id, place)))
        await editing.restore_picture(scope.transaction, scope.principal, book_id, place, wanted.content_hash)
        return await answered(scope, response, book_id, place)

    @api.get("/{book_id}/edits")
    async def list_edits(scope: InScope, book_id: UUID) -> EditsOut:
        """What is not made yet, and what making it would do."""
        changes, book = Changes(books), await books.get(scope.transaction, book_id)
        places = (await editing.story(scope.transaction, book_id)).places()
        ahead = await changes.ahead(scope.transaction, book, places)
        unmade = ahead.changes if ahead else await changes.list(scope.transaction, book_id)
        return EditsOut(
            edits=list(map(_change_out, unmade)),
            pages=[place.key for place in ahead.pages] if ahead else None,
            is_most=ahead.is_most if ahead else None,
            credits=ahead.credits if ahead else None,
        )

    @api.delete("/{book_id}/edits/{step:path}", status_code=204)
    async def undo_edit(scope: InScope, book_id: UUID, step: StepName, if_match: IfMatch = None) -> Response:
        """Take back an edit that is not made yet. ``If-Match`` is its ``tag``, in quotes."""
        check = partial(refuse_outdated, if_match)
        await editing.undo(scope.transaction, scope.principal, book_id, step, check)
        return Response(status_code=204)

    return api
