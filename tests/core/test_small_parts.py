"""Ids, file names, files in outputs, what a scene forbids, the sizes of books, and who may only look."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.book import BLEED_MM, MM_PER_INCH, picture_size_px, trim_size_mm
from overprint.core.files import (
    FILE_NAME_MAX_BYTES,
    MENTIONS,
    FileKind,
    StoredFile,
    file_name,
    files_in,
    preview_width_px,
)
from overprint.core.ids import new_id
from overprint.core.scene import Constraint, ConstraintKind, Scene, Setting
from overprint.core.story import Trim

INSTANT_MAX_MS = 2**48 - 1


@given(st.integers(0, INSTANT_MAX_MS))
def test_an_id_says_its_version_its_variant_and_its_instant(now_ms: int) -> None:
    made = new_id(now_ms)
    assert made.version == 7
    assert made.int >> 62 & 0b11 == 0b10
    assert made.int >> 80 == now_ms


@given(st.lists(st.integers(0, INSTANT_MAX_MS), unique=True, min_size=2, max_size=20))
def test_ids_sort_by_the_time_they_were_made(instants: list[int]) -> None:
    ids = [new_id(now_ms) for now_ms in sorted(instants)]
    assert sorted(ids) == ids
    assert sorted(map(str, ids)) == list(map(str, ids))


def test_ids_of_one_instant_differ() -> None:
    assert len({new_id(0) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Fox’s Map", "The Fox’s Map.pdf"),
        ("../../etc/passwd", "etc passwd.pdf"),
        ("C:\\windows\\system32", "C windows system32.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (" . hidden . ", "hidden.pdf"),
        ("a\x00b\nc\u202ed", "a b c d.pdf"),
        ('what? <is> "this" | *', "what is this.pdf"),
        ("狐の地図", "狐の地図.pdf"),
    ],
)
def test_a_hostile_title_becomes_a_plain_file_name(text: str, name: str) -> None:
    assert file_name(text, "pdf") == name


@given(st.text(max_size=400))
def test_any_text_becomes_one_short_safe_part_of_a_path(text: str) -> None:
    name = file_name(text)
    assert 0 < len(name.encode()) <= FILE_NAME_MAX_BYTES
    assert PurePosixPath(name).parts == (name,)
    assert PureWindowsPath(name).parts == (name,)
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in name)
    assert name == file_name(name)


def _file(name: str) -> StoredFile:
    return StoredFile(f"teams/1/{name}", "0" * 64, 1, "image/png", FileKind.IMAGE, name)


@dataclass(frozen=True)
class Output:
    made: StoredFile
    more: tuple[StoredFile, ...] = ()
    named: Mapping[str, StoredFile] = field(default_factory=dict)
    seen: Mapping[str, StoredFile] = field(default_factory=dict, metadata=MENTIONS)


def test_all_files_that_a_step_made_are_found_in_order() -> None:
    output = Output(_file("a"), (_file("b"), _file("c")), {"x": _file("d")})
    assert [file.name for file in files_in((output, [_file("e")]))] == ["a", "b", "c", "d", "e"]


def test_files_that_a_step_only_mentions_are_not_its_own() -> None:
    assert [file.name for file in files_in(Output(_file("a"), seen={"x": _file("b")}))] == ["a"]


def test_a_scene_forbids_everywhere_or_on_one_character_only() -> None:
    scene = Scene(
        Setting.MOON,
        "a crater",
        "A cat.",
        constraints=(
            Constraint(ConstraintKind.FORBID, "moon"),
            Constraint(ConstraintKind.FORBID, "witch_hat", of="mira"),
            Constraint(ConstraintKind.REQUIRE, "stars"),
        ),
    )
    assert scene.forbids("moon")
    assert scene.forbids("moon", of="soot")
    assert scene.forbids("witch_hat", of="mira")
    assert not scene.forbids("witch_hat", of="soot")
    assert not scene.forbids("witch_hat")
    assert not scene.forbids("stars")


@pytest.mark.parametrize("trim", list(Trim))
@pytest.mark.parametrize("dpi", [72, 200, 300])
def test_a_picture_fills_the_page_and_its_bleed(trim: Trim, dpi: int) -> None:
    for side_mm, side_px in zip(trim_size_mm(trim), picture_size_px(trim, dpi), strict=True):
        assert abs(side_px / dpi * MM_PER_INCH - (side_mm + 2 * BLEED_MM)) <= MM_PER_INCH / dpi / 2 + 1e-9


def test_a_square_book_has_square_pictures() -> None:
    assert picture_size_px(Trim.SQUARE, 300) == (2625, 2625)
    assert trim_size_mm(Trim.A4_LANDSCAPE) == (297.0, 210.0)


@pytest.mark.parametrize(
    ("size", "width"), [((1700, 1700), 840), ((1200, 1800), 560), ((1800, 1200), 840), ((300, 200), 300)]
)
def test_the_width_of_a_preview_follows_from_its_picture(size: tuple[int, int], width: int) -> None:
    assert preview_width_px(*size) == width
