"""Input that nobody should give: a sentence that says what is wrong, and nothing is stored or broken."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import httpx
import pytest

from overprint.wiring import House
from tests.support import epubcheck
from tests.support.command_here import run_here
from tests.support.command_line import SMALL_BOOK, files_in, run_afresh, the_ebook

LONGEST_ARGUMENT = 130_000  # Linux itself refuses one of 131,072 bytes


async def test_a_title_that_is_far_too_long_is_refused_and_stores_nothing(
    client: httpx.AsyncClient, house: House
) -> None:
    answer = await client.post("/api/books", json={"premise": "A fox goes home", "title": "x" * 3000})
    assert answer.status_code == 422
    assert answer.json()["field"] == "title"
    assert await house.database.system.fetchval("SELECT count(*) FROM jobs") == 0


@pytest.mark.parametrize(
    "premise",
    ["\x01\x02\x1b\x7f", "\u202e\u202d\u2066", "?!… ,.", "   "],
    ids=["control characters", "direction marks", "punctuation", "blanks"],
)
def test_a_premise_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path, premise: str) -> None:
    assert_refused(run_here(*small_book(premise, tmp_path)), tmp_path)


def test_a_premise_as_long_as_a_command_takes_is_told_in_a_sentence(tmp_path: Path) -> None:
    assert_refused(run_afresh(*small_book("x" * LONGEST_ARGUMENT, tmp_path)), tmp_path)


def small_book(premise: str, folder: Path) -> tuple[str, ...]:
    return ("make", "book", premise, *SMALL_BOOK, "--out", str(folder / "book"), "--data", str(folder / "data"))


def assert_refused(ended: "CompletedProcess[str]", folder: Path) -> None:
    assert ended.returncode == 2
    assert "premise" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr) < 300
    assert not (folder / "book").exists()


@pytest.mark.parametrize(
    "premise",
    ["سارة and 美羽 want to fly to the moon", "🦊🌙🚀"],
    ids=["Arabic and Chinese", "emoji"],
)
def test_a_name_in_any_script_makes_a_decent_book(data: Path, tmp_path: Path, premise: str) -> None:
    out = tmp_path / "book"
    made = run_here("make", "book", premise, *SMALL_BOOK, "--out", str(out), "--data", str(data))
    assert made.returncode == 0, made.stderr
    epub = the_ebook(out)
    assert epubcheck.findings(epub) == []
    assert len(list((out / "pictures").iterdir())) == 7


def _of_the_future(folder: Path) -> None:
    folder.mkdir()
    (folder / "VERSION").write_text("layout 99\npostgresql 18\n")


def _with_a_damaged_version(folder: Path) -> None:
    folder.mkdir()
    (folder / "VERSION").write_bytes(b"\xff\x00 nonsense")


def _with_a_damaged_owner(folder: Path) -> None:
    folder.mkdir()
    (folder / "ENVIRONMENT").mkdir()


def _with_a_folder_in_the_way(folder: Path) -> None:
    folder.mkdir()
    (folder / "run").write_text("not a folder")


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "made by a newer version": (_of_the_future, "newer Overprint"),
    "version damaged": (_with_a_damaged_version, "is damaged"),
    "a file instead": (Path.touch, "cannot be used"),
    "a file where a folder belongs": (_with_a_folder_in_the_way, "cannot be used"),
    "marked by a folder": (_with_a_damaged_owner, "cannot be used"),
}


@pytest.mark.parametrize(("make", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_data_folder_is_told_in_a_sentence_and_left_alone(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    folder = tmp_path / "data"
    make(folder)
    before = _kept(folder)
    ended = run_here(
        "make", "book", "A fox goes home", *SMALL_BOOK, "--out", str(tmp_path / "book"), "--data", str(folder)
    )
    assert ended.returncode in (2, 3)
    assert said in ended.stderr
    assert str(folder) in ended.stderr
    assert "Traceback" not in ended.stderr
    assert before.items() <= _kept(folder).items()
    assert not (tmp_path / "book").exists()


def _kept(folder: Path) -> dict[str, bytes]:
    return files_in(folder) if folder.is_dir() else {"": folder.read_bytes()}


def test_a_data_folder_that_cannot_be_made_is_told_in_a_sentence() -> None:
    ended = run_here("migrate", "--data", "/proc/overprint")
    assert ended.returncode == 3
    assert "/proc/overprint" in ended.stderr
    assert "--data" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("file", "variables", "said"),
    [
        ("[storage]\nkindd = 's3'", {}, "storage.kindd"),
        ("colour = 'red'", {}, "colour"),
        ("[worker]\nnetwork = 'many'", {}, "OVERPRINT_WORKER_NETWORK"),
        ("storage = 's3'", {}, "storage"),
        ("[storage", {}, "overprint.toml"),
        ("", {"OVERPRINT_TEXT_PROVIDR": "openai"}, "Did you mean OVERPRINT_TEXT_PROVIDER"),
        ("", {"OVERPRINT_WORKER_CPU": "-3"}, "OVERPRINT_WORKER_CPU"),
        ("", {"OVERPRINT_TEXT_PROVIDER": "openai"}, "OVERPRINT_TEXT_MODEL"),
    ],
    ids=["unknown key", "unknown name", "wrong type", "no table", "no TOML", "unknown variable", "number", "half"],
)
def test_a_wrong_setting_is_named(tmp_path: Path, file: str, variables: dict[str, str], said: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "overprint.toml").write_text(file)
    ended = run_here("jobs", "list", "--data", str(folder), variables=variables)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
