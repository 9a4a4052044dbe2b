"""Sentences of a premise, and where a clause of one ends."""

import re

from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of, third_person
from overprint.craft.writing.vocabulary import lexicon, word_set

_CUT = re.compile(
    r"\s*(?:[,.;:!?]|\b(?:but|because|(?<!out )(?<!know )(?<!discover )(?<!see )(?<!decide )(?:who|where)"
    r"|so(?! \w+ (?:that|it|she|he|nobody|everybody)\b)|without"
    r"|wants|dreams|(?<!two )(?<!three )(?<!four )(?<!her )(?<!his )wishes|longs|hopes|must|although|though"
    r"|while|as long as"
    r"|when|until(?! (?:midnight|noon|morning|dawn|bedtime|dark|sunrise))|unless"
    r"|the (?:day|night|morning|week|evening) (?:before|after|that|when)"
    r"|before it(?! (?:is|gets))|except|however|even though|which|instead of"
    r"|(?:and|but) (?:is|are|was|were|has|have|cannot|can’t|never|won’t|wouldn’t|couldn’t|doesn’t|didn’t|would|must)"
    r"|and (?=[A-Z][^\W\d_]+ (?:is|isn’t|has|hasn’t|can|cannot|can’t|wants|must|never|won’t|will)\b)"
    r"|and with\b|and (?:one|only|then|suddenly|now|all at once|every)\b"
    r"|and (?=(?:little |big |old |young )?[A-Z][^\W\d_]+ [a-z]+s\b)"
    r"|and (?:she|he|they|it|her|his|their|my|our|there|nobody|no one|neither|none|the|one day))\b)"
)
# "where he comes from" ends as it should.
_AFTER_A_QUESTION = word_set("from to with for at in on of")
ASKS = re.compile(r"\b(?:where|who|what|which|whose|why|how|whether|if)\b")


def sentences_of(text: str) -> list[tuple[int, str]]:
    """Each sentence of a cleaned premise, with the position of its first letter."""
    return [(m.start(), m[0]) for m in re.finditer(r"[^.!?;:]+", text)]


def cut_clause(text: str, most_words: int) -> str:
    """``text`` up to the end of its clause; ``between the crown and the circus`` stays whole."""
    kept = re.search(
        r"\bbetween (?:[^\W\d_]+ ){1,4}?and |\bso [^\W\d_]+ that (?:nobody|no one|everybody|everyone) wants ", text
    )
    found = _CUT.search(text, kept.end() if kept else 0) if kept else _CUT.search(text)
    words = (text[: found.start()] if found else text).split()
    is_whole = len(words) <= most_words
    is_asked = is_whole and bool(ASKS.search(text))
    words = words[:most_words]
    while (
        words
        and (words[-1].lower() in grammar().loose or (words[-1].endswith("’s") and not is_whole))
        and not ((is_whole and len(words) > 1 and words[-1] == "her") or (is_asked and words[-1] in _AFTER_A_QUESTION))
    ):
        words.pop()
    return " ".join(words)


def before_another_deed(phrase: str) -> str:
    """``her nightlight and asks a firefly for help`` → ``her nightlight``."""
    words = phrase.split()
    for n, word in enumerate(words[1:-1], start=1):
        base = base_of(words[n + 1])
        if word == "and" and base is not None and words[n + 1] == third_person(base):
            return " ".join(words[:n])
    return phrase


def before_somebody_else(phrase: str) -> str:
    """``the dark and a ghost`` → ``the dark``: another person begins another clause."""
    words = phrase.split()
    for at, word in enumerate(words[:-2]):
        following = [each.lower() for each in words[at + 1 : at + 4]]
        kinds = lexicon().beings.keys() | lexicon().traits
        if at and word == "and" and following[0] in ("a", "an") and kinds & set(following):
            return " ".join(words[:at])
    return phrase
