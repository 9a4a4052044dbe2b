"""What runs through one whole book: the flaw, the companion's voice, the running joke, the first line and its echo.

Chosen from what never changes about a book (its title, its people, the want), so that the planner and the writer
of every chapter choose alike, and an edited beat does not change the rest of the book.
"""

from dataclasses import dataclass
from random import Random
from typing import TypeVar

from overprint.core.story import Character, CharacterRole, Genre, Outline
from overprint.craft.writing.facts import FactKind, facts_of
from overprint.craft.writing.plots import Plot, plot_told
from overprint.craft.writing.story_data import Flaw, Gag, Opening, Voice, bones, genres, people
from overprint.craft.writing.verse import is_verse

Trait = TypeVar("Trait", Flaw, Voice)


@dataclass(frozen=True, slots=True)
class Spine:
    """``early`` opens it for the youngest. ``gag`` is ``None`` when a hedge of the premise is the running joke."""

    hero: Character
    companion: Character | None
    others: tuple[Character, ...]
    flaw: Flaw
    voice: Voice
    gag: Gag | None
    opening: Opening
    early: Opening
    plot: Plot
    things: tuple[str, str, str]


def spine_of(title: str, characters: tuple[Character, ...], genre: Genre, plot: Plot) -> Spine:
    """The spine of a book with this title and these characters, told by ``plot``."""
    hero = next((c for c in characters if c.role is CharacterRole.HERO), characters[0])
    rest = [c for c in characters if c is not hero]
    companion = next((c for c in rest if c.role is CharacterRole.COMPANION), None)
    others = tuple(c for c in rest if c is not companion and c.role is not CharacterRole.HELPER)
    rng = Random("|".join([title, hero.want, *(f"{c.name} {c.noun}" for c in characters)]))
    hedged = any(f.kind is FactKind.MAYBE for c in characters for f in facts_of(c))
    gag = rng.choice(people().gag)
    things = bones().things
    return Spine(
        hero=hero,
        companion=companion,
        others=others,
        flaw=_matching(people().flaw, hero.traits, rng),
        voice=_matching(people().voice, companion.traits if companion else (), rng),
        gag=None if hedged else gag,
        opening=_opening(genre, rng),
        early=rng.choice(bones().early),
        plot=plot,
        things=(rng.choice(things.a), rng.choice(things.b), rng.choice(things.keep)),
    )


def _matching(choices: tuple[Trait, ...], traits: tuple[str, ...], rng: Random) -> Trait:
    drawn = rng.choice(choices)
    return next((choice for trait in traits for choice in choices if trait in choice.traits), drawn)


def _opening(genre: Genre, rng: Random) -> Opening:
    """The genre's own beginnings more often than those that suit any."""
    own = genres()[genre].opening
    return rng.choice(own if own and rng.random() < 0.6 else bones().opening)


def spine_of_outline(outline: Outline, genre: Genre) -> Spine:
    pages = sum(len(chapter.beats) for chapter in outline.chapters)
    hero = next((c for c in outline.characters if c.role is CharacterRole.HERO), outline.characters[0])
    plot = plot_told(outline, hero.want, is_verse(genre, pages))
    return spine_of(outline.title, outline.characters, genre, plot)
