"""What a beat may tell besides its script: people and what is true of them, running details, small true things."""

import re

from overprint.core.scene import Weather
from overprint.core.story import Age, Beat, Character
from overprint.craft.writing.book import Book
from overprint.craft.writing.company import company_lines
from overprint.craft.writing.facts import Fact, FactKind, facts_of, is_overcome
from overprint.craft.writing.language import sentences
from overprint.craft.writing.own_ways import own_tries, way_of, ways_of
from overprint.craft.writing.plot import Role, roles_of
from overprint.craft.writing.plots import Attempt, tries_of
from overprint.craft.writing.retelling import clause_in_the_past, rest_in_the_past
from overprint.craft.writing.slots import about
from overprint.craft.writing.story_data import Episode, Gag, genres, people, senses
from overprint.craft.writing.summaries import summary
from overprint.craft.writing.templates import Line
from overprint.craft.writing.want_kinds import kind_of_want
from overprint.craft.writing.wording import Deck, bind, own_thing

# What was planted is answered for certain, and by a line of its own; those of scripts have whole weights.
ANSWER = 0.9
# Of what may be told in passing, how much there is room for in the shortest book.
_PASSING_WORDS_MAX = 9


def _payoff(book: Book) -> list[Line]:
    """What the running joke was for: told in the darkest hour, or when it has passed."""
    lines: list[Line] = []
    hedge = next(((c, f) for c in book.outline.characters for f in facts_of(c) if f.kind is FactKind.MAYBE), None)
    if hedge is not None and book.spine.companion is not None and hedge[0] is not book.spine.hero:
        lines += _fact_line(book, *hedge, "payoff", Line(1.1, 3, ""))
    elif book.spine.gag is not None and book.spine.companion is not None and book.has_told(book.spine.gag.setup[0]):
        lines.append(Line(ANSWER, 3, book.spine.gag.payoff))
    return lines


def extra_lines(book: Book, beat: Beat, roles: tuple[Role, ...], episode: Episode | None) -> list[Line]:
    role = roles[0]
    found = _people_lines(book, beat, roles)
    if book.spine.plot.is_brief:
        found = [line for line in found if line.weight <= 1.1 or len(line.template.split()) <= _PASSING_WORDS_MAX]
        return [*found, *(_own_payoff(book) if Role.SUCCESS in roles else [])]
    if role is Role.WANT:
        found += _props(book)
    has_gag = book.spine.gag is not None and book.age is not Age.EARLY
    if has_gag and book.spine.gag is not None and book.spine.companion is not None:
        found += _gag(book, book.spine.gag, roles)
    if role in (Role.ATTEMPT, Role.TRY):
        bite = book.deal("bite", book.spine.flaw.bite)
        found += [Line(3.1, 11 if len(roles) > 1 else 13, bite)] if bite else []
    if {Role.LOW, Role.TURN} & set(roles) and not book.is_paid:
        found += [Line(line.weight, 19, line.template, line.origin) for line in _payoff(book)]
    if role is Role.BACK:
        found += [Line(ANSWER, 12 + n, e.payoff) for n, e in enumerate(book.met[:3])]
    if role is Role.TURN and len(book.met) > 6:
        found.append(Line(2, 15, book.met[-3].payoff))
    if _may_see_the_vehicle(book, beat, roles):
        seen = book.deal("vehicle-again", people().props["vehicle_again"])
        found += [Line(1.3, 12, seen)] if seen else []
    place = _place_line(book, role) if book.spine.plot.roams else None
    found += [place] if place else []
    if Role.SUCCESS in roles:
        found += _own_payoff(book)
    if role is Role.SUCCESS:
        stretch = book.deal("last-stretch", senses().places["last_stretch"]) if book.spine.plot.roams else None
        found += [Line(1.45, 4, stretch)] if stretch and book.met and book.age is not Age.EARLY else []
        found += [Line(ANSWER, 5 + n, e.payoff) for n, e in enumerate(book.met[-2:]) if not book.has_told(e.payoff)]
        found += _own_thing_again(book)
    return found + filling(book, beat)


