"""Which pages lie across two: chosen from the plan, drawn at twice the width, and nothing else changes with them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from overprint.core.book import Page, picture_size_px, spread_size_px
from overprint.core.codec import encode
from overprint.core.scene import Area, Camera, Mood, Scene, Setting, Shot
from overprint.core.story import Age, Beat, Brief, ChapterPlan, ChapterText, Outline, PageText, PlanTask, Trim
from overprint.craft.writing.planning import plan
from overprint.engine.pipeline import Registry
from overprint.engine.spec import StepSpec
from overprint.features.books import rules
from overprint.features.books.pipeline import MAKE, pipeline
from overprint.features.books.stages.spreads import LETTERS_MAX, across, is_spread, spreads
from overprint.features.books.steps import MakeBook
from tests.features.books.stories import BRIEF, OUTLINE, everything_made, picture, scenes_of
from tests.support import studio as studios
from tests.support.studio import Studio

REGISTRY = Registry.of(pipeline)
ENDING = ("opening", "want", "setting off", "attempt", "low point", "turn", "resolution", "homecoming", "echo")


def _outline(purposes: Sequence[str], *, chapters: int = 1, **more: Any) -> Outline:
    beats = tuple(Beat(purpose, "They look.", Setting.MEADOW, "a meadow", ("fox",), **more) for purpose in purposes)
    size = len(beats) // chapters
    parts = tuple(beats[n * size : (n + 1) * size] for n in range(chapters))
    return replace(OUTLINE, chapters=tuple(ChapterPlan("A chapter", part) for part in parts))


def _telling(words: str = "They look.") -> ChapterText:
    return ChapterText((PageText((words,)),) * 20)


@pytest.mark.parametrize("pages", [6, 8, 12, 17, 24, 40])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_book_has_one_or_two_where_it_turns_sets_off_or_comes_home(pages: int, seed: int) -> None:
    outline = plan(PlanTask(Brief("A fox who wants to find the moon", pages=pages, seed=seed)), seed).outline
    found = sorted(spreads(outline))
    assert 1 <= len(found) <= (2 if pages >= 12 else 1)
    assert found == sorted(spreads(outline))
    for chapter, page in found:
        purpose = outline.chapters[chapter - 1].beats[page - 1].purpose
        assert any(word in purpose for word in ("turn", "resolution", "setting off", "home", "echo")), purpose
        assert page > 1


def test_where_the_story_turns_is_chosen_and_no_two_are_neighbours() -> None:
    short = _outline(ENDING)
    assert spreads(short) in ({(1, 6)}, {(1, 7)})
    long = _outline(("opening", "want", *["attempt"] * 4, *ENDING[2:]))
    assert len(spreads(long)) == 2
    numbers = sorted(page for _, page in spreads(long))
    assert numbers[1] - numbers[0] >= 2


def test_a_wide_place_in_good_spirits_is_worth_two_pages_more_than_a_room() -> None:
    outline = _outline(ENDING)
    (chapter,) = outline.chapters
    for at, other in ((5, 6), (6, 5)):
        beats = list(chapter.beats)
        beats[other] = replace(beats[other], setting=Setting.BEDROOM)
        beats[at] = replace(beats[at], mood=Mood.JOYFUL)
        assert spreads(replace(outline, chapters=(replace(chapter, beats=tuple(beats)),))) == {(1, at + 1)}


def test_a_story_of_which_nobody_says_where_it_turns_has_none() -> None:
    assert spreads(_outline(["attempt"] * 14)) == frozenset()
    assert spreads(OUTLINE) == frozenset()


def test_the_page_that_opens_a_chapter_stays_single() -> None:
    outline = _outline(["attempt", "attempt", "attempt", "turn", "attempt", "attempt"], chapters=2)
    assert spreads(outline) == frozenset()


def test_many_words_leave_a_picture_no_room_to_be_wide() -> None:
    outline = _outline(ENDING)
    ((chapter, page),) = spreads(outline)
    assert is_spread(outline, chapter, page, _telling("a" * LETTERS_MAX))
    assert not is_spread(outline, chapter, page, _telling("a" * (LETTERS_MAX + 1)))
    assert not is_spread(outline, chapter, 1, _telling())


@pytest.mark.parametrize("trim", list(Trim))
def test_its_picture_is_drawn_across_both_pages_and_its_recipe_says_so(trim: Trim) -> None:
    chosen, usual = (_pictures(outline, trim) for outline in (_turning(), OUTLINE))
    (key,) = [key for key in chosen if chosen[key].input.get("is_spread")]
    assert key == "picture/2/2"
    size = chosen[key].input["width_px"], chosen[key].input["height_px"]
    assert size == spread_size_px(trim, BRIEF.picture_dpi)
    assert size[1] == picture_size_px(trim, BRIEF.picture_dpi)[1]
    assert 1.9 < size[0] / picture_size_px(trim, BRIEF.picture_dpi)[0] < 2
    assert chosen[key].input != usual[key].input
    assert all(chosen[other] == usual[other] for other in usual if other != key)


def test_its_scene_leaves_a_wide_sky_and_never_comes_so_near_that_the_place_is_lost() -> None:
    near = Scene(Setting.SEA, "the sea", "Somebody looks.", camera=Camera(Shot.CLOSE, Area.BOTTOM))
    assert across(near).camera == Camera(Shot.MEDIUM, Area.TOP)
    assert replace(across(near), camera=near.camera) == near
    assert across(replace(near, camera=Camera(Shot.LOW, Area.NONE))).camera.shot is Shot.LOW


def test_the_composed_book_knows_its_spread() -> None:
    made = everything_made()
    drawn = replace(picture("2/2"), is_spread=True)
    doc = rules.compose(replace(made, pictures={**made.pictures, "2/2": drawn}), "w", "p")
    wide = [page for page in doc.pages if page.picture and page.picture.is_spread]
    assert len(wide) == 1 and isinstance(wide[0], Page) and wide[0].chapter == 2


@pytest.mark.parametrize(("kept_share", "spread_count"), [(0.9, 1), (0.8, 0)])
async def test_an_illustrator_who_would_lose_too_much_of_a_wide_picture_draws_one_for_a_single_page(
    studio: Studio, kept_share: float, spread_count: int
) -> None:
    studio.images.keeps_share = kept_share
    await studio.make(replace(studios.BRIEF, pages=8, chapters=1, age=Age.EARLY))
    trim, dpi = studios.BRIEF.trim, studios.BRIEF.picture_dpi
    wide = [asked for asked in studio.images.requests if asked.is_spread]
    assert [(asked.width_px, asked.height_px) for asked in wide] == [spread_size_px(trim, dpi)] * spread_count
    single = [asked for asked in studio.images.requests if not asked.is_spread]
    assert {(asked.width_px, asked.height_px) for asked in single} == {picture_size_px(trim, dpi)}


def _turning() -> Outline:
    """The small story, turning on the second page of its second chapter."""
    first, second = OUTLINE.chapters
    beats = (second.beats[0], replace(second.beats[1], purpose="turn"), second.beats[2])
    return replace(OUTLINE, chapters=(first, replace(second, beats=beats)))


def _pictures(outline: Outline, trim: Trim) -> dict[str, StepSpec]:
    request = encode(MakeBook(replace(BRIEF, trim=trim)))
    found: dict[str, StepSpec] = {}
    for index in (0, 1):
        need = {"outline": encode(outline), "index": index, "text": encode(_telling())}
        made = REGISTRY.expand(MAKE, request, REGISTRY.get_kind("books.scenes@1"), need, encode(scenes_of(index)))
        found |= {spec.key: spec for spec in made if spec.key.startswith("picture/")}
    return found
