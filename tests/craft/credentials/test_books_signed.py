"""Signed PDF and EPUB files: still what they were, with their pictures as ingredients."""

import dataclasses
import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

from overprint.core.problems import Invalid
from overprint.craft.credentials import Credentials, Source, State, Statement
from overprint.craft.credentials.reading import read
from overprint.craft.credentials.signing import sign
from overprint.craft.typesetting.epub_file import epub
from overprint.craft.typesetting.inspect import inspect_pdf
from overprint.craft.typesetting.pdf_file import pdf
from tests.craft.credentials.conftest import NOW, STATEMENT, flipped, picture
from tests.craft.typesetting.conftest import Sample
from tests.support import epubcheck

PDF, EPUB, PNG = "application/pdf", "application/epub+zip", "image/png"
Make = Callable[..., Sample]


@pytest.fixture
def pictures(book: Make, identity: bytes) -> dict[str, bytes]:
    """The book's pictures, signed, by the hash of what they were."""
    drawn = book().pictures.items()
    return {
        key: sign(data, PNG, Statement(f"Page {number}", Source.PROCEDURE, recipe=f"{number}" * 64), identity)
        for number, (key, data) in enumerate(drawn, 1)
    }


def test_a_signed_pdf_looks_the_same_and_knows_its_pictures(
    book: Make, pictures: dict[str, bytes], identity: bytes
) -> None:
    sample = book()
    plain = pdf(sample.doc, sample.pictures)
    signed = sign(plain, PDF, STATEMENT, identity, pictures)
    found = _read(signed, PDF, identity)
    assert (found.state, found.ours, found.codes) == (State.INTACT, True, ())
    assert found.facts.content_sha256 == hashlib.sha256(plain).hexdigest()
    assert {part.title for part in found.parts} == {f"Page {number}" for number in range(1, len(pictures) + 1)}
    assert all(len(part.recipe) == 64 for part in found.parts)
    assert _pages(signed) == _pages(plain)


def test_a_signed_pdf_claims_the_standard_that_allows_what_was_put_into_it(book: Make, identity: bytes) -> None:
    sample = book()
    plain = pdf(sample.doc, sample.pictures)
    before, after = inspect_pdf(plain), inspect_pdf(sign(plain, PDF, STATEMENT, identity))
    assert before.standards == ("PDF/A-2a", "PDF/UA-1")
    assert after == dataclasses.replace(before, standards=("PDF/A-3a", "PDF/UA-1"))


def test_the_embedded_file_is_what_pdf_a_3_asks_for(book: Make, identity: bytes) -> None:
    sample = book()
    with pikepdf.open(io.BytesIO(sign(pdf(sample.doc, sample.pictures), PDF, STATEMENT, identity))) as signed:
        (spec,) = signed.Root.AF
        store = spec.EF.F
        assert spec.AFRelationship == "/C2PA_Manifest" and spec.is_indirect
        assert spec.F == spec.UF == "content_credential.c2pa"
        assert store.Subtype == "/application/c2pa"
        assert str(store.Params.ModDate) == NOW.strftime("D:%Y%m%d%H%M%SZ")
        assert store.Params.Size == len(store.read_raw_bytes()) and store.read_raw_bytes()[4:8] == b"jumb"
        assert list(signed.attachments) == ["content_credential.c2pa"]
        assert not signed.check_pdf_syntax()


def test_credentials_larger_than_foreseen_find_room(identity: bytes) -> None:
    wordy = dataclasses.replace(STATEMENT, title="T" * 300, author="A" * 300, model="M" * 300)
    drawn = picture(PNG)
    for _ in range(6):
        drawn = sign(drawn, PNG, wordy, identity)
    found = _read(sign(_bare_pdf(), PDF, wordy, identity, {"one": drawn}), PDF, identity)
    assert found.state is State.INTACT and len(found.parts) == 1


@pytest.mark.parametrize("place", [0.05, 0.3, 0.6, 0.95])
def test_a_changed_byte_in_a_pdf_shows(place: float, book: Make, identity: bytes) -> None:
    sample = book()
    plain = pdf(sample.doc, sample.pictures)
    signed = sign(plain, PDF, STATEMENT, identity)
    with pikepdf.open(io.BytesIO(plain)) as drawn:
        body = max((item.read_raw_bytes() for item in drawn.objects if isinstance(item, pikepdf.Stream)), key=len)
    assert _read(flipped(signed, signed.index(body) + int(len(body) * place)), PDF, identity).state is State.CHANGED


def test_an_update_at_the_end_of_a_pdf_shows(identity: bytes) -> None:
    signed = sign(_bare_pdf(), PDF, STATEMENT, identity)
    assert _read(signed + b"\n% a few words more\n", PDF, identity).state is State.CHANGED


def test_a_pdf_saved_again_by_other_software_shows(identity: bytes) -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(sign(_bare_pdf(), PDF, STATEMENT, identity))) as signed:
        signed.save(saved)
    assert _read(saved.getvalue(), PDF, identity).state is not State.INTACT


