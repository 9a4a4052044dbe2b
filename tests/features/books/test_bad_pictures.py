"""Pictures that are none: what an illustrator may answer with, and what becomes of the book."""

import hashlib
import struct

import pytest

from overprint.adapters.image.fake import plain_png
from overprint.core.book import picture_size_px
from overprint.core.story import Trim
from overprint.engine.job import JobState
from overprint.features.books import Target
from tests.support.studio import BRIEF, Studio

WIDTH_PX, HEIGHT_PX = picture_size_px(Trim.SQUARE, 72)
NO_PICTURES = {
    "nothing": b"",
    "a web page": b"<!doctype html><title>Welcome to the hotel's network</title>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "another size": plain_png(10, 2000, b"\0\0\0"),
    "100 megapixels": plain_png(1, 1, b"\0\0\0").replace(struct.pack(">II", 1, 1), struct.pack(">II", 10_000, 10_000)),
    "too many bytes": plain_png(WIDTH_PX, HEIGHT_PX, b"\0\0\0") + bytes(40_000_000),
}


@pytest.mark.parametrize("name", NO_PICTURES)
async def test_an_answer_that_is_not_the_picture_is_asked_for_again_and_never_kept(studio: Studio, name: str) -> None:
    studio.images.spoil_next(NO_PICTURES[name])
    _, job_id = await studio.start(BRIEF, target=Target.ILLUSTRATIONS)
    assert await studio.finish(job_id) is JobState.COMPLETED
    seeds = [request.seed for request in studio.images.requests]
    assert len(seeds) == len(set(seeds)) + 1
    async with studio.transaction() as transaction:
        kept = {row["content_hash"] for row in await transaction.driver.fetch("SELECT content_hash FROM assets")}
    assert kept and hashlib.sha256(NO_PICTURES[name]).hexdigest() not in kept


async def test_a_picture_that_breaks_off_fails_alone_and_in_plain_words(studio: Studio) -> None:
    studio.images.spoil_next(plain_png(WIDTH_PX, HEIGHT_PX, b"\x80\x20\x40")[:60])
    book_id, job_id = await studio.start(BRIEF, target=Target.EPUB)
    assert await studio.finish(job_id) is JobState.FAILED
    async with studio.transaction() as transaction:
        failed = await transaction.driver.fetch("SELECT key, error FROM steps WHERE state = 'failed'")
    assert len(failed) == 1
    assert failed[0]["key"].startswith("picture/")
    assert "damaged or far too large" in failed[0]["error"]
    assert "epub" in {file["slot"] for file in (await studio.book(book_id))["files"]}
