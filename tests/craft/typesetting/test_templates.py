"""Which template a page takes, and that no template covers or cuts off anybody."""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overprint.core.book import Page, PageKind, Spot
from overprint.core.scene import Area
from overprint.core.story import Trim
from overprint.craft.typesetting.compiler import measure_all, shared_by_all
from overprint.craft.typesetting.dressing import dressed
from overprint.craft.typesetting.framing import crop
from overprint.craft.typesetting.geometry import Box, format_of
from overprint.craft.typesetting.leaves import Ask, Leaf, Room
from overprint.craft.typesetting.pictures import Print, prepare
from overprint.craft.typesetting.plan import plan
from tests.craft.typesetting.conftest import SENTENCE, Sample, paint, story

Make = Callable[..., Sample]
LOW = (Spot(0.2, 0.62, 0.16, 0.14, is_face=True), Spot(0.16, 0.58, 0.24, 0.36), Spot(0.66, 0.6, 0.2, 0.34))
HIGH = (Spot(0.4, 0.12, 0.2, 0.16, is_face=True), Spot(0.36, 0.1, 0.28, 0.5))
SMALL = (Spot(0.42, 0.5, 0.07, 0.06, is_face=True), Spot(0.4, 0.48, 0.12, 0.16))
LEFT = (Spot(0.06, 0.2, 0.24, 0.2, is_face=True), Spot(0.04, 0.15, 0.32, 0.75))
CASTS = {"low": LOW, "high": HIGH, "small": SMALL, "left": LEFT}
WORDS = {"few": (SENTENCE,), "some": (SENTENCE,) * 3, "many": (SENTENCE,) * 7}


@pytest.mark.parametrize("trim", list(Trim))
@pytest.mark.parametrize("look", ["dark", "bright", "noisy"])
def test_words_never_stand_on_a_face_and_no_picture_is_cut_through_one(book: Make, trim: Trim, look: str) -> None:
    leaves, prints = _set(book, trim, look)
    seen = 0
    for leaf in leaves:
        if leaf.picture is None or leaf.text is None or not leaf.picture.alt:
            continue
        seen += 1
        lying = prints[leaf.picture.alt].lying(leaf.picture.placed)
        assert all(leaf.text.box.shared_pt2(face) == 0 for face in lying.faces), leaf.template
        assert all(leaf.picture.clip.holds(face) for face in lying.faces), leaf.template
        assert sum(leaf.text.box.shared_pt2(figure) for figure in lying.figures) < 0.01 * _area(leaf.text.box)
        assert not any(
            veil.box.shared_pt2(face) for veil in leaf.veils if veil.shape == "panel" for face in lying.faces
        )
    assert seen >= 6


def test_there_are_at_least_six_templates_and_a_book_uses_them(book: Make) -> None:
    used = Counter(leaf.template for trim in Trim for leaf in _set(book, trim, "starry")[0])
    used += Counter(leaf.template for leaf in _set(book, Trim.PORTRAIT, "noisy")[0])
    for_story = {"full_bleed", "card", "band", "canopy", "side", "vignette", "medallion", "picture", "text"}
    assert len(set(used) & for_story) >= 7
    assert {"cover", "title", "end_paper", "half_title", "dedication", "colophon"} <= set(used)


def test_the_same_template_never_comes_three_times_running_where_there_is_a_choice(book: Make) -> None:
    picture, data = paint("dark", Trim.SQUARE)
    pages = (story(replace(picture, spots=LOW), SENTENCE * 2) for _ in range(12))
    leaves = _leaves(book().with_pages(*pages), {picture.content_hash: data})
    templates = [leaf.template for leaf in leaves]
    assert all(len({one, two, three}) > 1 for (one, two), (_, three) in pairwise(pairwise(templates)))
    assert len(set(templates)) >= 3


def test_words_avoid_what_is_restless_and_take_a_panel_or_paper_instead(book: Make) -> None:
    for look, calm in (("dark", True), ("noisy", False)):
        picture, data = paint(look, Trim.SQUARE)
        sample = book().with_pages(story(replace(picture, spots=LOW), SENTENCE * 2))
        (leaf,) = _leaves(sample, {picture.content_hash: data})
        assert (leaf.template == "full_bleed") is calm
        assert calm or all(veil.shape == "panel" for veil in leaf.veils)


