"""Who is in the book: the people of the premise, an invented hero or companion, and how each one looks."""

import unicodedata
from collections.abc import Container
from dataclasses import dataclass, replace
from itertools import chain, count
from random import Random

from overprint.core.scene import PEOPLE, Accessory, Garment, Hair, Sheet, Species
from overprint.core.story import Character, CharacterRole, Genre, Pronouns
from overprint.craft.writing.cleaning import clean_name
from overprint.craft.writing.facts import Fact, FactKind, head_noun
from overprint.craft.writing.nouns import singular
from overprint.craft.writing.premise import Reading
from overprint.craft.writing.premise_clothes import Clothes
from overprint.craft.writing.premise_people import Person
from overprint.craft.writing.referring import filled
from overprint.craft.writing.story_data import pools
from overprint.craft.writing.verse import syllables
from overprint.craft.writing.vocabulary import Being, Look, lexicon, looks

_OF_ONE_FAMILY = ("brother", "sister", "cousin", "twin", "best friend")


@dataclass(frozen=True, slots=True)
class Cast:
    """Characters, hero first, companion second, and their sheets by id."""

    characters: tuple[Character, ...]
    sheets: dict[str, Sheet]

    @property
    def hero(self) -> Character:
        return self.characters[0]

    @property
    def companion(self) -> Character:
        return self.characters[1]


