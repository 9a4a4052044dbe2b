"""Plans a book: cast, places, beats, chapters, and what every picture must or must not show."""

import re
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
    Time,
    Weather,
)
from overprint.core.story import Beat, Brief, ChapterPlan, Character, CharacterRole, Genre, Outline, Plan, PlanTask
from overprint.craft.writing.casting import Cast, cast_from
from overprint.craft.writing.facts import Fact, FactKind, facts_of, head_noun, is_in_the_way, words_to_avoid
from overprint.craft.writing.given_looks import with_looks
from overprint.craft.writing.language import PRONOUNS, base_of, plural, with_article
from overprint.craft.writing.other_languages import refuse_other_languages
from overprint.craft.writing.own_ways import RETOLD, own_tries, unfit, ways_of
from overprint.craft.writing.plot import EPISODE_ROLES, TRY_ROLES, PageShape, Role, chapter_sizes, is_brief
from overprint.craft.writing.plots import Attempt, Plot, brief_plot_for, plot_for
from overprint.craft.writing.premise import Reading, read
from overprint.craft.writing.spine import Spine, spine_of
from overprint.craft.writing.stages import Spot, Stage, stage_of
from overprint.craft.writing.story_data import Episode, bones, pools
from overprint.craft.writing.subjects import is_about_somebody
from overprint.craft.writing.summaries import summary
from overprint.craft.writing.titles import title_of
from overprint.craft.writing.verse import is_verse
from overprint.craft.writing.vocabulary import lexicon
from overprint.craft.writing.want_kinds import goal_of

_INDOORS = (
    *(Setting.BEDROOM, Setting.LIBRARY, Setting.KITCHEN, Setting.CLASSROOM, Setting.CASTLE, Setting.CAVE),
    *(Setting.MOON, Setting.SKY, Setting.SPACESHIP, Setting.UNDERWATER),
)


def plan(task: PlanTask, seed: int) -> Plan:
    """The plan of a book for ``task.brief``; the same brief and seed give the same plan. Raises ``Invalid``."""
    brief = task.brief
    if brief.pages < brief.chapters:
        raise Invalid(
            "A book needs at least one page for each chapter.", "Ask for more pages or fewer chapters.", field="pages"
        )
    refuse_other_languages(brief.premise)
    reading = with_looks(read(brief.premise), brief.looks)
    rng = Random(f"{seed}|{brief.seed}|{brief.genre}|{brief.premise}")
    cast = _with_a_want(cast_from(reading, brief.genre, rng), reading, brief.genre, rng)
    avoid = _avoided(reading, cast)
    not_theirs = unfit(ways_of(cast.hero) - RETOLD, ways_of(cast.companion) - RETOLD)
    rises = frozenset(each.rise for each in own_tries().attempt if ways_of(cast.hero) & set(each.suits))
    in_verse, number = is_verse(brief.genre, brief.pages), _number(seed, brief)
    if is_brief(brief.pages, brief.chapters, brief.age, in_verse):
        plot = brief_plot_for(cast.hero.want, number, not_theirs, avoid | _kinds(cast))
    else:
        plot = plot_for(cast.hero.want, number, in_verse, not_theirs, rises)
    stage = stage_of(brief, reading, cast, plot, avoid, rng)
    title = brief.title.strip() or title_of(cast, plot, rng)
    return _assemble(brief, reading, cast, stage, plot, title, rng)


def _kinds(cast: Cast) -> frozenset[str]:
    """What somebody is, and several of it: no story has a cow ask a cow."""
    nouns = [word for c in cast.characters for word in c.noun.lower().split()]
    return frozenset([*nouns, *(plural(noun) for noun in nouns)])


def _number(seed: int, brief: Brief) -> int:
    """Which telling of a premise this is: the next number takes the next plot, whichever of the two seeds counts."""
    return seed if seed == brief.seed else seed + brief.seed


def _with_a_want(cast: Cast, reading: Reading, genre: Genre, rng: Random) -> Cast:
    hero = cast.hero
    hedged = any(f.kind is FactKind.MAYBE for f in facts_of(cast.companion))
    want = hero.want or rng.choice(pools().wants["hedge" if hedged else genre.value])
    want = re.sub(r"\b(?:my|our)\b", PRONOUNS[hero.pronouns].possessive, want.replace("{pal}", cast.companion.name))
    want = _of_their_own(want, cast, reading)
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


