"""Plots kept as TOML in ``data/plots/``: what somebody who wants such a thing tries, and how it comes right.

Every plot is told by scripts (see ``data/README.md``). A plot suits one or more kinds of want and may need
words that can be read from it: a plot that needs ``made`` is not used for a want that makes nothing.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from overprint.core.codec import decode
from overprint.core.scene import Mood, PropKind, Setting, Time, Weather
from overprint.core.story import Age, CharacterRole, Outline
from overprint.craft.writing.templates import for_reader, script
from overprint.craft.writing.want_words import want_words
from overprint.craft.writing.wants import WantKind, kind_of_want


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try that goes wrong. ``rise`` 1 to 3 says how much is at stake. Without a ``place`` it happens at home."""

    id: str
    rise: int
    summary: str
    trying: str
    failing: str
    setting: Setting | None = None
    place: str = ""
    prop: PropKind | None = None
    mood: Mood = Mood.WONDER
    time: Time = Time.DAY
    weather: Weather = Weather.CLEAR
    needs: tuple[str, ...] = ()

    def words(self, age: Age) -> str:
        """Every word that must be told to readers of ``age``."""
        lines = for_reader(script(self.trying), age) + for_reader(script(self.failing), age)
        return " ".join((self.place, self.summary, *(line.template for line in lines if line.weight <= 1)))


@dataclass(frozen=True, slots=True)
class Plot:
    """What happens to a want. ``attempt`` has one at least for every rise.

    ``borrows``: tries of other plots that speak of no want, by id. ``is_verse``: told in verse from ``opening``
    to ``echo``. ``ends_where_low``: it comes right in the very place of the low point.
    ``roams``: the tries lead along a road, past people who help.
    """

    id: str
    kinds: tuple[WantKind, ...]
    titles: tuple[str, ...]
    want: tuple[str, ...]
    attempt: tuple[Attempt, ...]
    low: tuple[str, ...]
    turn: tuple[str, ...]
    success: tuple[str, ...]
    echo: tuple[str, ...]
    needs: tuple[str, ...] = ()
    roams: bool = False
    is_at_home: bool = False
    ends_where_low: bool = False
    is_verse: bool = False
    opening: tuple[str, ...] = ()
    borrows: tuple[str, ...] = ()


@cache
def plots() -> tuple[Plot, ...]:
    folder = files("overprint.craft.writing") / "data" / "plots"
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return tuple(decode(Plot, tomllib.loads(entry.read_text("utf-8"))) for entry in found)


def plots_for(want: str, is_verse: bool = False) -> tuple[Plot, ...]:
    """Every plot for somebody who wants to ``want``: of those that fit, the ones that speak of most of its words.

    Where a single one does, those for any want join it, so that the next seed tells another story.
    """
    kind, known = kind_of_want(want), {name for name, words in want_words(want).items() if words}
    fitting = [plot for plot in plots() if kind in plot.kinds and known >= set(plot.needs)]
    fitting = [plot for plot in fitting if plot.is_verse is is_verse]
    closest = max(len(plot.needs) + (WantKind.OTHER not in plot.kinds) for plot in fitting)
    chosen = tuple(p for p in fitting if len(p.needs) + (WantKind.OTHER not in p.kinds) == closest)
    return chosen if len(chosen) > 1 or kind is not WantKind.OTHER else tuple(fitting)


def plot_for(want: str, seed: int, is_verse: bool = False) -> Plot:
    """One of :func:`plots_for`; the next seed takes another, so that the same premise can be told again."""
    fitting = plots_for(want, is_verse)
    return fitting[(Random(f"plot|{want}").randrange(len(fitting)) + seed) % len(fitting)]


def plot_told(outline: Outline, want: str, is_verse: bool) -> Plot:
    """The plot that ``outline`` was planned by: the one whose tries most of its beats speak of."""
    hero = next((c for c in outline.characters if c.role is CharacterRole.HERO), outline.characters[0])
    beats = [beat.summary for chapter in outline.chapters for beat in chapter.beats]
    fitting = plots_for(want, is_verse)

    def known(plot: Plot) -> int:
        tries = [_opening_words(attempt.summary, hero.name) for attempt in plot.attempt]
        return sum(1 for words in tries if any(words in beat for beat in beats))

    return max(fitting, key=known)


def _opening_words(summary: str, hero: str) -> str:
    """The longest stretch of ``summary`` without a slot other than the hero."""
    return max(re.split(r"\{\w+\}", summary.replace("{hero}", hero)), key=len).strip()


def attempts_for(
    plot: Plot, count: int, age: Age, closed: frozenset[str], rng: Random, known: frozenset[str] = frozenset()
) -> tuple[Attempt, ...]:
    """``count`` tries (at most one a rise when there are three), rising; none that speaks of what is ``closed``.

    ``known``: the words that can be read from the want. A try that needs some of them comes before those of its rise
    that need none.
    """
    sayable = [attempt for attempt in tries_of(plot) if known >= set(attempt.needs)]
    lower = [attempt for attempt in sayable if not set(_words(attempt.words(age))) & closed]
    free = [attempt for attempt in lower if attempt.setting is None or attempt.setting.value not in closed]
    chosen: list[Attempt] = []
    in_own_words = {attempt.rise for attempt in free if attempt.needs}
    for rise in sorted((3, 1, 2), key=lambda rise: rise not in in_own_words):
        level = [attempt for attempt in free if attempt.rise == rise]
        if level and len(chosen) < count:
            chosen.append(rng.choice([attempt for attempt in level if attempt.needs] or level))
    spare = [attempt for attempt in free if attempt not in chosen]
    chosen += rng.sample(spare, max(0, min(len(spare), count - len(chosen))))
    return tuple(sorted(chosen, key=lambda attempt: attempt.rise))


def _words(text: str) -> list[str]:
    return [word.strip(".,;:!?“”‘’|[]()").lower() for word in text.replace("|", " ").replace("[", " ").split()]


@cache
def tries_of(plot: Plot) -> tuple[Attempt, ...]:
    """A plot's own tries, and those that it borrows."""
    return (*plot.attempt, *(each for other in plots() for each in other.attempt if each.id in plot.borrows))
