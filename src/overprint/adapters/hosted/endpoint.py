"""Where a hosted model is, and how much patience there is with it."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from overprint.ports.errors import Misconfigured

KEY_MAX_CHARACTERS = 1_000
VENDORS = {
    "api.openai.com": ("openai", "OpenAI"),
    "api.groq.com": ("groq", "Groq"),
    "openrouter.ai": ("openrouter", "OpenRouter"),
    "api.mistral.ai": ("mistral", "Mistral"),
    "api.together.xyz": ("together", "Together"),
}
_CALLS = ("/chat/completions", "/messages", "/images/generations", "/images/edits")
_UNKNOWN_VENDOR = ("openai-compatible", "an OpenAI-compatible server")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each part of a call may take; ``silence_seconds`` is the longest wait for a next piece of an answer."""

    connect_seconds: float = 10.0
    silence_seconds: float = 180.0
    total_seconds: float = 600.0


PATIENT = Patience()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``headers`` carry the key, so they are never shown. ``provider`` names it in errors, ``label`` in a colophon."""

    provider: str
    label: str
    base_url: str
    headers: Mapping[str, str] = field(repr=False)
    secret: str = field(repr=False, default="")
    patience: Patience = PATIENT

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def is_on_this_machine(self) -> bool:
        """Whether asking for it through a proxy would be wrong."""
        return is_on_this_machine(self.host)


def is_on_this_machine(host: str) -> bool:
    """Whether a host, without port or brackets, is the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class Account:
    """How a key is shown: in which header, in which form, beside which other headers."""

    api_key: str = field(repr=False)
    header: str = "Authorization"
    form: str = "Bearer {}"
    headers: Mapping[str, str] = field(default_factory=dict)


def endpoint_of(base_url: str, account: Account, patience: Patience, vendor: tuple[str, str] | None = None) -> Endpoint:
    """The endpoint at ``base_url``; ``vendor`` is its name and label where the address need not tell.

    Raises ``Misconfigured`` for an address or a key that cannot be right.
    """
    address = base_of(base_url)
    parts = urlsplit(address)
    name, label = vendor or VENDORS.get(parts.hostname or "", _UNKNOWN_VENDOR)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Misconfigured("The provider's address must look like https://host/v1.", provider=name)
    key = _checked_key(account.api_key, name)
    shown = {account.header: account.form.format(key)} if key else {}
    return Endpoint(name, label, address, dict(account.headers) | shown, key, patience)


def base_of(address: str) -> str:
    """``address`` without what operators copy along with it: slashes at its end, or the path of one call."""
    plain = address.strip().rstrip("/")
    for call in _CALLS:
        plain = plain.removesuffix(call)
    return plain.rstrip("/")


def _checked_key(api_key: str, provider: str) -> str:
    """The key without the line end that files add. One that no header can carry is never repeated in a message."""
    key = api_key.strip()
    if len(key) > KEY_MAX_CHARACTERS or not (key.isascii() and key.isprintable()) or " " in key:
        raise Misconfigured(
            "The provider's key has characters that no key has; copy it again from the provider.", provider=provider
        )
    return key