class Wardrobe:
    """Hands out looks so that no two characters of one book have the same colours."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._outfits = rng.sample(looks().outfits, len(looks().outfits))
        self._accents = rng.sample(looks().accents, len(looks().accents))
        self._bodies = {species: rng.sample(sets, len(sets)) for species, sets in looks().bodies.items()}
        self._count = 0

    def sheet(self, being: Being, clothes: Clothes, traits: tuple[str, ...] = ()) -> Sheet:
        species, n = being.species, self._count
        self._count += 1
        sets = self._bodies[species]
        look = sets[0]
        self._bodies[species] = [*sets[1:], look]
        outfit = clothes.outfit or self._next(self._outfits, clothes.body)
        accent = clothes.accent or self._next(self._accents, outfit)
        body, marking = _coat(being, clothes.body, look)
        return Sheet(
            species=species,
            body=body,
            marking=marking,
            outfit=outfit,
            accent=accent,
            hair_colour=clothes.hair or look.hair_colour,
            hair=self._hair(being, species),
            garment=clothes.garment or being.garment or self._garment(species, n),
            accessories=self._accessories(being, clothes, species, n),
            height=_height(being, traits),
            in_place_of=being.in_place_of[:40],
        )

    def _next(self, colours: list[str], unlike: str | None) -> str:
        chosen = next((colour for colour in colours if colour != unlike), colours[0])
        colours.remove(chosen)
        colours.append(chosen)
        return chosen

    def _hair(self, being: Being, species: Species) -> Hair:
        if species not in PEOPLE:
            return Hair.NONE
        if being.hair is not None:
            return being.hair
        if being.pronouns is Pronouns.SHE:
            return self._rng.choice((Hair.LONG, Hair.CURLY, Hair.BRAIDS, Hair.BUN))
        return self._rng.choice(
            (Hair.SHORT, Hair.CURLY) if being.pronouns is Pronouns.HE else (Hair.SHORT, Hair.CURLY, Hair.LONG)
        )

    def _garment(self, species: Species, n: int) -> Garment:
        if species in PEOPLE:
            return self._rng.choice((Garment.COAT, Garment.STRIPES, Garment.DUNGAREES, Garment.VEST))
        return self._rng.choice((Garment.VEST, Garment.COAT, Garment.NONE)) if n != 1 else Garment.NONE

    def _accessories(self, being: Being, clothes: Clothes, species: Species, n: int) -> tuple[Accessory, ...]:
        worn = (*clothes.accessories, *(a for a in being.accessories if a not in clothes.accessories))
        if not worn and species not in (Species.ROBOT,):
            worn = (
                self._rng.choice(
                    (Accessory.SCARF, Accessory.BOW, Accessory.GLASSES, Accessory.CAP, Accessory.BACKPACK)
                ),
            )
        return worn[:4]


def _coat(being: Being, wanted: str | None, look: Look) -> tuple[str, str]:
    """Body and marking: the colour that the premise gives an animal, those it always has, or those of its set."""
    if being.species in PEOPLE:
        return look.body, look.marking
    if wanted and being.species is Species.SHEEP:  # a sheep's colour is its wool's
        return "#4b444a", wanted
    if wanted:
        return wanted, "#f6ecd9"
    return being.body or look.body, being.marking or look.marking


def _height(being: Being, traits: tuple[str, ...]) -> float:
    height = being.height or looks().heights[being.species]
    small = any(word in traits for word in ("tiny", "little", "small", "short"))
    big = any(word in traits for word in ("big", "huge", "tall", "giant", "enormous"))
    return round(min(1.6, max(0.4, height * (0.8 if small else 1.2 if big else 1.0))), 2)


def cast_from(reading: Reading, genre: Genre, rng: Random) -> Cast:
    """Hero and companion always; then whoever else the premise names."""
    people = list(reading.people) or [_invented_hero(reading, genre, rng)]
    order = sorted(range(len(people)), key=lambda n: bool(n and people[n].is_sought))
    present = [people[n] for n in order if n == 0 or not people[n].is_sought]
    sought = [people[n] for n in order[len(present) :]]
    if len(present) < 2:
        order.insert(1, -1)
        present.append(_invented_companion(present[0], reading, rng))
    present = [present[0], *(_as_kin(person, present[0]) for person in present[1:])]
    wardrobe, names = Wardrobe(rng), {p.name for p in people if p.name}
    characters: list[Character] = []
    sheets: dict[str, Sheet] = {}
    for n, person in enumerate([*present, *sought]):
        want = reading.want if n == 0 else ""
        first = characters[0].name if characters else ""
        character = _character(person, n, n >= len(present), want, names, first, genre, rng)
        character = _with_distinct_id(character, sheets)
        names.add(character.name)
        characters.append(character)
        sheets[character.id] = wardrobe.sheet(_being(person, character), _clothes(person), person.traits)
    in_order = [characters[order.index(n)].name for n in range(len(people))]
    return Cast(_spoken_of_by_name(characters, in_order, reading), sheets)


def _spoken_of_by_name(characters: list[Character], names: list[str], reading: Reading) -> tuple[Character, ...]:
    """Everybody with the names of the others in their want and facts, the hero with what happens as well.

    ``names``: those of the premise's people, in its order.
    """
    hero = characters[0]
    happens = tuple(fact.clause(hero.name)[:200] for fact in reading.events)
    characters[0] = replace(hero, facts=(*hero.facts, *happens)[:8])
    return tuple(
        replace(c, want=filled(c.want, names), facts=tuple(filled(fact, names) for fact in c.facts)) for c in characters
    )


def helper(
    word: str, names: tuple[str, ...], n: int, cast: Cast, wardrobe: Wardrobe, rng: Random
) -> tuple[Character, Sheet] | None:
    """Somebody met on the way, by the lexicon's word for them; ``None`` when every name is taken."""
    taken = {part.lower() for c in cast.characters for part in c.name.split()}
    free = [
        name
        for name in names
        if not taken & {part.lower() for part in name.split() if part not in ("Mrs", "Mr", "Old", "Miss")}
    ]
    if not free:
        return None
    being = lexicon().beings[word]
    pronouns = being.pronouns or rng.choice((Pronouns.SHE, Pronouns.HE))
    name = rng.choice(free)
    if name.startswith(("Mrs ", "Miss ", "Aunt ", "Lady ", "Dame ", "Madame ")):
        pronouns = Pronouns.SHE
    elif name.startswith(("Mr ", "Uncle ", "Sir ", "Lord ")):
        pronouns = Pronouns.HE
    character = Character(_distinct(f"helper-{n}", cast.sheets), name, word, CharacterRole.HELPER, pronouns)
    return character, wardrobe.sheet(being, Clothes())