def _own_payoff(book: Book) -> list[Line]:
    """What the hero's own way was good for, told where it all comes right."""
    payoff = own_tries().payoff_early if book.age is Age.EARLY else own_tries().payoff
    way = next((way for way in payoff if way in ways_of(book.spine.hero)), None)
    line = book.deal(f"own-{way}", payoff[way]) if way is not None else None
    return [Line(1, 12, line)] if line else []


def _own_thing_again(book: Book) -> list[Line]:
    """What the hero had from the first, where it has been told."""
    own = own_thing(book.spine.hero.want)
    if own is None or not any(book.has_told(line) for line in people().props[own[0].value]):
        return []
    line = book.deal("prop-payoff", people().props["prop_payoff"])
    return [Line(ANSWER, 8, line)] if line else []


def _may_see_the_vehicle(book: Book, beat: Beat, roles: tuple[Role, ...]) -> bool:
    """Away from home, where neither the plot nor the try speaks of it anyhow."""
    attempt = attempt_of(book, beat, roles)
    is_out = beat.place != book.outline.chapters[0].beats[0].place and roles[0] in (Role.TRY, Role.ROAD)
    is_told = "vehicle" in book.spine.plot.needs or (attempt is not None and bool(attempt.needs))
    return is_out and bool(book.values["vehicle"]) and not is_told


def _gag(book: Book, gag: Gag, roles: tuple[Role, ...]) -> list[Line]:
    """Set up before the road begins, then seen again wherever an attempt ends."""
    if not book.has_told(gag.setup[0]):
        is_time = roles[0] in (Role.WANT, Role.SETTING_OFF, Role.MEET)
        return [Line(1.05, 13, gag.setup[0])] if is_time and book.may_answer(gag.payoff, *gag.coda) else []
    again = book.deal("gag", gag.again) if {Role.GIVE, Role.ROAD, Role.FAIL} & set(roles) else None
    return [Line(1.5, 13 + 5 * (len(roles) - 1), again)] if again else []


def _place_line(book: Book, role: Role) -> Line | None:
    names = {
        Role.WANT: ("want", 1.7),
        Role.LOW: ("low", 1.7),
        Role.SUCCESS: ("success", 1.6),
        Role.ROAD: ("road", 1.2),
    }
    if role not in names:
        return None
    name, weight = names[role]
    line = book.deal(f"place-{name}", senses().places[name])
    return Line(weight, 9, line) if line else None


# Where small things in passing would stand in the way of what the page is for.
_OPENING_AND_END = {Role.OPENING, Role.LOW, Role.TURN, Role.SUCCESS, Role.ECHO}


def filling(book: Book, beat: Beat) -> list[Line]:
    """Small true things: senses, weather, the companion's remarks, asides of the tone."""
    s = senses()
    is_fair = beat.weather in (Weather.CLEAR, Weather.CLOUDY)
    sense = [book.deal(f"sense-{beat.setting}", s.settings[beat.setting]) for _ in range(2)] if is_fair else []
    found = [Line(3.5 + n, 10, line) for n, line in enumerate(sense) if line]
    is_between = not set(roles_of(beat.purpose)) & _OPENING_AND_END
    colour = book.deal("colour", genres()[book.genre].colour)
    found += [Line(3.2 if is_between else 6, 13, colour)] if colour else []
    outdoors = book.deal(f"weather-{beat.weather}", s.weathers.get(beat.weather, ())) or book.deal(
        f"time-{beat.time}", s.times.get(beat.time, ())
    )
    found += [Line(3.4 if is_fair else 2.6, 10, outdoors)] if outdoors else []
    if book.spine.companion is not None and not is_between:
        aside = book.deal("remark", book.spine.voice.remarks)
        found += [Line(7, 13, aside)] if aside else []
    if book.spine.companion is not None and not set(roles_of(beat.purpose)) & {Role.OPENING, Role.ECHO}:
        for weight, name, lines in (
            (3.4, "remark", book.spine.voice.remarks),
            (3.3, "tone", s.tones[book.tone]),
            (4.2, "remark", book.spine.voice.remarks),
        ):
            line = book.deal(name, lines)
            found += [Line(weight, 13, line)] if line else []
        for weight in (1.3, 2.6) if book.age is Age.MIDDLE and is_between else ():
            well = book.deal("well", s.anywhere["well"])
            found += [Line(weight, 13, well)] if well else []
        spare = (
            *(("anywhere", s.anywhere["lines"]) for _ in range(3)),
            ("tone", s.tones[book.tone]),
            ("anywhere", s.anywhere["lines"]),
        )
        for n, (name, lines) in enumerate(spare):
            line = book.deal(name, lines)
            found += [Line(4.5 + n / 10, 13, line)] if line else []
    return found


