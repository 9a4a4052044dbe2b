"""Story material kept as TOML in ``data/``: beats, episodes, voices, running jokes, small true things.

A *script* is a text of lines. Each begins with a weight (1 always told, 2 told when there is room,
3 for long pages); an empty line begins a paragraph.
"""

from dataclasses import dataclass
from functools import cache

from overprint.core.codec import decode
from overprint.core.scene import Mood, PropKind, Setting, Time, Weather
from overprint.core.story import Genre, Tone
from overprint.craft.writing.vocabulary import load
from overprint.craft.writing.want_kinds import WantKind


@dataclass(frozen=True, slots=True)
class Names:
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    anyone: tuple[str, ...]
    animals: tuple[str, ...]
    robots: tuple[str, ...]
    dragons: tuple[str, ...]
    grown_ups_she: tuple[str, ...]
    grown_ups_he: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """``suits``: people, animals, robots, dragons. ``of``: words for those whose home it is above all others."""

    setting: Setting
    place: str
    suits: tuple[str, ...] = ()
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pools:
    """Who, what for and where, when a premise does not say.

    ``wants["hedge"]`` suit a companion who may be more than they seem. ``near``: where those who live in a setting
    go to sit and wish.
    """

    hero_traits: tuple[str, ...]
    companions: tuple[str, ...]
    names: Names
    heroes: dict[Genre, tuple[str, ...]]
    wants: dict[str, tuple[str, ...]]
    want_settings: dict[Genre, Setting]
    home: tuple[Home, ...]
    near: dict[Setting, tuple[Setting, ...]]
    lookouts: dict[Setting, tuple[str, ...]]
    lows: dict[Setting, tuple[str, ...]]
    goals: dict[Setting, tuple[str, ...]]
    roads: dict[Setting, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Opening:
    """A first line, and the line near the end that answers it."""

    first: str
    echo: str
    time: Time = Time.DAY


@dataclass(frozen=True, slots=True)
class Things:
    a: tuple[str, ...]
    b: tuple[str, ...]
    keep: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    home: tuple[str, ...]
    party: tuple[str, ...]
    last: tuple[str, ...]
    last_titles: tuple[str, ...]
    first_titles: tuple[str, ...]
    low_titles: tuple[str, ...]
    road_titles: tuple[str, ...]
    try_titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bones:
    """Scripts of the beats that every story has. Wants are by kind of want, or ``any``.

    A story of the road sets off and goes ``onward``; one at home goes out ``asking`` and comes ``back``."""

    opening: tuple[Opening, ...]
    early: tuple[Opening, ...]
    early_friends: tuple[str, ...]
    early_last: tuple[str, ...]
    things: Things
    want: dict[str, tuple[str, ...]]
    own_words: tuple[str, ...]
    setting_off: tuple[str, ...]
    asking: tuple[str, ...]
    onward: tuple[str, ...]
    back: tuple[str, ...]
    setback: tuple[str, ...]
    ending: Ending

    def for_want(self, table: dict[str, tuple[str, ...]], kind: WantKind) -> tuple[str, ...]:
        return (*table.get(kind.value, ()), *table["any"])


@dataclass(frozen=True, slots=True)
class Habit:
    """How a flaw shows at the beginning, and what has become of that very thing at the end."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """What stands in the hero's own way; ``traits`` are the adjectives it shows in."""

    id: str
    traits: tuple[str, ...]
    bite: tuple[str, ...]
    habit: tuple[Habit, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """How a companion talks."""

    id: str
    traits: tuple[str, ...]
    intro: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gag:
    """A running detail: set up, seen again, paid off in the darkest hour, remembered at the end."""

    id: str
    setup: tuple[str, ...]
    again: tuple[str, ...]
    payoff: str
    coda: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """``facts``, ``others`` and ``props`` are single lines by name: ``not_intro``, ``maybe_again``, ``lantern``."""

    flaw: tuple[Flaw, ...]
    voice: tuple[Voice, ...]
    gag: tuple[Gag, ...]
    facts: dict[str, tuple[str, ...] | str]
    others: dict[str, tuple[str, ...]]
    props: dict[str, tuple[str, ...]]

    def fact_lines(self, name: str) -> tuple[str, ...]:
        lines = self.facts.get(name, ())
        return (lines,) if isinstance(lines, str) else lines


@dataclass(frozen=True, slots=True)
class Senses:
    """Small true things, one line each."""

    settings: dict[Setting, tuple[str, ...]]
    weathers: dict[Weather, tuple[str, ...]]
    times: dict[Time, tuple[str, ...]]
    tones: dict[Tone, tuple[str, ...]]
    roads: dict[str, tuple[str, ...]]
    places: dict[str, tuple[str, ...]]
    anywhere: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Episode:
    """One attempt in one place. Without a ``helper`` the place itself is the trouble.

    ``place`` is unique: a writer finds the episode of a beat by it. ``payoff`` says how the ``gift`` helps at the end.
    """

    id: str
    setting: Setting
    place: str
    titles: tuple[str, ...]
    gift: str
    summary: str
    meet: str
    attempt: str
    give: str
    payoff: str
    helper: str = ""
    helper_names: tuple[str, ...] = ()
    prop: PropKind | None = None
    mood: Mood = Mood.WONDER
    time: Time = Time.DAY
    weather: Weather = Weather.CLEAR

    @property
    def words(self) -> str:
        return " ".join((self.place, self.gift, self.summary, self.meet, self.attempt, self.give, self.payoff))


@dataclass(frozen=True, slots=True)
class GenreWords:
    """How a kind of story sounds: its beginnings, things seen in passing, last lines, and where it likes to be."""

    opening: tuple[Opening, ...]
    colour: tuple[str, ...]
    last: tuple[str, ...]
    settings: tuple[Setting, ...] = ()


@cache
def genres() -> dict[Genre, GenreWords]:
    return decode(dict[Genre, GenreWords], load("genres"))


@cache
def pools() -> Pools:
    return decode(Pools, load("pools"))


@cache
def bones() -> Bones:
    return decode(Bones, load("story"))


@cache
def road_scripts() -> tuple[str, ...]:
    """Small scenes for the pages between two attempts."""
    return decode(tuple[str, ...], load("roads")["road"])


@cache
def rest_scripts() -> tuple[str, ...]:
    """Small scenes for the pages after a try that went wrong."""
    return decode(tuple[str, ...], load("roads")["rest"])


@cache
def people() -> People:
    return decode(People, load("people"))


@cache
def senses() -> Senses:
    return decode(Senses, load("senses"))


@cache
def episodes() -> tuple[Episode, ...]:
    tables = [*load("episodes_wild")["episode"], *load("episodes_high")["episode"]]
    return decode(tuple[Episode, ...], tables)
