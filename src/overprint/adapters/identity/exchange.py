"""Asking a provider something: bounded in time and size, over https but on this machine, and never led elsewhere."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from overprint.adapters.hosted.calls import Call, answer_to
from overprint.adapters.hosted.endpoint import Endpoint, Patience, is_on_this_machine
from overprint.adapters.hosted.failures import AddressUnknown, RequestRejected
from overprint.ports.errors import Misconfigured, Refused, Unavailable

ANSWER_MAX_BYTES = 256 * 1024
CODE_MAX_CHARACTERS = 4000
PATIENCE = Patience(connect_seconds=5.0, silence_seconds=8.0, total_seconds=12.0)


@dataclass(frozen=True, slots=True)
class Client:
    """We, as the provider knows us. ``issuer`` is its address, ``label`` what people call it."""

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    patience: Patience = PATIENCE

    @property
    def basic(self) -> Mapping[str, str]:
        """The header that shows our secret (RFC 6749, 2.3.1)."""
        both = f"{quote_plus(self.client_id)}:{quote_plus(self.client_secret)}"
        return {"Authorization": f"Basic {base64.b64encode(both.encode()).decode()}"}

    @property
    def posted(self) -> Mapping[str, str]:
        """The same as fields of a form."""
        return {"client_id": self.client_id, "client_secret": self.client_secret}


async def ask(
    client: Client, url: str, *, headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None
) -> Any:
    """What stands there, as JSON: posted a ``form``, or got without one. Raises ``ports.errors`` only."""
    base, _, path = url.rpartition("/")
    sent = {"Accept": "application/json", **(headers or {})}
    endpoint = Endpoint(client.label, client.label, base, sent, client.client_secret, client.patience)
    if form is None:
        call = Call(path, "read", ANSWER_MAX_BYTES, method="GET")
    else:
        call = Call(path, hashlib.sha256(repr(form).encode()).hexdigest(), ANSWER_MAX_BYTES, form=form)
    try:
        return json.loads(await answer_to(endpoint, call))
    except AddressUnknown:
        raise Misconfigured(f"{client.label} has nothing at {url[:200]}.", provider=client.label) from None
    except RequestRejected as refusal:
        raise Refused(f"{client.label} does not accept this.{refusal.said}", provider=client.label) from None
    except (ValueError, RecursionError):
        raise Unavailable(f"{client.label} answered something that is no JSON.", provider=client.label) from None


def checked_url(client: Client, url: object) -> str:
    """An address that a provider told us, if it may be gone to: https, or http where the issuer is on this machine.

    Only the issuer itself may be a bare number: nobody leads us to machines beside us. Raises ``Misconfigured``.
    """
    issuer, text = urlsplit(client.issuer), url if isinstance(url, str) else ""
    try:
        parts = urlsplit(text)
        host, is_sound = (
            parts.hostname or "",
            bool(parts.path) and not (parts.username or parts.fragment or parts.port == 0),
        )
    except ValueError:
        host, is_sound = "", False
    here = is_on_this_machine(issuer.hostname or "")
    is_foreign = host != issuer.hostname and (is_on_this_machine(host) or ":" in host or _ends_in_number(host))
    schemes = ("https", "http") if here and is_on_this_machine(host) else ("https",)
    if (
        not is_sound
        or not host
        or is_foreign
        or len(text) > 2000
        or not text.isprintable()
        or parts.scheme not in schemes
    ):
        raise Misconfigured(f"{client.label} names an address that nobody should go to.", provider=client.label)
    return text


def _ends_in_number(host: str) -> bool:
    """Whether it may be read as an address in numbers, which may be hexadecimal; a name never ends in a dot here."""
    last = host.rpartition(".")[2]
    return not last or last[-1].isdigit() or last.startswith("0x")


def with_query(url: str, **query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def challenge_of(verifier: str) -> str:
    """What is told of a PKCE verifier beforehand (S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def code_in(client: Client, answer: Mapping[str, str]) -> str:
    """The code that came back with a browser. Raises ``Refused`` for a no of the provider, or of the person there."""
    if error := answer.get("error"):
        if error == "access_denied":
            raise Refused(f"You did not go on at {client.label}.", provider=client.label)
        plain = error if len(error) <= 80 and error.isascii() and error.isprintable() else "something unreadable"
        raise Refused(f"{client.label} did not let you through: {plain}.", provider=client.label)
    code = answer.get("code", "")
    if not code or len(code) > CODE_MAX_CHARACTERS:
        raise Refused(f"What came back from {client.label} holds no code.", provider=client.label)
    return code


def plain_claim(value: object, max_characters: int) -> str:
    """A claim as text: nothing for what is no text, too long, or has control characters."""
    text = value.strip() if isinstance(value, str) else ""
    return text if text.isprintable() and len(text) <= max_characters else ""