def _people_lines(book: Book, beat: Beat, roles: tuple[Role, ...]) -> list[Line]:
    found: list[Line] = []
    role = roles[0]
    found += company_lines(book, beat, role)
    for character in book.outline.characters:
        if character.id not in beat.cast:
            continue
        for fact in _facts(book, character):
            told = _fact(book, character, fact, roles)
            is_free = role in (Role.OPENING, Role.ECHO) or not any(line.weight == 1.4 for line in found)
            found += [line for line in told if is_free or line.weight < 1]
    return found


# What is simply so, and would be odd to go on about: where somebody lives, what they wear or use.
_PLAINLY_SO = ("live", "use", "wear", "go", "speak", "work", "come", "need", "have", "own", "know", "miss", "belong")


# Where it is too late to tell what somebody is like.
_NEWS_NO_MORE = {Role.LOW, Role.TURN, Role.SUCCESS, Role.HOME, Role.ECHO}


def _facts(book: Book, character: Character) -> tuple[Fact, ...]:
    """What must stay true of somebody; but a fear that the whole story is about is told by the story."""
    is_plot = "fear" in book.spine.plot.needs and character is book.spine.hero
    told = (fact for fact in facts_of(character) if not (is_plot and fact.kind is FactKind.FEARS))
    return tuple(fact for fact in told if not fact.what.endswith(f"’s {character.noun}"))


def _fact(book: Book, character: Character, fact: Fact, roles: tuple[Role, ...]) -> list[Line]:
    """A fact is stated as early as there is room, comes up again on the way, and is still true at the end."""
    role = roles[0]
    if fact.kind is FactKind.WHY:
        return _why(book, fact) if Role.WANT in roles else []
    if fact.kind in (FactKind.BEGINS, FactKind.EVENT, FactKind.ARRIVAL, FactKind.ENDS):
        return _what_happens(book, character, fact, roles)
    if fact.kind is FactKind.DEED and any(other.kind is FactKind.DEED for _, other in book.stated):
        return []
    if _is_told_by_the_opening(book, character, fact):
        return []
    if (character.id, fact) not in book.stated and _NEWS_NO_MORE & set(roles):
        return []
    if (character.id, fact) not in book.stated:
        is_played_on = fact.kind in (FactKind.NOT, FactKind.MAYBE) or character is book.spine.hero
        weight = (0.9 if is_played_on else 1.2) if role is Role.OPENING else 1.02
        lines = _fact_line(book, character, fact, "intro", Line(weight, 12, ""))
        book.intros |= {line.template: (character.id, fact) for line in lines}
        return lines
    if (
        way_of(fact, character)
        or "’s " in fact.what
        or fact.kind is FactKind.DEED
        or (fact.kind is FactKind.HABIT and fact.what.split()[0] in _PLAINLY_SO)
    ):
        return []
    stages = (Role.MEET, Role.ATTEMPT, Role.ROAD, Role.WANT, Role.REST)
    if role in stages or (role in (Role.TRY, Role.FAIL) and fact.kind is not FactKind.NOT):
        is_due = book.rng.random() < (0.9 if fact.kind is FactKind.MAYBE else 0.4)
        return _fact_line(book, character, fact, "again", Line(1.4, 12, "")) if is_due else []
    is_shared = character is book.spine.hero or fact.kind is FactKind.FEARS
    if role is Role.ECHO and not (is_shared and is_overcome(fact, book.spine.hero.want)):
        weight = 1.15 if fact.kind is FactKind.MAYBE else 1.2
        return _fact_line(book, character, fact, "end", Line(weight, 12, ""))
    return []


def _is_told_by_the_opening(book: Book, character: Character, fact: Fact) -> bool:
    """Whether the first line says already where the hero lives."""
    lives = fact.kind is FactKind.HABIT and fact.what.startswith(("live in ", "live at ", "live on "))
    first = book.spine.early.first if book.age is Age.EARLY else book.spine.opening.first
    return lives and character is book.spine.hero and "home}" in first


