"""How evenly pages are set, measured on the PDF file; ``benchmarks/layout.py`` measures a novel of 300 pages."""

import io
from collections.abc import Callable

import pypdfium2  # type: ignore[import-untyped]
import pytest

from overprint.core.story import Age, Brief, ChapterTask, PlanTask, Trim
from overprint.craft.typesetting.pdf_file import pdf
from overprint.craft.writing.planning import plan
from overprint.craft.writing.telling import write
from tests.craft.typesetting.conftest import SENTENCE, Sample, paint, story
from tests.craft.typesetting.lines import evenness, lines_of

Make = Callable[..., Sample]
OPENING = (
    "“In the beginning there was only one lantern, and it belonged to nobody at all, which is why the fox took it.”"
)


@pytest.fixture(scope="module")
def told() -> list[list[str]]:
    """Chapters of a story for those who read by themselves, several paragraphs made one, in two ways."""
    chapters = []
    for seed in (1, 2, 3):
        brief = Brief("Two brothers sail a bathtub to the end of the sea", chapters=4, pages=40, age=Age.MIDDLE)
        outline = plan(PlanTask(brief), seed).outline
        for index in range(brief.chapters):
            text = write(ChapterTask(outline, index, brief.age, brief.tone, brief.genre), seed)
            paragraphs = [paragraph for page in text.pages for paragraph in page.paragraphs]
            for first in (0, 2):
                chapters.append([" ".join(paragraphs[at : at + 4]) for at in range(first, len(paragraphs), 4)])
    return chapters


@pytest.mark.parametrize("trim", [Trim.NOVEL, Trim.A5, Trim.PORTRAIT])
def test_long_text_has_no_loose_lines_and_no_line_stands_alone(book: Make, told: list[list[str]], trim: Trim) -> None:
    pages = (story(None, *chapter, heading=f"Chapter {n}", chapter=n) for n, chapter in enumerate(told, 1))
    found = evenness(pdf(book(trim).with_pages(*pages).doc, {}))
    assert found.justified > 700
    assert found.loose_share <= 0.002, found.loose
    assert (found.widows, found.orphans, found.runts, found.hyphen_runs) == ([], [], [], [])


@pytest.mark.parametrize("trim", list(Trim))
def test_no_short_word_has_a_line_of_its_own_on_a_page_with_a_picture(book: Make, trim: Trim) -> None:
    picture, data = paint("noisy", trim)
    texts = [f"{SENTENCE} {'Then ' * n}she saw {'the ' * (n % 3)}sea." for n in range(12)]
    found = evenness(
        pdf(
            book(trim).with_pages(*(story(picture, *texts[n : n + 4]) for n in range(8))).doc,
            {picture.content_hash: data},
        )
    )
    assert found.lines > 40 and found.runts == []


def test_a_chapter_opens_with_a_large_initial_and_quotation_marks_hang_in_the_margin(book: Make) -> None:
    paragraphs = (OPENING * 3, SENTENCE * 3, "“Yes,” she said. " + SENTENCE * 3)
    picture, data = paint("noisy", Trim.SQUARE)
    sample = book().with_pages(story(None, *paragraphs, heading="One"), story(picture, *paragraphs[1:]))
    made = pdf(sample.doc, {picture.content_hash: data})
    with pypdfium2.PdfDocument(io.BytesIO(made)) as opened:
        first, second = (lines_of(page) for page in opened)
    body = min(line.size_pt for line in first)
    assert any(line.text.startswith("“I") and line.size_pt > 2.5 * body for line in first)
    ragged = [line for line in second if line.size_pt < 30 and len(line.text) > 8]
    quoted = next(line for line in ragged if line.text.startswith("“"))
    plain = [line for line in ragged if not line.text.startswith("“")]
    assert all(quoted.left_pt < line.left_pt - 2 for line in plain)


def test_no_word_is_left_over_alone_below_a_large_initial(book: Make) -> None:
    words = " ".join([SENTENCE] * 4).split()
    openings = [" ".join([*words[:count], "owl."]) for count in range(24, 48)]
    pages = (story(None, words, SENTENCE * 4, heading="One") for words in openings)
    made = pdf(book().with_pages(*pages).doc, {})
    with pypdfium2.PdfDocument(made) as opened:
        told = [[line.text for line in lines_of(page)] for page in opened]
    assert any("T" in lines for lines in told)  # that stands alone is a large initial
    ends = [line for lines in told for line in lines if "owl." in line]
    assert len(ends) == len(openings)
    assert [line for line in ends if len(line) < 10] == []
