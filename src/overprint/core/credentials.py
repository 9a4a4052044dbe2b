"""Content Credentials in our own words: what is stated when a file is signed, and what is found in one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

UNSIGNED = "unsigned"
"""What a film or a sound is called in the folder where it is to be signed."""


class Source(StrEnum):
    """How something came to be, in the words of IPTC's list of digital source types."""

    PROCEDURE = "algorithmicMedia"
    """Drawn or written by rules, with no model: what is embedded."""
    MODEL = "trainedAlgorithmicMedia"
    """Made by a trained model: what is hosted."""
    MIXED = "compositeSynthetic"
    """Several parts, at least one of which was made by a model."""
    TREATED = "algorithmicallyEnhanced"
    """A photo that rules have changed."""
    UNKNOWN = "composite"
    """Brought from elsewhere, or put together with what was: any part may have been made by a model, or none."""
    PERSON = "digitalCreation"
    """Made by a person with digital tools: a doodle, an edited text."""


@dataclass(frozen=True, slots=True)
class Statement:
    """``provider`` and ``model`` made the content; ``recipe`` is the step's, in hex; ``author`` may stay empty.

    ``made_at`` comes from our own clock and is believed only as far as the signer: there is no time stamp.
    """

    title: str
    source: Source
    recipe: str = ""
    provider: str = ""
    model: str = ""
    author: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signatory:
    """In whose name files are signed. ``certificate_sha256`` in hex; ``is_local``: a key made here, which nobody
    outside vouches for."""

    name: str
    organisation: str
    certificate_sha256: str
    expires_at: datetime
    is_local: bool


class State(StrEnum):
    INTACT = "intact"
    """No byte was changed since it was signed."""
    CHANGED = "changed"
    """The credentials are whole, but the file is no longer what they were made for."""
    EXPIRED = "expired"
    """As intact, but the signer's certificate is not valid now."""
    DAMAGED = "damaged"
    """The credentials themselves were changed; nothing that they say counts."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a statement says of one thing; empty where it says nothing. ``source`` ends IPTC's address of the kind."""

    title: str = ""
    generator: str = ""
    source: str = ""
    agent: str = ""
    recipe: str = ""
    provider: str = ""
    model: str = ""
    author: str = ""
    content_sha256: str = ""
    made_at: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """``ours``: the signature was made under the identity that it was compared with, proved by its root.

    ``parts`` are the pictures of a book, or the file that a picture was made from. ``codes`` are the standard's own
    words for what is wrong.
    """

    state: State
    ours: bool = False
    signer: str = ""
    organisation: str = ""
    facts: Facts = Facts()
    parts: tuple[Facts, ...] = ()
    codes: tuple[str, ...] = ()