def test_a_picture_of_which_nobody_knows_who_is_where_keeps_words_in_its_quiet_part(book: Make) -> None:
    picture, data = paint("dark", Trim.SQUARE, Area.BOTTOM)
    (leaf,) = _leaves(book().with_pages(story(picture, SENTENCE)), {picture.content_hash: data})
    form = format_of(Trim.SQUARE)
    assert leaf.text and leaf.text.box.top_pt > 0.6 * form.height_pt
    restless, noise = paint("noisy", Trim.SQUARE, Area.NONE)
    (leaf,) = _leaves(book().with_pages(story(restless, SENTENCE)), {restless.content_hash: noise})
    assert leaf.template not in ("full_bleed", "card") and leaf.picture
    assert leaf.picture.placed.height_pt == pytest.approx(leaf.picture.clip.height_pt)


fraction = st.floats(0, 0.8)


@settings(max_examples=60)
@given(fraction, fraction, st.floats(0.05, 0.2), st.floats(80, 600), st.floats(80, 600), st.booleans())
def test_a_crop_holds_every_face_or_is_not_made(
    x: float, y: float, side: float, wide: float, tall: float, is_round: bool
) -> None:
    picture = replace(_plain(), spots=(Spot(x, y, side, side, is_face=True), Spot(0.4, 0.4, 0.2, 0.2, is_face=True)))
    box = Box(10, 20, wide, wide if is_round else tall)
    placed = crop(picture, box, round_=is_round)
    if placed is not None:
        assert all(box.holds(face) for face in picture.lying(placed).faces)
        assert placed.grown(0.01).holds(box)


def test_without_a_dedication_there_is_no_half_title_and_the_story_is_between_end_papers(book: Make) -> None:
    doc = book().doc
    assert [page.kind for page in dressed(doc).pages[:5]] == [
        PageKind.COVER,
        PageKind.END_PAPER,
        PageKind.HALF_TITLE,
        PageKind.DEDICATION,
        PageKind.TITLE,
    ]
    bare = replace(doc, pages=tuple(page for page in doc.pages if page.kind is not PageKind.DEDICATION))
    kinds = [page.kind for page in dressed(bare).pages]
    assert kinds[1:3] == [PageKind.END_PAPER, PageKind.TITLE] and kinds[-1] is PageKind.END_PAPER
    assert PageKind.HALF_TITLE not in kinds


def _set(book: Make, trim: Trim, look: str) -> tuple[Sequence[Leaf], dict[str, Print]]:
    """A book of every cast with few, some and many words; its prints by alternative text."""
    picture, data = paint(look, trim)
    pages = [
        story(
            replace(picture, spots=spots, alt=f"{cast} {amount}"),
            *words,
            heading="The Lantern" if (cast, amount) == ("low", "many") else "",
        )
        for cast, spots in CASTS.items()
        for amount, words in WORDS.items()
    ]
    whole = book(trim)
    doc = replace(whole.doc, pages=(*whole.doc.pages[:3], *pages, whole.doc.pages[-1]))
    files = {**whole.pictures, picture.content_hash: data}
    made = _leaves(Sample(dressed(doc), files), files)
    return made, {one.alt: one for one in prepare(doc.pages, files).values()}


def _leaves(sample: Sample, pictures: dict[str, bytes]) -> Sequence[Leaf]:
    shared = shared_by_all(sample.doc, format_of(sample.doc.trim), text_face_only=False)
    with tempfile.TemporaryDirectory() as folder:

        def measure(asks: Sequence[Ask]) -> list[Room]:
            return measure_all(asks, shared, folder)

        return plan(sample.doc, pictures, measure).leaves


def _plain() -> Print:
    picture, data = paint("dark", Trim.SQUARE)
    pages = (Page(PageKind.STORY, picture=picture),)
    return prepare(pages, {picture.content_hash: data})[1]


def _area(box: Box) -> float:
    return box.width_pt * box.height_pt