def _of_their_own(want: str, cast: Cast, reading: Reading) -> str:
    """``Rosa’s shadow`` is her shadow, where it is Rosa that speaks of it."""
    want = re.sub(r"(?<! back)(?<! all) together$", f" with {cast.companion.name}", want)
    for pronoun, follows in (("him", ""), ("her", r"(?= (?:from|to|home|back|out|in|with|before)\b|$)")):
        meant = _meant_by(pronoun, cast, reading)
        want = re.sub(rf"\b{pronoun}\b{follows}", meant, want) if meant else want
    own = PRONOUNS[cast.hero.pronouns].possessive
    want = re.sub(r"\b(?:his|her|their|its) own\b", f"{own} own", want)
    want = want if own == "its" else re.sub(r"\bits (?=[a-z]+$)", f"{own} ", want)
    helped = re.search(r"\b(?:help|make|hear|feel) (her) ([a-z]+)", want)
    if helped and base_of(helped[2]) == helped[2] and (meant := _meant_by("her", cast, reading)):
        want = f"{want[: helped.start(1)]}{meant}{want[helped.end(1) :]}"
    both = f"{cast.hero.name} and {cast.companion.name}’s"
    return want.replace(both, "their").replace(f"{cast.hero.name}’s", PRONOUNS[cast.hero.pronouns].possessive)


def _meant_by(pronoun: str, cast: Cast, reading: Reading) -> str:
    """Whom the premise means by "her" or "him" in the want (the hero would be "herself"): those with a name first."""
    named, nouns = {p.name for p in reading.people if p.name}, {p.noun for p in reading.people}
    told = [c for c in cast.characters[1:] if c.name in named or c.noun in nouns]
    fitting = [c for c in told if PRONOUNS[c.pronouns].object in (pronoun, "them")]
    fitting = fitting or ([c for c in told if c.name in named] if len(told) == 1 else [])
    fitting.sort(key=lambda c: c.name not in named)
    return fitting[0].name if fitting else ""


def _avoided(reading: Reading, cast: Cast) -> frozenset[str]:
    """Words that must not come up by chance."""
    told = [fact for c in cast.characters for fact in facts_of(c) if not is_in_the_way(fact, cast.hero.want)]
    facts = [word for fact in told for word in words_to_avoid(fact)]
    return frozenset([*facts, *reading.forbidden, *(f"{word}s" for word in reading.forbidden)])


# --- putting it together ---------------------------------------------------------------------------


def _assemble(brief: Brief, reading: Reading, cast: Cast, stage: Stage, plot: Plot, title: str, rng: Random) -> Plan:
    characters = (*cast.characters, *stage.helpers.values())
    spine = spine_of(title, characters, brief.genre, plot)
    shapes = stage.shapes
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
    hero, friend = cast.hero, cast.companion
    trait = hero.traits[0] if hero.traits else "hopeful"
    kind = "" if hero.noun.lower() in hero.name.lower() else f", {with_article(f'{trait} {hero.noun}')},"
    return f"{hero.name}{kind} wants to {hero.want}. It takes three tries, one bad evening, and {friend.name}."[:400]


def _beat(page: PageShape, stage: Stage, cast: Cast, reading: Reading, spine: Spine, season: Season, n: int) -> Beat:
    episode = stage.attempts[page.attempt] if page.attempt >= 0 and stage.attempts else None
    role = page.roles[0]
    spot = _where(role, stage, episode, n)
    friend = stage.helpers.get(episode.id) if isinstance(episode, Episode) and role is not Role.ROAD else None
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
    """Whether somebody is not there until they are found."""
    position = cast.characters.index(character)
    sought = [p for p in reading.people[1:] if p.is_sought]
    return position >= len(cast.characters) - len(sought) and not is_about_somebody(goal_of(cast.hero.want))


def _where(role: Role, stage: Stage, episode: Attempt | Episode | None, n: int) -> Spot:
    if isinstance(episode, Attempt) and role in TRY_ROLES and episode.setting is not None:
        return Spot(episode.setting, episode.place)
    if isinstance(episode, Episode) and role in EPISODE_ROLES:
        roads = pools().roads[episode.setting]
        return Spot(episode.setting, roads[n % len(roads)] if role is Role.ROAD else episode.place)
    spots = {
        Role.WANT: stage.lookout,
        Role.SETBACK: stage.home if stage.is_at_home else stage.low,
        Role.BACK: stage.lookout,
        Role.LOW: stage.low,
        Role.TURN: stage.low,
        Role.SUCCESS: stage.goal,
    }
    return spots.get(role, stage.home)


def _is_told(role: Role, episode: Attempt | Episode | None) -> bool:
    """Whether the page's light and mood are those of its attempt."""
    return (isinstance(episode, Episode) and role in EPISODE_ROLES) or (
        isinstance(episode, Attempt) and role in TRY_ROLES
    )


