"""What site admins do for people and teams. Pure."""

from dataclasses import dataclass
from enum import StrEnum

WORDS_MAX_CHARACTERS = 120
PAGE_MAX = 200


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
