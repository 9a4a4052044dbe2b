"""Words by their part in a sentence, kept in ``data/grammar.toml``: what each list is for is said there."""

from dataclasses import dataclass, fields
from functools import cache

from overprint.craft.writing.vocabulary import load, word_set


@dataclass(frozen=True, slots=True)
class Grammar:
    """``counts``: how many a number means. ``plurals``: of irregular nouns, the singular."""

    counts: dict[str, int]
    plurals: dict[str, str]
    adjective_endings: tuple[str, ...]
    articles: frozenset[str]
    stops: frozenset[str]
    places: frozenset[str]
    place_leads: frozenset[str]
    never_plural: frozenset[str]
    after_a_name: frozenset[str]
    heads: frozenset[str]
    say_no_kind: frozenset[str]
    no_adjectives: frozenset[str]
    habits: frozenset[str]
    participles: frozenset[str]
    not_said: frozenset[str]
    no_deed_alone: frozenset[str]
    simple_verbs: frozenset[str]
    loose: frozenset[str]
    with_a_purpose: frozenset[str]
    purposes: frozenset[str]
    no_deed: frozenset[str]
    states: frozenset[str]
    naughty: frozenset[str]
    after_a_verb: frozenset[str]
    may_be_somebody: frozenset[str]
    abstract: frozenset[str]
    light: frozenset[str]
    shows: frozenset[str]
    shops: frozenset[str]
    finite: frozenset[str]
    not_before_a_verb: frozenset[str]
    not_a_deed: frozenset[str]


@cache
def grammar() -> Grammar:
    table = load("grammar")
    words = {f.name: word_set(table[f.name]) for f in fields(Grammar) if isinstance(table[f.name], str)}
    words["articles"] |= table["counts"].keys()
    endings = tuple(sorted(words.pop("adjective_endings")))
    return Grammar(table["counts"], table["plurals"], endings, **words)
