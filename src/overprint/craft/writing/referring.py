"""Whom a clause of a premise speaks of: ``waits for the old lady`` → ``waits for {p1}``.

``{pN}`` stands for the premise's person number N until everybody has a name.
"""

import re

from overprint.core.story import Pronouns
from overprint.craft.writing.nouns import Mention
from overprint.craft.writing.vocabulary import lexicon, word_set

SLOT = re.compile(r"\{p(\d)\}")
_NO_KIN_WORDS = ("little", "big", "new", "old", "young", "twin")
_SUBJECTS = {"he": Pronouns.HE, "she": Pronouns.SHE}
_OBJECTS = {"him": Pronouns.HE, "her": Pronouns.SHE}
# After these words, or at the end, "her" is no owner.
_OBJECT_HER = (
    r"her(?=$|[.,;!?]| (?:to|from|home|back|out|in|with|before|and|one more|once|again|when|until|at|on|the|a|an"
    r"|that|why|how|what|so|laugh|smile|stop)\b)"
)
_OWNERS = re.compile(r"\b(his|her) (?=[^\W\d_])", re.IGNORECASE)
_PRONOUN = re.compile(rf"(?<![\w’])(?:(he|she)(?=[ ’])|(him)\b(?!self)|({_OBJECT_HER}))", re.IGNORECASE)


# "thinks she is a dog" speaks of no dog.
_LEAD = r"(?:(?<!is )(?<!be )(?<!was )(?<!are )(?<!as )(?<!like )(?<!into )\ban?|\b(?:the|that|this|her|his|their))"


def gender_of(mention: Mention) -> Pronouns | None:
    """What is known of somebody's pronouns from their name, their title or their kind."""
    known = [lexicon().names.get(word.lower()) for word in mention.name.split()]
    being = lexicon().beings.get(mention.being)
    return next((each for each in known if each), None) or (being.pronouns if being else None)


def with_slots(clause: str, before: str, mentions: list[Mention], own: Mention | None, by_kind: bool = True) -> str:
    """``clause`` with everybody but ``own`` as a slot, where the words leave no doubt about whom they mean.

    ``before``: the text up to the clause. ``own``: whose clause it is; ``None`` for what happens to them all.
    ``by_kind``: also those spoken of by their kind ("the old lady"), not by pronouns alone.
    """
    spoken_of = [m for m in mentions if m is not own and by_kind]
    for mention in spoken_of:
        if mention.name or mention.count > 1 or mention.start >= len(before):
            continue
        told = rf"{_LEAD} (?:[^\W\d_]+ )?{re.escape(mention.noun)}\b(?!’)"
        clause = re.sub(told, f"{{p{mentions.index(mention)}}}", clause, count=1)

    def meant(found: re.Match[str]) -> str:
        word = found[0].lower()
        is_subject = word in _SUBJECTS
        person = _meant(_SUBJECTS[word] if is_subject else _OBJECTS[word], mentions, own, is_subject)
        return found[0] if person is None else f"{{p{mentions.index(person)}}}"

    return _OWNERS.sub(lambda m: _owned(m, mentions, own), _PRONOUN.sub(meant, clause))


def _owned(found: re.Match[str], mentions: list[Mention], own: Mention | None) -> str:
    """``say her lines``, of him: it is the one who is "she" that they belong to."""
    gender = Pronouns.HE if found[1].lower() == "his" else Pronouns.SHE
    if own is None or gender_of(own) in (gender, None):
        return found[0]
    fitting = [m for m in mentions if m is not own and m.count == 1 and gender_of(m) is gender]
    return f"{{p{mentions.index(fitting[0])}}}’s " if len(fitting) == 1 else found[0]


def _meant(gender: Pronouns, mentions: list[Mention], own: Mention | None, is_subject: bool) -> Mention | None:
    """Whom a pronoun means: an object never whose clause it is, a subject always them unless their kind forbids it."""
    if is_subject and own is not None and gender_of(own) in (gender, None):
        return None
    others = [m for m in mentions if m is not own and m.count == 1]
    if own is not None and not is_subject:
        others = [m for m in others if not _is_with(m, own, mentions)]
    certain = [m for m in others if gender_of(m) is gender]
    possible = certain or [m for m in others if gender_of(m) in (None, Pronouns.IT)]
    possible = sorted(possible, key=lambda m: max(end for _, end in m.spans))
    return possible[-1] if possible and (certain or len(possible) == 1) else None


def _is_with(mention: Mention, own: Mention, mentions: list[Mention]) -> bool:
    """Whether both are told of as one: ``Mila and Jonas miss him``."""
    told = sorted(mentions, key=lambda m: m.start)
    begin, end = sorted((told.index(own), told.index(mention)))
    return all(m.is_joined and m.name for m in told[begin + 1 : end + 1]) and bool(own.name)


_KIN = word_set(
    "son daughter brother sister niece nephew grandson granddaughter cousin twin friend neighbour classmate teammate "
    "apprentice student pupil servant"
)


def kin_of(mention: Mention, everybody: list[Mention]) -> str:
    """What somebody is to somebody else: ``{p0}’s best friend``; empty where it is not told."""
    words = mention.noun.lower().split()
    others = [m for m in everybody if m is not mention]
    if not mention.owner or not words or words[-1] not in _KIN or not others:
        return ""
    if mention.owner in ("my", "our"):
        whose = next((m for m in others if m.noun == "child" and not m.name), None)
    elif mention.owner[:1].isupper():
        whose = next((m for m in others if m.name.split()[-1:] == [mention.owner]), None)
    else:
        gender = {"her": Pronouns.SHE, "his": Pronouns.HE}.get(mention.owner)
        whose = next((m for m in others if gender is None or gender_of(m) in (gender, None)), None)
    told = " ".join(word for word in words if word not in _NO_KIN_WORDS)
    return f"{{p{everybody.index(whose)}}}’s {told}" if whose is not None and told else ""


def filled(text: str, names: list[str]) -> str:
    """``text`` with its slots as names."""
    return SLOT.sub(lambda m: names[int(m[1])] if int(m[1]) < len(names) else "somebody", text)
