"""Plots kept as TOML in ``data/plots/``: what somebody who wants such a thing tries, and how it comes right.

Every plot is told by scripts (see ``data/README.md``). A plot suits one or more kinds of want and may need
words that can be read from it: a plot that needs ``made`` is not used for a want that makes nothing.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from overprint.core.codec import decode
from overprint.core.scene import Mood, PropKind, Setting, Time, Weather
from overprint.core.story import Age, CharacterRole, Outline
from overprint.craft.writing.plot import is_shortest
from overprint.craft.writing.templates import for_reader, script
from overprint.craft.writing.want_kinds import WantKind, kind_of_want
from overprint.craft.writing.want_words import want_words

OWN_MAX = 2
_SLOT = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try that goes wrong. ``rise`` 1 to 3 says how much is at stake. Without a ``place`` it happens at home.

    ``suits``: a way that the hero must have for it to be theirs (see :mod:`own_ways`).
    """

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
    suits: tuple[str, ...] = ()

    def words(self, age: Age) -> str:
        """Every word that must be told to readers of ``age``."""
        lines = for_reader(script(self.trying), age) + for_reader(script(self.failing), age)
        return " ".join((self.place, self.summary, *(line.template for line in lines if line.weight <= 1)))


@dataclass(frozen=True, slots=True)
class Where:
    """A place of a plot; without a ``setting`` it is where the hero lives."""

    setting: Setting | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """What happens to a want. ``attempt`` has one at least for every rise.

    ``borrows``: tries of other plots that speak of no want, by id. ``is_verse``: told in verse from ``opening``
    to ``echo``. ``is_brief``: told so in few words, for the shortest book.
    ``ends_where_low``: it comes right in the very place of the low point.
    ``is_low_at_home``: the low point is at home, wherever the tries were.
    ``roams``: the tries lead along a road, past people who help. ``speaks_of``: its tries, by id, and "want", that are
    spoken of later, so that no others may be told instead. ``want_at``, ``low_at``, ``success_at``: where these pages
    are, if their words say so. ``closer``: how much more than its ``needs`` it is about the want.
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
    is_low_at_home: bool = False
    is_verse: bool = False
    is_brief: bool = False
    opening: tuple[str, ...] = ()
    borrows: tuple[str, ...] = ()
    speaks_of: tuple[str, ...] = ()
    want_at: Where | None = None
    low_at: Where | None = None
    success_at: Where | None = None
    closer: int = 0

    @property
    def rises_told_of(self) -> frozenset[int]:
        """The rises whose tries are spoken of later."""
        return frozenset(attempt.rise for attempt in self.attempt if attempt.id in self.speaks_of)


@cache
def plots() -> tuple[Plot, ...]:
    return _kept_in("plots")


@cache
def brief_plots() -> tuple[Plot, ...]:
    """Plots for the shortest book, each for any want."""
    return _kept_in("brief")


def _kept_in(name: str) -> tuple[Plot, ...]:
    folder = files("overprint.craft.writing") / "data" / name
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return tuple(decode(Plot, tomllib.loads(entry.read_text("utf-8"))) for entry in found)


def plots_for(want: str, is_verse: bool = False) -> tuple[Plot, ...]:
    """Every plot for somebody who wants to ``want``: of those that fit, the ones that speak of most of its words.

    Where a single one does, those that come next take turns with it, so that the next seed tells another story.
    """
    kind = kind_of_want(want)
    fitting = [plot for plot in _possible(want) if plot.is_verse is is_verse]
    chosen = _closest(fitting)
    if len(chosen) > 1 or not (kind is WantKind.OTHER or chosen[0].closer):
        return chosen
    others = tuple(plot for plot in fitting if plot not in chosen)
    others = others if kind is WantKind.OTHER else _closest(others)
    return tuple(each for plot in others for each in (chosen[0], plot)) or chosen


def _closest(plots: Sequence[Plot]) -> tuple[Plot, ...]:
    most = max((_closeness(plot) for plot in plots), default=0)
    return tuple(plot for plot in plots if _closeness(plot) == most)


def _closeness(plot: Plot) -> int:
    """How much of a want a plot is about."""
    return len(plot.needs) + plot.closer + (plot.is_verse or WantKind.OTHER not in plot.kinds)


def _possible(want: str) -> tuple[Plot, ...]:
    """The plots of the want's kind whose words it has."""
    kind, known = kind_of_want(want), {name for name, words in want_words(want).items() if words}
    return tuple(plot for plot in plots() if kind in plot.kinds and known >= set(plot.needs))


