"""Whom a want means by a pronoun or a kind: who is sought, missed or parted from the hero."""

import re
from dataclasses import replace

from overprint.craft.writing.nouns import Mention
from overprint.craft.writing.premise_people import Person
from overprint.craft.writing.referring import SLOT
from overprint.craft.writing.vocabulary import lexicon


def with_who_is_meant(phrase: str, people: tuple[Person, ...]) -> tuple[str, tuple[Person, ...]]:
    """``find him before Mum comes home`` → ``find Nugget …``: who is sought by name, and not there till found."""
    found = re.match(
        r"(find|rescue|save|catch|fetch) (?:him|them|her)(?=$| (?:before|again|in|on|at|from|and|when)\b)", phrase
    )
    others = [person for person in people[1:] if person.noun != people[0].noun or person.name]
    if found is None or not others:
        return phrase, people
    meant = next((person for person in others if person.name), others[0])
    told = f"{found[1]} {meant.name or f'the {meant.noun}'}{phrase[found.end() :]}"
    return told, tuple(replace(p, is_sought=p is meant or p.is_sought) for p in people)


def is_named_in(phrase: str, person: Person) -> bool:
    return bool(person.name and person.name in phrase) or bool(re.search(rf"\b{re.escape(person.noun)}\b", phrase))


def is_away(number: int, phrase: str, text: str) -> bool:
    """Whether it is this one who "did not come", or from whom the hero is parted: they are not there until the end."""
    parted = re.search(r"\b(?:separated|parted|torn apart|cut off) (?:by|in|during|when)\b", text)
    is_parted = number == 1 and (parted is not None or phrase.startswith("meet again"))
    return bool(number) and (f"find out why {{p{number}}} did not " in phrase or is_parted)


def with_who_is_missed(
    phrase: str, mentions: list[Mention], people: tuple[Person, ...]
) -> tuple[str, tuple[Person, ...]]:
    """``say goodnight to him`` → ``… to {p1}``: the one who is not one of those who miss them, and is not there."""
    found = re.match(r"(see|say goodnight to) (?:him|her|them)(?=$| (?:again|at|before|every)\b)", phrase)
    told = sorted(mentions, key=lambda m: m.start)
    with_hero = [mentions[0]] if mentions else []
    for mention in told[told.index(mentions[0]) + 1 :] if mentions else []:
        if not mention.is_joined:
            break
        with_hero.append(mention)
    other = next((n for n, m in enumerate(mentions) if m not in with_hero), 0)
    if not found or not other:
        return phrase, people
    people = tuple(replace(p, is_sought=p.is_sought or n == other) for n, p in enumerate(people))
    return f"{found[1]} {{p{other}}}{phrase[found.end() :]}", people


def till_found(told: str, people: tuple[Person, ...]) -> str:
    """Whoever is sought and has no name is ``the tooth fairy`` till then."""

    def named(slot: re.Match[str]) -> str:
        person = people[int(slot[1])]
        is_strange = person.is_sought and not person.name and person.noun != people[0].noun
        called = person.noun.capitalize() if person.noun in lexicon().kin else f"the {person.noun}"
        return called if is_strange else slot[0]

    return SLOT.sub(named, told)
