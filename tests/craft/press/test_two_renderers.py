"""One book as the screen and the printer get it, looked at by two programs that have no code in common."""

import hashlib
import io
import re
from dataclasses import dataclass, replace

import pikepdf
import pytest

from overprint.craft.press import get_printer
from overprint.craft.press.interior import filled, interior
from overprint.craft.press.press_file import interior_pdf, press_edition
from overprint.craft.typesetting.pdf_file import pdf, typeset
from tests.craft.press.conftest import picture_book
from tests.craft.press.renderers import Pixels, by_hayro, by_pdfium, furthest
from tests.craft.typesetting.conftest import SENTENCE, Sample, story

# Of 255, over a sixth of an inch. Measured: 12 for one file drawn by both, 17 for colours and the inks that stand for
# them; a lost word is about 200.
SAME_FILE_MAX, INKED_MAX = 16, 30
PRINTER = replace(get_printer("lulu-paperback"), pages_least=6)
SHAPES = b"""<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400" viewBox="0 0 400 400">
<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#1b2a5c"/>
<stop offset="1" stop-color="#f2a65a"/></linearGradient></defs>
<path d="M0 0 H400 V400 H0 Z" fill="url(#sky)"/><path d="M290 60 L340 110 L290 160 L240 110 Z" fill="#f6e7b0"/>
<path d="M0 320 C90 240 180 300 240 270 S360 250 400 290 V400 H0 Z" fill="#35583f"/>
<path d="M60 350 L150 350" stroke="#c0392b" stroke-width="14" stroke-opacity="0.7"/></svg>"""


@dataclass(frozen=True)
class Drawn:
    """One file, and how each of the two draws its pages."""

    data: bytes
    pdfium: list[Pixels]
    hayro: list[Pixels]


def drawn(data: bytes) -> Drawn:
    return Drawn(data, by_pdfium(data), by_hayro(data))


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Words on a picture, over shapes with a gradient, and alone."""
    made = picture_book(story_pages=2)
    cover, title, dark, bright, colophon = made.doc.pages
    assert dark.picture and bright.picture
    key = hashlib.sha256(SHAPES).hexdigest()
    shapes = story(replace(bright.picture, vector_hash=key), SENTENCE)
    whole = made.with_pages(cover, title, dark, shapes, story(None, SENTENCE, SENTENCE), colophon)
    return replace(whole, pictures={**whole.pictures, key: SHAPES})


@pytest.fixture(scope="module")
def screen(sample: Sample) -> Drawn:
    return drawn(pdf(sample.doc, sample.pictures))


@pytest.fixture(scope="module")
def uninked(sample: Sample) -> Drawn:
    """The pages for the printer in the colours of the screen."""
    inside = filled(interior(sample.doc), 8, PRINTER)
    return drawn(typeset(inside, sample.pictures, press_edition(PRINTER)))


@pytest.fixture(scope="module")
def inked(sample: Sample) -> Drawn:
    return drawn(interior_pdf(sample.doc, sample.pictures, PRINTER))


@pytest.mark.parametrize("edition", ["screen", "uninked", "inked"])
def test_both_draw_every_page_alike(edition: str, request: pytest.FixtureRequest) -> None:
    one: Drawn = request.getfixturevalue(edition)
    assert len(one.pdfium) >= 6
    assert furthest(one.pdfium, one.hayro) < SAME_FILE_MAX


def test_inks_look_like_the_colours_they_stand_for_to_both(uninked: Drawn, inked: Drawn) -> None:
    assert furthest(uninked.pdfium, inked.pdfium) < INKED_MAX
    assert furthest(uninked.hayro, inked.hayro) < INKED_MAX


@pytest.mark.parametrize(
    ("operator", "damaged"),
    [
        (rb" (\S+) k\n", rb" k\n"),
        (rb" k\n", rb" K\n"),
        (rb" scn\n", rb" SCN\n"),
        (rb"TJ\n", rb"Tj\n"),
    ],
    ids=["an ink lost", "lines for shapes", "a gradient lost", "words lost"],
)
def test_an_operator_that_separating_broke_is_noticed(
    uninked: Drawn, inked: Drawn, operator: bytes, damaged: bytes
) -> None:
    """Each would still be a sound file; only looking at it tells."""
    broken = drawn(_with(inked.data, operator, damaged))
    assert furthest(uninked.pdfium, broken.pdfium) > INKED_MAX
    assert furthest(uninked.hayro, broken.hayro) > INKED_MAX
    assert furthest(inked.pdfium, broken.hayro) > SAME_FILE_MAX


def _with(data: bytes, operator: bytes, damaged: bytes) -> bytes:
    """The file with the first such operator in each of its streams of instructions written otherwise."""
    kept, times = io.BytesIO(), 0
    with pikepdf.open(io.BytesIO(data)) as made:
        forms = [one for one in made.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form"]
        for stream in (*(page.obj.Contents for page in made.pages), *forms):
            written, found = re.subn(operator, damaged, stream.read_bytes() + b"\n", count=1)
            stream.write(written)
            times += found
        made.save(kept)
    assert times, f"there is no {operator!r}"
    return kept.getvalue()
