"""Where a premise takes place in its own words: ``In the desert, a camel …`` → live in the desert."""

import re

from overprint.core.scene import Setting
from overprint.craft.writing.clauses import cut_clause
from overprint.craft.writing.language import base_of, third_person
from overprint.craft.writing.vocabulary import lexicon, word_set

_W = r"[^\W\d_][\w’-]*"
_LIVES = re.compile(r"\b(?:live[sd]?|living|works?|working|at home|is|are|was|were) $", re.IGNORECASE)
_IN_A_PLACE = re.compile(
    rf"\b(in|on|at|under|inside|behind|near|by|of) ((?:an?|the|our|their|his|her) (?:{_W} ){{0,3}}?({_W}))"
    rf"(?= (?:of|at|in|on|for|near|by|under) ((?:an?|the) )?|[.,;:!?]| {_W}|$)",
    re.IGNORECASE,
)
_A_PLACE = re.compile(
    rf"(?:an?|the|our|my)? ?((?:{_W} ){{0,3}}?({_W})"
    rf"(?: (?:at|in|on|of|under|by|near|for|full of) (?:(?:the|an?) )?(?:{_W} ?){{1,5}})?)"
    r"(?=[.,;:!?]|$)",
    re.IGNORECASE,
)
# "In ancient Egypt", "in Paris"
_IN_A_LAND = re.compile(
    r"\b[Ii]n (?:s )?((?:the |ancient|old|medieval|modern|faraway|snowy|rainy|sunny|northern|southern"
    r"|Victorian|Tudor) )?"
    r"([A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)*(?: times| days)?)(?=[ ,.;!?]|$)"
)
_NO_LAND = word_set(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday mr mrs miss ms dr english french spanish german latin christmas easter"
)
_NOT_IN_A_NAME = word_set(
    "in on at to of with for from and under by near is are was were wants want "
    "two three four five one his her their day night the a an every"
)
_NO_PLACE = word_set("bed books train rocket snow ice light moon sun stars air day night way end trees tram shop")


def where_they_live(text: str, want: str, known: tuple[str, ...], ends: frozenset[int] | None = None) -> str:
    """``live in the haunted lighthouse`` for a hero whose home is not told otherwise; else empty.

    ``ends``: where mentions of people end; a place counts at the beginning, after one of them and after "lives".
    """
    if any(what.startswith(("live", "go to")) for what in known):
        return ""
    place = cut_clause(text, 12)
    whole = _A_PLACE.fullmatch(place)
    if whole and _is_place(whole[2]) and not _is_told(whole[1].split()):
        phrase = re.sub(r"(?i)^(?:an?|the|our|my) ", "", place)
        lead = "go to" if lexicon().settings[whole[2].lower()] is Setting.CLASSROOM else "live in"
        article = "the" if re.match(r"(?i)(?:the|our|my) ", place) else "a"
        return f"{lead} {article} {phrase[0].lower()}{phrase[1:]}"
    for found in _IN_A_PLACE.finditer(text):
        before = text[: found.start()]
        is_told = ends is None or len(before) < 3 or len(before.rstrip(" ,")) in ends or _LIVES.search(before)
        is_theirs = (bool(is_told) and found[1].lower() != "of") or len(text[: found.start()].split()) < 5
        if is_theirs and _is_place(found[3]) and found[2].lower() not in want.lower():
            onwards = re.match(rf" ({_W})", text[found.end() :])
            place = f"{found[2]} {onwards[1]}" if onwards and _is_place(onwards[1]) else found[2]
            lead = "in" if found[1].lower() == "of" else found[1].lower()
            return f"live {lead} {re.sub(r'(?i)^(?:our|my) ', 'the ', place)}"
    land = _IN_A_LAND.search(text)
    if land and land[2] not in want and not set(land[2].lower().split()) & (lexicon().names.keys() | _NO_LAND):
        return f"live in {land[1] or ''}{land[2]}"
    return ""


def _is_told(words: list[str]) -> bool:
    """Whether more than a place is spoken of: ``in the desert``, ``a unicorn goes to school``."""
    before = words[: 1 + next((n for n, word in enumerate(words) if _is_place(word)), len(words))]
    is_deed = any(_is_a_deed(word.lower()) for word in words[1:-1] if word.lower() not in lexicon().settings)
    return is_deed or any(word.lower() in _NOT_IN_A_NAME or _is_a_deed(word.lower()) for word in before[:-1])


def _is_a_deed(word: str) -> bool:
    base = base_of(word)
    return base is not None and word == third_person(base)


def _is_place(word: str) -> bool:
    return word.lower() in lexicon().settings and word.lower() not in _NO_PLACE and not word[0].isupper()
