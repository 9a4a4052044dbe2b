"""Who is spoken of in a premise: everybody once, with their names, kinds, adjectives and owners."""

import re
from itertools import pairwise

from overprint.core.story import Pronouns
from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of
from overprint.craft.writing.names import is_name, named, with_name
from overprint.craft.writing.nouns import Mention, Token, noun_phrase, tokens_of
from overprint.craft.writing.vocabulary import lexicon, word_set

MENTIONS_MAX = 12
_OWNERS = word_set("her his their its my our your")
_SAID_OF = re.compile(
    r"(?:\b(?:be|become|becomes|becoming|being) |n’t |\b(?:turn|turns|turning|turned|change|changes|changing) into "
    r"|\bdress(?:es|ed|ing)? up as "
    r"|\b(?:not|nor|(?<!help )(?<!company )of|allergic to|fears|like|as|than|except|without|no|without any) "
    r"(?:any |even )?"
    r"|\b(?:story|book|tale|present) for )$",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\b(?:is|was|are|were|been) (?:really |only |now |secretly |actually |also |just |still )?$", re.IGNORECASE
)
_JOINED = re.compile(r" and(?: (?:her|his|their|its|the|an?|my|our)(?: [^\W\d_]+){1,3})? ?", re.IGNORECASE)
# "makes friends with a cat": there are no others
_MAKES = re.compile(
    r"\b(?:makes?|made|making|become|becomes|became|stay|stays|are|were) (?:[^\W\d_]+ )?$", re.IGNORECASE
)
# "Ines has a brother": he is hers.
_HAS_ONE = re.compile(r"\b(?:has|have|had|got|gets?) $", re.IGNORECASE)
_VAGUE = frozenset(("", "friend", "best friend", "child", "neighbour", "hero"))


def find_mentions(text: str) -> list[Mention]:
    """Everybody in ``text``, in order of appearance, each once, at most twelve."""
    tokens, at = tokens_of(text), 0
    found: list[Mention] = []
    while at < len(tokens) and len(found) < MENTIONS_MAX:
        mention, after = _mention_at(tokens, at)
        if mention is None:
            at += 1
            continue
        if mention.owner[:1].isupper() and is_name(tokens, at):
            _merge(found, Mention(name=mention.owner, spans=[(tokens[at].start, tokens[at].end)]))
        mention.is_joined = bool(found and _JOINED.fullmatch(text[found[-1].spans[-1][1] : mention.start]))
        if (
            found
            and not mention.owner
            and text[: mention.start].endswith("’s ")
            and _is_right_after(found[-1], mention)
        ):
            mention.owner = found[-1].name.split()[-1]
        if found and not mention.owner and _HAS_ONE.search(text[: mention.start]):
            known = lexicon().names.get(found[0].name.lower())
            mention.owner = {Pronouns.SHE: "her", Pronouns.HE: "his"}.get(known, "their") if known else "their"
        is_the_exception = bool(mention.name) and re.search(r"\bexcept (?:for )?$", text[: mention.start])
        if is_the_exception or not _is_said_of_another(text[: mention.start], mention, found):
            is_expected = re.search(r"\b(?:having|expecting) (?:an? )?$", text[: mention.start]) is not None
            is_made = is_expected or (mention.being == "friend" and _MAKES.search(text[: mention.start]))
            if not is_made:
                _merge(found, mention)
        at = after
    return _without_collective(found)


def _is_right_after(one: Mention, other: Mention) -> bool:
    """``Farmer Pete’s scarecrow``"""
    return bool(one.name) and one.spans[-1][1] == other.start - 1


def _is_said_of_another(before: str, mention: Mention, found: list[Mention]) -> bool:
    """``is not`` a witch, ``might be`` a witch, ``are`` twins, ``afraid of`` mice: nobody new."""
    if _SAID_OF.search(before):
        return True
    link = _LINK.search(before)
    if link is None or before[: link.start()].lower().endswith("there "):
        return False
    subject = next((m for m in reversed(found) if any(link.start() - end <= 1 for _, end in m.spans)), None)
    if subject is not None and subject.being in _VAGUE:
        subject.noun, subject.being = mention.noun, mention.being
        subject.adjectives += mention.adjectives
        _say_of_all(before, subject, mention, found)
    if subject is None and found and found[0].being in _VAGUE and re.search(r"\bbut s?he $", before[: link.start()]):
        found[0].noun, found[0].being = mention.noun, mention.being
    follows_pronoun = re.search(r"\b(?:who|she|he|they|it|that) $", before[: link.start()], re.IGNORECASE)
    says_who = re.search(r"\b(?:hero|heroine|character|star|it) $", before[: link.start()], re.IGNORECASE)
    return subject is not None or follows_pronoun is not None or says_who is None


