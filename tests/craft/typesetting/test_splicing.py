"""Files of Typst's in which pictures, the title of the book and how its pages lie were exchanged are whole files."""

import io
import re
from collections.abc import Callable

import pikepdf
import pytest

from overprint.core.story import Trim
from overprint.craft.typesetting.pdf_file import pdf
from overprint.craft.typesetting.splicing import Change, Written
from overprint.craft.typesetting.stamp import stamp, urn
from tests.craft.typesetting.conftest import SENTENCE, Sample, paint, story

Make = Callable[..., Sample]


@pytest.fixture(scope="module")
def sample(book: Make) -> Sample:
    (one, first), (other, second) = paint("starry", Trim.SQUARE), paint("noisy", Trim.SQUARE)
    made = book().with_pages(story(one, SENTENCE), story(other, SENTENCE), story(None, SENTENCE))
    return Sample(made.doc, {one.content_hash: first, other.content_hash: second})


@pytest.fixture(scope="module")
def made(sample: Sample) -> bytes:
    return pdf(sample.doc, sample.pictures)


def test_the_table_tells_where_every_object_is(made: bytes) -> None:
    table_at = int(made.split()[-2])
    entries = re.findall(rb"(\d{10}) \d{5} ([nf])\r\n", made[table_at:])
    told = [(number, int(place)) for number, (place, kind) in enumerate(entries) if kind == b"n"]
    assert len(told) > 50
    assert [number for number, place in told if not made.startswith(b"%d 0 obj\n" % number, place)] == []
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.check_pdf_syntax() == []


def test_the_book_says_who_it_is_in_its_file(sample: Sample, made: bytes) -> None:
    with pikepdf.open(io.BytesIO(made)) as opened, opened.open_metadata() as metadata:
        assert metadata["dc:identifier"] == urn(sample.doc)
        assert metadata["xmpMM:DocumentID"] == urn(sample.doc).removeprefix("urn:")
        assert metadata.pdfa_status == "2A"


def test_a_file_written_another_way_is_refused(sample: Sample, made: bytes) -> None:
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as opened:
        opened.save(kept, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for other in (kept.getvalue(), made[:-200], b""):
        with pytest.raises(RuntimeError, match="plain table"):
            stamp(other, sample.doc)
    moved = made.replace(b"/Type/Catalog", b"/Type/Catalog ", 1)  # what the table tells is a byte off from here on
    file = Written(made.replace(b"1 0 obj", b"1 0 obk", 1))
    with pytest.raises(RuntimeError, match="where its objects are"):
        file.dictionary(file.object_round(made.index(b"1 0 obj")))
    with pytest.raises(RuntimeError, match="plain table"):
        Written(moved)


def test_what_is_put_in_moves_what_lies_behind_it(made: bytes) -> None:
    file = Written(made)
    place = file.object_named(b"Metadata", file.dictionary(file.object_named(b"Root", file.trailer))[1])
    at, root = file.dictionary(file.object_named(b"Root", file.trailer))
    longer = file.with_changes([Change(at, at, (b"/PageLayout/TwoPageRight",)), file.with_stream(place, b"less", {})])
    again = Written(longer)
    assert again.dictionary(again.object_named(b"Root", again.trailer))[1] == b"/PageLayout/TwoPageRight" + root
    assert again.stream(place) == b"less"
