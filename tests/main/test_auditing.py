"""``overprint audit verify --file``: an export is proven without a database."""

from pathlib import Path

import pytest

from overprint.core.problems import NotFound
from overprint.features.audit import ROW_MAX_BYTES
from overprint.main.auditing import verify_audit
from overprint.main.exits import Exit
from tests.features.audit.test_chain import CHAIN, TEAM, exported
from tests.support.command_here import run_here
from tests.support.database import TestDatabase


def _file(folder: Path, rows: list[bytes]) -> str:
    path = folder / "audit.jsonl"
    path.write_bytes(b"".join(row + b"\n" for row in rows))
    return str(path)


def test_an_export_that_holds_says_up_to_where(tmp_path: Path) -> None:
    ended = run_here("audit", "verify", "--file", _file(tmp_path, exported(CHAIN)))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"{TEAM}: 8 lines, all in order. Line 8: {CHAIN[-1].hash}\n"


def test_the_line_that_was_changed_is_named(tmp_path: Path) -> None:
    rows = exported(CHAIN)
    rows[3] = rows[3].replace(b"book.made", b"book.sold")
    ended = run_here("audit", "verify", "--file", _file(tmp_path, rows))
    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout == f"{TEAM}: broken at line 3: it was changed: what it says does not have its hash.\n"


@pytest.mark.parametrize(
    "rows", [[], [b"{}"], [b"\x00"], [b"x" * ROW_MAX_BYTES]], ids=["empty", "other", "nul", "long"]
)
def test_what_is_no_export_is_told_in_a_sentence(tmp_path: Path, rows: list[bytes]) -> None:
    ended = run_here("audit", "verify", "--file", _file(tmp_path, rows))
    assert ended.returncode == 2
    assert ended.stderr.startswith("overprint: This") or "A line of this file" in ended.stderr


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    ended = run_here("audit", "verify", "--file", str(tmp_path / "none"))
    assert (ended.returncode, ended.stderr) == (
        2,
        f"overprint: {tmp_path / 'none'} cannot be read: No such file or directory.\n",
    )


async def test_a_log_in_which_nothing_stands_yet_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_urls: TestDatabase
) -> None:
    urls = {"URL": database_urls.app, "SYSTEM_URL": database_urls.system, "OWNER_URL": database_urls.owner}
    for name, url in urls.items():
        monkeypatch.setenv(f"DATABASE_{name}", url)
    (tmp_path / "ENVIRONMENT").write_text("local\n")
    assert await verify_audit(tmp_path, "", None) == Exit.OK
    assert capsys.readouterr().out == "There is nothing in the audit log yet.\n"
    with pytest.raises(NotFound, match="no chain of 'nobody'"):
        await verify_audit(tmp_path, "nobody", None)
