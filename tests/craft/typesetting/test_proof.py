"""Proofs: what stands on which leaf of which page, for whoever shows a book before it is made."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from overprint.core.book import PageKind
from overprint.core.story import Trim
from overprint.craft.typesetting import payload, pdf_bytes, proof_bytes, proof_payload
from overprint.craft.typesetting.inspect import inspect_pdf
from tests.craft.typesetting.conftest import SENTENCE, Sample, paint, story


def _proof(sample: Sample, *, is_print: bool = False) -> Any:
    return json.loads(proof_bytes(proof_payload(sample.doc, sample.pictures, is_print=is_print)))


@pytest.mark.parametrize("is_print", [False, True])
def test_every_story_page_has_its_words_and_its_picture_on_its_own_leaves(
    book: Callable[..., Sample], is_print: bool
) -> None:
    sample = book()
    words = {n: page.paragraphs for n, page in enumerate(_stories(sample), 1)}
    shown: dict[int, list[str]] = {}
    pictures: dict[int, set[str]] = {}
    for leaf in _proof(sample, is_print=is_print)["leaves"]:
        if leaf["page"] and leaf["leaf"]["text"]:
            shown.setdefault(leaf["page"], []).extend(leaf["leaf"]["text"]["paragraphs"])
        if leaf["page"] and leaf["picture"]:
            pictures.setdefault(leaf["page"], set()).add(leaf["picture"])
    assert {n: tuple(said) for n, said in shown.items()} == words
    drawn = {n: {page.picture.content_hash} for n, page in enumerate(_stories(sample), 1) if page.picture}
    assert pictures == drawn


def test_a_proof_has_the_leaves_of_the_pdf(book: Callable[..., Sample]) -> None:
    sample = book(Trim.A5)
    made = inspect_pdf(pdf_bytes(payload(sample.doc, sample.pictures)))
    proof = _proof(sample)
    assert len(proof["leaves"]) == made.page_count
    assert (round(proof["width_pt"]), round(proof["height_pt"])) == (420, 595)


def test_a_picture_that_fills_its_page_goes_on_into_the_bleed(book: Callable[..., Sample]) -> None:
    picture, data = paint("dark", Trim.SQUARE)
    sample = Sample(book().doc, {picture.content_hash: data}).with_pages(story(picture, SENTENCE))
    proof = _proof(sample, is_print=True)
    clip = next(leaf["leaf"]["picture"]["clip"] for leaf in proof["leaves"] if leaf["picture"])
    assert (clip["left_pt"], clip["width_pt"]) == (-proof["bleed_pt"], proof["width_pt"] + 2 * proof["bleed_pt"])


def _stories(sample: Sample) -> list[Any]:
    return [page for page in sample.doc.pages if page.kind is PageKind.STORY]
