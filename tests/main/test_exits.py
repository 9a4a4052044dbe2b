"""What a command says when something fails: a sentence, never a traceback."""

import stat
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import typer

from overprint.db.database import DatabaseAway
from overprint.main.exits import Exit, run
from overprint.ports.storage import BlobMissing


def _failing(error: Exception) -> Callable[[], Coroutine[Any, Any, int]]:
    async def work() -> int:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BlobMissing("pictures/1.png"), "A stored file is missing: pictures/1.png."),
        (DatabaseAway("for 60 seconds"), "The database does not answer."),
        (asyncpg.ConnectionDoesNotExistError("gone"), "The database does not answer."),
    ],
)
def test_what_is_known_is_told_in_a_sentence(error: Exception, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as end:
        run(_failing(error))
    assert end.value.exit_code == Exit.UNAVAILABLE
    assert capsys.readouterr().err.startswith(f"overprint: {said} ")


def test_what_nobody_foresaw_is_written_down_for_this_user_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(typer.Exit) as end:
        run(_failing(ZeroDivisionError("a private word")))
    assert end.value.exit_code == Exit.UNAVAILABLE
    (log,) = tmp_path.iterdir()
    said = capsys.readouterr().err
    assert said == f"overprint: Something unforeseen went wrong (ZeroDivisionError). Details: {log}\n"
    assert "a private word" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
