"""Plans a book: cast, places, beats, chapters, and what every picture must or must not show."""

import re
from dataclasses import dataclass
from random import Random

from overprint.core.problems import Invalid
from overprint.core.scene import (
    Accessory,
    Constraint,
    ConstraintKind,
    Mood,
    PropKind,
    Season,
    Setting,
    Sheet,
    Species,
    Time,
    Weather,
)
from overprint.core.story import Age, Beat, Brief, ChapterPlan, Character, CharacterRole, Genre, Outline, Plan, PlanTask
from overprint.craft.writing.casting import PEOPLE, Cast, Wardrobe, cast_from, helper
from overprint.craft.writing.facts import Fact, FactKind, facts_of, head_noun, words_to_avoid
from overprint.craft.writing.language import possessive, title_case
from overprint.craft.writing.plot import EPISODE_ROLES, PageShape, Role, chapter_sizes, shape
from overprint.craft.writing.premise import Reading, read
from overprint.craft.writing.spine import Spine, spine_of
from overprint.craft.writing.story_data import Episode, bones, episodes, pools
from overprint.craft.writing.summaries import summary
from overprint.craft.writing.vocabulary import lexicon
from overprint.craft.writing.wants import thing_wanted

_INDOORS = (Setting.BEDROOM, Setting.LIBRARY, Setting.MOON, Setting.SKY)
_ORDER = [
    Setting(name)
    for name in ["bedroom", "library", "village", "city", "meadow", "forest", "sea", "mountain", "sky", "moon"]
]  # as a journey goes: out of doors, then away, then up


