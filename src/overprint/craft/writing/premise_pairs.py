"""Two who are told apart in one sentence: ``a cat who loves rain and a dog who hates it``, ``one tall, one small``.

Each gets a sentence of their own, so that what is said of one is not taken for the other's.
"""

import re

from overprint.craft.writing.language import base_of
from overprint.craft.writing.vocabulary import word_set

_W = r"[^\W\d_][\w’-]*"
_ONE = rf"(?:(?i:an?|the|my|our|his|her|their|another|one) (?:{_W} ){{0,3}}?{_W}|[A-Z][\w’-]*)"
_BOTH = re.compile(
    rf"^(?P<one>{_ONE}),? (?:who|that) (?P<first>[^,.;]+?),? and (?P<other>{_ONE}),? (?:who|that) (?P<second>[^.;]+)"
)
_OF_TWO = re.compile(
    rf"^(?P<two>(?:two|a pair of|twin|my two|the two) (?:{_W} )*?{_W})(?P<main> [^,:;.]+?)?[,:;.]? (?:the )?one"
    rf"(?: of (?:them|whom))?,?(?: (?:who|that))? (?P<first>(?:{_W}) [^,.;]+?)[,;]? (?:(?:and|but|while|whereas) )?"
    rf"(?:the other|the second|one|another)(?: one)?(?: of (?:them|whom))?,?(?: (?:who|that))? (?P<second>[^.;]+)",
    re.IGNORECASE,
)
# "two frogs, one brave and one careful, set off"
_OF_TWO_KINDS = re.compile(
    rf"^(?P<two>(?:two|the two|my two) (?:{_W} )*?{_W}),? one (?P<first>(?:very )?{_W})(?:,| and| but|, the)* "
    rf"(?:the other|one|other) (?P<second>(?:very )?{_W})(?:,(?P<main> [^.;]+))?(?=$|[.;])",
    re.IGNORECASE,
)
_NOT_BEFORE = word_set(
    "a an the his her their its my our your to of in on at with for from by and or not no very so too can cannot can’t "
    "will must could should would never does do did always only is are was were"
)
_LINKS = word_set("is was has can cannot can’t never always won’t doesn’t wants")
# "who is afraid … who isn’t": what is not said again
_DENIED = {"isn’t": "is not", "is not": "is not", "can’t": "cannot", "cannot": "cannot", "is": "is", "can": "can"}
_LIKINGS = word_set("loves likes hates adores wants fears dislikes needs has")
_IT = re.compile(r"\b(?:it|them)\b")


def pairs_apart(text: str) -> str:
    """``text`` with two that are contrasted in sentences of their own; any other text comes back as it was."""
    both = _BOTH.match(text)
    if both is not None:
        second, main = _before_both_do(both["second"])
        named = _named(second, both["first"], both["one"])
        told = f"{_head(both['one'])} who {both['first']}. {_head(both['other'])} who {named}"
        return f"{both['one']} and {both['other']}{main}. {told}{_end(text[both.end() :])}"
    kinds = _OF_TWO_KINDS.match(text)
    if kinds is not None and not any(base_of(kinds[name]) for name in ("first", "second")):
        told = f"the first is {kinds['first']} and the second is {kinds['second']}"
        return f"{kinds['two']}{kinds['main'] or ''}. {told}{_end(text[kinds.end() :])}"
    two = _OF_TWO.match(text)
    if two is not None and _is_said(two["first"]) and _is_said(two["second"]):
        second, main = _before_both_do(two["second"])
        main = f"{two['main'] or ''}{main}"
        told = f"the first {two['first']} and the second {second.rstrip(' ,')}"
        return f"{two['two']}{main}. {told}{_end(text[two.end() :])}"
    return text


def _is_said(clause: str) -> bool:
    first = clause.split()[0].lower()
    return base_of(first) is not None or first in _LINKS


def _before_both_do(clause: str) -> tuple[str, str]:
    """``hates the cold share a flat`` → ``hates the cold`` and `` share a flat``: what both of them do."""
    words = clause.split(" ")
    for n in range(1, len(words) - 1):
        word = words[n].lower()
        is_deed = base_of(word) == word or word in ("are", "have")
        if n > 1 - (word in ("are", "have")) and is_deed and words[n - 1].lower() not in _NOT_BEFORE:
            return " ".join(words[:n]), f" {' '.join(words[n:])}"
    return clause, ""


def _named(second: str, first: str, one: str) -> str:
    """``hates it`` with what the first one loves in the place of "it", or the first one itself."""
    if second.strip().lower() in _DENIED:
        link, _, rest = first.partition(" ")
        return f"{_DENIED[second.strip().lower()]} {rest if link in _LINKS else first}"
    verb, _, thing = first.partition(" ")
    is_thing = verb in _LIKINGS or not thing.endswith(("ly", "wards", "fast", "away", "home", "straight"))
    return _IT.sub(thing if thing and is_thing and len(thing.split()) < 4 else _head(one), second)


def _head(one: str) -> str:
    """``a very small cat`` → ``the cat``; a name stays."""
    return one if one[0].isupper() and " " not in one else f"the {one.split()[-1]}"


def _end(rest: str) -> str:
    return rest if rest[:1] in (".", ";", "!", "?") else f".{rest}"
