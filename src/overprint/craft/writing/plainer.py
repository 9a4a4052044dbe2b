"""Ways of saying a thing put more plainly, kept as patterns in ``data/plainer.toml``."""

import re
from dataclasses import dataclass
from functools import cache

from overprint.core.codec import decode
from overprint.craft.writing.vocabulary import load

_W = r"[^\W\d_][\w’-]*"
# What opened the premise and now stands within a sentence.
_INSIDE = re.compile(r"(?<=[a-z] )(?:A|An|The|Our|My)(?= [a-z])")
_SLOT = re.compile(r"\{(\d)\}")


@dataclass(frozen=True, slots=True)
class Plainer:
    """``says``: a pattern over a premise; ``told``: what stands there instead, with slots for what was found."""

    says: str
    told: str


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    rules = decode(tuple[Plainer, ...], load("plainer")["plainer"])
    return tuple((_compiled(rule.says), _SLOT.sub(r"\\g<\1>", rule.told)) for rule in rules)


def _compiled(says: str) -> re.Pattern[str]:
    """With ``W`` as one word; without regard to capitals unless it says otherwise."""
    has_capitals = says.startswith("(?-i)")
    says = re.sub(r"(?<![\w\\])W(?!\w)", lambda _: _W, says.removeprefix("(?-i)"))
    return re.compile(says, 0 if has_capitals else re.IGNORECASE)


def plainer(text: str) -> str:
    """``text`` with everything said plainly for which there is a rule."""
    for pattern, told in _rules():
        text = pattern.sub(told, text)
    return _INSIDE.sub(lambda found: found[0].lower(), text)
