"""A want for those to whom a premise gives none: from what is so, from what happens, from who is there."""

import re

from overprint.craft.writing.facts import Fact, FactKind
from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.implied_wants import implied_want
from overprint.craft.writing.language import gerund, third_person
from overprint.craft.writing.nouns import Mention
from overprint.craft.writing.premise_facts import facts_said
from overprint.craft.writing.premise_own_words import want_in_own_words
from overprint.craft.writing.premise_people import Person
from overprint.craft.writing.vocabulary import lexicon

_GOES_WRONG = re.compile(
    r"\b(?:not|n’t|cannot|never|no|nobody|nothing|lost|loses?|breaks?|broken?|broke|stuck|falls?|fell|gone|wrong"
    r"|ill|storm"
    r"|floods?|stolen?|steals?|stops?|stopped|sinks?|cold|dark|missing|too|burns?|swallow\w*|eats?|ate|forgets?"
    r"|forgot)\b"
)


def with_who_is_afraid(want: str, people: tuple[Person, ...]) -> str:
    """The hero helps whoever is afraid, where it is not they who are."""
    if not want.startswith("be brave about ") or any(_is_afraid(person) for person in people[:1]):
        return want
    afraid = next((n for n, person in enumerate(people) if _is_afraid(person)), 0)
    return f"help {'{pal}' if afraid == 1 else f'{{p{afraid}}}'} {want}" if afraid else want


def _is_afraid(person: Person) -> bool:
    return any(fact.kind is FactKind.FEARS for fact in person.facts)


def want_of_habits(people: tuple[Person, ...]) -> str:
    """Who ``steals socks`` had better stop; of other habits nothing follows."""
    strange = next((pair for pair in _odd_ways(people) if pair), "")
    if strange:
        return strange
    told = [fact.what for person in people[:1] for fact in person.facts if fact.kind is FactKind.HABIT]
    is_odd = any(len(what.split()) > 3 and what.startswith("have a") for what in told)
    verb, _, rest = next((what for what in told if what.split()[0] in grammar().naughty), "").partition(" ")
    if is_odd and not verb:
        return "find out what would come of it"
    return f"stop {gerund(verb)} {rest}".strip() if verb else ""


def _odd_ways(people: tuple[Person, ...]) -> list[str]:
    """What somebody else never does, or does not do, is something to be found out."""
    found: list[str] = []
    for n, person in enumerate(people[1:], start=1):
        for fact in person.facts:
            verb, _, rest = fact.what.partition(" ")
            if fact.kind is FactKind.NEVER and verb != "be":
                found.append(f"find out why {{p{n}}} never {third_person(verb)} {rest}".strip())
            elif fact.kind is FactKind.DOES_NOT:
                found.append(f"find out why {{p{n}}} does not {fact.what}")
    return found


def want_of_what_is(clause: str, people: tuple[Person, ...]) -> str:
    """What anybody would want of whom nothing is known but what happens."""
    if not people and len(clause.split()) < 12 and not re.search(r"\b(?:was|were|had|did)\b", clause):
        return f"find out why {clause}"
    return "put everything right again" if _GOES_WRONG.search(clause) else "find out what would come of it"


def want_of_two(text: str, mentions: list[Mention]) -> str:
    others = mentions[1:] and mentions[1] is not mentions[0]
    return "make friends with {pal}" if others and _may_become_friends(mentions, facts_said(text, mentions)[0]) else ""


def _may_become_friends(mentions: list[Mention], said: tuple[Fact, ...]) -> bool:
    """Two who are nothing to each other yet, of whom nothing is in doubt."""
    other = mentions[1]
    is_kin = other.being in lexicon().kin | lexicon().young_kin or other.being == mentions[0].being
    is_known = any(not fact.what.startswith("live ") for fact in said)
    return not (other.owner or is_kin or is_known)


def implied(text: str, people: tuple[Person, ...], mentions: list[Mention]) -> str:
    names = tuple(person.name or ("{pal}" if n == 1 else f"the {person.noun}") for n, person in enumerate(people))
    said = facts_said(text, mentions)[0] if mentions else ()
    own = want_in_own_words(text, mentions)
    if own.startswith("find out what happens if "):
        return own
    general = implied_want(text, names, tuple((fact.kind, fact.what) for fact in said))
    is_by_fact = general.startswith("be of some use") or not general
    for trait, want in (("lost", "find the way home"), ("homesick", "find the way home"), ("lonely", "find a friend")):
        if people and trait in people[0].traits and not (own or general):
            return want
    return own if own and is_by_fact else general
