"""Names in a premise: which words are one, and what is told with it ("Otto the owl")."""

import re

from overprint.craft.writing.cleaning import is_caseless
from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of
from overprint.craft.writing.nouns import FORMS_OF_ADDRESS, Mention, Token, is_adjective, noun_phrase, singular
from overprint.craft.writing.vocabulary import lexicon


def with_name(tokens: list[Token], mention: Mention, after: int) -> int:
    """Takes in a name that follows: ``her cat Soot``, ``a fox called Bramble``, ``her cat, Soot,``."""
    at = after
    if at < len(tokens) and tokens[at].low in ("called", "named"):
        at += 1
        if (
            at < len(tokens)
            and tokens[at].text[0].isalpha()
            and (tokens[at].text[0].isupper() or is_caseless(tokens[at].text))
        ):
            return _take_name(tokens, mention, at)
        return after
    is_kind = at + 1 < len(tokens) and tokens[at].low == "the" and tokens[at + 1].text.islower()
    if is_kind and mention.being in ("friend", "best friend") and noun_phrase(tokens, at + 1) is None:
        mention.noun, mention.being = tokens[at + 1].low, ""
        mention.spans[0] = (mention.spans[0][0], tokens[at + 1].end)
        return at + 2
    if at + 1 < len(tokens) and tokens[at].text == "," and is_name(tokens, at + 1):
        last = at + 1
        while last + 1 < len(tokens) and tokens[last + 1].text[0].isupper():
            last += 1
        if last + 1 == len(tokens) or tokens[last + 1].text in ",.;!?":
            return _take_name(tokens, mention, at + 1)
    if at < len(tokens) and is_name(tokens, at):
        being = lexicon().beings.get(mention.being)
        after = _take_name(tokens, mention, at)
        if being is not None and being.is_title and not mention.owner:
            mention.name = f"{mention.being.title()} {mention.name}"
        return _with_kind(tokens, mention, after)
    return after


def _with_kind(tokens: list[Token], mention: Mention, after: int) -> int:
    """Takes in what somebody is, told after the name: ``Otto the owl``, ``Mira, a girl``."""
    n = after + 1 if after < len(tokens) and tokens[after].text == "," else after
    leads = tokens[n].low if n < len(tokens) else ""
    if leads not in ("a", "an", "the") or (n == after and leads != "the"):
        return after
    found = noun_phrase(tokens, n + 1)
    if found is None:
        return after
    kind, end = found
    mention.noun, mention.being = kind.noun, kind.being
    mention.adjectives += kind.adjectives
    mention.spans[0] = (mention.spans[0][0], kind.spans[0][1])
    return end


def _take_name(tokens: list[Token], mention: Mention, at: int) -> int:
    words = [tokens[at]]
    while len(words) < 3 and at + len(words) < len(tokens):
        following = tokens[at + len(words)]
        if not following.text[0].isupper() or following.low in lexicon().not_names or following.text.endswith("’s"):
            break
        words.append(following)
    mention.name = " ".join(re.sub(r"’s?$", "", word.text) for word in words)
    mention.spans[0] = (mention.spans[0][0], words[-1].end)
    return at + len(words)


def is_name(tokens: list[Token], at: int) -> bool:
    token, known = tokens[at], lexicon()
    plain = re.sub(r"’s?$", "", token.low)
    if not token.text[0].isalpha() or {plain, singular(plain)} & known.not_names or plain in known.refused:
        return False
    if is_caseless(token.text):
        return (
            len(token.text) <= 12
            and plain not in known.foreign
            and any(t.text.isascii() and t.text.isalpha() for t in tokens)
        )
    if not token.text[0].isupper() or (plain in known.beings and at == 0):
        return False
    if plain in known.names:
        return True
    if re.search(r"-[^\W\d_A-Z]", token.text) or _is_name_of_a_thing(tokens, at):
        return False
    if at and (_is_in_a_place(tokens, at) or _is_of_a_place(tokens, at)):
        return False
    if at == 0 or tokens[at - 1].text in ".!?;:":
        return _opens_like_a_name(tokens, at, plain)
    return len(plain) > 1


def _is_name_of_a_thing(tokens: list[Token], at: int) -> bool:
    """``a soapbox called the Purple Comet``, ``her ship, the Silver Mango``."""
    while at and tokens[at - 1].text[0].isupper():
        at -= 1
    return at > 1 and tokens[at - 1].low == "the" and tokens[at - 2].low in ("called", "named", ",")


def _is_in_a_place(tokens: list[Token], at: int) -> bool:
    """``in Peru``, ``in ancient Egypt``, ``in old New York``: where it is, not who."""
    if tokens[at].text.endswith("’s"):
        return False
    for n in range(at - 1, max(-1, at - 4), -1):
        if tokens[n].low in grammar().place_leads:
            return True
        if tokens[n].low in (*FORMS_OF_ADDRESS, "captain", "aunt", "uncle", "king", "queen", "professor"):
            return False
        if (
            not (tokens[n].low == "the" or tokens[n].text[0].isupper() or is_adjective(tokens[n].low))
            or tokens[n].low in lexicon().names
        ):
            return False
    return False


def _is_of_a_place(tokens: list[Token], at: int) -> bool:
    """``the town of Little Wobbling``: a name, but of nobody."""
    while at and tokens[at - 1].text[0].isupper():
        at -= 1
    return at > 1 and tokens[at - 1].low == "of" and tokens[at - 2].low in grammar().places


def _opens_like_a_name(tokens: list[Token], at: int, plain: str) -> bool:
    known = lexicon()
    if base_of(plain) or plain in known.traits or {plain, singular(plain)} & known.beings.keys() or len(plain) < 2:
        return False
    if tokens[at].text.endswith("’s"):
        return True
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None:
        return False
    if following.text == "." and at + 2 == len(tokens):
        return at > 0  # "… about a train. Ottie."
    return following.low in grammar().after_a_name or base_of(following.low) is not None or following.text[0].isupper()


def named(tokens: list[Token], at: int) -> tuple[Mention, int]:
    """A name and what follows it: ``Mira, a girl``, ``Otto the owl``, ``Tom``."""
    mention = Mention(spans=[(tokens[at].start, tokens[at].end)])
    after = _take_name(tokens, mention, at)
    end = _with_kind(tokens, mention, after)
    if mention.noun:
        return mention, end
    titled = {"dr": "doctor", "doctor": "doctor", "professor": "professor", "prof": "professor"}
    if kind := titled.get(mention.name.split()[0].lower()):
        mention.noun = mention.being = kind
        return mention, after
    lone = lexicon().beings.get(mention.name.split()[0].lower())
    if lone is not None:
        mention.noun = mention.being = mention.name.split()[0].lower()
    return mention, after
