"""Clauses and summaries of a person put into the past, as the rest of the book is."""

import re

from overprint.craft.writing.language import base_of, past, third_person
from overprint.craft.writing.vocabulary import word_set

_PRESENT_TO_PAST = {"are": "were", "is": "was", "has": "had", "does": "did", "can": "could", "will": "would"}
_LINKS = _PRESENT_TO_PAST | {
    "have": "had",
    "do": "did",
    "am": "was",
    "may": "might",
    "isn’t": "was not",
    "aren’t": "were not",
    "hasn’t": "had not",
    "haven’t": "had not",
    "doesn’t": "did not",
    "don’t": "did not",
    "didn’t": "did not",
    "won’t": "would not",
    "can’t": "could not",
    "cannot": "could not",
    "wasn’t": "was not",
    "must": "had to",
    "he’s": "he was",
    "she’s": "she was",
    "it’s": "it was",
    "they’re": "they were",
    "there’s": "there was",
}
_BEGIN_A_CLAUSE = word_set(
    "and but because when that who which where if so until while as before after though although"
)
_NO_VERB_AFTER = word_set(
    "a an the his her their its my our your of to in on at with for from by into no very so too every each some any not"
)
_MANY = word_set("they we you i people children mice geese all both")


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


def clause_in_the_past(clause: str) -> str:
    """One clause or several, each with its subject: ``a bottle comes back and it is empty`` → ``… came … was …``."""
    return _retold(clause, has_verb=False)


def rest_in_the_past(rest: str) -> str:
    """What follows a verb that is in the past already: ``she is a dog`` → ``she was a dog``."""
    return _retold(rest, has_verb=True)


def _retold(text: str, has_verb: bool) -> str:
    words, is_many = text.split(" "), False
    for n, word in enumerate(words):
        plain = word.strip(".,;:!?")
        before = words[n - 1].strip(".,;:!?").lower() if n else ""
        if plain.lower() in _BEGIN_A_CLAUSE or (n and words[n - 1].endswith((",", ";"))):
            has_verb = False
        changed = None if before == "to" else _LINKS.get(plain.lower())
        is_of_two = n > 2 and words[n - 2] == "and" and words[n - 1][:1].isupper() and words[n - 3][:1].isupper()
        is_joined = is_of_two and not has_verb and plain.islower() and base_of(plain) == plain
        goes_on = is_joined or (is_many and before in ("and", "or") and base_of(plain) == plain)
        if changed is None and n and not has_verb and (goes_on or _is_finite(plain, before)):
            is_untrue = plain == "lies" and words[n + 1 : n + 2] in ([], ["to"], ["about"], ["and"])
            changed = "lied" if is_untrue else past(base_of(plain) or plain)
            is_many = base_of(plain) == plain
        if plain.lower() in ("he", "she", "it", "they") and has_verb and before not in _NO_VERB_AFTER:
            has_verb = False
        if changed is not None:
            words[n] = word.replace(plain, changed)
            has_verb = True
    return re.sub(r"\b(did|could|would|had to) not not\b", r"\1 not", " ".join(words))


def _is_finite(word: str, before: str) -> bool:
    """Whether ``word`` is a verb in the present tense where it stands."""
    base = base_of(word) if word.islower() else None
    if base is None or before in _NO_VERB_AFTER:
        return False
    if word == third_person(base) and word != base:
        return True
    is_many = before in _MANY or (before.endswith("s") and not before.endswith("ss") and base_of(before) is None)
    return word == base and is_many