def _as_kin(person: Person, hero: Person) -> Person:
    """``Two brothers``: the second is the hero’s brother, and the book says so; ``twin boys`` are each other’s twin."""
    if person.noun == hero.noun and person.noun.startswith("twin "):
        return replace(person, facts=(*person.facts[:3], Fact(FactKind.IS, "{hero}’s twin")))
    is_kin = person.noun in lexicon().young_kin and person.noun == hero.noun and person.noun in _OF_ONE_FAMILY
    if not is_kin:
        return person
    return replace(person, facts=(*person.facts[:3], Fact(FactKind.IS, f"{{hero}}’s {person.noun}")))


def _being(person: Person, character: Character) -> Being:
    known = lexicon().beings.get(person.being) or _nearest(person.noun)
    known = _with_the_job_of(person.noun, known)
    if person.name.startswith(("Mr ", "Sir ", "Uncle ")) and known.species in PEOPLE:
        known = lexicon().beings["mr"]
    if known.pronouns is None:
        return replace(known, pronouns=character.pronouns)
    return known


def _nearest(noun: str) -> Being:
    """The kind that somebody of no known kind is drawn as: a tractor as a robot, a sock as a made-up creature."""
    if not noun:
        return lexicon().beings["child"]
    kind = "robot" if noun.split()[-1] in lexicon().machines else "creature"
    return replace(lexicon().beings[kind], in_place_of=noun)


def _with_the_job_of(noun: str, known: Being) -> Being:
    """``cat pirate``: a cat, dressed as a pirate."""
    kinds = [lexicon().beings[word] for word in noun.split()[:-1] if word in lexicon().beings]
    animal = next((kind for kind in kinds if kind.species not in PEOPLE), None)
    if animal is None or known.species not in PEOPLE:
        return known
    return replace(animal, accessories=known.accessories, garment=known.garment)


def _clothes(person: Person) -> Clothes:
    """With the hat that a hedge allows: a cat that might be a witch wears the hat."""
    worn = lexicon().worn_by_kind
    allowed = tuple(
        worn[head_noun(f.what)]
        for f in person.facts
        if f.kind in (FactKind.MAYBE, FactKind.IS) and head_noun(f.what) in worn
    )
    c = person.clothes
    return Clothes(
        c.body, c.hair, c.garment, c.outfit, c.accent, (*allowed, *(a for a in c.accessories if a not in allowed))
    )


def _character(
    person: Person, n: int, is_sought: bool, want: str, names: set[str], hero: str, genre: Genre, rng: Random
) -> Character:
    role = (
        CharacterRole.HERO if n == 0 else CharacterRole.COMPANION if n == 1 and not is_sought else CharacterRole.OTHER
    )
    pronouns = person.pronouns or _guessed_pronouns(person, rng)
    noun = clean_name(person.noun).removeprefix("twin ")
    if noun in lexicon().young_kin | {"mr", "mrs", "miss", "ms", "sir"} and " " in person.name:
        noun = "man" if pronouns is Pronouns.HE else "woman"
    elif not noun or noun in lexicon().young_kin:
        noun = {Pronouns.SHE: "girl", Pronouns.HE: "boy"}.get(pronouns, "child")
    name = person.name or _kin_name(noun, names) or _invented_name(noun, pronouns, names, genre, rng)
    traits = tuple(t for t in person.traits if t not in noun.split())
    facts = tuple(fact.clause(name).replace("{hero}", hero)[:200] for fact in person.facts)
    return Character(f"c{n}", name, noun, role, pronouns, traits[:6], want[:300], facts)


def _with_distinct_id(character: Character, taken: Container[str]) -> Character:
    """Named after them: ``zoe`` for Zoë, ``zoe-2`` for the next Zoe."""
    letters = unicodedata.normalize("NFKD", character.name).lower().replace(" ", "-")
    plain = "".join(c for c in letters if c.isascii() and (c.isalnum() or c == "-")).strip("-")
    return replace(character, id=_distinct(plain[:36] or character.id, taken))


def _distinct(wanted: str, taken: Container[str]) -> str:
    choices = chain((wanted,), (f"{wanted}-{n}" for n in count(2)))
    return next(choice for choice in choices if choice not in taken)