def _what_happens(book: Book, character: Character, fact: Fact, roles: tuple[Role, ...]) -> list[Line]:
    """Whoever arrives does so before they are spoken of; what happens, before it makes anybody want anything.

    What there is none of ("there is no rain") is not spoken of at all.
    """
    if not book.may_say(fact.what):
        return []
    match fact.kind:
        case FactKind.BEGINS | FactKind.ARRIVAL if Role.OPENING in roles:
            first = next(f for f in facts_of(character) if f.kind is fact.kind)
            return _fact_line(book, character, fact, "intro" if fact == first else "more", Line(0.9, 10, ""))
        case FactKind.EVENT if Role.WANT in roles:
            return _fact_line(book, character, fact, "intro", Line(0.9, 14 if len(roles) > 1 else 5, ""))
        case FactKind.ENDS if Role.ECHO in roles:
            return _fact_line(book, character, fact, "end", Line(0.9, 11 if len(roles) == 1 else 16, ""))
        case _:
            return []


def _why(book: Book, fact: Fact) -> list[Line]:
    """The reason that a premise gives for the want: told where the want is, and never again."""
    line = book.deal("why", people().fact_lines("why_intro"))
    reason = clause_in_the_past(fact.what).removesuffix(".")
    return [Line(1, 12, bind(line, {"what": reason}), line)] if line else []


def _fact_line(book: Book, character: Character, fact: Fact, stage: str, at: Line) -> list[Line]:
    kind = "not_quality" if fact.kind is FactKind.NOT and not re.match(r"(?:an?|the) ", fact.what) else fact.kind.value
    is_lack = fact.kind is FactKind.HABIT and character is book.spine.hero and is_overcome(fact, character.want)
    name = f"{'lack' if is_lack else kind}_{stage}"
    is_kin = fact.kind is FactKind.IS and "’s " in fact.what
    name = f"kin_{stage}" if is_kin else name
    if way := way_of(fact, character):
        name = f"way_{way}_{stage}"
    if name not in book.decks:
        lines = own_tries().intro[way] if way and stage == "intro" else people().fact_lines(name)
        dealt = book.rng.sample(lines, len(lines))
        is_brief = book.spine.plot.is_brief
        book.decks[name] = Deck(sorted(dealt, key=_words_in_short, reverse=True) if is_brief else dealt)
    line = book.draw(name)
    if line is None:
        return []
    bound = about("who", character) | {
        "what": rest_in_the_past(fact.what),
        "WHAT": fact.what.upper(),
        "past": fact.past(),
    }
    told = _in_short(line) if book.spine.plot.is_brief else line
    return [Line(at.weight, at.paragraph, bind(told, bound), line)]


def _words_in_short(template: str) -> int:
    return len(_in_short(template).split())


def _in_short(template: str) -> str:
    """Only as many of its sentences as it takes to say what is so."""
    parts = sentences(template)
    last = next((n for n, part in enumerate(parts) if re.search(r"\{(?:what|WHAT|past)\}", part)), len(parts))
    return " ".join(parts[: last + 1])


def _props(book: Book) -> list[Line]:
    if book.values["vehicle"] and "vehicle" not in book.spine.plot.needs:
        line = book.deal("vehicle", people().props["vehicle"])
        return [Line(1, 12, line)] if line else []
    own = own_thing(book.spine.hero.want)
    is_away = book.spine.hero.want.startswith("get ") and book.spine.hero.want.endswith(" back")
    if own is None or is_away or kind_of_want(book.spine.hero.want).value in ("find", "make"):
        return []
    kind, word = own
    line = book.deal(f"prop-{kind}", people().props[kind.value])
    book.values["thing"] = word
    return [Line(1, 10, line.replace("{thing}", word), line)] if line else []


def attempt_of(book: Book, beat: Beat, roles: tuple[Role, ...]) -> Attempt | None:
    """The try that the beat's summary tells of, so that a person may change it and the rest stays."""
    if not set(roles) & {Role.TRY, Role.FAIL}:
        return None
    hero, pal = book.spine.hero, book.spine.companion
    own = (*tries_of(book.spine.plot), *own_tries().attempt)
    return next((a for a in own if summary(roles, a, hero, pal, None, beat.place) == beat.summary), None)
