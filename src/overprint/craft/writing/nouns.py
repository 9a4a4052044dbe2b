"""Somebody as spoken of, and the nouns that they are spoken of by: "two very small mice"."""

import re
from dataclasses import dataclass, field

from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of
from overprint.craft.writing.vocabulary import lexicon

TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0fff])*(?:[’-][^\W\d_]+)*|[.,;:!?]")
_NOT_TITLES = ("miss", "sir")
FORMS_OF_ADDRESS = ("mr", "mrs", "miss", "mister", "sir", "ms", "dr")
_WITH_WHO = ("who", "called", "named", "with", "small", "new", "else")


@dataclass(slots=True)
class Mention:
    """One character as spoken of. ``start`` and ``end`` are positions in the cleaned premise of every mention.

    ``is_joined``: told with whoever stands before, ``Hazel and her first mate Pip``. ``is_bare``: without an article.
    """

    name: str = ""
    noun: str = ""
    being: str = ""
    adjectives: list[str] = field(default_factory=list)
    owner: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)
    is_plural: bool = False
    count: int = 1
    is_counted: bool = False
    is_joined: bool = False
    is_bare: bool = False

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


def singular(word: str) -> str:
    """``mice`` → ``mouse``, ``pirates`` → ``pirate``; other words stay."""
    if word in grammar().never_plural:
        return word
    if word in grammar().plurals:
        return grammar().plurals[word]
    if word.endswith("ies") and word not in ("pies", "movies", "cookies", "zombies", "genies", "ties"):
        return f"{word[:-3]}y"
    if word.endswith(("xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def noun_phrase(tokens: list[Token], at: int, is_bare: bool = False) -> tuple[Mention, int] | None:
    """Adjectives and a kind of being, within five words from ``at``; ``is_bare``: no article stands before."""
    beings = lexicon().beings
    for n in range(at, min(at + 5, len(tokens))):
        word = tokens[n]
        if (
            word.text in _NOT_TITLES
            or word.low.endswith("n’t")
            or not word.text[0].isalpha()
            or (word.low in grammar().stops and n > at - 1)
        ):
            return None
        if is_bare and word.low in ("someone", "somebody") and tokens[min(n + 1, len(tokens) - 1)].low not in _WITH_WHO:
            return None
        is_deed = is_bare and n and base_of(word.low) == word.low
        if is_deed and tokens[n - 1].low in lexicon().kin | {"they", "we", "you", "i", "to", "who"}:
            return None
        if is_bare and n and tokens[n - 1].low in ("he", "she", "it", "who") and base_of(word.low) is not None:
            return None
        if singular(word.low) == "cleaner" and n and tokens[n - 1].low in ("vacuum", "pool", "pipe"):
            return None
        if word.low == "bee" and n and tokens[n - 1].low == "spelling":
            return None
        two = f"{word.low} {tokens[n + 1].low}" if n + 1 < len(tokens) else ""
        for noun, size in ((two, 2), (word.low, 1), (singular(word.low), 1)):
            if noun and noun in beings:
                after = tokens[n + 1].low if size == 1 and n + 1 < len(tokens) else ""
                if after in grammar().heads:
                    return None
                if size == 1 and n + 2 < len(tokens) and f"{after} {tokens[n + 2].low}" in beings:
                    continue
                if (
                    word.low not in lexicon().kin
                    and (after in beings or (size == 1 and singular(after) in beings))
                    and after not in ("friend", *FORMS_OF_ADDRESS)
                    and after not in grammar().stops
                ):
                    continue
                return _phrase(tokens, at, n, noun, size, noun == singular(word.low) != word.low)
        if base_of(word.low) and not is_adjective(word.low) and (n > at or is_bare):
            return None
    return None


def _phrase(tokens: list[Token], at: int, n: int, noun: str, size: int, plural: bool) -> tuple[Mention, int]:
    before = [token.low for token in tokens[at:n] if token.low not in ("very", "rather", "quite", "really", "so")]
    before = " ".join(before).replace("ice cream", "ice_cream").split()
    adjectives = [word for word in before if is_adjective(word)]
    modifiers = [
        word.replace("_", " ") for word in before if not is_adjective(word) and word not in grammar().say_no_kind
    ]
    modifiers = [word for word in modifiers if not word.endswith("’s")]
    end = n + size
    spans = [(tokens[at].start, tokens[end - 1].end)]
    count = max((grammar().counts.get(word, 1) for word in before), default=1)
    full = " ".join([*[word for word in modifiers if word not in grammar().counts][-2:], noun])
    mention = Mention(noun=full, being=noun, adjectives=adjectives, spans=spans, is_plural=plural)
    mention.count, mention.is_counted = max(count, 2 if plural else 1), count > 1
    return mention, end


def is_adjective(word: str) -> bool:
    known = lexicon()
    ends_like_one = (
        word.endswith(grammar().adjective_endings) and word not in known.beings and word not in grammar().no_adjectives
    )
    return word in known.traits or word in known.colours or ends_like_one
