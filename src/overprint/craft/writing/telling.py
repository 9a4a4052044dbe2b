"""Tells an outline: chooses lines for every beat, so that nothing is said twice and running details come back.

A book is told from its first page to the page asked for, each time alike; so every chapter can be written
on its own and still knows what the others have said. All chapters of a book must be given the same seed.
"""

import re
from dataclasses import dataclass, field, replace
from random import Random

from overprint.core.scene import Weather
from overprint.core.story import Age, Beat, ChapterTask, ChapterText, Character, Genre, Outline, PageText, Tone
from overprint.craft.writing.composing import WORDS_A_PAGE, Told, chosen, paragraphs_of, verse_of
from overprint.craft.writing.facts import Fact, FactKind, facts_of
from overprint.craft.writing.language import flowing, sentences, word_count
from overprint.craft.writing.plot import Role, roles_of
from overprint.craft.writing.plots import Attempt, tries_of
from overprint.craft.writing.retelling import in_the_past
from overprint.craft.writing.slots import about, base_values
from overprint.craft.writing.spine import Spine, spine_of_outline
from overprint.craft.writing.story_data import (
    Episode,
    Gag,
    bones,
    episodes,
    genres,
    people,
    rest_scripts,
    road_scripts,
    senses,
)
from overprint.craft.writing.summaries import summary
from overprint.craft.writing.templates import Line, fill, for_reader, realise, script
from overprint.craft.writing.verse import unmarked, verses
from overprint.craft.writing.wants import kind_of_want
from overprint.craft.writing.wording import Deck, avoided, bind, own_thing, with_the_name_first


def write(task: ChapterTask, seed: int) -> ChapterText:
    """The words of chapter ``task.index``, a page for each of its beats."""
    teller = Teller(task.outline, task.age, task.tone, task.genre, seed)
    pages = [[teller.page(beat) for beat in chapter.beats] for chapter in task.outline.chapters[: task.index + 1]]
    return ChapterText(tuple(pages[task.index]))


_NOT_RETURNING = {
    *(role.value for role in Role),
    "road-scenes",
    "rest-scenes",
    "plot-want",
    "plot-low",
    "plot-turn",
    "plot-success",
    "last",
    "flaw-intro",
    "flaw-turn",
    "flaw-after",
    "voice-intro",
}


# How often the want is told by lines that suit any plot.
_GENERAL_SHARE = 0.35
# How long a sentence may be that need not be there.
_SENTENCE_WORDS_MAX = {Age.EARLY: 10, Age.YOUNG: 20, Age.MIDDLE: 60, Age.ALL: 32}


