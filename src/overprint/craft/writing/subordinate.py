"""Two plain sentences told as one, the lesser in a clause: ``Although it was late, nobody went home.``"""

import re
from zlib import crc32

_CLAUSE_WORDS_MAX = 16
_PERSONS = ("He", "She", "They")
_MANY_LINKS = re.compile(r"[,;:“”!?…]| (?:and|but|who|which|that|when|if|because|although|since) ")
_OPENS_PLAINLY = re.compile(r"(?:He|She|It|They|There|Nobody|Everybody|Somebody|Nothing|Everything|The|His|Her|Their) ")
# "At the bottom was a fountain." "It had a fish in it.": what comes last, and is spoken of at once.
_NEW_THING = re.compile(
    r"\b(?:was|had|saw|met|found|stood|came|lay|hung|bought|with) (?:an?|one) (?:[a-z-]+ ){0,2}[a-z-]+$"
)
_OF_THE_THING = re.compile(
    r"It (?=(?:had|stood|hung|smelt|came|said|ran|led|fell|made|held|lay|sang|rang|creaked|shone|could|did not"
    r"|would not|went|knew|wanted|looked at)\b)"
)
_INVERTED = re.compile(r"But (?:had|did|was|were|has|is|are|could|would|does|do|then|that|what|when|if|as)\b")
# "He did not shout. He left.": one subject for both would have the "not" cover both.
_BENDS_WHAT_FOLLOWS = re.compile(r"\b(?:not|never|no|nothing|nobody|neither|only|hardly|scarcely)\b|n’t\b")
# "He sat down. He was tired.": a state or what came before, which is no next deed.
_IS_NO_DEED = re.compile(r"(?:He|She|They) (?:was|were|is|are|had|has|have|did|do|does|could|would|might|must|felt)\b")


def subordinated(before: str, sentence: str, names: frozenset[str]) -> str | None:
    """The two as one sentence, or ``None`` where they stand better side by side. ``before`` has lost its full stop.

    What follows with "So" is never told as ``Since …``: that would claim a cause where there may be none.
    """
    if not _is_plain(before) or re.search(r"[“”;:!?…]", sentence) or _INVERTED.match(sentence):
        return None
    first, _, rest = sentence.partition(" ")
    if first == "But" and _may_lead(before, names):
        return _led(before, rest, names)
    if _NEW_THING.search(before) and _OF_THE_THING.match(sentence):
        return f"{before}, which {rest}"
    if first in _PERSONS and before.startswith(f"{first} ") and _are_two_deeds(before, sentence):
        return f"{before} and {rest}"
    return None


def _is_plain(clause: str) -> bool:
    return len(clause.split()) <= _CLAUSE_WORDS_MAX and not _MANY_LINKS.search(clause)


def _may_lead(clause: str, names: frozenset[str]) -> bool:
    return bool(_OPENS_PLAINLY.match(clause)) or clause.split()[0] in names


def _are_two_deeds(before: str, sentence: str) -> bool:
    """Whether one does the one and then the other; of such pairs, half stay side by side."""
    is_bent = _BENDS_WHAT_FOLLOWS.search(before) or any(_IS_NO_DEED.match(told) for told in (before, sentence))
    return not is_bent and bool(crc32(sentence.encode()) % 2)


def _led(before: str, rest: str, names: frozenset[str]) -> str | None:
    """``Although it was late, nobody went home.`` for two of three such pairs; the others stay joined as they were."""
    if crc32(rest.encode()) % 3 == 0:
        return None
    lead = before if before.split()[0] in names else before[0].lower() + before[1:]
    return f"Although {lead}, {rest}"
