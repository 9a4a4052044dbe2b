"""Where a book takes place, and what is tried there: its spots, its tries and the people met."""

import re
from dataclasses import dataclass
from random import Random

from overprint.core.scene import PEOPLE, Setting, Sheet, Species
from overprint.core.story import Age, Brief, Character, Genre
from overprint.craft.writing.casting import Cast, Wardrobe, helper
from overprint.craft.writing.facts import FactKind, facts_of
from overprint.craft.writing.own_ways import RETOLD, own_tries, unfit, ways_of
from overprint.craft.writing.plot import PageShape, Role, shape
from overprint.craft.writing.plots import Attempt, Plot, Where, attempts_for
from overprint.craft.writing.premise import Reading
from overprint.craft.writing.premise_things import settings_in
from overprint.craft.writing.story_data import Episode, episodes, genres, pools
from overprint.craft.writing.want_words import want_words

_ORDER = [
    Setting(name)
    for name in ["bedroom", "library", "village", "city", "meadow", "forest", "sea", "mountain", "sky", "moon"]
]  # as a journey goes: out of doors, then away, then up


@dataclass(frozen=True, slots=True)
class Spot:
    """A kind of place, and which one it is, in words."""

    setting: Setting
    place: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What the pages tell, and where. ``attempts`` are numbered as the pages number them."""

    home: Spot
    lookout: Spot
    low: Spot
    goal: Spot
    shapes: tuple[PageShape, ...]
    attempts: tuple[Attempt | Episode, ...]
    helpers: dict[str, Character]
    helper_sheets: dict[str, Sheet]
    is_at_home: bool


def stage_of(brief: Brief, reading: Reading, cast: Cast, plot: Plot, avoid: frozenset[str], rng: Random) -> Stage:
    closed = {s for s in Setting if s.value in reading.forbidden}
    home = _home(reading, cast, closed, brief.genre, rng, is_far=_leads_away(plot))
    lookout = _at(plot.want_at, home, closed) or _lookout(plot, home, closed, avoid, rng)
    goal = _at(plot.success_at, home, closed) or _goal(brief, reading, plot, home, closed, avoid, rng)
    taken = {home.setting, goal.setting, lookout.setting}
    shapes = shape(brief.pages, plot.roams and brief.age is not Age.EARLY, plot.is_verse)
    numbers = {page.attempt: page.is_own for page in shapes if page.attempt >= 0}
    known = frozenset(name for name, words in want_words(cast.hero.want).items() if words)
    ways = ways_of(cast.hero)
    unfit_for_them = unfit(ways - RETOLD, ways_of(cast.companion) - RETOLD)
    theirs = () if plot.is_verse or plot.is_brief else tuple(a for a in own_tries().attempt if ways & set(a.suits))
    shut = avoid | {s.value for s in closed}
    own = attempts_for(
        plot, sum(numbers.values()), brief.age, shut, rng, known, theirs, unfit_for_them, _world_of(home)
    )
    taken |= {attempt.setting for attempt in own if attempt.setting is not None}
    room = min(8 - len(cast.characters), 2 if brief.pages < 18 else 5)
    met = _attempts(len(numbers) - len(own), reading, brief.genre, taken, closed, avoid, room, rng)
    low = _at(plot.low_at, home, closed) or _low(plot, own, met, home, lookout, taken | closed, avoid, rng)
    goal = low if plot.ends_where_low else goal
    helpers, sheets = _helpers(met, cast, rng)
    shapes, attempts = _numbered(shapes, own, tuple(met))
    return Stage(home, lookout, low, goal, shapes, attempts, helpers, sheets, plot.is_at_home)


# Where nobody comes by a tram: what is near there.
_IN_SPACE = frozenset({Setting.MOON, Setting.SPACESHIP, Setting.CAVE, Setting.SKY})
_WORLDS = {
    Setting.UNDERWATER: frozenset({Setting.UNDERWATER, Setting.CAVE, Setting.SEA, Setting.BEACH, Setting.SHIP}),
    Setting.MOON: _IN_SPACE,
    Setting.SPACESHIP: _IN_SPACE,
}


def _world_of(home: Spot) -> frozenset[Setting]:
    """Settings that those who live at ``home`` come by."""
    return _WORLDS.get(home.setting, frozenset(Setting))


def _leads_away(plot: Plot) -> bool:
    """Whether what is wanted is somewhere else than where the hero lives."""
    return plot.roams or bool({"goal", "load", "vehicle"} & set(plot.needs))


def _at(where: Where | None, home: Spot, closed: set[Setting]) -> Spot | None:
    """Where the words of a plot say that a page is; in a world of their own, or where that is closed, it is at home."""
    if where is None:
        return None
    if where.setting is None or where.setting in closed or where.setting not in _world_of(home):
        return home
    return Spot(where.setting, where.place)


def _lookout(plot: Plot, home: Spot, closed: set[Setting], avoid: frozenset[str], rng: Random) -> Spot:
    """Where somebody sits to wish: not far from home, and seldom in the same kind of place as in the last book."""
    near = [s for s in pools().near[home.setting] if s not in closed]
    return _spot(pools().lookouts, rng.choice(near or [home.setting]), avoid, rng)


def _low(
    plot: Plot,
    own: tuple[Attempt, ...],
    met: list[Episode],
    home: Spot,
    lookout: Spot,
    taken: set[Setting],
    avoid: frozenset[str],
    rng: Random,
) -> Spot:
    """Where the last try left them, unless the plot says that they are at home by then."""
    if plot.is_low_at_home or plot.is_at_home:
        return lookout
    last = own[-1] if own else None
    if last is not None and last.setting is not None:
        return Spot(last.setting, last.place)
    used = taken | {episode.setting for episode in met} | {Setting.BEDROOM, Setting.LIBRARY}
    return _spot(pools().lows, _unless(Setting.MOUNTAIN, used, rng), avoid, rng)


def _goal(
    brief: Brief,
    reading: Reading,
    plot: Plot,
    home: Spot,
    closed: set[Setting],
    avoid: frozenset[str],
    rng: Random,
) -> Spot:
    if plot.is_at_home:
        return _spot(pools().lookouts, home.setting, avoid, rng)
    wanted = reading.want_setting or next((s for s in reading.settings if s is not home.setting), None)
    is_near = not _leads_away(plot)
    setting = (
        wanted or home.setting
        if is_near
        else wanted or _unless(pools().want_settings[brief.genre], {home.setting} | closed, rng)
    )
    return Spot(setting, rng.choice(pools().goals[setting]))


def _numbered(
    shapes: tuple[PageShape, ...], own: tuple[Attempt, ...], met: tuple[Episode, ...]
) -> tuple[tuple[PageShape, ...], tuple[Attempt | Episode, ...]]:
    """The attempts in the order of the pages. A page for which none is left rests or goes along the road."""
    left: dict[bool, list[Attempt | Episode]] = {True: list(own), False: list(met)}
    attempts: list[Attempt | Episode] = []
    number: dict[int, int] = {}
    pages: list[PageShape] = []
    for page in shapes:
        if page.attempt >= 0 and page.attempt not in number and left[page.is_own]:
            number[page.attempt] = len(attempts)
            attempts.append(left[page.is_own].pop(0))
        if page.attempt in number or page.attempt < 0:
            pages.append(PageShape(page.roles, number.get(page.attempt, -1)))
        else:
            is_home = page.is_own or not any(isinstance(attempt, Episode) for attempt in attempts)
            pages.append(PageShape((Role.REST if is_home else Role.ROAD,), len(attempts) - 1))
    return tuple(pages), tuple(attempts)


def _spot(table: dict[Setting, tuple[str, ...]], setting: Setting, avoid: frozenset[str], rng: Random) -> Spot:
    fitting = [place for place in table[setting] if not _mentions(place, avoid)]
    return Spot(setting, rng.choice(fitting or table[setting]))


def _unless(first: Setting, taken: set[Setting], rng: Random) -> Setting:
    """``first`` when it is free, else another free one on the ground, else ``first``."""
    free = [s for s in _ORDER if s not in taken and s not in (Setting.MOON, Setting.SKY)]
    return first if first not in taken or not free else rng.choice(free)


def _home(reading: Reading, cast: Cast, closed: set[Setting], genre: Genre, rng: Random, is_far: bool = True) -> Spot:
    """Where the hero lives: not where the want is, if that ``is_far``."""
    away = {reading.want_setting} if is_far else set()
    for fact in facts_of(cast.hero):
        lives = re.match(
            r"(?:live|go) (?:all alone |alone )?(in|on|at|by|under|near|inside|behind|above|to) (.+)", fact.what
        )
        if fact.kind is FactKind.HABIT and lives:
            place = re.sub(r"^an? ", "the ", lives[2])
            named = next(iter(settings_in(f"{lives[1]} {place}", ())), None)
            if lives[1] in ("under", "behind", "above"):
                return Spot(named or Setting.VILLAGE, f"the place {lives[1]} {place}")
            return Spot(
                named or Setting.VILLAGE,
                place if place.startswith(("the ", "her ", "his ", "their ")) else f"the house in {place}",
            )
    species = cast.sheets[cast.hero.id].species
    kind = (
        "people"
        if species in PEOPLE
        else "robots"
        if species is Species.ROBOT
        else "dragons"
        if species is Species.DRAGON
        else "animals"
    )
    fitting = [h for h in pools().home if kind in h.suits and h.setting not in closed | away]
    ordinary = [h for h in fitting if h.setting not in (Setting.MOON, Setting.SKY)]
    spoken_of = [h for h in ordinary if h.setting in reading.settings]
    usual = [h for h in fitting if h.setting in genres()[genre].settings]
    words = {*cast.hero.noun.lower().split(), species.value}
    own = [h for h in pools().home if words & set(h.of) and h.setting not in closed | away]
    own = [h for h in own if set(cast.hero.noun.lower().split()) & set(h.of)] or own
    suiting = [h for h in own if h.setting in reading.settings] or spoken_of or own
    chosen = rng.choice(suiting or usual or ordinary or list(pools().home))
    return Spot(chosen.setting, chosen.place)


def _attempts(
    count: int,
    reading: Reading,
    genre: Genre,
    taken: set[Setting],
    closed: set[Setting],
    avoid: frozenset[str],
    room: int,
    rng: Random,
) -> list[Episode]:
    """``count`` episodes (fewer when there are not enough), in settings as different as can be, in a natural order."""
    off_earth = genre is Genre.SPACE or Setting.MOON in reading.settings
    flies = off_earth or genre in (Genre.FANTASY, Genre.BEDTIME) or Setting.SKY in reading.settings
    fitting = [
        e
        for e in episodes()
        if e.setting not in closed
        and not _mentions(e.words, avoid)
        and (off_earth or e.setting is not Setting.MOON)
        and (flies or e.setting is not Setting.SKY)
    ]
    rng.shuffle(fitting)
    fitting.sort(key=lambda e: e.setting not in reading.settings)
    chosen: list[Episode] = []
    for fresh_only in (True, False):
        for episode in fitting:
            settings = taken | {e.setting for e in chosen}
            helped = sum(1 for e in chosen if e.helper)
            if (
                len(chosen) < count
                and episode not in chosen
                and not (fresh_only and episode.setting in settings)
                and (not episode.helper or helped < room)
            ):
                chosen.append(episode)
    return sorted(chosen, key=lambda e: _ORDER.index(e.setting))


def _helpers(chosen: list[Episode], cast: Cast, rng: Random) -> tuple[dict[str, Character], dict[str, Sheet]]:
    wardrobe, helpers, sheets = Wardrobe(rng), {}, {}
    for n, episode in enumerate(chosen):
        found = helper(episode.helper, episode.helper_names, n, cast, wardrobe, rng) if episode.helper else None
        if found is not None:
            helpers[episode.id], sheets[found[0].id] = found
    return helpers, sheets


def _mentions(text: str, words: frozenset[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)
