"""Lines with choices and slots: ``[one|another]`` is drawn, ``{hero}`` is filled, and the grammar is put right."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from overprint.craft.writing.language import capitalised, mend_articles

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([A-Za-z_.]+)\}")
_NOT_ON_A_PAGE = str.maketrans("", "", "{}[]|*<>\\")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script. ``weight`` 1 is always told; the higher, the sooner it is left out.

    ``origin`` is the line of the pool that it was made from, where that is not the template itself.
    """

    weight: float
    paragraph: int
    template: str
    origin: str = ""


def script(text: str, first_paragraph: int = 0) -> list[Line]:
    """The lines of a script; see ``data/episodes_wild.toml`` for how one is written."""
    lines, paragraph = [], first_paragraph
    for row in text.strip().splitlines():
        if not row.strip():
            paragraph += 1
            continue
        weight, _, template = row.strip().partition(" ")
        lines.append(Line(float(weight), paragraph, template))
    return lines


def slots_in(template: str) -> set[str]:
    return set(_SLOT.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """``template`` with its slots filled; values lose everything that is markup here. Raises ``KeyError``."""
    text = _SLOT.sub(lambda m: values[m[1]].translate(_NOT_ON_A_PAGE), template)
    text = mend_articles(text.replace("*", ""))
    return capitalised(re.sub(r"\s+", " ", text).strip())


def realise(template: str, values: Mapping[str, str], rng: Random) -> str:
    """``template`` with its choices drawn and its slots filled."""
    return fill(_CHOICE.sub(lambda m: rng.choice(m[1].split("|")), template), values)
