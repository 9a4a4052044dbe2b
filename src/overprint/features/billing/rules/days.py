"""What was used, day by day, as bars to look at. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

# A day with anything at all is seen.
_HEIGHT_MIN, _HEIGHT_MAX = 2, 100


class Bar(NamedTuple):
    """``height`` is from 0 to 100, of the day with the most credits."""

    day: date
    credits: int
    height: int


def bars_of(rows: Iterable[Mapping[str, Any]], today: date, days: int) -> list[Bar]:
    """One for each of the last ``days``, today last; days that ``rows`` leave out had nothing."""
    used = {row["day"]: int(row["credits"]) for row in rows}
    most = max([*used.values(), 1])
    found = [today - timedelta(days=back) for back in reversed(range(days))]
    return [Bar(day, used.get(day, 0), _height(used.get(day, 0), most)) for day in found]


def _height(credits: int, most: int) -> int:
    return max(_HEIGHT_MIN, round(_HEIGHT_MAX * credits / most)) if credits > 0 else 0
