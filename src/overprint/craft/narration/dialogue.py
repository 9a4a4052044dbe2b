"""Who says what: quotations in a paragraph, and the character that the text itself names as the speaker.

Only what is written counts: ``said Mira``, ``the fox asked``, ``Otto whispered:``, and ``she said`` where only one
character can be meant. All else is the narrator's.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from overprint.core.narration import NARRATOR
from overprint.core.story import Character, Pronouns
from overprint.craft.narration.sentences import SPEECH_VERB

_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", '"': '"', "‹": "›", "‘": "’"}
_SINGLE_END = re.compile(r"(?<=[,.!?…—–])’(?!\w)")
_VERB = re.compile(rf"(?<!\w){SPEECH_VERB}")
_BREAK = re.compile(r"[.,;:!?…—–]")
_PRONOUNS = {
    Pronouns.SHE: ("she", "sie", "elle", "ella"),
    Pronouns.HE: ("he", "er", "il", "él"),
    Pronouns.THEY: ("they",),
    Pronouns.IT: ("it",),
}
_BEFORE_OTHERS = (
    "to at with of from by about for after before and over under behind beside as like than when while if because "
    "zu mit von bei nach vor und à de avec pour et a con para y"
)
_NOT_THE_SPEAKER = frozenset(_BEFORE_OTHERS.split())
_WORDS_BEFORE_A_NAME_MAX = 4
_TAG_MAX_CHARACTERS = 80
_NEARBY_CHARACTERS = 600  # how far back a pronoun may look; also keeps the work linear in the text


@dataclass(frozen=True, slots=True)
class Quotation:
    """Characters ``first`` up to ``last``, marks included; ``who`` is a character's id, or ``NARRATOR``."""

    first: int
    last: int
    who: str


def quotations(text: str, people: Sequence[Character]) -> tuple[Quotation, ...]:
    """The quotations of one paragraph, in order, each with its speaker where the paragraph names one."""
    found: list[Quotation] = []
    spans = _spans(text)
    for number, (first, last) in enumerate(spans):
        begin = spans[number - 1][1] if number else 0
        end = spans[number + 1][0] if number + 1 < len(spans) else len(text)
        between = text[begin:first]
        nearby = text[max(0, first - _NEARBY_CHARACTERS) : first]
        who = _named_after(text[max(first, last - 8) : last], text[last:end], nearby, people)
        who = who or _named_before(between[-_NEARBY_CHARACTERS:], nearby, people)
        is_answered = number + 1 < len(spans) and not text[last:end].strip()
        who = who or ("" if is_answered else _goes_on(found, between, people))
        found.append(Quotation(first, last, who or NARRATOR))
    return tuple(found)


def _spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    single_ends = [found.end() for found in _SINGLE_END.finditer(text)]
    at = 0
    while at < len(text):
        closers = _PAIRS.get(text[at])
        opens = closers and (at == 0 or not text[at - 1].isalnum())
        if not opens or closers is None:
            at += 1
            continue
        last = _end_of(text, at, closers, single_ends)
        if last is None:
            at += 1
            continue
        spans.append((at, last))
        at = last
    return spans


def _end_of(text: str, at: int, closers: str, single_ends: Sequence[int]) -> int | None:
    """After the closing mark. A speech that goes on in the next paragraph is not closed; it ends with this one."""
    if text[at] == "‘":  # its closing mark is also the apostrophe
        later = bisect_right(single_ends, at + 1)
        return single_ends[later] if later < len(single_ends) else None
    ends = [end for end in (text.find(closer, at + 1) for closer in closers) if end > 0]
    return min(ends) + 1 if ends else len(text)


def _named_after(quote: str, after: str, before: str, people: Sequence[Character]) -> str:
    """From ``said Mira`` or ``Mira said`` after the quotation."""
    said = quote.rstrip("”“’»«›」』\"' ")
    if said.endswith(".") and not said.endswith(".."):
        return ""
    end = _BREAK.search(after.lstrip(" ,—–-"))
    tag = after.lstrip(" ,—–-")[: end.start() if end else _TAG_MAX_CHARACTERS][:_TAG_MAX_CHARACTERS]
    verb = _VERB.search(tag)
    if verb is None:
        return ""
    if not tag[: verb.start()].strip():
        return _first_named(tag[verb.end() :], before, people)
    return _first_named(tag[: verb.start()], before, people)


def _named_before(between: str, before: str, people: Sequence[Character]) -> str:
    """From ``Mira said:`` or ``Mira turned and whispered,`` before the quotation."""
    told = between.rstrip(" —–-")
    if not told.endswith((":", ",")):
        return ""
    clause = re.split(r"[.!?;]", told[:-1])[-1]
    verbs = list(_VERB.finditer(clause))
    return _first_named(clause[: verbs[-1].start()], before, people, skip_start=True) if verbs else ""


def _goes_on(found: Sequence[Quotation], between: str, people: Sequence[Character]) -> str:
    """``“I am,” said Mira. “And you?”``: the same speaker, unless somebody else stepped in between.

    Quotations with nothing between them (``“Is it?” “No.”``) change the speaker, and do not say from whom to whom.
    """
    if not found or found[-1].who == NARRATOR or not between.strip():
        return ""
    others = [person for person in people if person.id != found[-1].who and _mentions(between, person, people)]
    return "" if others else found[-1].who


def _first_named(words: str, before: str, people: Sequence[Character], *, skip_start: bool = False) -> str:
    """Who stands in ``words`` with at most a few words, and no preposition, before the name; or the pronoun's owner."""
    places = [(at, person.id) for person in people for at in _mentions(words, person, people)]
    for at, who in sorted(places):
        ahead = words[:at].lower().split()
        if not _NOT_THE_SPEAKER & set(ahead) and (skip_start or len(ahead) < _WORDS_BEFORE_A_NAME_MAX):
            return who
    return "" if places else _by_pronoun(words, before, people)


def _by_pronoun(words: str, before: str, people: Sequence[Character]) -> str:
    said = set(words.lower().split()[:_WORDS_BEFORE_A_NAME_MAX])
    for pronouns, forms in _PRONOUNS.items():
        if said & set(forms):
            meant = [person for person in people if person.pronouns is pronouns]
            near = [person for person in meant if _mentions(before, person, people)] if len(meant) > 1 else meant
            return near[0].id if len(near) == 1 else ""
    return ""


def _mentions(text: str, person: Character, people: Sequence[Character]) -> list[int]:
    """Where ``text`` names ``person``: in full, by a word of the name, or by what they are, if nobody else is that."""
    shared = [other for other in people if other.id != person.id]
    words = [word for word in person.name.split() if word[:1].isupper() and len(word) > 2]
    own = [word for word in words if not any(word in other.name.split() for other in shared)]
    names = [re.escape(name) for name in sorted({person.name, *own}, key=len, reverse=True)]
    if person.noun and all(other.noun.lower() != person.noun.lower() for other in shared):
        names.append(f"(?i:{re.escape(person.noun)})")
    possessive = r"(?![’']s\b|\w)"
    return [found.start() for found in re.finditer(rf"(?<!\w)(?:{'|'.join(names)}){possessive}", text)]
