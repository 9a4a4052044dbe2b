"""The doctor tells what is wrong; it never falls ill itself."""

from pathlib import Path

import pytest

from overprint.main.doctoring import examine
from overprint.main.exits import Exit
from tests.support.database import TestDatabase


async def test_settings_that_cannot_be_used_are_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERPRINT_WEB_PORT", "no port")
    assert await examine(tmp_path) == Exit.UNAVAILABLE
    assert "wrong Settings:" in capsys.readouterr().out


async def test_a_wrong_password_is_a_finding_that_names_the_setting(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database_urls: TestDatabase,
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_urls.app.replace("overprint_app:", "overprint_app:wrong"))
    monkeypatch.setenv("DATABASE_SYSTEM_URL", database_urls.system)
    monkeypatch.setenv("DATABASE_OWNER_URL", database_urls.owner)
    assert await examine(tmp_path / "data") == Exit.UNAVAILABLE
    said = capsys.readouterr().out
    assert "wrong Database: DATABASE_URL cannot be used" in said
    assert "Data folder:" in said
