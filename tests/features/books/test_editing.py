"""Editing a finished book page by page: only what was touched is made again, and nothing is lost or overwritten."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from overprint.core.codec import encode
from overprint.core.problems import Conflict, Denied, Invalid, NotFound, Outdated
from overprint.core.scene import PropKind
from overprint.core.story import Style, Touch
from overprint.features.books.service import Ahead, Changes, Editing, PageNow, Place, What
from tests.support.made import database_urls, studio
from tests.support.studio import BRIEF, Studio

__all__ = ["database_urls", "studio"]

COVER, FIRST, SECOND = Place(0, 1), Place(1, 1), Place(1, 2)


async def _page(studio: Studio, book_id: UUID, place: Place) -> PageNow:
    async with studio.transaction() as transaction:
        return (await Editing(studio.books).story(transaction, book_id)).page(place)


async def _ahead(studio: Studio, book_id: UUID) -> Ahead:
    async with studio.transaction() as transaction:
        places = (await Editing(studio.books).story(transaction, book_id)).places()
        book = await studio.books.get(transaction, book_id)
        found = await Changes(studio.books).ahead(transaction, book, places)
    assert found is not None
    return found


async def _words(studio: Studio, book_id: UUID, place: Place, *words: str, seen: str | None = None) -> PageNow:
    async with studio.transaction() as transaction:
        return await Editing(studio.books).edit_words(transaction, studio.owner, book_id, place, words, seen=seen)


async def _picture(
    studio: Studio, book_id: UUID, place: Place, changes: Mapping[str, Any], seen: str | None = None
) -> PageNow:
    async with studio.transaction() as transaction:
        return await Editing(studio.books).edit_picture(transaction, studio.owner, book_id, place, changes, seen=seen)


async def _make(studio: Studio, book_id: UUID) -> None:
    async with studio.transaction() as transaction:
        job = await studio.books.make(transaction, studio.owner, book_id)
    await studio.finish(job["id"])


async def _hashes(studio: Studio, book_id: UUID) -> dict[str, str]:
    """Content hash of each picture of the book."""
    files = (await studio.book(book_id))["files"]
    return {file["slot"]: file["unsigned_hash"] for file in files if file["slot"].startswith("picture/")}


def _different(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    assert before.keys() == after.keys()
    return {slot for slot in before if before[slot] != after[slot]}


async def test_new_words_of_a_page_draw_no_picture_anew(studio: Studio) -> None:
    book_id = await studio.make()
    before = await _hashes(studio, book_id)
    await _words(studio, book_id, FIRST, "Mira heard  nothing.", "", "Soot heard it too.")
    ahead = await _ahead(studio, book_id)
    assert [(change.what, change.places) for change in ahead.changes] == [(What.WORDS, (FIRST,))]
    assert (ahead.pages, ahead.is_most, ahead.is_stale("pdf")) == ((FIRST,), False, True)
    assert not any(step.startswith(("picture/", "scenes/")) for step in ahead.steps)
    await _make(studio, book_id)
    assert (await _page(studio, book_id, FIRST)).paragraphs == ("Mira heard nothing.", "Soot heard it too.")
    assert _different(before, await _hashes(studio, book_id)) == set()
    assert (await _ahead(studio, book_id)).is_made


@pytest.mark.parametrize("place", [COVER, SECOND])
async def test_a_touched_picture_is_drawn_anew_and_no_other(studio: Studio, place: Place) -> None:
    book_id = await studio.make()
    before = await _hashes(studio, book_id)
    now = await _picture(studio, book_id, place, {"time": "night", "style": "ink"})
    assert now.scene is not None
    assert (now.scene.time, now.touch) == ("night", Touch(style=Style.INK))
    assert (await _ahead(studio, book_id)).pages == (place,)
    await _make(studio, book_id)
    assert _different(before, await _hashes(studio, book_id)) == {place.picture_step}
    await _picture(studio, book_id, place, {"is_again": True})
    await _make(studio, book_id)
    assert (await _page(studio, book_id, place)).touch == Touch(1, Style.INK)


async def test_whoever_edits_what_somebody_else_changed_is_told_and_may_save_after_all(studio: Studio) -> None:
    book_id = await studio.make()
    seen = await _page(studio, book_id, FIRST)
    await _words(studio, book_id, FIRST, "Theirs.", seen=seen.words_tag)
    with pytest.raises(Outdated):
        await _words(studio, book_id, FIRST, "Mine.", seen=seen.words_tag)
    assert (await _page(studio, book_id, FIRST)).paragraphs == ("Theirs.",)
    await _words(studio, book_id, SECOND, "Nobody else was here.", seen=None)
    now = await _page(studio, book_id, FIRST)
    await _words(studio, book_id, FIRST, "Mine.", seen=now.words_tag)
    assert (await _page(studio, book_id, FIRST)).paragraphs == ("Mine.",)


async def test_two_people_on_different_pages_of_a_chapter_do_not_meet(studio: Studio) -> None:
    book_id = await studio.make()
    one, other = await _page(studio, book_id, FIRST), await _page(studio, book_id, SECOND)
    await _words(studio, book_id, FIRST, "One.", seen=one.words_tag)
    await _picture(studio, book_id, FIRST, {"weather": "snow"}, one.picture_tag)
    await _words(studio, book_id, SECOND, "Two.", seen=other.words_tag)
    await _picture(studio, book_id, SECOND, {"weather": "rain"}, other.picture_tag)
    assert [(await _page(studio, book_id, place)).paragraphs for place in (FIRST, SECOND)] == [("One.",), ("Two.",)]
    seen = [(await _page(studio, book_id, place)).scene for place in (FIRST, SECOND)]
    assert [scene.weather for scene in seen if scene] == ["snow", "rain"]


async def test_an_edit_that_is_not_made_can_be_taken_back(studio: Studio) -> None:
    book_id = await studio.make()
    before = await _page(studio, book_id, FIRST)
    await _words(studio, book_id, FIRST, "A slip.")
    await _picture(studio, book_id, FIRST, {"mood": "sad"})
    who = (await studio.book(book_id))["characters"][0]
    async with studio.transaction() as transaction:
        await Editing(studio.books).edit_look(transaction, studio.owner, book_id, who["id"], {"body": "#123456"})
    ahead = await _ahead(studio, book_id)
    assert [change.what for change in ahead.changes] == [What.WORDS, What.PICTURES, What.LOOK]
    for change in ahead.changes:
        async with studio.transaction() as transaction:
            await Editing(studio.books).undo(transaction, studio.owner, book_id, change.step)
    assert (await _ahead(studio, book_id)).is_made
    assert await _page(studio, book_id, FIRST) == before
    assert (await studio.book(book_id))["characters"][0]["sheet"] == who["sheet"]
    assert (await studio.book(book_id))["chapters"][0]["state"] == "written"
    async with studio.transaction() as transaction:
        with pytest.raises(NotFound):
            await Editing(studio.books).undo(transaction, studio.owner, book_id, "text/1")


async def test_taking_a_second_edit_back_leaves_the_first_one_that_was_made(studio: Studio) -> None:
    book_id = await studio.make()
    await _words(studio, book_id, FIRST, "First.")
    await _make(studio, book_id)
    await _words(studio, book_id, FIRST, "Second.")
    async with studio.transaction() as transaction:
        await Editing(studio.books).undo(transaction, studio.owner, book_id, "text/1")
    assert (await _page(studio, book_id, FIRST)).paragraphs == ("First.",)
    await _make(studio, book_id)
    assert (await _page(studio, book_id, FIRST)).paragraphs == ("First.",)


async def _title(studio: Studio, book_id: UUID, place: Place, title: str, seen: str | None = None) -> None:
    async with studio.transaction() as transaction:
        await Editing(studio.books).edit_title(transaction, studio.owner, book_id, place, title, seen=seen)


async def test_another_title_of_a_chapter_is_an_edit_like_others_that_draws_nothing(studio: Studio) -> None:
    book_id = await studio.make()
    before, pictures = await _page(studio, book_id, FIRST), await _hashes(studio, book_id)
    await _title(studio, book_id, FIRST, "Into  the Harbour")
    ahead = await _ahead(studio, book_id)
    assert [(change.what, change.places) for change in ahead.changes] == [(What.TITLE, (FIRST,))]
    assert (ahead.pages, ahead.is_most, ahead.is_stale("pdf")) == ((FIRST,), False, True)
    assert not any(step.startswith(("text/", "picture/", "scenes/")) for step in ahead.steps)
    async with studio.transaction() as transaction:
        await Editing(studio.books).undo(transaction, studio.owner, book_id, "title/1")
    assert (await _ahead(studio, book_id)).is_made
    assert (await _page(studio, book_id, FIRST)).title == before.title
    await _title(studio, book_id, FIRST, "Into the Harbour")
    await _make(studio, book_id)
    assert (await _ahead(studio, book_id)).is_made
    assert _different(pictures, await _hashes(studio, book_id)) == set()
    async with studio.transaction() as transaction:
        versions = await Editing(studio.books).versions(transaction, book_id, FIRST)
        later = await Editing(studio.books).versions(transaction, book_id, SECOND)
    assert [one["title"] for one in versions.titles] == ["Into the Harbour", before.title]
    assert not later.titles
    await _title(studio, book_id, FIRST, before.title)
    assert (await _ahead(studio, book_id)).pages == (FIRST,)


async def test_a_title_that_cannot_be_or_that_somebody_else_changed_is_refused(studio: Studio) -> None:
    book_id = await studio.make()
    for place, title in ((SECOND, "New"), (COVER, "New"), (FIRST, " "), (FIRST, "x" * 121)):
        with pytest.raises(Invalid):
            await _title(studio, book_id, place, title)
    with pytest.raises(Outdated):
        await _title(studio, book_id, FIRST, "New", seen="0" * 32)
    assert (await _ahead(studio, book_id)).is_made


async def test_who_is_another_kind_is_drawn_as_that_and_things_change_hands(studio: Studio) -> None:
    book_id = await studio.make()
    who = (await studio.book(book_id))["characters"][0]
    async with studio.transaction() as transaction:
        editing = Editing(studio.books)
        moose = {"species": "deer", "in_place_of": "moose"}
        await editing.edit_look(transaction, studio.owner, book_id, who["id"], moose)
        await editing.edit_look(transaction, studio.owner, book_id, who["id"], {"species": "owl"})
    sheet = (await studio.book(book_id))["characters"][0]["sheet"]
    assert sheet == {**who["sheet"], "species": "owl", "in_place_of": ""}
    now = await _page(studio, book_id, FIRST)
    assert now.scene is not None
    actors = [{**encode(actor), "holding": "lantern"} for actor in now.scene.actors]
    held = await _picture(studio, book_id, FIRST, {"actors": actors})
    assert held.scene is not None and {actor.holding for actor in held.scene.actors} == {PropKind.LANTERN}


async def test_an_earlier_picture_is_put_back_and_stays_until_it_is_let_go(studio: Studio) -> None:
    book_id = await studio.make()
    first = (await _hashes(studio, book_id))[FIRST.picture_step]
    await _picture(studio, book_id, FIRST, {"is_again": True})
    await _make(studio, book_id)
    second = (await _hashes(studio, book_id))[FIRST.picture_step]
    editing = Editing(studio.books)
    async with studio.transaction() as transaction:
        versions = await editing.versions(transaction, book_id, FIRST)
        await editing.restore_picture(transaction, studio.owner, book_id, FIRST, first)
    assert [one["output"]["file"]["content_hash"] for one in versions.pictures] == [second, first]
    assert [change.what for change in (await _ahead(studio, book_id)).changes] == [What.KEPT]
    await _make(studio, book_id)
    assert (await _hashes(studio, book_id))[FIRST.picture_step] == first
    assert (await _page(studio, book_id, FIRST)).is_kept
    seen = (await _page(studio, book_id, FIRST)).picture_tag
    async with studio.transaction() as transaction:
        await editing.restore_picture(transaction, studio.owner, book_id, FIRST, second, seen=seen)
    with pytest.raises(Outdated):  # another picture is kept now than the one that was seen
        async with studio.transaction() as transaction:
            await editing.let_go(transaction, studio.owner, book_id, FIRST, seen=seen)
    async with studio.transaction() as transaction:
        await editing.let_go(transaction, studio.owner, book_id, FIRST)
    await _make(studio, book_id)
    assert (await _hashes(studio, book_id))[FIRST.picture_step] == second


async def test_words_that_a_page_had_are_among_its_versions(studio: Studio) -> None:
    book_id = await studio.make()
    first = (await _page(studio, book_id, FIRST)).paragraphs
    await _words(studio, book_id, FIRST, "Mine.")
    await _make(studio, book_id)
    async with studio.transaction() as transaction:
        versions = await Editing(studio.books).versions(transaction, book_id, FIRST)
    assert [tuple(one["paragraphs"]) for one in versions.words] == [("Mine.",), first]


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "noon"},
        {"caption": "<script>"},
        {"actors": [{"who": "nobody"}]},
        {"actors": "everybody"},
        {"style": "oil"},
        {"camera": {"shot": "wide", "lens": 3}},
    ],
)
async def test_a_picture_takes_nothing_that_cannot_be_drawn(studio: Studio, changes: dict[str, Any]) -> None:
    book_id = await studio.make()
    before = await _page(studio, book_id, FIRST)
    with pytest.raises(Invalid):
        await _picture(studio, book_id, FIRST, changes)
    assert await _page(studio, book_id, FIRST) == before


@pytest.mark.parametrize("words", [(), ("", "  "), ("x" * 5001,), ("a",) * 13])
async def test_a_page_takes_no_words_that_cannot_be_set(studio: Studio, words: tuple[str, ...]) -> None:
    book_id = await studio.make()
    with pytest.raises(Invalid):
        await _words(studio, book_id, FIRST, *words)


async def test_pages_that_are_not_there_and_books_at_work_cannot_be_edited(studio: Studio) -> None:
    book_id = await studio.make()
    with pytest.raises(NotFound):
        await _words(studio, book_id, Place(1, 9), "Words.")
    async with studio.transaction() as transaction:
        with pytest.raises(Denied):
            await Editing(studio.books).edit_words(transaction, studio.viewer, book_id, FIRST, ["Words."])
    at_work, _ = await studio.start(replace(BRIEF, seed=2))
    with pytest.raises(Conflict):
        await _words(studio, at_work, FIRST, "Words.")


@pytest.mark.parametrize("text", ["", "1", "0-1", "1-0", "1-1-1", "cover-1", "²-1", "1-100", "../1"])
def test_only_pages_are_places(text: str) -> None:
    with pytest.raises(NotFound):
        Place.parse(text)
    assert [Place.parse(key).key for key in ("cover", "2-13")] == ["cover", "2-13"]
