"""Tells an outline: chooses lines for every beat, so that nothing is said twice and running details come back.

A book is told from its first page to the page asked for, each time alike; so every chapter can be written
on its own and still knows what the others have said. All chapters of a book must be given the same seed.
"""

import re
from dataclasses import dataclass, field
from random import Random

from overprint.core.scene import Constraint, ConstraintKind, PropKind, Weather
from overprint.core.story import Age, Beat, ChapterTask, ChapterText, Character, Genre, Outline, PageText, Tone
from overprint.craft.writing.composing import Told, chosen, paragraphs_of
from overprint.craft.writing.facts import Fact, FactKind, facts_of, words_to_avoid
from overprint.craft.writing.language import base_of, past, sentences, third_person
from overprint.craft.writing.plot import EPISODE_ROLES, Role, roles_of
from overprint.craft.writing.slots import about, base_values
from overprint.craft.writing.spine import Spine, spine_of_outline
from overprint.craft.writing.story_data import Episode, Gag, bones, episodes, people, road_scripts, senses
from overprint.craft.writing.summaries import summary
from overprint.craft.writing.templates import Line, fill, realise, script
from overprint.craft.writing.vocabulary import lexicon
from overprint.craft.writing.wants import kind_of_want


def write(task: ChapterTask, seed: int) -> ChapterText:
    """The words of chapter ``task.index``, a page for each of its beats."""
    teller = Teller(task.outline, task.age, task.tone, task.genre, seed)
    pages = [[teller.page(beat) for beat in chapter.beats] for chapter in task.outline.chapters[: task.index + 1]]
    return ChapterText(tuple(pages[task.index]))


_NOT_RETURNING = {
    *(role.value for role in Role),
    "road-scenes",
    "last",
    "flaw-intro",
    "flaw-turn",
    "flaw-after",
    "voice-intro",
}


