"""Words the writer reads and uses, kept as TOML in ``data/`` and decoded into the types below.

To teach it a word, add the word to the file; the tests decode every file and try every entry.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from overprint.core.codec import decode
from overprint.core.scene import (
    Accessory,
    Expression,
    Garment,
    Hair,
    Pose,
    PropKind,
    Season,
    Setting,
    Species,
    Time,
    Weather,
)
from overprint.core.story import Pronouns


def load(name: str) -> dict[str, Any]:
    """The table in ``data/<name>.toml``."""
    return tomllib.loads((files("overprint.craft.writing") / "data" / f"{name}.toml").read_text("utf-8"))


def split_words(text: str) -> list[str]:
    """``"a, b,\\n c"`` → ``["a", "b", "c"]``."""
    return [word.strip() for word in text.replace("\n", " ").split(",") if word.strip()]


def word_set(text: str) -> frozenset[str]:
    """``"a b c"`` → the set of its words."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Verbs:
    """``irregular`` maps a base to its past; ``doubling`` are those that double their last letter."""

    irregular: dict[str, str]
    bases: frozenset[str]
    doubling: frozenset[str]


@cache
def verbs() -> Verbs:
    table = load("verbs")
    irregular = dict(pair.split(" ", 1) for pair in split_words(table["irregular"]))
    return Verbs(
        irregular, frozenset(irregular) | frozenset(split_words(table["regular"])), frozenset(table["doubling"])
    )


@dataclass(frozen=True, slots=True)
class Being:
    """A kind of somebody: how a word for them is drawn. ``height`` 1 is a child's. ``near`` are words for others, whom
    ``species`` only resembles; ``in_place_of`` is the one of them that was read. ``body`` and ``marking``: the colours
    that they always have."""

    species: Species
    words: str = ""
    near: str = ""
    pronouns: Pronouns | None = None
    accessories: tuple[Accessory, ...] = ()
    garment: Garment | None = None
    hair: Hair | None = None
    height: float | None = None
    is_title: bool = False
    body: str = ""
    marking: str = ""
    in_place_of: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One set of colours of a species, ``#rrggbb``: body, marking, hair."""

    name: str
    body: str
    marking: str
    hair_colour: str = "#3b2a20"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that is recognised in a premise, by lower-case word."""

    beings: dict[str, Being]
    settings: dict[str, Setting]
    props: dict[str, PropKind]
    weathers: dict[str, Weather]
    seasons: dict[str, Season]
    times: dict[str, Time]
    colours: dict[str, str]
    garments: dict[str, Garment]
    accessories: dict[str, Accessory]
    worn_by_kind: dict[str, Accessory]
    traits: frozenset[str]
    kin: frozenset[str]
    young_kin: frozenset[str]
    want_kinds: dict[str, str]
    names: dict[str, Pronouns]
    foreign: dict[str, str]
    not_names: frozenset[str]
    refused: frozenset[str]
    machines: frozenset[str]
    slips: dict[str, str]


def _by_word(table: dict[str, str], kind: Any) -> dict[str, Any]:
    return {word: kind(key) for key, text in table.items() for word in split_words(text)}


@cache
def lexicon() -> Lexicon:
    table, beings = load("words"), decode(tuple[Being, ...], load("beings")["being"])
    return Lexicon(
        beings={
            **{word: being for being in beings for word in split_words(being.words)},
            **{word: replace(being, in_place_of=word) for being in beings for word in split_words(being.near)},
        },
        settings=_by_word(table["settings"], Setting),
        props=_by_word(table["props"], PropKind),
        weathers=_by_word(table["weathers"], Weather),
        seasons=_by_word(table["seasons"], Season),
        times=_by_word(table["times"], Time),
        colours=table["colours"],
        garments=_by_word(table["garments"], Garment),
        accessories=_by_word(table["accessories"], Accessory),
        worn_by_kind=_by_word(table["worn_by_kind"], Accessory),
        traits=frozenset(split_words(table["traits"])),
        kin=frozenset(split_words(table["kin"])),
        young_kin=frozenset(split_words(table["young_kin"])),
        want_kinds={word: kind for kind, text in table["want_kinds"].items() for word in split_words(text)},
        names=_by_word(table["names"], Pronouns),
        foreign={word: key for key, text in table["foreign"].items() for word in split_words(text)},
        not_names=frozenset(split_words(table["not_names"])),
        refused=frozenset(split_words(table["refused"])),
        machines=frozenset(split_words(table["machines"])),
        slips=table["slips"],
    )


@dataclass(frozen=True, slots=True)
class Looks:
    """Colour sets by species, pools for clothes, hair and invented names; ``hands`` and ``noses``: who has which."""

    bodies: dict[Species, tuple[Look, ...]]
    outfits: tuple[str, ...]
    accents: tuple[str, ...]
    heights: dict[Species, float]
    hands: dict[str, tuple[Species, ...]]
    noses: dict[str, tuple[Species, ...]]


@cache
def looks() -> Looks:
    return decode(Looks, load("looks"))


@cache
def hand_of(species: Species) -> str:
    return next((word for word, kinds in looks().hands.items() if species in kinds), "paw")


@cache
def nose_of(species: Species) -> str:
    return next((word for word, kinds in looks().noses.items() if species in kinds), "nose")


@dataclass(frozen=True, slots=True)
class StageWords:
    """What a verb or adjective of a page looks like in its picture."""

    poses: dict[str, Pose]
    expressions: dict[str, Expression]


@cache
def stage_words() -> StageWords:
    table = load("stage")
    return StageWords(_by_word(table["poses"], Pose), _by_word(table["expressions"], Expression))