_SECOND_OF_KIN = {
    **dict.fromkeys(("dad", "daddy", "father"), "Papa"),
    **dict.fromkeys(("mum", "mummy", "mom", "mother"), "Mama"),
    **dict.fromkeys(("grandma", "grandmother", "granny", "gran"), "Nana"),
    **dict.fromkeys(("grandpa", "grandfather", "grandad", "granddad"), "Gramps"),
}


def _kin_name(noun: str, taken: set[str]) -> str:
    """What a child calls them: ``Grandma``, or the second one ``Nana``; empty for everybody else."""
    names = (noun.capitalize(), _SECOND_OF_KIN.get(noun, ""))
    return next((name for name in names if name and name not in taken), "") if noun in lexicon().kin else ""


def _guessed_pronouns(person: Person, rng: Random) -> Pronouns:
    if person.name.startswith(("Mr ", "Sir ", "Uncle ", "King ", "Prince ")):
        return Pronouns.HE
    if person.name.startswith(("Mrs ", "Miss ", "Ms ", "Aunt ", "Queen ", "Princess ")):
        return Pronouns.SHE
    being = lexicon().beings.get(person.being)
    is_thing = being is None and bool(person.noun) and person.noun not in lexicon().young_kin
    if person.name and not is_thing and (being is None or being.species in PEOPLE):
        return Pronouns.THEY
    return rng.choice((Pronouns.SHE, Pronouns.HE))


_SUNG_MAX_SYLLABLES = 2


def _invented_name(noun: str, pronouns: Pronouns, taken: set[str], genre: Genre, rng: Random) -> str:
    names = pools().names
    being = lexicon().beings.get(noun)
    if being is not None and (being.species is Species.CHILD or (being.species in PEOPLE and not being.is_title)):
        pool = names.girls if pronouns is Pronouns.SHE else names.boys if pronouns is Pronouns.HE else names.anyone
    elif being is not None and being.species in (Species.ROBOT, Species.DRAGON):
        pool = names.robots if being.species is Species.ROBOT else names.dragons
    else:
        pool = (
            names.animals
            if being is None or being.species not in PEOPLE
            else names.grown_ups_she
            if pronouns is Pronouns.SHE
            else names.grown_ups_he
        )
    suiting = [name for name in pool if lexicon().names.get(name.lower()) in (None, pronouns)]
    if genre is Genre.RHYME:  # a name has one beat, and room for one light syllable
        suiting = [name for name in suiting or pool if syllables(name) <= _SUNG_MAX_SYLLABLES]
    pool, used = tuple(suiting or pool), {part for name in taken for part in name.split()}
    return rng.choice([name for name in pool if not used & set(name.split())] or ["Somebody"])


def _invented_hero(reading: Reading, genre: Genre, rng: Random) -> Person:
    word = rng.choice(pools().heroes[genre])
    home = (Fact(FactKind.HABIT, reading.home),) if reading.home else ()
    return Person("", word, word, lexicon().beings[word].pronouns, (rng.choice(pools().hero_traits),), home)


def _companions(forbidden: tuple[str, ...]) -> tuple[str, ...]:
    return ("robot", "ghost", "grandmother", "grandfather") if "animal" in forbidden else pools().companions


def _loved_kind(hero: Person) -> str:
    """``loves unicorns`` → ``unicorn``; empty where nobody of a kind is loved, or people are."""
    for fact in hero.facts:
        verb, _, rest = fact.what.partition(" ")
        kind = lexicon().beings.get(singular(rest))
        if fact.kind is FactKind.HABIT and verb in ("love", "like", "adore") and kind and kind.species not in PEOPLE:
            return singular(rest)
    return ""


def _invented_companion(hero: Person, reading: Reading, rng: Random) -> Person:
    """Of another kind than the hero: of one that the hero loves, if the premise says so; never of one it rules out."""
    species = lexicon().beings[hero.being].species if hero.being else None
    word = _loved_kind(hero) or rng.choice(
        [
            word
            for word in _companions(reading.forbidden)
            if lexicon().beings[word].species is not species and word not in reading.forbidden
        ]
    )
    return Person("", word, word, lexicon().beings[word].pronouns)
