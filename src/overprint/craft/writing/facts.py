"""What a premise says that must stay true: negations, hedges, habits and fears, as clauses and as data.

A clause is kept in ``Character.facts`` in plain words ("Mira is not a witch"), so that any writer can
read it; :func:`parse_fact` reads it back.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from overprint.core.story import Character
from overprint.craft.writing.language import base_of, gerund, inflect_phrase, past, third_person
from overprint.craft.writing.retelling import clause_in_the_past, rest_in_the_past
from overprint.craft.writing.vocabulary import word_set

_TOO_COMMON_TO_AVOID = word_set(
    "stop start keep give make let put turn find try leave tell go be do have say get like know see come look think "
    "take"
)


class FactKind(StrEnum):
    NOT = "not"
    MAYBE = "maybe"
    IS = "is"
    NEVER = "never"
    CANNOT = "cannot"
    FEARS = "fears"
    HABIT = "habit"
    WHY = "why"
    DOES_NOT = "does_not"
    NEVER_YET = "never_yet"
    EVENT = "event"
    ARRIVAL = "arrival"
    ENDS = "ends"
    BEGINS = "begins"
    DEED = "deed"
    HAS = "has"


@dataclass(frozen=True, slots=True)
class Fact:
    """``what`` is a complement ("a witch", "afraid"), a noun phrase ("the dark"), a verb phrase in its base form, or,
    for what happens, arrives or ends the story, a whole clause in the present tense."""

    kind: FactKind
    what: str

    def clause(self, name: str) -> str:
        """The fact in the present tense, about ``name``."""
        if self.kind is FactKind.HABIT:
            adverb, verb, rest = _parted(self.what)
            return f"{name} {adverb}{third_person(verb)} {rest}".strip()
        if self.kind is FactKind.DEED:
            verb, _, rest = self.what.partition(" ")
            return f"{name} begins by {gerund(verb)} {rest}".strip()
        if self.kind in _STORY:
            return f"{name}{_STORY[self.kind]} {self.what}"
        if self.kind is FactKind.NEVER:
            verb, _, rest = self.what.partition(" ")
            return f"{name} is never {rest}" if verb == "be" else f"{name} never {third_person(verb)} {rest}".strip()
        return f"{name} {_LINKS[self.kind]} {self.what}"

    def past(self) -> str:
        """The predicate in the past tense: ``never cried``, ``could not swim``."""
        match self.kind:
            case FactKind.HABIT | FactKind.DEED:
                return _habit_in_the_past(self.what)
            case FactKind.EVENT | FactKind.ARRIVAL | FactKind.ENDS | FactKind.BEGINS:
                return clause_in_the_past(self.what)
            case FactKind.HAS:
                return f"had {rest_in_the_past(self.what)}"
            case FactKind.DOES_NOT:
                return f"did not {self.what}"
            case FactKind.NEVER:
                is_state = self.what.startswith("be ")
                return f"was never {self.what[3:]}" if is_state else f"never {inflect_phrase(self.what, 'past')}"
            case _:
                return f"{_PAST_LINKS[self.kind]} {self.what}"


def _parted(what: str) -> tuple[str, str, str]:
    """``always wait for her`` → ``always ``, ``wait``, ``for her``."""
    found = _HABIT_PARTS.fullmatch(what)
    return (found[1], found[2], found[3] or "") if found else ("", what, "")


def _habit_in_the_past(what: str) -> str:
    """``think she is a dog`` → ``thought she was a dog``."""
    told, _, rest = inflect_phrase(what, "past").partition(" ")
    if told in _ADVERBS:
        verb, _, rest = rest.partition(" ")
        told = f"{told} {verb}"
    return f"{told} {rest_in_the_past(rest)}".strip()


_LINKS = {
    FactKind.NOT: "is not",
    FactKind.MAYBE: "might be",
    FactKind.IS: "is",
    FactKind.CANNOT: "cannot",
    FactKind.FEARS: "is afraid of",
    FactKind.WHY: "wants it because",
    FactKind.DOES_NOT: "does not",
    FactKind.NEVER_YET: "has never",
    FactKind.HAS: "has already",
}
_STORY = {
    FactKind.BEGINS: "’s story begins so:",
    FactKind.EVENT: "’s story goes on:",
    FactKind.ARRIVAL: "’s story takes a turn:",
    FactKind.ENDS: "’s story ends so:",
}
_PAST_LINKS = {
    FactKind.NOT: "was not",
    FactKind.MAYBE: "might have been",
    FactKind.IS: "was",
    FactKind.CANNOT: "could not",
    FactKind.FEARS: "was afraid of",
    FactKind.WHY: "wanted it because",
    FactKind.NEVER_YET: "had never",
}
_ADVERBS = ("always", "only", "often", "secretly", "still", "sometimes", "usually")
_HABIT_PARTS = re.compile(rf"((?:(?:{'|'.join(_ADVERBS)}) )?)(\S+)(?: (.*))?")
_PATTERNS = [
    *((kind, re.compile(rf"{lead} (.+)")) for kind, lead in _STORY.items()),
    (FactKind.DEED, re.compile(r"begins by (.+)")),
    (FactKind.NEVER_YET, re.compile(r"has never (.+)")),
    (FactKind.HAS, re.compile(r"has already (.+)")),
    (FactKind.DOES_NOT, re.compile(r"(?:does not|doesn[’']t|do not|don[’']t) (.+)")),
    (FactKind.WHY, re.compile(r"wants it because (.+)")),
    (FactKind.NEVER, re.compile(r"(?:is|are|was) never (.+)")),
    (FactKind.NOT, re.compile(r"(?:is|are|was) not (.+)")),
    (FactKind.MAYBE, re.compile(r"(?:might|may|could) be (.+)")),
    (FactKind.CANNOT, re.compile(r"(?:cannot|can not|can[’']t) (.+)")),
    (FactKind.FEARS, re.compile(r"(?:is|are) afraid of (.+)")),
    (FactKind.IS, re.compile(r"(?:is|are) (.+)")),
]


def parse_fact(clause: str, name: str) -> Fact | None:
    """The fact a clause states about ``name``, or ``None`` when it is of no known form."""
    predicate = clause.strip().rstrip(".").removeprefix(name).strip()
    for kind, pattern in _PATTERNS:
        found = pattern.match(predicate)
        if found:
            if kind is FactKind.DEED:
                verb, _, rest = found[1].partition(" ")
                return Fact(kind, f"{base_of(verb) or verb} {rest}".strip())
            return Fact(kind, f"be {found[1]}" if kind is FactKind.NEVER else found[1])
    never = predicate.startswith("never ")
    adverb, verb, rest = _parted(predicate.removeprefix("never "))
    base = base_of(verb)
    if base is None and verb.endswith("s"):
        base = verb[:-1]
    if base is None:
        return None
    return Fact(FactKind.NEVER if never else FactKind.HABIT, f"{adverb}{base} {rest}".strip())


def facts_of(character: Character) -> tuple[Fact, ...]:
    found = (parse_fact(clause, character.name) for clause in character.facts)
    return tuple(fact for fact in found if fact is not None)


def is_overcome(fact: Fact, want: str) -> bool:
    """Whether it is no longer so when ``want`` has come true: who got his light back has none that has gone out."""
    wanted = set(want.split())
    match fact.kind:
        case FactKind.FEARS:
            return head_noun(fact.what) in wanted
        case FactKind.CANNOT | FactKind.NEVER | FactKind.DOES_NOT | FactKind.NEVER_YET:
            return fact.what.split()[0] in wanted
        case FactKind.HABIT:
            lack = re.match(r"have (?:no|an?|the|two|three) ((?:[^\W\d_]+ ){0,2}?[^\W\d_]+)(?= that |$)", fact.what)
            is_lack = lack is not None and (" that " in fact.what or fact.what.startswith("have no "))
            return is_lack and lack is not None and head_noun(lack[1]) in wanted
        case FactKind.NOT:
            return head_noun(fact.what) in wanted and not want.startswith("get out of")
        case _:
            return False


def is_in_the_way(fact: Fact, want: str) -> bool:
    """Whether what cannot be done, or never is, is the very thing wanted: the story has to speak of it."""
    return fact.kind in (FactKind.CANNOT, FactKind.NEVER, FactKind.DOES_NOT) and is_overcome(fact, want)


def head_noun(what: str) -> str:
    """``a very small witch`` → ``witch``."""
    return what.split()[-1] if what.split() else ""


def words_to_avoid(fact: Fact) -> tuple[str, ...]:
    """Words that no other sentence may use lightly while this fact holds."""
    if fact.kind is FactKind.IS and len(fact.what.split()) > 2:
        return ()
    if fact.kind in (FactKind.NOT, FactKind.MAYBE, FactKind.IS):
        return (head_noun(fact.what), f"{head_noun(fact.what)}es", f"{head_noun(fact.what)}s")
    if fact.kind in (FactKind.NEVER, FactKind.CANNOT):
        base = fact.what.split()[0]
        if base in _TOO_COMMON_TO_AVOID:
            return ()
        return (base, past(base), third_person(base), gerund(base))
    return ()
