"""What a book has said so far: its lines dealt, its sentences used, the people it has introduced."""

import re
from dataclasses import dataclass, field
from random import Random

from overprint.core.story import Age, Genre, Outline, Tone
from overprint.craft.writing.composing import words_asked
from overprint.craft.writing.facts import Fact
from overprint.craft.writing.flowing import flowing
from overprint.craft.writing.own_ways import as_they_do, unfit, ways_of
from overprint.craft.writing.plot import Role, roles_of
from overprint.craft.writing.richer import richer, richer_words
from overprint.craft.writing.slots import base_values
from overprint.craft.writing.spine import Spine, spine_of_outline
from overprint.craft.writing.story_data import Episode
from overprint.craft.writing.templates import Line, for_reader, script
from overprint.craft.writing.verse import unmarked
from overprint.craft.writing.wording import Deck, avoided

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
    "voice-intro",
}


@dataclass(slots=True)
class Book:
    """A book while it is told. ``debt``: words still owed to its length; ``words_a_part``: what each part of the story
    may have of it, a page telling one part or two. ``used`` are its sentences so far, ``told`` the lines of the data
    that they come from."""

    outline: Outline
    age: Age
    tone: Tone
    genre: Genre
    seed: int
    spine: Spine = field(init=False)
    rng: Random = field(init=False)
    values: dict[str, str] = field(init=False)
    avoid: re.Pattern[str] | None = field(init=False)
    words_a_part: float = field(init=False)
    ways: tuple[frozenset[str], frozenset[str]] = field(init=False)
    unfit: re.Pattern[str] | None = field(init=False)
    used: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
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
        beats = [beat for chapter in self.outline.chapters for beat in chapter.beats]
        parts = sum(len(roles_of(beat.purpose)) for beat in beats)
        self.words_a_part = words_asked(len(beats), self.age, is_brief=self.spine.plot.is_brief) / parts
        pal = self.spine.companion
        self.ways = (ways_of(hero), ways_of(pal) if pal else frozenset())
        self.unfit = unfit(*self.ways)

    def deal(self, name: str, lines: tuple[str, ...]) -> str | None:
        """The next unused line of a pool, or ``None`` when all were used or none may be said in this book."""
        if name not in self.decks:
            allowed = [line for line in lines if self.may_say(line)]
            allowed = [line for line in allowed if self.unfit is None or not self.unfit.search(line)] or allowed
            self.decks[name] = Deck(self.rng.sample(allowed, len(allowed)))
        return self.draw(name)

    def draw(self, name: str) -> str | None:
        line = self.decks[name].deal()
        if line is not None and name not in _NOT_RETURNING:
            self.dealt.append((name, line))
        return line

    def may_say(self, template: str) -> bool:
        return self.avoid is None or not self.avoid.search(template)

    def may_answer(self, *templates: str) -> bool:
        """Whether all these may be told of these people: what they answer is not planted else."""
        return all(self.may_say(line) and not (self.unfit and self.unfit.search(line)) for line in templates)

    def tail(self, is_asked: bool) -> str | None:
        """How something was said, once each in a book."""
        table = richer_words()
        name, lines = ("tails-asked", table.asked_tails) if is_asked else ("tails", table.tails)
        if name not in self.decks:
            rng = Random(f"{self.seed}|{self.outline.title}|{name}")
            self.decks[name] = Deck(rng.sample(lines, len(lines)))
        return self.decks[name].deal()

    def put_back(self, kept: set[Line | None]) -> None:
        """Lines that were dealt for this page and not told return to the bottom of their decks."""
        told = {line.template for line in kept if line is not None} | {line.origin for line in kept if line is not None}
        self.told |= told
        for name, template in self.dealt:
            if template not in told:
                self.decks[name].lines.insert(0, template)
        self.dealt.clear()

    def flowing(self, text: str) -> str:
        if self.age is not Age.MIDDLE or self.spine.plot.is_verse:
            return text
        return flowing(text, frozenset(c.name.split()[0] for c in self.outline.characters))

    def has_told(self, template: str) -> bool:
        """Whether a page so far has this line of the data, whatever became of its words."""
        return template in self.told

    def worded(self, template: str) -> str:
        """``template`` in the words of the book's readers."""
        template = as_they_do(template, *self.ways)
        is_rich = self.age is Age.MIDDLE and not self.spine.plot.is_verse
        return richer(template, f"{self.seed}|{self.outline.title}") if is_rich else template

    def sayable(self, text: str) -> list[Line]:
        plain = unmarked(text) if self.spine.plot.is_verse else text
        lines = [line for line in for_reader(script(plain), self.age) if self.may_say(line.template)]
        return [line for line in lines if line.weight <= 1 or not (self.unfit and self.unfit.search(line.template))]
