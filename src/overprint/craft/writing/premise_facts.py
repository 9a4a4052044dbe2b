"""What a premise says of each of those it speaks of."""

import re
from dataclasses import replace

from overprint.core.story import Pronouns
from overprint.craft.writing.clauses import sentences_of
from overprint.craft.writing.fact_patterns import A_SECOND, facts_in, verb_phrase
from overprint.craft.writing.facts import Fact, FactKind
from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of, third_person
from overprint.craft.writing.nouns import Mention, singular
from overprint.craft.writing.referring import with_slots
from overprint.craft.writing.vocabulary import lexicon

_W = r"[^\W\d_][\w’-]*"
_WEATHER = re.compile(r"\bit (?:(?:never|does|doesn’t|cannot|can’t) (?:not )?)?(?:rain|snow)", re.IGNORECASE)
_DOES = re.compile(rf",? (?:(always|often|secretly|only|still) )?({_W})((?: [^.!?;:]*)?)", re.IGNORECASE)
_NO_KIND = ("", "friend", "best friend", "child", "neighbour", "hero", "twin", "brother", "sister")


def facts_said(text: str, mentions: list[Mention]) -> list[tuple[Fact, ...]]:
    """What ``text`` says of each of ``mentions`` that must stay true, at most four facts each.

    Whoever else a fact speaks of stands in it as a slot (see :mod:`referring`).
    """
    facts: dict[int, list[Fact]] = {n: [] for n in range(len(mentions))}
    denied = ""
    for start, sentence in sentences_of(text):
        if sentence.strip().startswith("the first ") and " and the second " in sentence:
            continue  # told of one each
        told = sentence.find(" who ") if sentence.strip().startswith("Then ") else -1
        for position, fact in sorted(facts_in(sentence), key=lambda pair: pair[0]):
            if (told < 0 and sentence.strip().startswith("Then ")) or position < told:
                continue
            subject = _fact_subject(text, mentions, start + position, start)
            if subject is None or (fact.kind is FactKind.HABIT and _is_of_a_thing(text, start + position, mentions)):
                continue
            if fact.what.startswith(A_SECOND):
                if mentions[subject].being in _NO_KIND or not _is_told_of(text, mentions[subject], start + position):
                    continue
                fact = Fact(FactKind.IS, fact.what.removeprefix(A_SECOND))
            if re.search(r"\b(?:each other|one another)\b|^agree ", fact.what):
                continue  # of both together, not of each
            owned = re.split(r" (?:that|who|with) ", fact.what)[0]
            last = owned.split()[-1] if owned.startswith("have a") else ""
            if any(m.owner and m.being == last for m in mentions):
                continue
            if fact.kind is FactKind.NOT:
                denied = fact.what
            if fact.kind in (FactKind.MAYBE, FactKind.IS) and not fact.what:
                fact = Fact(fact.kind, denied)
            if fact.what and fact not in facts[subject] and len(facts[subject]) < 4:
                before = text[: start + position + len(fact.what) + 16]
                fact = replace(fact, what=with_slots(fact.what, before, mentions, mentions[subject]))
                facts[subject].append(fact)
                for other in _joined_with(text, mentions, subject, start + position):
                    facts[other].append(fact)
    for n, mention in enumerate(mentions):
        facts[n] += [fact for fact in _done_by(text, mention, mentions) if fact not in facts[n]][: 4 - len(facts[n])]
    return [tuple(facts[n]) for n in range(len(mentions))]


def _is_told_of(text: str, mention: Mention, position: int) -> bool:
    """Whether "is a …" stands right after somebody or their "who", and is not what they are called anyhow."""
    between = [text[end:position].strip(" ,") for _, end in mention.spans if end <= position]
    said = text[position : position + 60].lower()
    follows = re.search(r"\b(?:who|that) $", text[:position]) is not None
    return (follows or any(each in ("", "who", "he", "she") for each in between)) and not (
        mention.noun and mention.noun in said
    )


