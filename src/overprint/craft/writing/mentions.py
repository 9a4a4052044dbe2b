"""Who is spoken of in a premise: names, kinds, adjectives, owners."""

import re
from dataclasses import dataclass, field

from overprint.craft.writing.cleaning import is_caseless
from overprint.craft.writing.language import base_of
from overprint.craft.writing.vocabulary import lexicon

TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0fff])*(?:[’-][^\W\d_]+)*|[.,;:!?]")
MENTIONS_MAX = 12
_ARTICLES = {"a", "an", "the", "one", "two", "three", "some", "another", "this", "that", "every"}
_OWNERS = {"her", "his", "their", "its", "my", "our", "your"}
_STOPS = {"who", "that", "which", "and", "or", "but", "with", "in", "on", "at", "to", "from", "of", "is", "was", "are", "wants", "has",
          "called", "named", "for", "by", "into", "lives", "the", "a", "an"}  # fmt: skip
_PLACE_LEADS = {"in", "at", "to", "from", "near", "of", "on", "around", "across"}
_ADJECTIVE_ENDINGS = ("y", "ful", "less", "ous", "ish", "ive", "ing", "ed", "able", "ible", "al", "ant", "ent", "ic", "est", "er")


_SAID_OF = re.compile(
    r"(?:\b(?:is|was|are|were|be|become|becomes|becoming|being) (?:not |n’t |really |the |now )*|n’t |\b(?:of|fears|like|as|than|without|no|without any) (?:any )?)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Mention:
    """One character as spoken of. ``start`` and ``end`` are positions in the cleaned premise of every mention."""

    name: str = ""
    noun: str = ""
    being: str = ""
    adjectives: list[str] = field(default_factory=list)
    owner: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)
    is_plural: bool = False

    @property
    def start(self) -> int:
        return self.spans[0][0]


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()


def tokens_of(text: str) -> list[Token]:
    return [Token(m[0], m.start(), m.end()) for m in TOKEN.finditer(text)]


def find_mentions(text: str) -> list[Mention]:
    """Everybody in ``text``, in order of appearance, each once, at most twelve."""
    tokens, found, at = tokens_of(text), [], 0
    while at < len(tokens) and len(found) < MENTIONS_MAX:
        mention, after = _mention_at(tokens, at)
        if mention is None:
            at += 1
            continue
        if mention.owner[:1].isupper() and _is_name(tokens, at):
            _merge(found, Mention(name=mention.owner, spans=[(tokens[at].start, tokens[at].end)]))
        if not _is_said_of_another(text[: mention.start]):
            _merge(found, mention)
        at = after
    return found


def _is_said_of_another(before: str) -> bool:
    """``is not`` a witch, ``might be`` a witch, ``are`` twins, ``afraid of`` mice: nobody new."""
    return _SAID_OF.search(before) is not None


def _merge(found: list[Mention], new: Mention) -> None:
    for old in found:
        same_name = new.name and old.name.lower() == new.name.lower()
        same_kind = not new.name and not new.owner and new.being and old.being == new.being and not new.is_plural
        known_noun = not new.name and new.owner and old.being == new.being and old.owner
        if same_name or same_kind or known_noun:
            old.spans += new.spans
            old.noun, old.being = old.noun or new.noun, old.being or new.being
            old.adjectives += [word for word in new.adjectives if word not in old.adjectives]
            return
    found.append(new)


def _mention_at(tokens: list[Token], at: int) -> tuple[Mention | None, int]:
    token = tokens[at]
    if token.low in _ARTICLES | _OWNERS or token.text.endswith(("’s", "s’")) and _next_being(tokens, at + 1):
        found = _noun_phrase(tokens, at + 1)
        if found is not None:
            mention, after = found
            _own(mention, token)
            return mention, _with_name(tokens, mention, after)
        return None, at
    if _is_name(tokens, at):
        return _named(tokens, at)
    found = _noun_phrase(tokens, at, is_bare=True)
    if found is not None:
        mention, after = found
        return mention, _with_name(tokens, mention, after)
    return None, at


def _own(mention: Mention, token: Token) -> None:
    if token.low in _OWNERS:
        mention.owner = token.low
    elif token.text.endswith(("’s", "s’")):
        mention.owner = re.sub(r"’?s?’?$", "", token.text)
    mention.is_plural = token.low in ("two", "three", "some")
    mention.spans[0] = (token.start, mention.spans[0][1])


def _next_being(tokens: list[Token], at: int) -> bool:
    return _noun_phrase(tokens, at) is not None


