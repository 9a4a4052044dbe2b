"""What site admins do for people and teams, and what they are shown of the house. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

WORDS_MAX_CHARACTERS = 120
PAGE_MAX = 200
# What stands in quotation marks of a message was quoted from somebody: a title, a name, a model's answer. A quotation
# that is not ended was cut with the line; a mark that is an apostrophe as well quotes only what it ends, too.
_QUOTED = re.compile("\"[^\"]*(?:\"|$)|“[^”]*(?:”|$)|«[^»]*(?:»|$)|‘[^’]*’|'[^']*'")
MESSAGE_MAX_CHARACTERS = 500


class PersonAct(StrEnum):
    APPOINT = "appoint"
    DISMISS = "dismiss"
    UNLOCK = "unlock"
    SIGN_OUT = "sign_out"


class TeamAct(StrEnum):
    GRANT = "grant"
    TAKE_BACK = "take_back"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Steps that wait in a queue, and for how long the oldest has."""

    queue: str
    steps: int
    seconds: float


def plain_words(text: str) -> str:
    """What somebody looks for, as the database can take it."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:WORDS_MAX_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Setting:
    """One of the settings in force. ``value`` is empty where nothing is set; of a secret it is never told. ``origin``:
    environment, file, start (chosen by the command) or default."""

    variable: str
    section: str
    value: str
    is_secret: bool
    is_set: bool
    origin: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Port:
    """What the house asks of the world, and who does it. ``place``: on which host, empty for this machine.
    ``is_counted``: its answers are steps' and cost something."""

    key: str
    provider: str
    model: str
    place: str
    is_embedded: bool
    is_counted: bool


def without_words(message: str) -> str:
    """A line of a log without what it quotes: that may be somebody's."""
    return _QUOTED.sub("…", message)[:MESSAGE_MAX_CHARACTERS]