def _say_of_all(before: str, subject: Mention, said: Mention, found: list[Mention]) -> None:
    """``Leo and Max are twin boys``: Leo is one of them too."""
    for other in found:
        is_joined = said.is_plural and before[other.spans[-1][1] : subject.start] == " and "
        if is_joined and other.being in _VAGUE:
            other.noun, other.being = said.noun, said.being


def _without_collective(found: list[Mention]) -> list[Mention]:
    """``Two friends, Ana and Luis``: the friends are Ana and Luis, not somebody else; and so with ``three mice``."""
    kept: list[Mention] = []
    for one, other in pairwise(found):
        if one.name and one.is_plural and not other.noun and other.is_joined:
            other.noun, other.being = one.noun, one.being
            one.is_plural, one.count = False, 1
    for n, mention in enumerate(found):
        named = [m for m in found if m.name and m is not mention]
        follow = [m for m in found[n + 1 : n + 5] if m.name and m.being in ("", mention.being)]
        is_one_of_them = mention.is_plural and not mention.name and mention.being in {*_VAGUE, "twin", "cousin"}
        if mention.is_plural and not mention.name and len(follow) >= 2 and _is_next(mention, follow[0]):
            for other in follow:
                other.noun, other.being = other.noun or mention.noun, other.being or mention.being
        elif not (is_one_of_them and len(named) > 1):
            kept.append(mention)
    return kept


def _is_next(one: Mention, other: Mention) -> bool:
    return other.start - one.spans[0][1] <= len(", called ")


def _merge(found: list[Mention], new: Mention) -> None:
    for old in found:
        same_name = bool(new.name and old.name) and _is_same_name(old.name.lower().split(), new.name.lower().split())
        is_one_of_many = any(word.endswith("est") for word in new.adjectives)
        same_kind = not new.name and not new.owner and new.being and old.being == new.being and not new.is_plural
        same_kind = same_kind and not (old.is_plural and is_one_of_many)
        known_noun = not new.name and new.owner and old.being == new.being and old.owner
        if same_name or same_kind or known_noun:
            old.spans += new.spans
            old.noun, old.being = old.noun or new.noun, old.being or new.being
            old.adjectives += [word for word in new.adjectives if word not in old.adjectives]
            return
    found.append(new)


def _is_same_name(one: list[str], other: list[str]) -> bool:
    """``Captain Rosa`` and ``Rosa`` are the same."""
    return one == other or one[-1:] == other or other[-1:] == one


def _mention_at(tokens: list[Token], at: int) -> tuple[Mention | None, int]:
    token = tokens[at]
    if token.low in grammar().articles | _OWNERS or (token.text.endswith(("’s", "s’")) and _next_being(tokens, at + 1)):
        found = noun_phrase(tokens, at + 1, is_bare=token.low == "that")
        if found is not None:
            mention, after = found
            _own(mention, token)
            return mention, with_name(tokens, mention, after)
        return None, at
    if is_name(tokens, at):
        return named(tokens, at)
    is_a_deed = at > 0 and tokens[at - 1].low == "to" and base_of(token.low) == token.low
    found = None if is_a_deed else noun_phrase(tokens, at, is_bare=True)
    if found is not None:
        mention, after = found
        mention.is_bare = True
        return mention, with_name(tokens, mention, after)
    return None, at


def _own(mention: Mention, token: Token) -> None:
    if token.low in _OWNERS:
        mention.owner = token.low
    elif token.text.endswith(("’s", "s’")):
        mention.owner = re.sub(r"’?s?’?$", "", token.text)
    mention.count = grammar().counts.get(token.low, mention.count)
    mention.is_counted = mention.is_counted or token.low in grammar().counts
    mention.is_plural = mention.is_plural or mention.count > 1 or token.low == "some"
    mention.spans[0] = (token.start, mention.spans[0][1])


def _next_being(tokens: list[Token], at: int) -> bool:
    return noun_phrase(tokens, at) is not None
