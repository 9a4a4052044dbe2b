"""Pure decisions about jobs as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overprint.http.wording import N_

# What people call the kinds of jobs.
KINDS = {"books.make@1": N_("Book"), "samples.page@1": N_("Sample page"), "videos.make@1": N_("Film")}
_WORDS, _PICTURES = frozenset({"text-generation"}), frozenset({"image-generation"})


@dataclass(frozen=True, slots=True)
class Sums:
    """``inks``: how far words, pictures, the product's third thing and the whole are, each "on", "now" or "".

    ``credits``: what was charged for its steps. ``cost_microdollars``: what its providers took.
    """

    inks: tuple[str, str, str, str]
    credits: int
    cost_microdollars: int


def sums_of(state: str, rows: Sequence[Mapping[str, Any]]) -> Sums:
    """``rows``: what the job's steps of each queue add up to."""
    words = [row for row in rows if row["queue"] in _WORDS]
    pictures = [row for row in rows if row["queue"] in _PICTURES]
    third = [row for row in rows if row["queue"] not in _WORDS | _PICTURES]
    ready = "on" if state == "completed" else ""
    inks = (_ink(words), _ink(pictures), _ink(third), ready)
    return Sums(inks, sum(row["credits"] for row in rows), sum(row["cost_microdollars"] for row in rows))


def _ink(rows: Sequence[Mapping[str, Any]]) -> str:
    steps, delivered = sum(row["steps"] for row in rows), sum(row["delivered"] for row in rows)
    if steps and steps == delivered:
        return "on"
    return "now" if any(row["running"] for row in rows) else ""
