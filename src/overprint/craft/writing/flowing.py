"""Short neighbouring sentences of a narration joined, for people who read well."""

import re

from overprint.craft.writing.language import sentences
from overprint.craft.writing.subordinate import subordinated
from overprint.craft.writing.vocabulary import word_set

_SHORT_MAX_WORDS, _LONG_MAX_WORDS, _SAID_ON_MAX_WORDS = 30, 50, 36
# A long sentence stands by itself, and what already has two clauses takes in only a shorter third.
_FOLLOWING_MAX_WORDS, _THIRD_MAX_WORDS = 30, 26
_PERSONS = word_set("it she he they you")
_CAPITALS = word_set("I I’m I’ve I’ll Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_SUBJECTS = _PERSONS | word_set(
    "there nobody somebody everybody nothing everything something this that the his her their its one two a an no both "
    "all each some every behind down up outside inside somewhere people everyone someone half most beside under over "
    "above below beyond nobody’s somebody’s then now here we i monday tuesday wednesday thursday friday saturday "
    "sunday three four not even when while if as by in on at after before for from what"
)
# "So had Yaw."
_INVERTED = word_set("had did was were has is are could would does do")
# "So he built one." follows from what was said; "So far, so good.", "So it was there …" and "So Mia …" sum up.
_FOLLOWS = re.compile(r"So (?!(?:it|there|that) (?:was|were|is)\b)(?:he|she|it|they|we|you|I|nobody|everybody|there)\b")
_SPEECH, _NO_CLAUSE = re.compile(r"[:“”!?…]"), re.compile(r"^(?:Not|Only|The first|It was that)\b")
_LINKS = {"And": ", and", "But": ", but", "So": ", so", "Or": ", or", "Then": "; then"}
# “It is late,” said Mira.
_SAID = re.compile(
    r"[,?!]” (?:said|asked|whispered|shouted|called|cried|panted|remarked|observed|announced|declared|enquired) "
    r"(?P<who>[^“”.,;]{2,30})$"
)


def flowing(text: str, names: frozenset[str] = frozenset()) -> str:
    """Short neighbouring sentences of a narration joined, for people who read well: ``He sat down; it was late.``

    One that goes on with "but" is joined by a comma, a third by "and". ``names``: the first words of names, which
    keep their capital and may begin a clause.
    """
    joined_up: list[str] = []
    for sentence in sentences(text):
        if joined_up and _may_follow(joined_up[-1], sentence, names):
            joined_up[-1] = _joined_by_a_link(joined_up[-1].removesuffix("."), sentence, names)
        else:
            joined_up.append(sentence)
    return " ".join(joined_up)


def _joined_by_a_link(before: str, sentence: str, names: frozenset[str]) -> str:
    first, _, rest = sentence.partition(" ")
    told = subordinated(before, sentence, names)
    if told is not None:
        return told
    if first.startswith("“"):
        return f"{before}; {sentence if first == '“I' else sentence[:2].lower() + sentence[2:]}"
    if first == "So" and _is_inverted(rest):
        return f"{before}, and so {rest}"
    if first in _LINKS:
        return f"{before}{_LINKS[first]} {rest}"
    link = ", and" if ";" in before or _SAID.search(before) else ";"
    return f"{before}{link} {sentence if first in names or first in _CAPITALS else sentence[0].lower() + sentence[1:]}"


def _is_inverted(rest: str) -> bool:
    return rest.split()[0] in _INVERTED


def _may_follow(before: str, sentence: str, names: frozenset[str]) -> bool:
    words, following = before.split(), sentence.split()
    most = _THIRD_MAX_WORDS if ";" in before else _FOLLOWING_MAX_WORDS
    is_short = 3 <= len(words) <= _SHORT_MAX_WORDS and 3 <= len(following) <= most
    if not is_short or len(words + following) > _LONG_MAX_WORDS or words[0] in _LINKS:
        return False
    if following[0] == "So" and not (_FOLLOWS.match(sentence) or _is_inverted(" ".join(following[1:]))):
        return False
    if _goes_on_saying(before, sentence):
        return len(words + following) <= _SAID_ON_MAX_WORDS
    if _is_said_on(before, sentence):
        return following[0] in _LINKS or following[0] in ("It", "They", "I", "We", "You", "He", "She")
    is_plain = before.endswith(".") and sentence.endswith(".") and not _SPEECH.search(sentence)
    is_plain = is_plain and not _NO_CLAUSE.search(sentence) and ";" not in sentence
    is_clause = following[0].lower() in _SUBJECTS or following[0] in names or following[0] in _LINKS
    is_person = following[0].lower() in _PERSONS or (following[0] in names and following[0] not in before)
    return is_plain and is_clause and _has_room(before.removesuffix("."), following[0], is_person)


def _is_said_on(before: str, sentence: str) -> bool:
    """Two plain sentences of what somebody says in one breath, the second its last."""
    is_open = before.count("“") > before.count("”") and before.endswith(".") and ";" not in before
    # “Ludo. I think that we are there.”: a name called is no clause
    is_clause = len(before.rpartition("“")[2].split()) > 2
    return is_open and is_clause and sentence.endswith(".”") and not _SPEECH.search(sentence[:-1])


def _goes_on_saying(before: str, sentence: str) -> bool:
    """``“I have not said,” said Fitz.`` and ``“It is more exciting.”``: one breath, with who says it in the middle."""
    is_told_who = before.count("“") == 1 and before.startswith("“") and _SAID.search(before.removesuffix("."))
    is_whole = re.fullmatch(r"“([^\W\d_]+) [^“”!?:;…]*\.”", sentence)
    if not is_told_who or "?”" in before or "!”" in before or is_whole is None:
        return False
    return is_whole[1] in ("I", "We", "But", "And", "So") or is_whole[1].lower() in _SUBJECTS


def _has_room(before: str, first: str, is_person: bool) -> bool:
    """Whether one more clause is easily read: after one, after two if it tells of somebody, or after what was said."""
    said = _SAID.search(before)
    if said is not None:
        return is_person and first != "It" and before.count("“") == 1 and first not in said["who"].split()
    is_third = ";" in before and is_person and before.count(" and ") < 2 and ", and" not in before.rpartition(";")[2]
    return not _SPEECH.search(before) and not _NO_CLAUSE.search(before) and (";" not in before or is_third)