def _noun_phrase(tokens: list[Token], at: int, is_bare: bool = False) -> tuple[Mention, int] | None:
    """Adjectives and a kind of being, within five words from ``at``; ``is_bare``: no article stands before."""
    beings = lexicon().beings
    for n in range(at, min(at + 5, len(tokens))):
        word = tokens[n]
        if not word.text[0].isalpha() or (word.low in _STOPS and n > at - 1):
            return None
        two = f"{word.low} {tokens[n + 1].low}" if n + 1 < len(tokens) else ""
        for noun, size in ((two, 2), (word.low, 1), (_singular(word.low), 1)):
            if noun and noun in beings:
                after = tokens[n + 1].low if size == 1 and n + 1 < len(tokens) else ""
                if after in beings and after not in ("friend",) and after not in _STOPS:
                    continue
                return _phrase(tokens, at, n, noun, size, noun == _singular(word.low) != word.low)
        if base_of(word.low) and not _is_adjective(word.low) and (n > at or is_bare):
            return None
    return None


def _phrase(tokens: list[Token], at: int, n: int, noun: str, size: int, plural: bool) -> tuple[Mention, int]:
    before = [token.low for token in tokens[at:n] if token.low not in ("very", "rather", "quite", "really", "so")]
    adjectives = [word for word in before if _is_adjective(word)]
    modifiers = [word for word in before if not _is_adjective(word)]
    end = n + size
    spans = [(tokens[at].start, tokens[end - 1].end)]
    full = " ".join([*modifiers[-2:], noun])
    return Mention(noun=full, being=noun, adjectives=adjectives, spans=spans, is_plural=plural), end


def _is_adjective(word: str) -> bool:
    known = lexicon()
    return word in known.traits or word in known.colours or word.endswith(_ADJECTIVE_ENDINGS)


def _singular(word: str) -> str:
    irregular = {"mice": "mouse", "wolves": "wolf", "children": "child", "geese": "goose", "fairies": "fairy", "puppies": "puppy"}
    if word in irregular:
        return irregular[word]
    if word.endswith(("xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _with_name(tokens: list[Token], mention: Mention, after: int) -> int:
    """Takes in a name that follows: ``her cat Soot``, ``a fox called Bramble``, ``her cat, Soot,``."""
    at = after
    if at < len(tokens) and tokens[at].low in ("called", "named"):
        at += 1
        if at < len(tokens) and tokens[at].text[0].isalpha() and (tokens[at].text[0].isupper() or is_caseless(tokens[at].text)):
            return _take_name(tokens, mention, at)
        return after
    if at + 1 < len(tokens) and tokens[at].text == "," and mention.owner and _is_name(tokens, at + 1):
        closing = tokens[at + 2].text if at + 2 < len(tokens) else "."
        if closing in ",.;!?":
            return _take_name(tokens, mention, at + 1)
    if at < len(tokens) and _is_name(tokens, at):
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
    found = _noun_phrase(tokens, n + 1)
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


def _is_name(tokens: list[Token], at: int) -> bool:
    token, known = tokens[at], lexicon()
    plain = re.sub(r"’s?$", "", token.low)
    if not token.text[0].isalpha() or plain in known.not_names or plain in known.refused:
        return False
    if is_caseless(token.text):
        return len(token.text) <= 12 and plain not in known.foreign and any(t.text.isascii() and t.text.isalpha() for t in tokens)
    if not token.text[0].isupper() or plain in known.beings and at == 0:
        return False
    if plain in known.names:
        return True
    if at and tokens[at - 1].low in _PLACE_LEADS:
        return False
    if at == 0 or tokens[at - 1].text in ".!?;:":
        return _opens_like_a_name(tokens, at, plain)
    return len(plain) > 1


def _opens_like_a_name(tokens: list[Token], at: int, plain: str) -> bool:
    known = lexicon()
    if base_of(plain) or plain in known.traits or plain in known.beings or len(plain) < 2:
        return False
    if tokens[at].text.endswith("’s"):
        return True
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None:
        return False
    opens = {"and", "the", "who", "is", "has", "was", "can", "cannot", "can’t", "must", "isn’t", "never", "always", ",", "only", "really", "just", "desperately"}
    return following.low in opens or base_of(following.low) is not None or following.text[0].isupper()


def _named(tokens: list[Token], at: int) -> tuple[Mention, int]:
    """A name and what follows it: ``Mira, a girl``, ``Otto the owl``, ``Tom``."""
    mention = Mention(spans=[(tokens[at].start, tokens[at].end)])
    after = _take_name(tokens, mention, at)
    end = _with_kind(tokens, mention, after)
    if mention.noun:
        return mention, end
    lone = lexicon().beings.get(mention.name.split()[0].lower())
    if lone is not None:
        mention.noun = mention.being = mention.name.split()[0].lower()
    return mention, after