def test_a_print_file_is_not_signed(identity: bytes) -> None:
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(_bare_pdf())) as made:
        with made.open_metadata() as metadata:
            metadata["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] = "PDF/X-4"
        made.save(kept)
    with pytest.raises(Invalid, match="printer"):
        sign(kept.getvalue(), PDF, STATEMENT, identity)


@pytest.mark.parametrize("media_type", [PDF, EPUB])
def test_a_book_is_signed_once(media_type: str, book: Make, identity: bytes) -> None:
    made = _bare_pdf() if media_type == PDF else epub(book().doc, book().pictures)
    with pytest.raises(Invalid, match="already"):
        sign(sign(made, media_type, STATEMENT, identity), media_type, STATEMENT, identity)


@pytest.mark.parametrize("media_type", [PDF, EPUB])
@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 and nothing", b"PK\x03\x04 and nothing"])
def test_what_is_no_book_is_refused(media_type: str, data: bytes, identity: bytes) -> None:
    with pytest.raises(Invalid):
        sign(data, media_type, STATEMENT, identity)
    with pytest.raises(Invalid):
        read(data, media_type, identity)


def test_unsigned_books_have_no_credentials(book: Make) -> None:
    sample = book()
    assert read(pdf(sample.doc, sample.pictures), PDF) is None
    assert read(epub(sample.doc, sample.pictures), EPUB) is None


def test_a_pdf_with_a_password_is_refused(identity: bytes) -> None:
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(_bare_pdf())) as made:
        made.save(kept, encryption=pikepdf.Encryption(owner="owner", user="user"))
    with pytest.raises(Invalid, match="password"):
        sign(kept.getvalue(), PDF, STATEMENT, identity)


def test_epubcheck_finds_nothing_in_a_signed_book(
    book: Make, pictures: dict[str, bytes], identity: bytes, tmp_path: Path
) -> None:
    sample = book()
    path = tmp_path / "book.epub"
    path.write_bytes(sign(epub(sample.doc, sample.pictures), EPUB, STATEMENT, identity, pictures))
    assert epubcheck.findings(path) == []


def test_a_signed_epub_holds_the_same_book_with_signed_pictures(
    book: Make, pictures: dict[str, bytes], identity: bytes
) -> None:
    sample = book()
    plain = epub(sample.doc, sample.pictures)
    signed = sign(plain, EPUB, STATEMENT, identity, pictures)
    found = _read(signed, EPUB, identity)
    assert (found.state, found.ours, len(found.parts)) == (State.INTACT, True, len(pictures))
    before, after = _entries(plain), _entries(signed)
    assert list(after)[: len(before)] == list(before)
    assert set(after) - set(before) == {"META-INF/", "META-INF/content_credential.c2pa"}
    for name, data in before.items():
        is_picture = name.startswith("EPUB/pictures/")
        assert after[name] == (pictures[hashlib.sha256(data).hexdigest()] if is_picture else data)


def test_pictures_of_an_epub_that_nobody_signed_are_signed_with_the_book(book: Make, identity: bytes) -> None:
    sample = book()
    signed = sign(epub(sample.doc, sample.pictures), EPUB, STATEMENT, identity)
    inside = [data for name, data in _entries(signed).items() if name.startswith("EPUB/pictures/")]
    assert len(inside) == len(sample.pictures)
    for data in inside:
        assert _read(data, PNG, identity).facts.recipe == STATEMENT.recipe


def test_an_epub_damaged_before_it_is_signed_is_refused(book: Make, identity: bytes) -> None:
    made = epub(book().doc, book().pictures)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        packed = archive.getinfo("EPUB/nav.xhtml")
    start = packed.header_offset + 30 + len(packed.filename)
    refused = 0
    for place in range(start, start + packed.compress_size, 7):
        try:
            signed = sign(flipped(made, place), EPUB, STATEMENT, identity)
        except Invalid:
            refused += 1
        else:  # a few bits of packed data mean nothing
            assert _entries(signed)["EPUB/nav.xhtml"] == _entries(made)["EPUB/nav.xhtml"]
    assert refused > packed.compress_size // 7 // 2


def test_a_changed_word_in_an_epub_shows(book: Make, identity: bytes) -> None:
    sample = book()
    signed = sign(epub(sample.doc, sample.pictures), EPUB, STATEMENT, identity)
    assert _read(signed.replace(b"little fox", b"little cat"), EPUB, identity).state is State.CHANGED


def test_a_file_added_to_an_epub_shows(book: Make, identity: bytes) -> None:
    kept = io.BytesIO(sign(epub(book().doc, book().pictures), EPUB, STATEMENT, identity))
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr("EPUB/more.txt", "more")
    assert _read(kept.getvalue(), EPUB, identity).state is not State.INTACT


def test_an_epub_packed_again_shows(book: Make, identity: bytes) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _entries(sign(epub(book().doc, book().pictures), EPUB, STATEMENT, identity)).items():
            archive.writestr(name, data)
    assert _read(kept.getvalue(), EPUB, identity).state is State.DAMAGED


def _read(data: bytes, media_type: str, identity: bytes) -> Credentials:
    found = read(data, media_type, identity)
    assert found is not None
    return found


def _entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _pages(data: bytes) -> list[str]:
    """Every page as drawn by another renderer."""
    drawn = pypdfium2.PdfDocument(data)
    return [hashlib.sha256(page.render(scale=0.5).to_numpy().tobytes()).hexdigest() for page in drawn]


def _bare_pdf() -> bytes:
    kept = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(kept)
    return kept.getvalue()
