"""Pure decisions about books."""

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.book import PageKind
from overprint.core.problems import Invalid
from overprint.core.scene import (
    MADE_UP,
    Actor,
    Area,
    Camera,
    Constraint,
    ConstraintKind,
    Place,
    PropKind,
    Season,
    Setting,
    Shot,
)
from overprint.core.shown import stand_in
from overprint.core.story import ChapterScenes, ChapterText, Outline, PageText, Plan, Trim
from overprint.core.story_checks import check_plan, check_scenes, check_text, sheets_wanted
from overprint.core.words import clean_text
from overprint.features.books.rules import (
    book_identifier,
    check_look,
    check_printer,
    compose,
    cover_scene,
    notes_on,
)
from overprint.features.books.service import cleaned, shortened
from tests.features.books.stories import (
    BRIEF,
    OUTLINE,
    PLAN,
    SHEETS,
    TEXT,
    beat,
    character,
    everything_made,
    scenes_of,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  A fox\n\tgoes   home ", "A fox goes home"),
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("\u202egnihton\u202c \u2066x\u2069", "gnihton x"),
        ("half \ud800a pair", "half a pair"),
        ("mañana 狐 🦊 عربي", "mañana 狐 🦊 عربي"),
        ("one\u2028two\u2029three", "one two three"),
        ("\x00\x01 \u202a", ""),
    ],
)
def test_text_is_cleaned_of_what_nobody_can_read(text: str, plain: str) -> None:
    assert clean_text(text) == plain


@given(st.text())
def test_cleaned_text_is_printable_and_stays_as_it_is(text: str) -> None:
    plain = clean_text(text)
    assert clean_text(plain) == plain
    assert plain.encode().decode() == plain
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in plain)


def test_the_same_brief_is_the_same_book() -> None:
    assert book_identifier(BRIEF) == book_identifier(replace(BRIEF))
    assert book_identifier(BRIEF) != book_identifier(replace(BRIEF, seed=2))
    assert book_identifier(BRIEF) == book_identifier(replace(BRIEF, picture_dpi=300)), "a finer version of the same"
    assert uuid.UUID(book_identifier(BRIEF).removeprefix("urn:uuid:")).version == 5


def test_the_identifier_of_a_book_never_changes() -> None:
    assert book_identifier(BRIEF) == "urn:uuid:26b57cbb-d944-5fd1-aee6-041022fd314c"


def test_a_brief_is_cleaned_or_refused_with_the_field_to_blame() -> None:
    brief = cleaned(replace(BRIEF, premise=" A\x00 fox ", title="\u202eT", author="A\nB"))
    assert (brief.premise, brief.title, brief.author) == ("A fox", "T", "A B")
    for wrong, field in (({"premise": "... !"}, "premise"), ({"pages": 6, "chapters": 7}, "pages")):
        with pytest.raises(Invalid) as caught:
            cleaned(replace(BRIEF, **wrong))  # type: ignore[arg-type]
        assert caught.value.field == field


def test_a_working_title_is_short_and_ends_at_a_word() -> None:
    assert shortened("A fox") == "A fox"
    assert shortened("word " * 40) == "word " * 14 + "word…"
    assert len(shortened("x" * 200)) == 80


def test_a_sound_plan_passes() -> None:
    check_plan(PLAN, BRIEF)