def plot_for(
    want: str,
    seed: int,
    is_verse: bool = False,
    unfit: re.Pattern[str] | None = None,
    own_rises: frozenset[int] = frozenset(),
) -> Plot:
    """One of :func:`plots_for`; the next seed takes another, so that the same premise can be told again.

    ``unfit``: what these people do not do; plots that are sure to say it come in only where there is no other, and so
    do those without room for the hero's own tries, which have ``own_rises``.
    """
    closest = plots_for(want, is_verse)
    every = tuple(plot for plot in _possible(want) if plot.is_verse is is_verse)
    fit = [tuple(p for p in among if unfit is None or not unfit.search(_sure_words(p))) for among in (closest, every)]
    roomy = [tuple(p for p in among if not own_rises or own_rises - p.rises_told_of) for among in fit]
    fitting = next((among for among in (*roomy, *fit) if among), closest)
    return fitting[(Random(f"plot|{want}").randrange(len(fitting)) + seed) % len(fitting)]


@cache
def _brief_words(plot: Plot) -> str:
    texts = (*plot.opening, *plot.want, *plot.low, *plot.turn, *plot.success, *plot.echo)
    return "\n".join((*texts, *(text for a in plot.attempt for text in (a.trying, a.failing))))


def brief_plot_for(want: str, seed: int, unfit: re.Pattern[str] | None, closed: frozenset[str]) -> Plot:
    """One of :func:`brief_plots`; the next seed takes the next. ``unfit``: what these people do not do. A plot that
    says it, or has a word that is ``closed``, gives way to the next but one, so that two seeds running stay apart."""
    every = brief_plots()
    first = Random(f"plot|{want}").randrange(len(every)) + seed
    turns = [every[(first + 2 * n) % len(every)] for n in range(len(every))]

    def objections(plot: Plot) -> tuple[bool, bool]:
        words = _brief_words(plot)
        return unfit is not None and bool(unfit.search(words)), bool(set(_words(words)) & closed)

    return min(turns, key=objections)


@cache
def _sure_words(plot: Plot) -> str:
    """What a plot tells whatever is tried, to readers who read for themselves."""
    texts = (*plot.want, *plot.low, *plot.turn, *plot.success)
    told = [line for age in (Age.EARLY, Age.YOUNG) for text in texts for line in for_reader(script(text), age)]
    return "\n".join(line.template for line in told if line.weight <= 1)


def plot_told(outline: Outline, want: str, is_verse: bool) -> Plot:
    """The plot that ``outline`` was planned by: the one whose tries most of its beats speak of.

    Tries may be borrowed; those that a plot speaks of later are there for certain, unless a person has changed one. Of
    plots that lend each other the same tries it is the one that such a title comes from.
    """
    hero = next((c for c in outline.characters if c.role is CharacterRole.HERO), outline.characters[0])
    beats = [beat.summary for chapter in outline.chapters for beat in chapter.beats]
    closest = plots_for(want, is_verse)
    fitting = (*closest, *(p for p in _possible(want) if p.is_verse is is_verse and p not in closest))
    if is_shortest(len(beats), len(outline.chapters)) and not is_verse:
        fitting += brief_plots()

    def known(plot: Plot) -> tuple[int, int, int, int]:
        told = {a.id for a in tries_of(plot) if any(_is_told(a.summary, hero.name, beat) for beat in beats)}
        own = {a.id for a in plot.attempt}
        not_told = (own & set(plot.speaks_of)) - told
        is_called = any(_is_told(title, hero.name, outline.title, is_all=True) for title in plot.titles)
        return -len(not_told), len(told), is_called, len(told & own)

    return max(fitting, key=known)


