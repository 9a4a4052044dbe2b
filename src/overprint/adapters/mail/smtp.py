"""Mail over SMTP, one connection a mail: there are few of them."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Literal

import aiosmtplib

from overprint.ports.errors import Misconfigured, Refused, Unavailable
from overprint.ports.mail import Mail

_PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Which server takes our mail, and how. ``sender`` may be ``Studio <studio@example.org>``."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    username: str | None = None
    password: str | None = None
    timeout_seconds: float = 30.0


class SmtpMail:
    """Sends through one server."""

    name = "smtp"

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def send(self, mail: Mail) -> None:
        """Hand it to the server. A server that says no for good is believed."""
        server = self._server
        try:
            message = message_of(mail, server.sender)
        except ValueError as error:  # what is no header, such as one of two lines
            raise Refused("This mail cannot be written.", provider=self.name) from error
        try:
            await aiosmtplib.send(
                message,
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.security == "tls",
                start_tls=server.security == "starttls",
                timeout=server.timeout_seconds,
            )
        except (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPNotSupported) as error:
            raise Misconfigured(f"The mail server does not take us: {_said(error)}", provider=self.name) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = {each.code for each in error.recipients}
            raise _no(all(code in _PERMANENT for code in codes), "the recipient", self.name) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _no(error.code in _PERMANENT, f"it: {error.code}", self.name) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            if type(error) is aiosmtplib.SMTPException:  # it has no STARTTLS, or no way to sign in
                raise Misconfigured(f"The mail server does not do this: {_said(error)}", provider=self.name) from error
            raise Unavailable(f"The mail server does not answer: {_said(error)}", provider=self.name) from error


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it travels. Its Message-ID is the mail's own id, so that a second copy can be told."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.recipient, mail.subject
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{mail.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _no(is_final: bool, what: str, provider: str) -> Refused | Unavailable:
    kind = Refused if is_final else Unavailable
    return kind(f"The mail server refused {what}.", provider=provider)


def _said(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