def _time(role: Role, episode: Attempt | Episode | None, reading: Reading, spine: Spine, spot: Spot) -> Time:
    if spot.setting is Setting.MOON:
        return Time.NIGHT
    if episode is not None and _is_told(role, episode):
        return Time.GOLDEN if role is Role.REST and episode.time is Time.DAY else episode.time
    told = {
        Role.OPENING: reading.time or spine.opening.time,
        Role.WANT: Time.GOLDEN,
        Role.SETTING_OFF: Time.DAWN,
        Role.SETBACK: Time.DUSK,
        Role.LOW: Time.NIGHT,
        Role.TURN: Time.DAWN,
        Role.SUCCESS: reading.time or Time.GOLDEN,
        Role.HOME: Time.GOLDEN,
        Role.ECHO: Time.DUSK,
    }
    return told.get(role, Time.DAY)


def _weather(role: Role, episode: Attempt | Episode | None, reading: Reading, season: Season, spot: Spot) -> Weather:
    weather = Weather.CLEAR
    if episode is not None and _is_told(role, episode):
        weather = episode.weather
    elif role in (Role.LOW, Role.SETBACK):
        weather = reading.weather or (Weather.SNOW if season is Season.WINTER else Weather.RAIN)
    elif role in (Role.OPENING, Role.SUCCESS):
        weather = reading.weather or Weather.CLEAR
    is_out = spot.setting not in _INDOORS
    return weather if is_out and weather.value not in reading.forbidden else Weather.CLEAR


def _mood(role: Role, episode: Attempt | Episode | None) -> Mood:
    if episode is not None and _is_told(role, episode):
        told = {Role.ROAD: Mood.CALM, Role.GIVE: Mood.JOYFUL, Role.FAIL: Mood.TENSE, Role.REST: Mood.COSY}
        return told.get(role, episode.mood)
    moods = {
        Role.WANT: Mood.WONDER,
        Role.SETTING_OFF: Mood.JOYFUL,
        Role.SETBACK: Mood.TENSE,
        Role.LOW: Mood.SAD,
        Role.TURN: Mood.WONDER,
        Role.SUCCESS: Mood.JOYFUL,
    }
    return moods.get(role, Mood.COSY)


def _beat_props(roles: tuple[Role, ...], episode: Attempt | Episode | None, reading: Reading) -> tuple[PropKind, ...]:
    role = roles[0]
    own = tuple(kind for kind, _ in reading.props)
    if role in (Role.WANT, Role.SUCCESS):
        return own[:3]
    is_given = isinstance(episode, Attempt) or Role.GIVE in roles
    if episode is not None and is_given and episode.prop is not None:
        return (episode.prop,)
    return ()


def _season(reading: Reading, rng: Random) -> Season:
    drawn = rng.choice((Season.SPRING, Season.SUMMER, Season.AUTUMN))
    return reading.season or drawn


def _chapters(
    beats: list[Beat], shapes: tuple[PageShape, ...], stage: Stage, brief: Brief, rng: Random
) -> tuple[ChapterPlan, ...]:
    chapters, start, taken = [], 0, set[str]()
    for size in chapter_sizes(brief.pages, brief.chapters):
        title = next(t for t in _title_choices(shapes[start : start + size], start, stage, rng) if t not in taken)
        taken.add(title)
        chapters.append(ChapterPlan(title, tuple(beats[start : start + size])))
        start += size
    return tuple(chapters)


def _title_choices(shapes: tuple[PageShape, ...], start: int, stage: Stage, rng: Random) -> list[str]:
    ending = bones().ending
    roles = {role for page in shapes for role in page.roles}
    attempts = [page.attempt for page in shapes if page.attempt >= 0 and page.roles[0] is not Role.ROAD]
    met = [stage.attempts[n] for n in dict.fromkeys(attempts)]
    found: list[str] = []
    if start == 0:
        found += rng.sample(ending.first_titles, len(ending.first_titles))
    if roles & {Role.ECHO, Role.HOME}:
        found += rng.sample(ending.last_titles, len(ending.last_titles))
    for episode in met:
        if isinstance(episode, Episode):
            found += rng.sample(episode.titles, len(episode.titles))
    if any(isinstance(episode, Attempt) for episode in met):
        found += rng.sample(ending.try_titles, len(ending.try_titles))
    if roles & {Role.LOW, Role.TURN, Role.SETBACK}:
        found += rng.sample(ending.low_titles, len(ending.low_titles))
    found += rng.sample(ending.road_titles, len(ending.road_titles))
    return [*found, *ending.last_titles, *ending.first_titles, *ending.low_titles]


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
