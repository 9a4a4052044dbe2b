"""The print edition of a book, on a real database."""

import io

import pikepdf
import pytest

from overprint.core.problems import Invalid
from overprint.engine.job import JobState
from overprint.features.books import Target
from tests.support.studio import Studio

PRINTED = {"print/inside", "print/cover", "print/report"}


async def _slots(studio: Studio, book_id: object) -> dict[str, str]:
    book = await studio.book(book_id)  # type: ignore[arg-type]
    return {file["slot"]: file["content_hash"] for file in book["files"]}


async def _print(studio: Studio, book_id: object, printer: str | None, target: Target = Target.PRINT) -> list[str]:
    """Make the print edition; the steps that ran for it."""
    async with studio.transaction() as transaction:
        job = await studio.books.make(transaction, studio.owner, book_id, target, printer)  # type: ignore[arg-type]
    assert await studio.finish(job["id"]) is JobState.COMPLETED
    async with studio.transaction() as transaction:
        steps = await studio.jobs.list_steps(transaction, job["id"])
    return sorted(step["key"] for step in steps if step["state"] == "completed")


async def test_a_finished_book_gets_its_print_edition_without_anything_made_twice(studio: Studio) -> None:
    book_id = await studio.make()
    assert not PRINTED & set(await _slots(studio, book_id))
    assert await _print(studio, book_id, "lulu-paperback") == ["print"]
    assert set(await _slots(studio, book_id)) > PRINTED


async def test_its_files_are_pdf_x_and_its_report_is_in_words(studio: Studio) -> None:
    book_id = await studio.make(printer="lulu-casewrap")
    book = await studio.book(book_id)
    data = {file["slot"]: await studio.storage.get(file["key"]) for file in book["files"]}
    for part in ("print/inside", "print/cover"):
        with pikepdf.open(io.BytesIO(data[part])) as made, made.open_metadata() as metadata:
            assert metadata["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] == "PDF/X-4"
    assert "hardcover" in data["print/report"].decode()
    assert "pixels an inch" in data["print/report"].decode()


async def test_a_size_that_the_printer_has_not_is_refused_before_anything_is_drawn(studio: Studio) -> None:
    with pytest.raises(Invalid, match=r"has no book in 8\.5x8\.5"):
        await studio.start(printer="gelato-softcover")
    book_id = await studio.make(target=Target.CHAPTERS)
    with pytest.raises(Invalid, match="it takes a4-landscape"):
        await _print(studio, book_id, "gelato-softcover")


async def test_another_printer_gets_another_cover_and_a_book_made_again_keeps_its_printer(studio: Studio) -> None:
    book_id = await studio.make(printer="lulu-paperback")
    paperback = await _slots(studio, book_id)
    assert await _print(studio, book_id, "lulu-casewrap") == ["print"]
    hardcover = await _slots(studio, book_id)
    assert hardcover["print/cover"] != paperback["print/cover"]
    assert hardcover["pdf"] == paperback["pdf"]
    async with studio.transaction() as transaction:
        await studio.books.change_brief(transaction, studio.owner, book_id, {"author": "Ada Machine"})
    assert "print" in await _print(studio, book_id, None, Target.BOOK)
    assert (await _slots(studio, book_id))["print/cover"] not in (hardcover["print/cover"], paperback["print/cover"])


async def test_an_unknown_printer_is_refused_before_anything_is_stored(studio: Studio) -> None:
    with pytest.raises(Invalid, match="gutenberg"):
        await studio.start(printer="gutenberg")
    assert await studio.count("books") == 0
