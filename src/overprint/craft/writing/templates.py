"""Lines with choices and slots: ``[one|another]`` is drawn, ``{hero}`` is filled, and the grammar is put right."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from overprint.core.story import Age
from overprint.craft.writing.language import base_of, capitalised, mend_articles, third_person

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SUBJECT = re.compile(r"(\{([pxw]?he)\} )([^\W\d_]+)\b")
_OF_SEVERAL = {"is": "are", "has": "have", "was": "were", "does": "do", "goes": "go"}
# "It was hers."
_ABSOLUTE = re.compile(r"\{([pxw]?his)\}(?=[.,;:!?])")
_ABSOLUTES = {"her": "hers", "their": "theirs"}
_SLOT = re.compile(r"\{([A-Za-z_.]+)\}")
_NOT_ON_A_PAGE = str.maketrans("", "", "{}[]|*<>\\")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script. ``weight`` 1 is always told; the higher, the sooner it is left out.

    ``origin`` is the line of the pool that it was made from, where that is not the template itself.
    ``reader`` is ``e`` for the youngest, ``m`` for those who read well, else empty.
    """

    weight: float
    paragraph: int
    template: str
    origin: str = ""
    reader: str = ""


def script(text: str, first_paragraph: int = 0) -> list[Line]:
    """The lines of a script; see ``data/README.md`` for how one is written."""
    lines, paragraph = [], first_paragraph
    for row in text.strip().splitlines():
        if not row.strip():
            paragraph += 1
            continue
        weight, _, template = row.strip().partition(" ")
        reader = weight[-1] if weight[-1].isalpha() else ""
        lines.append(Line(float(weight.rstrip("em")), paragraph, template, reader=reader))
    return lines


def for_reader(lines: list[Line], age: Age) -> list[Line]:
    """The lines for readers of ``age``: a script with lines for the youngest is told to them in those alone."""
    is_early = age is Age.EARLY
    if is_early and any(line.reader == "e" for line in lines):
        return [line for line in lines if line.reader == "e"]
    reads_well = age in (Age.MIDDLE, Age.ALL)
    return [line for line in lines if not line.reader or (line.reader == "m" and reads_well)]


def slots_in(template: str) -> set[str]:
    return set(_SLOT.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """``template`` with its slots filled; values lose everything that is markup here. Raises ``KeyError``."""
    agreeing = _SUBJECT.sub(lambda m: _agreeing(m, values), template)
    owning = _ABSOLUTE.sub(lambda m: _ABSOLUTES.get(values[m[1]], values[m[1]]), agreeing)
    text = _SLOT.sub(lambda m: values[m[1]].translate(_NOT_ON_A_PAGE), owning)
    text = mend_articles(text.replace("*", ""))
    return capitalised(re.sub(r"\s+", " ", text).strip())


def _agreeing(found: re.Match[str], values: Mapping[str, str]) -> str:
    """``{he} gives`` as ``{he} give``, of somebody who is "they"."""
    if values.get(found[2]) != "they":
        return found[0]
    base = base_of(found[3])
    is_present = base is not None and third_person(base) == found[3] != base
    return f"{found[1]}{_OF_SEVERAL.get(found[3]) or (base if is_present else found[3])}"


def realise(template: str, values: Mapping[str, str], rng: Random) -> str:
    """``template`` with its choices drawn and its slots filled."""
    return fill(_CHOICE.sub(lambda m: rng.choice(m[1].split("|")), template), values)