def _done_by(text: str, mention: Mention, mentions: list[Mention]) -> list[Fact]:
    """What somebody is said to do, right after their name or kind: ``Priya collects stones and wants …``."""
    for start, end in mention.spans:
        if re.search(r"(?:^|[.!?] )Then [^.!?]*$", text[:start]):
            continue
        opens = re.search(r"(?:^|[.,;] |\b(?:and|but|so|while|because) )(?:Then )?$", text[:start])
        found = _DOES.match(text[end:]) if opens else None
        verb = found[2].lower() if found else ""
        base = base_of(verb)
        is_several = mention.is_plural or mention.is_joined
        told = third_person(base) if base and not is_several else base
        is_told = verb == told or (mention.is_joined and base and verb == third_person(base))
        if mention.is_joined and re.search(r" and $", text[:start]):
            found = None  # "Noor and Sami speak": both of them
        if found and base and is_told and verb not in grammar().simple_verbs and base not in grammar().not_said:
            phrase = verb_phrase(found[2] + found[3])
            adverb = f"{found[1]} " if found[1] else ""
            if phrase:
                is_habit = adverb or base in grammar().habits
                if is_several and not is_habit:
                    return []  # done by all of them together
                told = with_slots(phrase, text[: end + len(phrase) + 16], mentions, mention)
                return [Fact(FactKind.HABIT if is_habit else FactKind.DEED, adverb + told)]
    return []


def _joined_with(text: str, mentions: list[Mention], subject: int, position: int) -> list[int]:
    """Who else is meant where several "are" so: ``Leo and Max are scared of thunder``."""
    is_of_several = re.search(r"\b(?:are|were)(?: both| all)? $", text[:position]) or text[position:].startswith("are ")
    first = mentions[subject].spans[0][0]
    return [n for n, m in enumerate(mentions[:subject]) if is_of_several and text[m.spans[0][1] : first] == " and "]


def _is_he(mention: Mention) -> bool:
    being = lexicon().beings.get(mention.being)
    named = lexicon().names.get(mention.name.lower())
    return Pronouns.HE in (named, being.pronouns if being else None)


def _is_of_a_thing(text: str, position: int, mentions: list[Mention]) -> bool:
    """``sews a coat that makes people tell the truth``: it is the coat that does."""
    at = position - len("that")
    is_that = at > 0 and text[at:position].lower() == "that"
    return is_that and not any(end == len(text[:at].rstrip(" ,")) for m in mentions for _, end in m.spans)


# "and one guest never", "so big that it won’t", "before he leaves"
_SOMETHING_ELSE = re.compile(
    r"(?:(?:\band|\bbut|\bwhile|\bthat|\bbecause|,) (?:one|the|an?|her|his|their|my|nobody|no one|everybody"
    r"|everyone|it’s|its)"
    r"(?: [^\W\d_]+){0,2}|\bso [^\W\d_]+ that (?:it|they|she|he)|\bthan it(?: ever)?) ?(?:ever )?$",
    re.IGNORECASE,
)


def _is_of_something_else(before: str) -> bool:
    """Whether what is said is said of nobody who is spoken of."""
    found = _SOMETHING_ELSE.search(before)
    before = re.sub(r" (?:who|that) ?$", "", before)
    last = singular(before.split()[-1].lower()) if before.split() else ""
    is_named = before.split()[-1:] and before.split()[-1][0].isupper()
    return found is not None and not is_named and last not in lexicon().beings


def _fact_subject(text: str, mentions: list[Mention], position: int, sentence_start: int) -> int | None:
    if _WEATHER.search(text[max(0, position - 4) : position + 24]):
        return None
    if _is_of_something_else(text[sentence_start:position]):
        return None
    is_of_one = re.search(r"\b(?:is|was|has) (?:[^\W\d_]+ )?$", f"{text[:position]}{text[position:].split(' ')[0]} ")
    before = [
        (end, n)
        for n, m in enumerate(mentions)
        for start, end in m.spans
        if sentence_start <= start
        and end <= position + 1
        and not (n and is_of_one is not None and m.is_plural and not m.name)
    ]
    nearest = max(before, default=(sentence_start, 0))[0]
    lead = text[max(sentence_start, nearest - 1, position - 24) : position + 5].lower()
    if before and not re.search(r"\b(?:she|he|they|it)\b[^,.;]*$", lead[: len(lead) - 3]):
        return max(before)[1]
    if re.search(r"\bhe\b[^,.;]*$", lead[: len(lead) - 3]) and len(mentions) > 1:
        he = [n for n, m in enumerate(mentions) if m.start < position and _is_he(m)]
        if he:
            return he[-1]
    if re.search(r"\bthere(?: |’)", text[sentence_start:position].lower()):
        return None
    return 0 if mentions else None