@dataclass(slots=True)
class Teller:
    """Remembers what a book has said so far."""

    outline: Outline
    age: Age
    tone: Tone
    genre: Genre
    seed: int
    spine: Spine = field(init=False)
    rng: Random = field(init=False)
    values: dict[str, str] = field(init=False)
    avoid: re.Pattern[str] | None = field(init=False)
    used: set[str] = field(default_factory=set)
    decks: dict[str, Deck] = field(default_factory=dict)
    met: list[Episode] = field(default_factory=list)
    introduced: set[str] = field(default_factory=set)
    dealt: list[tuple[str, str]] = field(default_factory=list)
    intros: dict[str, tuple[str, Fact]] = field(default_factory=dict)
    stated: set[tuple[str, Fact]] = field(default_factory=set)
    debt: int = 0
    is_paid: bool = False

    def __post_init__(self) -> None:
        self.spine = spine_of_outline(self.outline, self.genre)
        hero = self.spine.hero
        self.rng = Random(f"{self.seed}|{self.outline.title}|{hero.name}|{hero.want}|{self.age}|{self.tone}")
        self.values = base_values(self.outline, self.spine)
        self.avoid = avoided(self.outline)

    # --- a page --------------------------------------------------------------------------------

    def page(self, beat: Beat) -> PageText:
        roles = roles_of(beat.purpose)
        episode = next((e for e in episodes() if e.place == beat.place), None)
        helper = self._helper(beat)
        values = self.values | about("helper", helper) | {"place": beat.place, "place_up": beat.place}
        lines = self._in_own_words(self._core(beat, roles, episode, helper), roles)
        lines += [] if self.spine.plot.is_verse else self._inserts(beat, roles, episode)
        told = self._told(sorted(lines, key=lambda line: line.paragraph), values)
        told = [line for line in told if line.weight <= 1 or self._is_readable(line.text)]
        in_verse = self.spine.plot.is_verse
        wanted = self.debt + WORDS_A_PAGE[self.age] * len(roles)
        kept = told if in_verse else chosen(told, self.age, wanted)
        self.debt = wanted - sum(line.words for line in kept)
        for line in kept:
            self.used.update(sentences(line.text))
        self._put_back({line.source for line in kept})
        self.is_paid = self.is_paid or any(line.source and line.source.paragraph == 19 for line in kept)
        self.stated.update(
            self.intros[line.source.template] for line in kept if line.source and line.source.template in self.intros
        )
        if Role.MEET in roles and episode is not None and episode not in self.met:
            self.met.append(episode)
        return PageText(
            (verse_of(kept) if in_verse else paragraphs_of(kept)) or (realise("{hero} went on.", values, self.rng),)
        )

    def _in_own_words(self, lines: list[Line], roles: tuple[Role, ...]) -> list[Line]:
        """What the premise is about is told for certain: what somebody is, what they want, and what they go in."""
        if self.spine.plot.is_verse:
            return lines
        if Role.OPENING in roles:
            lines = self._with_kinds(lines)
        told = " ".join(line.template for line in lines if line.weight <= 1)
        if Role.WANT in roles and not re.search(r"\{(?:(?:my|your)?want|question)\}", told):
            lines = [*lines, Line(1, 11, self.deal("own-words", bones().own_words) or "{hero} wanted to {want}.")]
        return lines

    def _with_kinds(self, lines: list[Line]) -> list[Line]:
        """``Tansy`` said as ``Tansy the bicycle``, once each, where the opening would not tell what anybody is."""
        for name, noun in (("hero", "noun"), ("pal", "pnoun")):
            told = " ".join(line.template for line in lines if line.weight <= 1)
            if f"{{{noun}" in told or f"{{{name}_the}}" in told:
                continue
            for n, line in enumerate(lines):
                if line.weight <= 1 and re.search(rf"\{{{name}\}}(?!’)", line.template):
                    changed = re.sub(rf"\{{{name}\}}(?!’)", f"{{{name}_the}}", line.template, count=1)
                    lines[n] = replace(line, template=changed, origin=line.origin or line.template)
                    break
        return lines

    def _is_readable(self, text: str) -> bool:
        return max(word_count(sentence) for sentence in sentences(text)) <= _SENTENCE_WORDS_MAX[self.age]

    def _put_back(self, kept: set[Line | None]) -> None:
        """Lines that were dealt for this page and not told return to the bottom of their decks."""
        told = {line.template for line in kept if line is not None} | {line.origin for line in kept if line is not None}
        for name, template in self.dealt:
            if template not in told:
                self.decks[name].lines.insert(0, template)
        self.dealt.clear()

    def _helper(self, beat: Beat) -> Character | None:
        own = {self.spine.hero.id, self.spine.companion.id if self.spine.companion else ""} | {
            c.id for c in self.spine.others
        }
        return next((c for c in self.outline.characters if c.id in beat.cast and c.id not in own), None)

    def _told(self, lines: list[Line], values: dict[str, str]) -> list[Told]:
        told: list[Told] = []
        fresh: set[str] = set()
        for line in lines:
            for _ in range(3):
                text = self._flowing(realise(line.template, values, self.rng))
                parts = sentences(text)
                if not (set(parts) & (self.used | fresh)) and len(parts) == len(set(parts)):
                    fresh.update(parts)
                    told.append(Told(line.weight, line.paragraph, text, line))
                    break
        return told

    def deal(self, name: str, lines: tuple[str, ...]) -> str | None:
        """The next unused line of a pool, or ``None`` when all were used or none may be said in this book."""
        if name not in self.decks:
            allowed = [line for line in lines if self._may_say(line)]
            self.decks[name] = Deck(self.rng.sample(allowed, len(allowed)))
        return self._draw(name)

    def _draw(self, name: str) -> str | None:
        line = self.decks[name].deal()
        if line is not None and name not in _NOT_RETURNING:
            self.dealt.append((name, line))
        return line

    def _may_say(self, template: str) -> bool:
        return self.avoid is None or not self.avoid.search(template)

    # --- what a beat must tell -----------------------------------------------------------------

    def _core(
        self, beat: Beat, roles: tuple[Role, ...], episode: Episode | None, helper: Character | None
    ) -> list[Line]:
        attempt = self._attempt(beat, roles)
        told = attempt or episode
        expected = summary(roles, told, self.spine.hero, self.spine.companion, helper, beat.place)
        needs_more = set(roles) & {Role.MEET, Role.ATTEMPT, Role.GIVE, Role.TRY, Role.FAIL}
        if beat.summary != expected or (needs_more and told is None):
            return [Line(1, 10, in_the_past(beat.summary)), *self._filling(beat)]
        found: list[Line] = []
        for n, role in enumerate(roles):
            found += [
                Line(line.weight, line.paragraph + 10 + 5 * n, line.template) for line in self._script(role, told)
            ]
        return found or self._filling(beat)

    def _attempt(self, beat: Beat, roles: tuple[Role, ...]) -> Attempt | None:
        """The try that the beat's summary tells of, so that a person may change it and the rest stays."""
        if not set(roles) & {Role.TRY, Role.FAIL}:
            return None
        hero, pal = self.spine.hero, self.spine.companion
        own = tries_of(self.spine.plot)
        return next((a for a in own if summary(roles, a, hero, pal, None, beat.place) == beat.summary), None)

    def _script(self, role: Role, episode: Episode | Attempt | None) -> list[Line]:
        if isinstance(episode, Attempt) and role in (Role.TRY, Role.FAIL):
            return self._sayable(episode.trying if role is Role.TRY else episode.failing)
        if isinstance(episode, Attempt):
            episode = None
        if role in (Role.MEET, Role.ATTEMPT, Role.GIVE) and episode is not None:
            return self._sayable(
                {Role.MEET: episode.meet, Role.ATTEMPT: episode.attempt, Role.GIVE: episode.give}[role]
            )
        b, plot = bones(), self.spine.plot
        kind = kind_of_want(self.spine.hero.want)
        is_general = self.age is not Age.EARLY and self.rng.random() < _GENERAL_SHARE
        want = b.for_want(b.want, kind) if is_general and not plot.is_verse else plot.want
        own_pools = {Role.WANT: want, Role.LOW: plot.low, Role.SUCCESS: plot.success}
        away = {Role.SETTING_OFF: b.setting_off, Role.SETBACK: b.setback, Role.HOME: b.ending.home, Role.BACK: b.onward}
        home = {Role.SETTING_OFF: b.asking, Role.HOME: b.ending.party, Role.BACK: b.back}
        pools = (home if plot.is_at_home else away) | own_pools
        if role in pools:
            return self._sayable(self.deal(role.value, pools[role]) or "")
        own = {
            Role.OPENING: self._opening,
            Role.TURN: self._turn,
            Role.ECHO: self._echo,
            Role.ROAD: self._road,
            Role.REST: self._rest,
            Role.SETBACK: self._rest,
        }
        return own[role]() if role in own else []

    def _sayable(self, text: str) -> list[Line]:
        plain = unmarked(text) if self.spine.plot.is_verse else text
        return [line for line in for_reader(script(plain), self.age) if self._may_say(line.template)]

    def _opening(self) -> list[Line]:
        if self.spine.plot.is_verse:
            return self._sayable(self.deal("plot-opening", self.spine.plot.opening) or "")
        if self.age is Age.EARLY:
            return self._opening_early()
        lines = [Line(0.8, 0, self.spine.opening.first)]
        flaw = self.deal("flaw-intro", self.spine.flaw.intro)
        if flaw:
            lines.append(Line(2, 0, with_the_name_first(flaw), flaw))
        if self.spine.companion is not None:
            lines.append(Line(1, 1, self.deal("voice-intro", self.spine.voice.intro) or "{pal} lived there too."))
        return lines

    def _opening_early(self) -> list[Line]:
        first = [Line(1, 0, self.spine.early.first)]
        pal = self.deal("voice-intro", bones().early_friends) if self.spine.companion else None
        return [*first, Line(1, 1, pal)] if pal else first

    def _turn(self) -> list[Line]:
        return self._sayable(self.deal("turn", self.spine.plot.turn) or "")

    def _payoff(self) -> list[Line]:
        """What the running joke was for: told in the darkest hour, or when it has passed."""
        lines: list[Line] = []
        hedge = next(((c, f) for c in self.outline.characters for f in facts_of(c) if f.kind is FactKind.MAYBE), None)
        if hedge is not None and self.spine.companion is not None and hedge[0] is not self.spine.hero:
            lines += self._fact_line(*hedge, "payoff", Line(1.1, 3, ""))
        elif (
            self.spine.gag is not None and self.spine.companion is not None and self._has_told(self.spine.gag.setup[0])
        ):
            lines.append(Line(1.1, 3, self.spine.gag.payoff))
        return lines

    def _echo(self) -> list[Line]:
        if self.spine.plot.is_verse:
            return self._sayable(self.deal("echo", self.spine.plot.echo) or "")
        gag = self.spine.gag
        coda = gag.coda[0] if gag is not None and self._has_told(gag.setup[0]) else None
        lines = [Line(1, 0, (self.spine.early if self.age is Age.EARLY else self.spine.opening).echo)]
        if coda is not None:
            lines.append(Line(1.5, 1, coda))
        own = self.deal("echo", self.spine.plot.echo)
        lines += [Line(1.2, 2, own)] if own else []
        last_lines = (*genres()[self.genre].last, *bones().ending.last)
        last = self.deal("last", bones().early_last if self.age is Age.EARLY else last_lines)
        return [*lines, Line(1, 4, last or "And that was that.")]

    def _rest(self) -> list[Line]:
        return self._sayable(
            self.deal("rest-scenes", verses().rest if self.spine.plot.is_verse else rest_scripts()) or ""
        )

    def _road(self) -> list[Line]:
        scene = self.deal("road-scenes", road_scripts()) if self.spine.companion else None
        if scene is not None:
            return self._sayable(scene)
        drawn = [self.deal("roads", senses().roads["lines"]) for _ in range(4)]
        return [Line(1 if n < 2 else 2 + n, n // 2, line) for n, line in enumerate(drawn) if line]

    # --- what a beat may tell besides ----------------------------------------------------------

    def _inserts(self, beat: Beat, roles: tuple[Role, ...], episode: Episode | None) -> list[Line]:
        role = roles[0]
        found = self._people_lines(beat, role)
        if role is Role.WANT:
            found += self._props()
        has_gag = self.spine.gag is not None and self.age is not Age.EARLY
        if has_gag and self.spine.gag is not None and self.spine.companion is not None:
            found += self._gag(self.spine.gag, roles)
        if role in (Role.ATTEMPT, Role.TRY):
            bite = self.deal("bite", self.spine.flaw.bite)
            found += [Line(3.1, 11 if len(roles) > 1 else 13, bite)] if bite else []
        if {Role.LOW, Role.TURN} & set(roles) and not self.is_paid:
            found += [Line(line.weight, 19, line.template, line.origin) for line in self._payoff()]
        if role is Role.BACK:
            found += [Line(1.2 + n / 10, 12 + n, e.payoff) for n, e in enumerate(self.met[:3])]
        if role is Role.TURN and len(self.met) > 6:
            found.append(Line(2, 15, self.met[-3].payoff))
        if self._may_see_the_vehicle(beat, roles):
            seen = self.deal("vehicle-again", people().props["vehicle_again"])
            found += [Line(1.3, 12, seen)] if seen else []
        place = self._place_line(role) if self.spine.plot.roams else None
        found += [place] if place else []
        if role is Role.SUCCESS:
            stretch = self.deal("last-stretch", senses().places["last_stretch"]) if self.spine.plot.roams else None
            found += [Line(1.45, 4, stretch)] if stretch and self.met and self.age is not Age.EARLY else []
            found += [Line(1.5, 5 + n, e.payoff) for n, e in enumerate(self.met[-2:])]
            own = own_thing(self.spine.hero.want)
            if own:
                found += [
                    Line(2.2, 8, line) for line in [self.deal("prop-payoff", people().props["prop_payoff"])] if line
                ]
        return found + self._filling(beat)

    def _may_see_the_vehicle(self, beat: Beat, roles: tuple[Role, ...]) -> bool:
        """Away from home, where neither the plot nor the try speaks of it anyhow."""
        attempt = self._attempt(beat, roles)
        is_out = beat.place != self.outline.chapters[0].beats[0].place and roles[0] in (Role.TRY, Role.ROAD)
        is_told = "vehicle" in self.spine.plot.needs or (attempt is not None and bool(attempt.needs))
        return is_out and bool(self.values["vehicle"]) and not is_told

    def _gag(self, gag: Gag, roles: tuple[Role, ...]) -> list[Line]:
        """Set up before the road begins, then seen again wherever an attempt ends."""
        if not self._has_told(gag.setup[0]):
            return [Line(1.05, 13, gag.setup[0])] if roles[0] in (Role.WANT, Role.SETTING_OFF, Role.MEET) else []
        again = self.deal("gag", gag.again) if {Role.GIVE, Role.ROAD, Role.FAIL} & set(roles) else None
        return [Line(1.5, 13 + 5 * (len(roles) - 1), again)] if again else []

    def _has_told(self, template: str) -> bool:
        return bool(set(sentences(self._flowing(fill(template, self.values)))) & self.used)

    def _flowing(self, text: str) -> str:
        if self.age is not Age.MIDDLE or self.spine.plot.is_verse:
            return text
        return flowing(text, frozenset(c.name.split()[0] for c in self.outline.characters))

    def _place_line(self, role: Role) -> Line | None:
        names = {
            Role.WANT: ("want", 1.7),
            Role.LOW: ("low", 1.7),
            Role.SUCCESS: ("success", 1.6),
            Role.ROAD: ("road", 1.2),
        }
        if role not in names:
            return None
        name, weight = names[role]
        line = self.deal(f"place-{name}", senses().places[name])
        return Line(weight, 9, line) if line else None

    def _filling(self, beat: Beat) -> list[Line]:
        """Small true things: senses, weather, the companion's remarks, asides of the tone."""
        s = senses()
        is_fair = beat.weather in (Weather.CLEAR, Weather.CLOUDY)
        sense = [self.deal(f"sense-{beat.setting}", s.settings[beat.setting]) for _ in range(2)] if is_fair else []
        found = [Line(3.5 + n, 10, line) for n, line in enumerate(sense) if line]
        colour = self.deal("colour", genres()[self.genre].colour)
        found += [Line(3.2, 13, colour)] if colour else []
        outdoors = self.deal(f"weather-{beat.weather}", s.weathers.get(beat.weather, ())) or self.deal(
            f"time-{beat.time}", s.times.get(beat.time, ())
        )
        found += [Line(3.4 if is_fair else 2.6, 10, outdoors)] if outdoors else []
        if self.spine.companion is not None and beat.purpose != Role.OPENING.value:
            for weight, name, lines in (
                (3.4, "remark", self.spine.voice.remarks),
                (3.3, "tone", s.tones[self.tone]),
                (4.2, "remark", self.spine.voice.remarks),
            ):
                line = self.deal(name, lines)
                found += [Line(weight, 13, line)] if line else []
            spare = (
                *(("anywhere", s.anywhere["lines"]) for _ in range(3)),
                ("tone", s.tones[self.tone]),
                ("anywhere", s.anywhere["lines"]),
            )
            for n, (name, lines) in enumerate(spare):
                line = self.deal(name, lines)
                found += [Line(4.5 + n / 10, 13, line)] if line else []
        return found

    def _people_lines(self, beat: Beat, role: Role) -> list[Line]:
        found: list[Line] = []
        for character in self.outline.characters:
            if character.id not in beat.cast:
                continue
            if character in self.spine.others:
                found += self._other(character, role)
            for fact in self._facts(character):
                told = self._fact(character, fact, role)
                found += (
                    told if role in (Role.OPENING, Role.ECHO) or not any(line.weight == 1.4 for line in found) else []
                )
        return found

    def _facts(self, character: Character) -> tuple[Fact, ...]:
        """What must stay true of somebody; but a fear that the whole story is about is told by the story."""
        is_plot = "fear" in self.spine.plot.needs and character is self.spine.hero
        return tuple(fact for fact in facts_of(character) if not (is_plot and fact.kind is FactKind.FEARS))

    def _other(self, character: Character, role: Role) -> list[Line]:
        is_new = character.id not in self.introduced
        self.introduced.add(character.id)
        key = (
            "met"
            if is_new and role in (Role.SUCCESS, Role.HOME, Role.ECHO)
            else "intro"
            if is_new
            else "end"
            if role is Role.ECHO
            else "again"
        )
        line = self.deal(f"other-{key}", people().others[key])
        if line is None:
            return []
        return [Line(1, 12, bind(line, about("who", character)), line)]

    def _fact(self, character: Character, fact: Fact, role: Role) -> list[Line]:
        """A fact is stated as early as there is room, comes up again on the way, and is still true at the end."""
        if (character.id, fact) not in self.stated:
            is_played_on = fact.kind in (FactKind.NOT, FactKind.MAYBE) or character is self.spine.hero
            weight = (0.9 if is_played_on else 1.2) if role is Role.OPENING else 1.02
            lines = self._fact_line(character, fact, "intro", Line(weight, 12, ""))
            self.intros |= {line.template: (character.id, fact) for line in lines}
            return lines
        stages = (Role.MEET, Role.ATTEMPT, Role.ROAD, Role.WANT, Role.REST)
        if role in stages or (role in (Role.TRY, Role.FAIL) and fact.kind is not FactKind.NOT):
            is_due = self.rng.random() < (0.9 if fact.kind is FactKind.MAYBE else 0.4)
            return self._fact_line(character, fact, "again", Line(1.4, 12, "")) if is_due else []
        if role is Role.ECHO:
            weight = 1.15 if fact.kind is FactKind.MAYBE else 1.2
            return self._fact_line(character, fact, "end", Line(weight, 12, ""))
        return []

    def _fact_line(self, character: Character, fact: Fact, stage: str, at: Line) -> list[Line]:
        kind = (
            "not_quality" if fact.kind is FactKind.NOT and not re.match(r"(?:an?|the) ", fact.what) else fact.kind.value
        )
        name = f"{kind}_{stage}"
        if name not in self.decks:
            lines = people().fact_lines(name)
            self.decks[name] = Deck(self.rng.sample(lines, len(lines)))
        line = self._draw(name)
        if line is None:
            return []
        bound = about("who", character) | {"what": fact.what, "WHAT": fact.what.upper(), "past": fact.past()}
        return [Line(at.weight, at.paragraph, bind(line, bound), line)]

    def _props(self) -> list[Line]:
        if self.values["vehicle"] and "vehicle" not in self.spine.plot.needs:
            line = self.deal("vehicle", people().props["vehicle"])
            return [Line(1, 12, line)] if line else []
        own = own_thing(self.spine.hero.want)
        if own is None or kind_of_want(self.spine.hero.want).value in ("find", "make"):
            return []
        kind, word = own
        line = self.deal(f"prop-{kind}", people().props[kind.value])
        self.values["thing"] = word
        return [Line(1.1, 10, line.replace("{thing}", word))] if line else []


__all__ = ["Teller", "write"]