@dataclass(slots=True)
class Deck:
    """Lines dealt once each, in an order of this book's own."""

    lines: list[str]

    def deal(self) -> str | None:
        return self.lines.pop() if self.lines else None


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

    def __post_init__(self) -> None:
        self.spine = spine_of_outline(self.outline)
        hero = self.spine.hero
        self.rng = Random(f"{self.seed}|{self.outline.title}|{hero.name}|{hero.want}|{self.age}|{self.tone}")
        self.values = base_values(self.outline, self.spine)
        self.avoid = _avoided(self.outline)

    # --- a page --------------------------------------------------------------------------------

    def page(self, beat: Beat) -> PageText:
        roles = roles_of(beat.purpose)
        episode = next((e for e in episodes() if e.place == beat.place), None)
        helper = self._helper(beat)
        values = self.values | about("helper", helper) | {"place": beat.place, "place_up": beat.place}
        lines = self._core(beat, roles, episode, helper) + self._inserts(beat, roles, episode)
        told = self._told(sorted(lines, key=lambda line: line.paragraph), values)
        kept = chosen(told, self.age, self.rng)
        for line in kept:
            self.used.update(sentences(line.text))
        self._put_back({line.source for line in kept})
        self.stated.update(
            self.intros[line.source.template] for line in kept if line.source and line.source.template in self.intros
        )
        if Role.MEET in roles and episode is not None and episode not in self.met:
            self.met.append(episode)
        return PageText(paragraphs_of(kept) or (realise("{hero} went on.", values, self.rng),))

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
                text = realise(line.template, values, self.rng)
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
        expected = summary(roles, episode, self.spine.hero, self.spine.companion, helper, beat.place)
        is_ours = beat.summary == expected and (
            not set(roles) & {Role.MEET, Role.ATTEMPT, Role.GIVE} or episode is not None
        )
        if not is_ours:
            return [Line(1, 10, in_the_past(beat.summary)), *self._filling(beat)]
        found: list[Line] = []
        for n, role in enumerate(roles):
            found += [
                Line(line.weight, line.paragraph + 10 + 5 * n, line.template) for line in self._script(role, episode)
            ]
        return found or self._filling(beat)

    def _script(self, role: Role, episode: Episode | None) -> list[Line]:
        if role in (Role.MEET, Role.ATTEMPT, Role.GIVE) and episode is not None:
            return self._sayable(
                {Role.MEET: episode.meet, Role.ATTEMPT: episode.attempt, Role.GIVE: episode.give}[role]
            )
        b, kind = bones(), kind_of_want(self.spine.hero.want)
        pools = {
            Role.WANT: b.for_want(b.want, kind),
            Role.SETTING_OFF: b.setting_off,
            Role.SETBACK: b.setback,
            Role.LOW: b.low,
            Role.SUCCESS: b.for_want(b.success, kind),
            Role.HOME: b.ending.home,
        }
        if role in pools:
            return self._sayable(self.deal(role.value, pools[role]) or "")
        own = {Role.OPENING: self._opening, Role.TURN: self._turn, Role.ECHO: self._echo, Role.ROAD: self._road}
        return own[role]() if role in own else []

    def _sayable(self, text: str) -> list[Line]:
        return [line for line in script(text) if self._may_say(line.template)]

    def _opening(self) -> list[Line]:
        lines = [Line(0.8, 0, self.spine.opening.first)]
        flaw = self.deal("flaw-intro", self.spine.flaw.intro)
        if flaw:
            lines.append(Line(2, 0, flaw))
        if self.spine.companion is not None:
            lines.append(Line(1, 1, self.deal("voice-intro", self.spine.voice.intro) or "{pal} lived there too."))
        return lines

    def _turn(self) -> list[Line]:
        lines = [
            Line(line.weight + 1.5, line.paragraph, line.template)
            for line in self._sayable(self.deal("turn", bones().turn) or "")
        ]
        hedge = next(((c, f) for c in self.outline.characters for f in facts_of(c) if f.kind is FactKind.MAYBE), None)
        if hedge is not None and self.spine.companion is not None and hedge[0] is not self.spine.hero:
            lines += self._fact_line(*hedge, "payoff", Line(1, 3, ""))
        elif (
            self.spine.gag is not None and self.spine.companion is not None and self._has_told(self.spine.gag.setup[0])
        ):
            lines.append(Line(1, 3, self.spine.gag.payoff))
        flaw = self.deal("flaw-turn", self.spine.flaw.turn)
        return [*lines, Line(0.5, 4, flaw)] if flaw else lines

    def _echo(self) -> list[Line]:
        gag = self.spine.gag
        coda = gag.coda[0] if gag is not None and self._has_told(gag.setup[0]) else None
        lines = [Line(1, 0, self.spine.opening.echo)]
        if coda is not None:
            lines.append(Line(1.5, 1, coda))
        after = self.deal("flaw-after", self.spine.flaw.after)
        if after:
            lines.append(Line(2.5, 1, after))
        return [*lines, Line(1, 4, self.deal("last", bones().ending.last) or "And that was that.")]

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
        if self.spine.gag is not None and self.spine.companion is not None:
            found += self._gag(self.spine.gag, roles)
        if role is Role.ATTEMPT or (role is Role.MEET and self.rng.random() < 0.5):
            bite = self.deal("bite", self.spine.flaw.bite)
            found += [Line(1.9, 11 if len(roles) > 1 else 13, bite)] if bite else []
        if role is Role.TURN and len(self.met) > 2:
            found.append(Line(2, 15, self.met[-3].payoff))
        place = self._place_line(role)
        found += [place] if place else []
        if role is Role.SUCCESS:
            stretch = self.deal("last-stretch", senses().places["last_stretch"])
            found += [Line(1.45, 4, stretch)] if stretch and self.met and self.age is not Age.EARLY else []
            found += [Line(1.5, 5 + n, e.payoff) for n, e in enumerate(self.met[-2:])]
            own = self._own_thing()
            if own:
                found += [
                    Line(2.2, 8, line) for line in [self.deal("prop-payoff", people().props["prop_payoff"])] if line
                ]
        return found + self._filling(beat)

    def _gag(self, gag: Gag, roles: tuple[Role, ...]) -> list[Line]:
        """Set up before the road begins, then seen again wherever an attempt ends."""
        if not self._has_told(gag.setup[0]):
            return [Line(1.05, 13, gag.setup[0])] if roles[0] in (Role.WANT, Role.SETTING_OFF, Role.MEET) else []
        again = self.deal("gag", gag.again) if {Role.GIVE, Role.ROAD} & set(roles) else None
        return [Line(1.3, 13 + 5 * (len(roles) - 1), again)] if again else []

    def _has_told(self, template: str) -> bool:
        return bool(set(sentences(fill(template, self.values))) & self.used)

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
        short = self.deal("short", s.anywhere["short"]) if self.spine.companion else None
        is_fair = beat.weather in (Weather.CLEAR, Weather.CLOUDY)
        sense = [self.deal(f"sense-{beat.setting}", s.settings[beat.setting]) for _ in range(2)] if is_fair else []
        found = [Line(2.8 + n, 10, line) for n, line in enumerate(sense) if line]
        outdoors = self.deal(f"weather-{beat.weather}", s.weathers.get(beat.weather, ())) or self.deal(
            f"time-{beat.time}", s.times.get(beat.time, ())
        )
        found += [Line(3.9, 13, short)] if short else []
        found += [Line(3.4 if is_fair else 2.6, 10, outdoors)] if outdoors else []
        if self.spine.companion is not None:
            for weight, name, lines in (
                (2.9, "remark", self.spine.voice.remarks),
                (3.2, "tone", s.tones[self.tone]),
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
            for fact in facts_of(character):
                told = self._fact(character, fact, role)
                found += (
                    told if role in (Role.OPENING, Role.ECHO) or not any(line.weight == 1.4 for line in found) else []
                )
        return found

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
        return [Line(1, 12, _bind(line, about("who", character)), line)]

    def _fact(self, character: Character, fact: Fact, role: Role) -> list[Line]:
        """A fact is stated as early as there is room, comes up again on the way, and is still true at the end."""
        if (character.id, fact) not in self.stated:
            is_played_on = fact.kind in (FactKind.NOT, FactKind.MAYBE) or character is self.spine.hero
            weight = (0.9 if is_played_on else 1.2) if role is Role.OPENING else 1.02
            lines = self._fact_line(character, fact, "intro", Line(weight, 12, ""))
            self.intros |= {line.template: (character.id, fact) for line in lines}
            return lines
        if role in (Role.MEET, Role.ATTEMPT, Role.ROAD, Role.WANT):
            is_due = self.rng.random() < (0.9 if fact.kind is FactKind.MAYBE else 0.6)
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
        return [Line(at.weight, at.paragraph, _bind(line, bound), line)]

    def _own_thing(self) -> tuple[PropKind, str] | None:
        words = self.spine.hero.want.lower()
        table = lexicon().props
        hits = [
            (word, kind)
            for word, kind in table.items()
            if re.search(rf"\b{re.escape(word)}\b", words) and word not in ("light", "fire")
        ]
        hits = [(word, kind) for word, kind in hits if not word.endswith("s") and kind is not PropKind.STAR]
        return max(((kind, word) for word, kind in hits), key=lambda pair: len(pair[1]), default=None)

    def _props(self) -> list[Line]:
        own = self._own_thing()
        if own is None or kind_of_want(self.spine.hero.want).value in ("find", "make"):
            return []
        kind, word = own
        line = self.deal(f"prop-{kind}", people().props[kind.value])
        self.values["thing"] = word
        return [Line(1.1, 10, line.replace("{thing}", word))] if line else []


def _bind(line: str, values: dict[str, str]) -> str:
    """Fills only the slots that ``values`` knows; the rest are filled with the page."""
    return re.sub(r"\{([A-Za-z_]+)\}", lambda m: values.get(m[1], m[0]), line)


def _avoided(outline: Outline) -> re.Pattern[str] | None:
    words = {word for c in outline.characters for fact in facts_of(c) for word in words_to_avoid(fact)}
    words |= {c.subject for c in outline.constraints if _is_for_all(c)} | {
        f"{c.subject}s" for c in outline.constraints if _is_for_all(c)
    }
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b", re.IGNORECASE) if words else None


def _is_for_all(constraint: Constraint) -> bool:
    return constraint.kind is ConstraintKind.FORBID and constraint.of is None


_PRESENT_TO_PAST = {"are": "were", "is": "was", "has": "had", "does": "did", "can": "could", "will": "would"}


def in_the_past(text: str) -> str:
    """A summary in the present tense retold in the past: ``Mira finds a map`` → ``Mira found a map``."""
    words = text.split(" ")
    for n, word in enumerate(words):
        plain = word.strip(".,;:!?")
        base = base_of(plain) if plain.islower() else None
        leads = words[n - 1] if n else ""
        is_verb = (
            base is not None
            and plain == third_person(base)
            and (
                leads[:1].isupper()
                or leads.lower() in ("and", "who", "he", "she", "it", "that", "then", "also")
                or leads.endswith(",")
            )
        )
        changed = _PRESENT_TO_PAST.get(plain) or (past(base) if is_verb and base else None)
        if changed:
            words[n] = word.replace(plain, changed)
    kept = " ".join(words)
    return kept if kept.endswith((".", "!", "?", "”")) else f"{kept}."


__all__ = ["EPISODE_ROLES", "Teller", "in_the_past", "write"]
