"""Sending a mail to a person."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person, in two forms that say the same. ``id`` stays the same however often it is tried."""

    id: UUID
    recipient: str
    subject: str
    text: str
    html: str


class MailPort(Protocol):
    """Delivers mail. A mail may come twice, under the same ``id``, if the answer to the first try got lost."""

    @property
    def name(self) -> str:
        """What ``doctor`` calls it."""
        ...

    async def send(self, mail: Mail) -> None:
        """Hand it over for good.

        Raises ``Refused`` for a mail or a recipient that will never be taken, ``Misconfigured`` when the operator has
        to mend something, ``Unavailable`` when trying again may help.
        """
        ...
