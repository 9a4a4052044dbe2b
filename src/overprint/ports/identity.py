"""Who somebody is: by a password that is kept here, or by the word of a provider where they are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

SUBJECT_MAX_CHARACTERS = 255
CLAIM_MAX_CHARACTERS = 320


@dataclass(frozen=True, slots=True)
class Round:
    """One way to the provider's page and back. ``state`` comes back with the browser, ``nonce`` in what is signed, and
    ``verifier`` (PKCE) shows the provider that who began is who asks. ``back_url`` is our page it leads to.

    ``is_fresh``: whoever comes back must have shown who they are just now, not some time ago.
    """

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    back_url: str
    began_at: datetime
    is_fresh: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as a provider knows them: ``issuer`` and ``subject`` together never mean anybody else.

    ``email`` is empty unless the provider says that it is theirs.
    """

    issuer: str
    subject: str
    email: str = ""
    name: str = ""


class IdentityProvider(Protocol):
    """Somebody else's word on who it is. Methods raise ``Refused`` for an answer that cannot be believed,
    ``Unavailable`` or ``Busy`` when trying again may help, ``Misconfigured`` when the operator has to mend it."""

    @property
    def name(self) -> str:
        """Short, as it stands in addresses."""
        ...

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    @property
    def issuer(self) -> str:
        """Its address, by the settings."""
        ...

    @property
    def asks_anew(self) -> bool:
        """Whether it has people show who they are once more where ``is_fresh`` wants that; else a click is enough."""
        ...

    async def page_for(self, way: Round) -> str:
        """The address of the page where people show who they are."""
        ...

    async def read_answer(self, way: Round, answer: Mapping[str, str]) -> Identity:
        """Who came back with this ``answer`` (the query of the address they came back to)."""
        ...

    async def check(self) -> None:
        """Whether it can be asked now."""
        ...


class PasswordHasher(Protocol):
    """Own passwords, as they are kept. Both take a while on purpose, and run in a thread."""

    def hash(self, password: str) -> str: ...

    def matches(self, password: str, password_hash: str) -> bool:
        """False for a hash that cannot be read, too."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than today's, so that it is to be made anew."""
        ...
