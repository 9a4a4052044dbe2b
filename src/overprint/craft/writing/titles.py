"""What a book is called, where nobody has said."""

import re
from random import Random

from overprint.craft.writing.casting import Cast
from overprint.craft.writing.language import title_case
from overprint.craft.writing.plots import Plot
from overprint.craft.writing.slots import about
from overprint.craft.writing.templates import fill, slots_in
from overprint.craft.writing.want_words import bare, want_words


def title_of(cast: Cast, plot: Plot, rng: Random) -> str:
    words = {name: _of_a_title(text) for name, text in want_words(cast.hero.want).items()}
    values = about("hero", cast.hero) | about("pal", cast.companion) | words
    values["goal"] = _with_the(want_words(cast.hero.want)["goal"], words["goal"])
    fitting = [t for t in plot.titles if all(len(values[slot].split()) in (1, 2, 3, 4) for slot in slots_in(t))]
    fitting = [t for t in fitting if not (" Is the {" in t and values[slots_in(t).pop()].endswith("s"))]
    fitting = [t for t in fitting if not any(_is_a_mass(slot, cast) for slot in _COUNTED.findall(t))]
    return title_case(fill(rng.choice(fitting or ["{hero} and {pal}"]), values))[:120]


# Slots of a title that say one of many: "A {made} by Tuesday".
_COUNTED = re.compile(r"\b(?:An?|One) (?:\w+ )?\{(\w+)\}")


def _is_a_mass(slot: str, cast: Cast) -> bool:
    """Whether the want names several of it, or none that can be counted: ``fix engines``, ``have silence``."""
    named = want_words(cast.hero.want).get(slot.removesuffix("_bare"), "the thing")
    return not re.match(r"(?:an?|the|her|his|their|its|one) ", named) or named.endswith("s")


def _with_the(told: str, words: str) -> str:
    """``the moon``, ``the house full of children``; a name stays as it is."""
    return words if not words or words[:1].isupper() or told == words else f"the {words}"


def _of_a_title(phrase: str) -> str:
    """``their grandmother’s lost teapot`` → ``lost teapot``."""
    return re.sub(r"^.*’s? (?=[^\W\d_])", "", bare(phrase))
