"""Words for people who read well: a template with some of its plain words made richer, and how a thing was said."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from overprint.core.codec import decode
from overprint.craft.writing.vocabulary import load, word_set

# How many of the words that could be richer are, and how many of those that say "said".
_SHARE, _SAID_SHARE = 0.95, 0.4
# Fewer words than this are said, not remarked.
_REMARK_WORDS = 4
_NO_REMARK = word_set(
    "Tell Let Look Come Stop Do Put Take Read Listen Wait Please Shut Give Thank Good Go Hold Stand Try Say Run Keep "
    "Show Sit Have Lift Push Pull Never Say Ask Do Don’t Close Open Yes No Oh Sorry What Who Why Where How When"
)
_SAID = re.compile(r"(?<=[,!]” )said(?= \{|\b)")
_ASKED = re.compile(r"(?<=\?” )asked(?= \{|\b)")


@dataclass(frozen=True, slots=True)
class Richer:
    """``words``: patterns over a template, each with what may stand in its place."""

    said: tuple[str, ...]
    asked: tuple[str, ...]
    tails: tuple[str, ...]
    asked_tails: tuple[str, ...]
    words: dict[str, tuple[str, ...]]


@cache
def richer_words() -> Richer:
    return decode(Richer, load("richer"))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    return tuple((re.compile(pattern), words) for pattern, words in richer_words().words.items())


def richer(template: str, seed: str) -> str:
    """``template`` in richer words; the same for the same seed. What fills its slots is left as it is."""
    rng = Random(f"{seed}|{template}")
    for pattern, words in _patterns():
        found = pattern.search(template)
        if found and rng.random() < _SHARE:
            told = rng.choice(words)
            told = told[0].upper() + told[1:] if found[0][0].isupper() else told
            template = f"{template[: found.start()]}{told}{template[found.end() :]}"
    told = _SAID.sub(_by(richer_words().said, rng), template)
    return _ASKED.sub(_by(richer_words().asked, rng), told)


def _by(verbs: tuple[str, ...], rng: Random) -> Callable[[re.Match[str]], str]:
    return lambda said: _spoken(said, verbs, rng)


def _spoken(said: re.Match[str], verbs: tuple[str, ...], rng: Random) -> str:
    """Another verb for most remarks; a word or two are only said."""
    spoken = said.string[: said.start()].rpartition("“")[2].split()
    is_remark = len(spoken) >= _REMARK_WORDS and spoken[0].strip(",") not in _NO_REMARK
    return rng.choice(verbs) if is_remark and rng.random() < _SAID_SHARE else said[0]