def _with(**changes: object) -> Plan:
    return replace(PLAN, outline=replace(OUTLINE, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (_with(chapters=OUTLINE.chapters[:1]), "1 chapters and 3 pages"),
        (_with(chapters=(*OUTLINE.chapters, OUTLINE.chapters[0])), "3 chapters and 9 pages"),
        (_with(chapters=(replace(OUTLINE.chapters[0], beats=(beat(),)), OUTLINE.chapters[1])), "4 pages"),
        (_with(characters=OUTLINE.characters[:2]), "who owl is"),
        (_with(characters=(*OUTLINE.characters, character("bear"))), "who bear is"),
        (_with(characters=(*OUTLINE.characters, character("fox"))), "same id"),
        (Plan(OUTLINE, {"fox": SHEETS["fox"]}), "who mole is, or how they look"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(plan: Plan, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        check_plan(plan, BRIEF)


def test_a_text_has_a_page_for_each_beat_and_words_on_each() -> None:
    check_text(TEXT, OUTLINE, 1)
    with pytest.raises(Invalid, match="Chapter 2 has 2 pages of text; its plan has 3"):
        check_text(ChapterText(TEXT.pages[:2]), OUTLINE, 1)
    blank = ChapterText((*TEXT.pages[:2], PageText(("Words.", "\u202a \x00"))))
    with pytest.raises(Invalid, match="empty paragraph"):
        check_text(blank, OUTLINE, 1)


def test_there_is_a_scene_for_each_page_and_nobody_strange_in_it() -> None:
    good = scenes_of(0)
    check_scenes(good, OUTLINE, TEXT, 0)
    with pytest.raises(Invalid, match="3 pages and 2 scenes"):
        check_scenes(ChapterScenes(good.scenes[:2]), OUTLINE, TEXT, 0)
    strange = replace(good.scenes[0], actors=(Actor("wolf"),))
    with pytest.raises(Invalid, match="shows wolf"):
        check_scenes(ChapterScenes((strange, *good.scenes[1:])), OUTLINE, TEXT, 0)


@pytest.mark.parametrize("name", ["body", "marking", "outfit", "accent", "hair_colour", "eye_colour"])
@pytest.mark.parametrize("colour", ["red", "", "#12345", "#1234567", "#12345g", "#123456\n", "\ud800"])
def test_a_mistyped_colour_is_refused_with_its_field(name: str, colour: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_look(replace(SHEETS["fox"], **{name: colour}))
    assert caught.value.field == name


def test_colours_may_be_written_in_either_case() -> None:
    check_look(replace(SHEETS["fox"], body="#AAbbCC"))


def test_the_cover_shows_the_hero_and_their_companion_where_the_story_is_most_inviting() -> None:
    no_hats = Constraint(ConstraintKind.FORBID, "witch_hat", of="fox")
    scene = cover_scene(replace(OUTLINE, constraints=(no_hats,)))
    assert [(actor.who, actor.place) for actor in scene.actors] == [("fox", Place.LEFT), ("owl", Place.RIGHT)]
    assert scene.actors[0].holding is PropKind.LANTERN
    assert scene.camera == Camera(Shot.MEDIUM, Area.TOP)
    assert (scene.setting, scene.season) == (Setting.FOREST, Season.AUTUMN)
    assert scene.place in {beat.place for chapter in OUTLINE.chapters for beat in chapter.beats}
    assert scene.constraints == (no_hats,)
    assert "Fox and Owl" in scene.caption


def test_a_hero_alone_stands_in_the_middle() -> None:
    (actor,) = cover_scene(replace(OUTLINE, characters=OUTLINE.characters[1:2])).actors
    assert (actor.who, actor.place) == ("fox", Place.CENTRE)


def test_a_picture_depends_on_the_looks_of_whoever_is_in_it() -> None:
    assert [sheets_wanted(scene) for scene in scenes_of(1).scenes] == [("fox", "mole"), ("mole",), ()]


def test_a_book_is_composed_page_by_page() -> None:
    doc = compose(everything_made(), "the writer", "the illustrator")
    story = [page for page in doc.pages if page.kind is PageKind.STORY]
    assert [page.kind for page in doc.pages if page.kind is not PageKind.STORY] == [
        PageKind.COVER,
        PageKind.TITLE,
        PageKind.DEDICATION,
        PageKind.COLOPHON,
    ]
    assert [(page.chapter, page.heading) for page in story] == [
        (1, "Out"),
        (1, ""),
        (1, ""),
        (2, "Home"),
        (2, ""),
        (2, ""),
    ]
    assert doc.pages[0].picture is not None
    assert doc.pages[0].picture.quiet is Area.TOP
    assert (doc.author, doc.identifier, doc.description) == ("Ann", "urn:uuid:1", "A door is found.")
    assert doc.pages[-1].paragraphs[1] == "Words: the writer. Pictures: the illustrator."


def test_a_page_without_its_picture_keeps_its_words() -> None:
    doc = compose(everything_made(), "", "")
    pictured = [(page.chapter, page.paragraphs) for page in doc.pages if page.picture and page.chapter]
    assert pictured == [(1, ("Page 1.",)), (2, ("Page 3.",))]
    assert sum(1 for page in doc.pages if page.kind is PageKind.STORY) == 6


def test_a_chapter_without_words_is_left_out_and_the_rest_stays() -> None:
    doc = compose(replace(everything_made(), texts={"2": TEXT}), "", "")
    assert {page.chapter for page in doc.pages if page.kind is PageKind.STORY} == {2}


def test_a_book_without_a_single_chapter_is_refused() -> None:
    with pytest.raises(Invalid, match="No chapter"):
        compose(replace(everything_made(), texts={}), "", "")


def test_the_colophon_says_who_is_drawn_as_somebody_else() -> None:
    made = everything_made()
    drawn = replace(made.pictures["cover"], shown=(stand_in("bear", "bigfoot"), stand_in(MADE_UP, "sphinx"), MADE_UP))
    told = compose(replace(made, pictures={**made.pictures, "cover": drawn}), "", "").pages[-1].paragraphs
    assert f"Whoever the illustrator has no likeness of is drawn as a {MADE_UP}." in told
    assert "Drawn as the nearest likeness there is: the bigfoot as a bear." in told


def test_what_was_not_given_is_not_printed() -> None:
    doc = compose(replace(everything_made(), author="", dedication=""), "", "")
    assert PageKind.DEDICATION not in {page.kind for page in doc.pages}
    assert doc.author == "Overprint"
    assert not any("Asked for by" in line for line in doc.pages[-1].paragraphs)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda need, text: replace(need, outline=replace(OUTLINE, title=text, logline=text)),
        lambda need, text: replace(need, author=text, dedication=text),
        lambda need, text: replace(need, texts={"1": ChapterText((PageText((text,)),))}),
        lambda need, text: replace(
            need, outline=replace(OUTLINE, chapters=(replace(OUTLINE.chapters[0], title=text), OUTLINE.chapters[1]))
        ),
    ],
    ids=["title", "author", "words", "chapter"],
)
def test_nothing_unreadable_reaches_a_page(spoil: Callable[..., object]) -> None:
    doc = compose(spoil(everything_made(), "a\x00b\u202ec"), "", "")  # type: ignore[arg-type]
    printed = [doc.title, doc.author, doc.description]
    printed += [text for page in doc.pages for text in (page.heading, *page.paragraphs)]
    assert any("abc" in text for text in printed)
    assert all(text == clean_text(text) for text in printed)


def test_stories_of_other_shapes_compose_too() -> None:
    one = Outline("T", "", Season.WINTER, (character("fox"),), OUTLINE.chapters[:1])
    assert compose(replace(everything_made(), outline=one), "", "").title == "T"


def test_a_size_that_the_printer_has_not_is_refused_and_told_which_it_has() -> None:
    check_printer("", Trim.SQUARE)
    check_printer("lulu-paperback", Trim.SQUARE)
    check_printer("gelato-softcover", Trim.A4_LANDSCAPE)
    with pytest.raises(Invalid, match=r"no book in 8.5x8.5; it takes a4-landscape") as refused:
        check_printer("gelato-softcover", Trim.SQUARE)
    assert refused.value.field == "printer"


def test_letters_that_cannot_stand_alone_are_told_by_their_number() -> None:
    (note,) = notes_on(("\u0301", "\u202e", "\u6885"))
    assert "U+0301, U+202E, \u6885:" in note
    assert "fonts install" not in note


def test_letters_whose_fonts_can_be_installed_are_told_with_the_command() -> None:
    (note,) = notes_on(("\u6885",), could_be_added=True)
    assert "`overprint fonts install cjk`" in note
