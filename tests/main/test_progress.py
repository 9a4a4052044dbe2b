"""Progress on a terminal: as much of it as fits."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from overprint.engine.events import Event
from overprint.engine.job import JobState
from overprint.main.beginning import Begun
from overprint.main.exporting import Exported
from overprint.main.progress import WIDE_COLUMNS, terminal_progress
from tests.support.terminal import lines_shown

JOB = UUID("01a1fdb9-5771-704a-9378-faa44a9b3fb3")
TOLD: tuple[tuple[str, dict[str, str | float]], ...] = (
    ("step.started", {"key": "plan", "title": "Planning the story"}),
    ("step.completed", {"key": "plan", "progress": 0.25}),
    ("step.started", {"key": "text/1", "title": "Writing chapter 1, page 2, of a book with a very long name"}),
    ("step.completed", {"key": "text/1", "progress": 1.0}),
)


def shown(columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines of a book's progress on a terminal of this width."""
    for name, value in {"COLUMNS": str(columns), "TERM": "xterm", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    progress = terminal_progress()
    with progress:
        progress.begin(Begun(JOB, {"id": JOB, "state": JobState.QUEUED, "progress": 0}), "")
        for seq, (kind, data) in enumerate(TOLD, 1):
            job = {"steps_ended": seq // 2, "steps_total": 2}
            progress.tell(Event(JOB, seq, datetime(2026, 11, 21, tzinfo=UTC), kind, dict(data)), job)
    progress.done(JobState.COMPLETED, Path("book"), Exported([Path("book.pdf")], []), None)
    return lines_shown(capsys.readouterr().err)


@pytest.mark.parametrize("columns", [20, 40, WIDE_COLUMNS - 1, WIDE_COLUMNS, 200])
def test_a_bar_stays_on_one_line_of_a_terminal_of_any_width(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(columns, monkeypatch, capsys)
    assert any("100%" in line for line in lines)
    assert max(map(len, lines)) <= columns
    assert any("2/2 steps" in line for line in lines) == (columns >= WIDE_COLUMNS)
