"""What somebody in a premise wants, as a verb phrase in its plain form: ``fly a lantern boat to the moon``."""

import re
from dataclasses import dataclass
from enum import StrEnum

from overprint.craft.writing.language import base_of, gerund, inflect_phrase
from overprint.craft.writing.vocabulary import lexicon

_CUT = re.compile(
    r"\s*(?:[,.;:!?]|\b(?:but|because|who|so|where|without|wants|dreams|wishes|longs|hopes|must|although|though|while|when|until|unless|before it|except|however|even though|which|instead of|and (?:she|he|they|it|her|his|their|there|nobody|no one|the|one day))\b)"
)
_PHRASE_MAX_WORDS = 14
_WANT = re.compile(
    r"\b(?:wants?|wanted|wishes|wished|longs?|longed|hopes?|hoped|tries|tried|needs?|needed|decides?|decided|sets? out|sets? off|"
    r"plans?|planned|would (?:love|like)|dares|quest|mission|journey|adventure|has|have|had|dreams?|begins|starts|promises|travels|goes|going) to ([^\W\d_].*)",
    re.IGNORECASE,
)
_UNWANTED = re.compile(r"(?:\bnot|n’t|n't|\bnever) wants? to ([^\W\d_].*)", re.IGNORECASE)
_LEARN = re.compile(r"\b(learn)(?:s|t|ed|ing)? (?:how )?(to [^\W\d_].*)", re.IGNORECASE)
_MUST = re.compile(r"\bmust ([^\W\d_].*)", re.IGNORECASE)
_DREAM = re.compile(r"\bdream(?:s|t|ed|ing)? (?:of|about) ([^\W\d_].*)", re.IGNORECASE)
_SEEK = re.compile(r"\b(?:look|search|hunt)(?:s|es|ed|ing)? for ([^\W\d_].*)", re.IGNORECASE)
_HAVE = re.compile(r"\b(?:wants|wanted|wishes for|longs for|needs) ((?:an?|the|some|her|his|their|its|more|only|just|nothing) [^\W\d_].*)", re.IGNORECASE)


class WantKind(StrEnum):
    """Decides which lines of the want, the turn and the success fit."""

    REACH = "reach"
    FIND = "find"
    MAKE = "make"
    LEARN = "learn"
    HELP = "help"
    OTHER = "other"


_KINDS = {
    WantKind.REACH: "go fly sail travel reach climb visit walk run row journey swim cross escape get return ride drive ski skate wander explore see paddle",
    WantKind.FIND: "find discover catch meet look search seek collect uncover have win hunt befriend hear steal touch own gather",
    WantKind.MAKE: "make build bake write paint sew knit compose invent cook create grow plant open mend fix repair publish brew carve weave draw decorate design plan host organise start",
    WantKind.LEARN: "learn be become sing dance play swim practise perform sleep stop read juggle roar whistle overcome conquer prove win dare",
    WantKind.HELP: "help save rescue protect bring free heal cure guard return deliver wake teach give cheer persuade comfort carry light share stop",
}


def kind_of_want(want: str) -> WantKind:
    first = want.split()[0] if want.split() else ""
    if want.startswith("find out "):
        return WantKind.OTHER
    for kind, verbs in _KINDS.items():
        if first in verbs.split():
            return kind
    return WantKind.OTHER


@dataclass(frozen=True, slots=True)
class Want:
    """``start`` and ``end`` say where in the premise it was read."""

    phrase: str
    start: int
    end: int


def find_want(text: str, sentence_start: int = 0) -> Want | None:
    """The first want in one sentence of a cleaned premise."""
    unwanted = _UNWANTED.search(text)
    if unwanted and (phrase := _phrase(unwanted[1])):
        return _at(unwanted, f"get out of {inflect_phrase(phrase, 'gerund')}", phrase, sentence_start)
    for pattern, lead in ((_LEARN, "learn "), (_WANT, ""), (_MUST, "")):
        found = pattern.search(text)
        phrase = _phrase(found[found.lastindex or 1]) if found else ""
        if found and phrase and (lead or _is_verb(phrase)):
            return _at(found, lead + phrase, phrase, sentence_start)
    return _find_noun_want(text, sentence_start)