@dataclass(frozen=True, slots=True)
class _Spot:
    setting: Setting
    place: str


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where the pages happen."""

    home: _Spot
    lookout: _Spot
    low: _Spot
    goal: _Spot
    attempts: tuple[Episode, ...]
    helpers: dict[str, Character]
    helper_sheets: dict[str, Sheet]


def plan(task: PlanTask, seed: int) -> Plan:
    """The plan of a book for ``task.brief``; the same brief and seed give the same plan. Raises ``Invalid``."""
    brief = task.brief
    if brief.pages < brief.chapters:
        raise Invalid(
            "A book needs at least one page for each chapter.", "Ask for more pages or fewer chapters.", field="pages"
        )
    reading = read(brief.premise)
    rng = Random(f"{seed}|{brief.seed}|{brief.genre}|{brief.premise}")
    cast = _with_a_want(cast_from(reading, brief.genre, rng), reading, brief.genre, rng)
    avoid = _avoided(reading, cast)
    stage = _stage(brief, reading, cast, avoid, rng)
    title = brief.title.strip() or _title(cast.hero, rng)
    return _assemble(brief, reading, cast, stage, title, rng)


def _with_a_want(cast: Cast, reading: Reading, genre: Genre, rng: Random) -> Cast:
    hero = cast.hero
    hedged = any(f.kind is FactKind.MAYBE for f in facts_of(cast.companion))
    want = hero.want or rng.choice(pools().wants["hedge" if hedged else genre.value]).replace(
        "{pal}", cast.companion.name
    )
    wanting = Character(
        hero.id,
        hero.name,
        hero.noun,
        hero.role,
        hero.pronouns,
        hero.traits or (rng.choice(pools().hero_traits),),
        want,
        hero.facts,
    )
    return Cast((wanting, *cast.characters[1:]), cast.sheets)


def _avoided(reading: Reading, cast: Cast) -> frozenset[str]:
    """Words that must not come up by chance."""
    facts = [word for c in cast.characters for fact in facts_of(c) for word in words_to_avoid(fact)]
    return frozenset([*facts, *reading.forbidden, *(f"{word}s" for word in reading.forbidden)])


def _mentions(text: str, words: frozenset[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)


# --- where -----------------------------------------------------------------------------------------


def _stage(brief: Brief, reading: Reading, cast: Cast, avoid: frozenset[str], rng: Random) -> _Stage:
    closed = {s for s in Setting if s.value in reading.forbidden}
    home = _home(reading, cast, closed, rng)
    wanted = reading.want_setting or next((s for s in reading.settings if s is not home.setting), None)
    goal_setting = wanted or _unless(pools().want_settings[brief.genre], {home.setting} | closed, rng)
    goal = _Spot(goal_setting, rng.choice(pools().goals[goal_setting]))
    taken = {home.setting, goal.setting}
    lookout = _spot(pools().lookouts, _unless(Setting.BEDROOM, taken | closed, rng), avoid, rng)
    count = 1 + max(page.attempt for page in shape(brief.pages, brief.age is Age.EARLY))
    room = min(8 - len(cast.characters), 2 if brief.pages < 14 else 5)
    chosen = _attempts(count, reading, brief.genre, taken | {lookout.setting}, closed, avoid, room, rng)
    used = taken | {lookout.setting} | {episode.setting for episode in chosen} | {Setting.BEDROOM, Setting.LIBRARY}
    low = _spot(pools().lows, _unless(Setting.MOUNTAIN, used | closed, rng), avoid, rng)
    helpers, sheets = _helpers(chosen, cast, rng)
    return _Stage(home, lookout, low, goal, tuple(chosen), helpers, sheets)


def _spot(table: dict[Setting, tuple[str, ...]], setting: Setting, avoid: frozenset[str], rng: Random) -> _Spot:
    fitting = [place for place in table[setting] if not _mentions(place, avoid)]
    return _Spot(setting, rng.choice(fitting or table[setting]))


def _unless(first: Setting, taken: set[Setting], rng: Random) -> Setting:
    """``first`` when it is free, else another free one on the ground, else ``first``."""
    free = [s for s in Setting if s not in taken and s not in (Setting.MOON, Setting.SKY)]
    return first if first not in taken or not free else rng.choice(free)


def _home(reading: Reading, cast: Cast, closed: set[Setting], rng: Random) -> _Spot:
    for fact in facts_of(cast.hero):
        lives = re.match(r"live (?:all alone |alone )?(?:in|on|at|by|under|near|inside|behind|above) (.+)", fact.what)
        if fact.kind is FactKind.HABIT and lives:
            place = re.sub(r"^an? ", "the ", lives[1])
            named = next((s for word, s in lexicon().settings.items() if re.search(rf"\b{word}\b", place)), None)
            return _Spot(
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
    fitting = [
        h for h in pools().home if kind in h.suits and h.setting not in closed and h.setting is not reading.want_setting
    ]
    ordinary = [h for h in fitting if h.setting not in (Setting.MOON, Setting.SKY)]
    spoken_of = [h for h in ordinary if h.setting in reading.settings]
    chosen = rng.choice(spoken_of or ordinary or list(pools().home))
    return _Spot(chosen.setting, chosen.place)


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
    fitting = [
        e
        for e in episodes()
        if e.setting not in closed and not _mentions(e.words, avoid) and (off_earth or e.setting is not Setting.MOON)
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


# --- putting it together ---------------------------------------------------------------------------


def _assemble(brief: Brief, reading: Reading, cast: Cast, stage: _Stage, title: str, rng: Random) -> Plan:
    characters = (*cast.characters, *stage.helpers.values())
    spine = spine_of(title, characters)
    shapes = _fitted(shape(brief.pages, brief.age is Age.EARLY), len(stage.attempts))
    season = _season(reading, rng)
    beats = [_beat(page, stage, cast, reading, spine, season, n) for n, page in enumerate(shapes)]
    outline = Outline(
        title=title,
        logline=_logline(cast),
        season=season,
        characters=characters,
        chapters=_chapters(beats, shapes, stage, brief, rng),
        constraints=_constraints(reading, characters),
    )
    return Plan(outline, {**cast.sheets, **stage.helper_sheets})


def _logline(cast: Cast) -> str:
    hero = cast.hero
    trait = hero.traits[0] if hero.traits else "small"
    return f"{hero.name}, {trait} as ever, wants to {hero.want}, and {cast.companion.name} comes too."[:400]


def _fitted(shapes: tuple[PageShape, ...], attempts: int) -> tuple[PageShape, ...]:
    """Pages of attempts for which no episode was left become road."""
    return tuple(page if page.attempt < attempts else PageShape((Role.ROAD,), attempts - 1) for page in shapes)


def _beat(page: PageShape, stage: _Stage, cast: Cast, reading: Reading, spine: Spine, season: Season, n: int) -> Beat:
    episode = stage.attempts[page.attempt] if page.attempt >= 0 and stage.attempts else None
    role = page.roles[0]
    spot = _where(role, stage, episode, n)
    friend = stage.helpers.get(episode.id) if episode and role not in (Role.ROAD,) else None
    present = [
        c
        for c in cast.characters
        if c.role is not CharacterRole.OTHER
        or not _is_sought(c, cast, reading)
        or role in (Role.SUCCESS, Role.HOME, Role.ECHO)
    ]
    cast_ids = [c.id for c in present][:5] + ([friend.id] if friend else [])
    return Beat(
        purpose=page.purpose,
        summary=summary(page.roles, episode, cast.hero, cast.companion, friend, spot.place),
        setting=spot.setting,
        place=spot.place,
        cast=tuple(cast_ids[:6]),
        time=_time(role, episode, reading, spine, spot),
        weather=_weather(role, episode, reading, season, spot),
        mood=_mood(page.roles[-1], episode),
        props=_beat_props(page.roles, episode, reading),
    )


def _is_sought(character: Character, cast: Cast, reading: Reading) -> bool:
    position = cast.characters.index(character)
    sought = [p for p in reading.people[1:] if p.is_sought]
    return position >= len(cast.characters) - len(sought)


def _where(role: Role, stage: _Stage, episode: Episode | None, n: int) -> _Spot:
    if role in EPISODE_ROLES and episode is not None:
        if role is Role.ROAD:
            roads = pools().roads[episode.setting]
            return _Spot(episode.setting, roads[n % len(roads)])
        return _Spot(episode.setting, episode.place)
    if role is Role.SETTING_OFF:
        return _Spot(stage.home.setting, stage.home.place)
    spots = {
        Role.WANT: stage.lookout,
        Role.SETBACK: stage.low,
        Role.LOW: stage.low,
        Role.TURN: stage.low,
        Role.SUCCESS: stage.goal,
    }
    return spots.get(role, stage.home)


def _time(role: Role, episode: Episode | None, reading: Reading, spine: Spine, spot: _Spot) -> Time:
    if role in EPISODE_ROLES and episode is not None:
        return episode.time
    if spot.setting is Setting.MOON:
        return Time.NIGHT
    told = {
        Role.OPENING: reading.time or spine.opening.time,
        Role.WANT: Time.NIGHT,
        Role.SETTING_OFF: Time.DAWN,
        Role.SETBACK: Time.DUSK,
        Role.LOW: Time.NIGHT,
    }
    told |= {
        Role.TURN: Time.DAWN,
        Role.SUCCESS: reading.time or Time.GOLDEN,
        Role.HOME: Time.GOLDEN,
        Role.ECHO: Time.DUSK,
    }
    return told.get(role, Time.DAY)


def _weather(role: Role, episode: Episode | None, reading: Reading, season: Season, spot: _Spot) -> Weather:
    weather = Weather.CLEAR
    if role in EPISODE_ROLES and episode is not None:
        weather = episode.weather
    elif role in (Role.LOW, Role.SETBACK):
        weather = reading.weather or (Weather.SNOW if season is Season.WINTER else Weather.RAIN)
    elif role in (Role.OPENING, Role.SUCCESS):
        weather = reading.weather or Weather.CLEAR
    is_out = spot.setting not in _INDOORS
    return weather if is_out and weather.value not in reading.forbidden else Weather.CLEAR


def _mood(role: Role, episode: Episode | None) -> Mood:
    if role in EPISODE_ROLES and episode is not None:
        return {Role.ROAD: Mood.CALM, Role.GIVE: Mood.JOYFUL}.get(role, episode.mood)
    moods = {
        Role.WANT: Mood.WONDER,
        Role.SETTING_OFF: Mood.JOYFUL,
        Role.SETBACK: Mood.TENSE,
        Role.LOW: Mood.SAD,
        Role.TURN: Mood.WONDER,
        Role.SUCCESS: Mood.JOYFUL,
    }
    return moods.get(role, Mood.COSY)


def _beat_props(roles: tuple[Role, ...], episode: Episode | None, reading: Reading) -> tuple[PropKind, ...]:
    role = roles[0]
    own = tuple(kind for kind, _ in reading.props)
    if role in (Role.WANT, Role.SUCCESS):
        return own[:3]
    if episode is not None and Role.GIVE in roles and episode.prop is not None:
        return (episode.prop,)
    return ()


def _season(reading: Reading, rng: Random) -> Season:
    drawn = rng.choice((Season.SPRING, Season.SUMMER, Season.AUTUMN))
    return reading.season or drawn


def _chapters(
    beats: list[Beat], shapes: tuple[PageShape, ...], stage: _Stage, brief: Brief, rng: Random
) -> tuple[ChapterPlan, ...]:
    chapters, start, taken = [], 0, set[str]()
    for size in chapter_sizes(brief.pages, brief.chapters):
        title = next(t for t in _title_choices(shapes[start : start + size], start, stage, rng) if t not in taken)
        taken.add(title)
        chapters.append(ChapterPlan(title, tuple(beats[start : start + size])))
        start += size
    return tuple(chapters)


def _title_choices(shapes: tuple[PageShape, ...], start: int, stage: _Stage, rng: Random) -> list[str]:
    ending = bones().ending
    roles = {role for page in shapes for role in page.roles}
    attempts = [page.attempt for page in shapes if page.attempt >= 0 and page.roles[0] is not Role.ROAD]
    found: list[str] = []
    if start == 0:
        found += rng.sample(ending.first_titles, len(ending.first_titles))
    if roles & {Role.ECHO, Role.HOME}:
        found += rng.sample(ending.last_titles, len(ending.last_titles))
    for attempt in dict.fromkeys(attempts):
        if stage.attempts:
            found += rng.sample(stage.attempts[attempt].titles, len(stage.attempts[attempt].titles))
    if roles & {Role.LOW, Role.TURN, Role.SETBACK}:
        found += rng.sample(ending.low_titles, len(ending.low_titles))
    found += rng.sample(ending.road_titles, len(ending.road_titles))
    return [*found, *ending.last_titles, *ending.first_titles, *ending.low_titles]


def _title(hero: Character, rng: Random) -> str:
    thing = thing_wanted(hero.want)
    choices = [
        f"{hero.name} and the Wish",
        f"The {title_case(hero.noun)} Who Would",
        f"{hero.name} Goes Anyway",
        f"Nobody Told {hero.name}",
        f"{possessive(hero.name)} Very Long Way Round",
    ]
    if thing:
        named = title_case(thing)
        choices = [
            f"{hero.name} and the {named}",
            f"The {title_case(hero.noun)} and the {named}",
            f"The Road to the {named}",
        ]
        if named.lower() in hero.noun or hero.noun == "child":
            choices = choices[:1]
    return rng.choice(choices)[:120]


def _constraints(reading: Reading, characters: tuple[Character, ...]) -> tuple[Constraint, ...]:
    found: list[Constraint] = []
    worn = lexicon().worn_by_kind
    for character in characters:
        for fact in facts_of(character):
            found += _constraints_of(fact, character, worn)
    for word in reading.forbidden:
        subject = lexicon().props[word].value if word in lexicon().props and word not in ("light", "fire") else word
        found.append(
            Constraint(ConstraintKind.FORBID, lexicon().weathers[word].value if word in lexicon().weathers else subject)
        )
    return tuple(dict.fromkeys(found))[:12]


def _constraints_of(fact: Fact, character: Character, worn: dict[str, Accessory]) -> list[Constraint]:
    accessory = worn.get(head_noun(fact.what).lower())
    if accessory is None:
        return []
    if fact.kind is FactKind.NOT:
        return [Constraint(ConstraintKind.FORBID, accessory.value, character.id)]
    if fact.kind in (FactKind.MAYBE, FactKind.IS):
        return [Constraint(ConstraintKind.REQUIRE, accessory.value, character.id)]
    return []
