"""A book in letters that no font here has: it is an e-book whose reader brings its own fonts, and nothing fails."""

import pytest

from overprint.core.problems import Invalid
from overprint.core.story import Brief
from overprint.engine.job import JobState
from overprint.features.books import FIXED, Target
from tests.support.studio import Studio

TELUGU = "ఒక ప్రశాంతమైన రాత్రి నక్క కిటికీ పక్కన కూర్చుని చంద్రుడిని చాలాసేపు చూసింది."


async def test_an_e_book_in_letters_without_a_font_is_made_and_only_its_pages_of_one_size_are_not(
    studio: Studio,
) -> None:
    book_id = await studio.make(target=Target.CHAPTERS)
    for number in (1, 2):
        async with studio.transaction() as transaction:
            await studio.books.edit_chapter(transaction, studio.owner, book_id, number, [[TELUGU]] * 3)
    async with studio.transaction() as transaction:
        job = await studio.books.make(transaction, studio.owner, book_id, Target.EPUB)
    assert await studio.finish(job["id"]) is JobState.COMPLETED
    slots = {file["slot"] for file in (await studio.book(book_id))["files"]}
    assert "epub" in slots and FIXED not in slots


async def test_a_few_letters_without_a_font_are_told_where_the_book_is_and_no_longer_once_they_are_gone(
    studio: Studio,
) -> None:
    book_id = await studio.make(target=Target.EPUB)
    assert (await studio.book(book_id))["notes"] == []
    for words, notes in (("Her cat was called కఖ.", 1), ("Her cat was called Plum.", 0)):
        async with studio.transaction() as transaction:
            await studio.books.edit_chapter(transaction, studio.owner, book_id, 1, [[words]] * 3)
        async with studio.transaction() as transaction:
            job = await studio.books.make(transaction, studio.owner, book_id, Target.EPUB)
        assert await studio.finish(job["id"]) is JobState.COMPLETED
        told = (await studio.book(book_id))["notes"]
        assert len(told) == notes, told
        assert all("క, ఖ" in note for note in told)


@pytest.mark.parametrize(("brief", "field"), [(Brief(TELUGU), "premise"), (Brief("A fox", title=TELUGU[:40]), "title")])
async def test_pages_in_letters_without_a_font_are_refused_before_anything_is_begun(
    studio: Studio, brief: Brief, field: str
) -> None:
    with pytest.raises(Invalid, match="no font here has letters such as ఒ") as told:
        await studio.start(brief)
    assert told.value.field == field and "e-book" in told.value.next_step
    assert await studio.count("books") == 0


async def test_an_e_book_may_be_asked_for_in_any_letters(studio: Studio) -> None:
    book_id, _ = await studio.start(Brief(TELUGU), target=Target.EPUB)
    assert (await studio.book(book_id))["title"] == TELUGU
