"""Tables on terminals of any width."""

import io

import pytest
from rich.console import Console

from overprint.main.tables import Column, fitted

COLUMNS = (Column("id", 1), Column("title", 3, shrinks=True), Column("state", 2), Column("began", 4))
ID = "01a1fdb9-5771-704a-9378-faa44a9b3fb3"
ROWS = [(ID, "A shy fox wants to fly a lantern boat to the moon", "completed", "2026-11-21 10:49")]


def shown(width: int, rows: list[tuple[str, ...]] = ROWS) -> list[str]:
    console = Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False)
    console.print(fitted(COLUMNS, rows, console.width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize(
    ("width", "names"),
    [
        (200, ["id", "title", "state", "began"]),
        (100, ["id", "title", "state", "began"]),
        (78, ["id", "title", "state"]),
        (60, ["id", "state"]),
        (40, ["id"]),
    ],
)
def test_the_least_important_columns_are_done_without(width: int, names: list[str]) -> None:
    head, row = shown(width)
    assert head.split() == names
    assert row.startswith(ID)
    assert max(len(head), len(row)) <= width


def test_what_is_too_long_is_cut_short_where_it_may_be() -> None:
    assert "A shy fox" in shown(72)[1]
    assert "…" in shown(72)[1]
    assert "…" not in shown(200)[1]


def test_a_terminal_narrower_than_the_first_column_folds_it() -> None:
    _, *lines = shown(20)
    assert "".join(line.strip() for line in lines) == ID


def test_wide_letters_and_what_looks_like_markup_are_counted_and_shown() -> None:
    lines = shown(60, [("1", "狐狸" * 20, "ready", "now"), ("2", "[/red] :fox:", "ready", "now")])
    assert len(lines) == 3
    assert "狐狸" in lines[1]
    assert "[/red] :fox:" in lines[2]