def _is_told(template: str, hero: str, text: str, is_all: bool = False) -> bool:
    """Whether ``template`` stands in ``text`` (``is_all``: and nothing else), whatever fills slots but the hero's."""
    first, *rest = _SLOT.split(template.replace("{hero}", hero).lower())
    low = text.lower()
    at = low.find(first)
    if at < 0 or (is_all and (at > 0 or not low.endswith((rest or [first])[-1]))):
        return False
    end = at + len(first)
    for part in rest:
        found = low.find(part, end + 1)  # a slot is never empty
        if found < 0:
            return False
        end = found + len(part)
    return not is_all or bool(rest) or end == len(low)


def attempts_for(
    plot: Plot,
    count: int,
    age: Age,
    closed: frozenset[str],
    rng: Random,
    known: frozenset[str] = frozenset(),
    own: tuple[Attempt, ...] = (),
    unfit: re.Pattern[str] | None = None,
    world: frozenset[Setting] = frozenset(Setting),
) -> tuple[Attempt, ...]:
    """``count`` tries (at most one a rise when there are three), rising; none that speaks of what is ``closed``.

    ``known``: the words that can be read from the want. A try that needs some of them comes before those of its rise
    that need none. ``own``: tries that are the hero's own: at most two of three. ``unfit``: what the hero does not do.
    ``world``: where they live; tries elsewhere only where a rise has no other.
    """
    sayable = [attempt for attempt in tries_of(plot) if known >= set(attempt.needs)]
    fit = [attempt for attempt in sayable if unfit is None or not unfit.search(attempt.words(age))]
    sayable = fit if len({attempt.rise for attempt in fit}) == len({attempt.rise for attempt in sayable}) else sayable
    lower = [attempt for attempt in sayable if not set(_words(attempt.words(age))) & closed]
    free = [attempt for attempt in lower if attempt.setting is None or attempt.setting.value not in closed]
    near = [attempt for attempt in free if attempt.setting is None or attempt.setting in world]
    free = [attempt for attempt in free if attempt in near or all(other.rise != attempt.rise for other in near)]
    chosen = _own(tuple(a for a in own if a.rise not in plot.rises_told_of), min(count - 1, OWN_MAX), age, closed, rng)
    in_own_words = {attempt.rise for attempt in free if attempt.needs}
    open_rises = [rise for rise in (3, 1, 2) if all(rise != attempt.rise for attempt in chosen)]
    for n, rise in enumerate(sorted(open_rises, key=lambda rise: rise not in in_own_words), start=1):
        level = [attempt for attempt in free if attempt.rise == rise]
        if n == len(open_rises) and not set(chosen) & set(plot.attempt):
            # by one of its own tries a plot is known again
            level = [attempt for attempt in level if attempt in plot.attempt] or level
        if level and len(chosen) < count:
            spoken_of = [attempt for attempt in level if attempt.id in plot.speaks_of]
            chosen.append(rng.choice(spoken_of or [attempt for attempt in level if attempt.needs] or level))
    spare = [attempt for attempt in free if attempt not in chosen]
    chosen += rng.sample(spare, max(0, min(len(spare), count - len(chosen))))
    return tuple(sorted(chosen, key=lambda attempt: attempt.rise))


def _own(own: tuple[Attempt, ...], most: int, age: Age, closed: frozenset[str], rng: Random) -> list[Attempt]:
    """At most ``most`` of the hero's own tries, of different rises."""
    free = [attempt for attempt in own if not set(_words(attempt.words(age))) & closed]
    chosen: list[Attempt] = []
    for attempt in rng.sample(free, len(free)):
        if len(chosen) < most and all(attempt.rise != other.rise for other in chosen):
            chosen.append(attempt)
    return chosen


def _words(text: str) -> list[str]:
    return [word.strip(".,;:!?“”‘’|[]()").lower() for word in text.replace("|", " ").replace("[", " ").split()]


@cache
def tries_of(plot: Plot) -> tuple[Attempt, ...]:
    """A plot's own tries, and those that it borrows."""
    return (*plot.attempt, *(each for other in plots() for each in other.attempt if each.id in plot.borrows))
