"""What steps a book is made of, and on what each of them depends. Pure: nothing runs."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from overprint.core.codec import decode, digest, encode
from overprint.core.files import FileKind, StoredFile
from overprint.core.scene import Sheet
from overprint.core.story import Plan, Style, Touch, TouchedScenes, Trim
from overprint.craft.typesetting.fontfile import ADDED
from overprint.engine.pipeline import Registry
from overprint.engine.recipe import recipe, resolve
from overprint.engine.spec import StepSpec, checked
from overprint.features.books.pipeline import MAKE, pipeline
from overprint.features.books.rules import cover_scene
from overprint.features.books.steps import FIXED, IllustrateIn, MakeBook, PortraitOut, Target
from tests.features.books.stories import BRIEF, PLAN, TEXT, scenes_of

REGISTRY = Registry.of(pipeline)
EBOOKS = {"epub", "signed/epub", "fixed-layout", "signed/fixed-layout"}
BEGUN = {
    Target.BOOK: {"plan", "compose", "pdf", "signed/pdf"} | EBOOKS,
    Target.PDF: {"plan", "compose", "pdf", "signed/pdf"},
    Target.EPUB: {"plan", "compose"} | EBOOKS,
    Target.PRINT: {"plan", "compose", "print"},
    Target.AUDIO: {"plan", "compose"},
    Target.CHAPTERS: {"plan"},
    Target.ILLUSTRATIONS: {"plan"},
}
TEXTS = {"text/1", "text/2"}
SCENES = {"scenes/1", "scenes/2", "scene/cover"}
CAST = {"cast/fox", "cast/owl", "cast/mole"}
PORTRAITS = {"portrait/fox", "portrait/owl", "portrait/mole"}
PICTURES = {f"picture/{chapter}/{page}" for chapter in (1, 2) for page in (1, 2, 3)} | {"picture/cover"}
SIGNED = {f"signed/{key}" for key in PICTURES}


def _wanted(target: Target) -> MakeBook:
    return MakeBook(BRIEF, target, "lulu-paperback" if target is Target.PRINT else "")


def _outputs(plan: Plan, touches: Mapping[str, Touch] | None = None) -> dict[str, Any]:
    """What every step with a known answer delivers. ``touches`` are of the second chapter."""
    words = {f"text/{n}": encode(TEXT) for n in (1, 2)}
    cast = {f"cast/{who}": encode(sheet) for who, sheet in plan.sheets.items()}
    cast |= {f"portrait/{who}": encode(PortraitOut(_portrait_of(sheet))) for who, sheet in plan.sheets.items()}
    scenes = {f"scenes/{n}": encode(scenes_of(n - 1)) for n in (1, 2)}
    scenes["scenes/2"] = encode(replace(scenes_of(1), touches=touches or {}))
    scenes["scene/cover"] = encode(TouchedScenes((cover_scene(plan.outline),)))
    return {"plan": encode(plan), **words, **cast, **scenes}


def _portrait_of(sheet: Sheet) -> StoredFile:
    """Another look is another picture."""
    return StoredFile("teams/1/portrait.png", digest(sheet), 9, "image/png", FileKind.IMAGE, "portrait")


def _all_steps(request: MakeBook, plan: Plan = PLAN, touches: Mapping[str, Touch] | None = None) -> dict[str, StepSpec]:
    """Every step that a job comes to have, each addition checked as the engine checks it."""
    outputs = _outputs(plan, touches)
    steps = {spec.key: spec for spec in REGISTRY.plan(MAKE, encode(request))}
    waiting = list(steps)
    while waiting:
        spec = steps[waiting.pop()]
        kind = REGISTRY.get_kind(spec.kind)
        if spec.key not in outputs:
            continue
        resolved = resolve(spec.input, outputs)
        more = checked(REGISTRY.expand(MAKE, encode(request), kind, resolved, outputs[spec.key]), set(steps))
        steps |= {added.key: added for added in more}
        waiting += [added.key for added in more]
    return steps


def _recipes(request: MakeBook, plan: Plan = PLAN, touches: Mapping[str, Touch] | None = None) -> dict[str, str]:
    """Recipes of all steps whose input is known before anything is drawn."""
    steps, outputs = _all_steps(request, plan, touches), _outputs(plan, touches)
    return {
        key: recipe(spec.kind, resolve(spec.input, outputs), {}, spec.seed)
        for key, spec in steps.items()
        if key not in ("compose", "pdf", "epub", FIXED) and not key.startswith("signed/")
    }


@pytest.mark.parametrize("target", list(Target))
def test_a_target_begins_with_what_it_needs_and_no_more(target: Target) -> None:
    steps = REGISTRY.plan(MAKE, encode(_wanted(target)))
    assert {spec.key for spec in steps} == BEGUN[target]


def test_a_whole_book_has_a_print_edition_only_if_a_printer_is_named() -> None:
    steps = {spec.key: spec for spec in REGISTRY.plan(MAKE, encode(MakeBook(BRIEF, printer="offset")))}
    assert set(steps) == BEGUN[Target.BOOK] | {"print"}
    assert steps["print"].input["printer"] == "offset"


@pytest.mark.parametrize("target", list(Target))
def test_a_target_comes_to_have_the_steps_that_lead_to_it(target: Target) -> None:
    expected = BEGUN[target] | TEXTS
    if target is not Target.CHAPTERS:
        expected = expected | CAST | PORTRAITS | SCENES | PICTURES | SIGNED
    assert set(_all_steps(_wanted(target))) == expected


@pytest.mark.parametrize("target", list(Target))
def test_what_is_composed_waits_softly_for_words_scenes_and_pictures(target: Target) -> None:
    composes = "compose" in BEGUN[target]
    for key, spec in _all_steps(_wanted(target)).items():
        is_part = key.partition("/")[0] in ("text", "scenes", "scene", "picture")
        assert ("compose" in spec.feeds) == (composes and is_part), key


@pytest.mark.parametrize("target", list(Target))
def test_what_is_signed_of_a_book_waits_softly_for_its_signed_pictures(target: Target) -> None:
    books = {key for key in ("signed/pdf", "signed/epub", "signed/fixed-layout") if key in BEGUN[target]}
    for key, spec in _all_steps(_wanted(target)).items():
        if key.startswith("signed/picture/"):
            assert (spec.kind, set(spec.feeds)) == ("books.sign@1", books)
            assert set(spec.all_needs()) == {key.removeprefix("signed/")}


def test_every_step_waits_for_exactly_the_steps_it_reads() -> None:
    needs = {key: set(spec.all_needs()) for key, spec in _all_steps(MakeBook(BRIEF)).items()}
    assert needs["plan"] == set()
    assert needs["text/1"] == {"plan"}
    assert needs["scenes/2"] == {"plan", "text/2"}
    assert needs["cast/fox"] == set()
    assert needs["portrait/fox"] == {"plan", "cast/fox"}
    fox_and_owl = {"cast/fox", "cast/owl", "portrait/fox", "portrait/owl"}
    assert needs["scene/cover"] == {"plan"}
    assert needs["picture/cover"] == fox_and_owl | {"scene/cover"}
    assert needs["picture/1/2"] == fox_and_owl | {"scenes/1"}
    assert needs["picture/2/3"] == {"scenes/2"}
    assert needs["compose"] == {"plan"}
    assert needs["pdf"] == needs["epub"] == {"compose"}
    assert needs["signed/epub"] == {"compose", "epub"}


def test_a_portrait_that_fails_stops_no_picture() -> None:
    steps = _all_steps(MakeBook(BRIEF))
    assert steps["picture/1/2"].all_needs()["portrait/fox"]
    without = {key: made for key, made in _outputs(PLAN).items() if key != "portrait/fox"}
    need = decode(IllustrateIn, resolve(steps["picture/1/2"].input, without))
    assert need.portraits["fox"] is None
    assert need.portraits["owl"] is not None


def test_every_reference_leads_to_an_input_that_its_step_can_read() -> None:
    outputs = _outputs(PLAN)
    for spec in _all_steps(MakeBook(BRIEF)).values():
        if spec.key not in ("pdf", "epub", FIXED) and not spec.key.startswith("signed/"):
            kind = REGISTRY.get_kind(spec.kind)
            assert isinstance(decode(kind.input, resolve(spec.input, outputs)), kind.input)


def test_every_step_says_in_words_what_it_does() -> None:
    steps = _all_steps(MakeBook(BRIEF)).items()
    titles = {key: spec.title for key, spec in steps if key not in SIGNED}
    assert len(set(titles.values())) == len(titles)
    assert titles["picture/2/1"] == "Drawing chapter 2, page 1"
    assert titles["text/1"] == "Writing “Out”"


def test_no_two_pictures_of_a_book_have_the_same_seed() -> None:
    for seed in (1, 2):
        steps = _all_steps(MakeBook(replace(BRIEF, seed=seed)))
        seeds = [spec.seed for key, spec in steps.items() if key.startswith("picture/")]
        assert len(seeds) == len(set(seeds)) == 7


def _changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    assert set(before) == set(after)
    return {key for key in before if before[key] != after[key]}


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ("fox", {"picture/cover", "picture/1/1", "picture/1/2", "picture/2/1"}),
        ("owl", {"picture/cover", "picture/1/2", "picture/1/3"}),
        ("mole", {"picture/2/1", "picture/2/2"}),
    ],
)
def test_a_changed_colour_changes_only_the_pictures_that_show_the_character(who: str, pages: set[str]) -> None:
    changed = replace(PLAN, sheets={**PLAN.sheets, who: replace(PLAN.sheets[who], body="#3344aa")})
    request = MakeBook(BRIEF)
    assert _changed(_recipes(request), _recipes(request, changed)) == pages | {f"cast/{who}", f"portrait/{who}"}


@pytest.mark.parametrize(
    "change", [{"style": Style.PAPERCUT}, {"trim": Trim.A5}, {"picture_dpi": 300}], ids=["style", "trim", "dpi"]
)
def test_another_look_draws_every_picture_anew_and_writes_nothing_anew(change: dict[str, Any]) -> None:
    redrawn = PICTURES | PORTRAITS if "style" in change else PICTURES
    assert _changed(_recipes(MakeBook(BRIEF)), _recipes(MakeBook(replace(BRIEF, **change)))) == redrawn


@pytest.mark.parametrize("touch", [Touch(take=1), Touch(style=Style.INK)], ids=["drawn anew", "another style"])
def test_a_touch_of_one_picture_draws_that_one_anew_and_no_other(touch: Touch) -> None:
    request = MakeBook(BRIEF)
    assert _changed(_recipes(request), _recipes(request, touches={"3": touch})) == {"picture/2/3"}


def test_another_author_or_dedication_only_sets_the_pages_anew() -> None:
    other = replace(BRIEF, author="Ann", dedication="To Bo")
    assert _changed(_recipes(MakeBook(BRIEF)), _recipes(MakeBook(other))) == set()
    composed = _all_steps(MakeBook(other))["compose"].input
    assert (composed["author"], composed["dedication"]) == ("Ann", "To Bo")


def test_pages_of_one_size_are_set_anew_once_the_fonts_that_they_lacked_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package, _, _ in ADDED.values():  # found before any that somebody installed, and without its font
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    without = _all_steps(MakeBook(BRIEF))[FIXED].input
    package, file, _ = ADDED["ko"]
    (tmp_path / package / file).touch()
    assert _all_steps(MakeBook(BRIEF))[FIXED].input == {**without, "scripts": ("ko",)} != without


def test_a_nearer_target_makes_the_same_work() -> None:
    whole = _recipes(MakeBook(BRIEF))
    for target in Target:
        part = _recipes(MakeBook(BRIEF, target))
        assert part == {key: whole[key] for key in part}