def _find_noun_want(text: str, sentence_start: int) -> Want | None:
    dream = _DREAM.search(text)
    if dream and (phrase := _phrase(dream[1])):
        base = base_of(phrase.split()[0])
        if base is not None and gerund(base) == phrase.split()[0]:
            return _at(dream, " ".join([base, *phrase.split()[1:]]), phrase, sentence_start)
        return _at(dream, f"find {phrase}", phrase, sentence_start)
    for pattern, verb in ((_SEEK, "find"), (_HAVE, "have")):
        found = pattern.search(text)
        if found and (phrase := _phrase(found[1])):
            return _at(found, f"{verb} {phrase}", phrase, sentence_start)
    return None


def want_of_deed(text: str, start: int) -> Want | None:
    """A deed told as it happens, read as a want: ``flies a boat to the moon`` → ``fly a boat to the moon``."""
    phrase = _phrase(text)
    words = phrase.split()
    base = base_of(words[0]) if words else None
    if base is None or base in ("be", "have", "want", "live", "love", "like", "hate", "know", "say", "call", "name", "do"):
        return None
    return Want(" ".join([base, *words[1:]]), start, start + len(phrase))


def _at(found: re.Match[str], phrase: str, raw: str, offset: int) -> Want:
    start = found.start(found.lastindex or 1)
    return Want(phrase, offset + start, offset + start + len(raw))


def _is_verb(phrase: str) -> bool:
    first = phrase.split()[0]
    return first.islower() and first not in ("the", "a", "an", "her", "his", "their", "its", "my") and first not in lexicon().settings


def cut_clause(text: str, most_words: int) -> str:
    """``text`` up to the end of its clause."""
    found = _CUT.search(text)
    words = (text[: found.start()] if found else text).split()
    words = words[:most_words]
    loose = {"and", "or", "the", "a", "an", "to", "of", "in", "with", "her", "his", "their", "from", "by", "for", "on", "at", "not", "very", "one"}
    while words and words[-1].lower() in loose:
        words.pop()
    return " ".join(words)


def _phrase(text: str) -> str:
    phrase = cut_clause(text, _PHRASE_MAX_WORDS)
    words = phrase.split()
    if not words or len(words[0]) < 2 or any(word.lower() in lexicon().refused for word in words) or any(len(w) > 24 for w in words):
        return ""
    return phrase


_FIRST = {"her": "my", "his": "my", "their": "my", "its": "my", "herself": "myself", "himself": "myself", "themself": "myself", "themselves": "myself", "itself": "myself"}
_SECOND = {key: value.replace("my", "your") for key, value in _FIRST.items()}


def spoken(want: str, person: int) -> str:
    """The want as the hero says it of themself (1) or somebody says it to them (2)."""
    table = _FIRST if person == 1 else _SECOND
    words = want.split()
    return " ".join(table.get(w, w) if w.endswith(("self", "selves")) or n + 1 < len(words) else w for n, w in enumerate(words))


def thing_wanted(want: str) -> str:
    """The noun phrase a title can be made of: ``lantern boat``, ``moon``, ``lost key``; empty when there is none."""
    found = re.search(r"\b(?:an?|the|her|his|their|its|some)\s+([^\W\d_][\w’ -]*)", want)
    if not found:
        return ""
    words = []
    for word in found[1].split():
        if word in ("to", "of", "in", "on", "at", "with", "and", "for", "from", "that", "into", "over", "across", "by", "under", "before", "all", "without", "through", "back", "around", "about", "alone", "again", "home", "or"):
            break
        words.append(word)
    return " ".join(words[:3])
