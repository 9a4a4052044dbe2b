"""A real mail server on loopback, which says no to whom we like."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller

from tests.support.command_line import free_port

REFUSED = "nobody@example.org"
DELAYED = "later@example.org"


@dataclass
class Inbox:
    """What the server took, in its order."""

    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address == REFUSED:
            return "550 There is no such mailbox"
        if address == DELAYED:
            return "451 Come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(cast(EmailMessage, message))
        return "250 OK"


@contextmanager
def mail_server(**options: Any) -> Iterator[tuple[int, Inbox]]:
    """Its port, and its inbox."""
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port, inbox
    finally:
        controller.stop()
