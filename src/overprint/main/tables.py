"""Tables that fit the terminal: columns are left out rather than broken into pieces that nobody can read or copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rich.cells import cell_len
from rich.table import Table

Overflow: TypeAlias = Literal["fold", "ellipsis"]

GAP = 2
LEAST_SHRUNK = 12


@dataclass(frozen=True, slots=True)
class Column:
    """``rank``: lower is more important, and stays longer. One that ``shrinks`` is cut short before it is left out."""

    name: str
    rank: int
    shrinks: bool = False


def fitted(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> Table:
    """A table at most ``width`` cells wide, unless the most important column alone is wider: that one is folded."""
    natural = [max(cell_len(text) for text in (column.name, *cells)) for column, cells in _by_column(columns, rows)]
    least = [
        min(cells, LEAST_SHRUNK) if column.shrinks else cells for column, cells in zip(columns, natural, strict=True)
    ]
    kept = sorted(range(len(columns)), key=lambda n: columns[n].rank)
    while len(kept) > 1 and _total([least[n] for n in kept]) > width:
        kept.pop()
    first, kept = kept[0], sorted(kept)
    spare = width - _total([least[n] for n in kept])
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for n in kept:
        shown = least[n] + max(0, min(spare, natural[n] - least[n]))
        spare -= shown - least[n]
        overflow: Overflow = "fold" if n == first else "ellipsis"
        table.add_column(columns[n].name, overflow=overflow, no_wrap=n != first, width=min(shown, width))
    for row in rows:
        table.add_row(*(row[n] for n in kept))
    return table


def _by_column(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[tuple[Column, list[str]]]:
    return [(column, [row[n] for row in rows]) for n, column in enumerate(columns)]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)
