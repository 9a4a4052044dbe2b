"""Links that Overprint signs itself: ``/files/<key>?expires=…&kid=…&name=…&signature=…``.

The signature is HMAC-SHA256 over everything the link says, so no part of it can be changed. ``kid`` names the signing
key: a new key signs from now on while links of the previous ones stay good until they expire.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from overprint.adapters.storage.rules import check_file_name, check_key, link_seconds
from overprint.core.problems import Denied, Invalid
from overprint.ports.errors import Misconfigured

FILES_PATH = "/files/"
_PROVIDER = "local storage"
_SECRET_MIN_BYTES = 32
_KEY_ID_CHARACTERS = 12
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_QUERY_MAX_CHARACTERS = 3000  # a name of 200 characters is at most 200 · 4 · 3 characters when escaped
_EXPIRES = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"[A-Za-z0-9_-]{43}")
_WANTED = {"expires", "kid", "signature"}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """``secret`` has at least 32 random bytes and is never shown."""

    id: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < _SECRET_MIN_BYTES or not _KEY_ID.fullmatch(self.id):
            raise Misconfigured(
                f"A key that signs links needs a short plain id and at least {_SECRET_MIN_BYTES} bytes of secret.",
                provider=_PROVIDER,
            )


def key_of_secret(secret: bytes) -> SigningKey:
    """The key of a secret, whose id follows from the secret: it stays the same wherever the secret stands in a list."""
    return SigningKey(hashlib.sha256(b"overprint-key-id-1" + secret).hexdigest()[:_KEY_ID_CHARACTERS], secret)


class SignedFile(NamedTuple):
    """What a good link asks for; with ``file_name`` it downloads under that name."""

    key: str
    file_name: str | None


class LinkSigner:
    """Makes and checks links. ``keys[0]`` signs; the others are only believed.

    ``public_url`` is the origin that people see (``https://books.example.org``); without it links start with a slash.
    """

    def __init__(self, keys: Sequence[SigningKey], public_url: str = "") -> None:
        if not keys or len({key.id for key in keys}) != len(keys):
            raise Misconfigured("Links need at least one signing key, and each key its own id.", provider=_PROVIDER)
        self._signing = keys[0]
        self._secrets = {key.id: key.secret for key in keys}
        self._public_url = public_url.rstrip("/")

    def sign(self, key: str, *, now: datetime, expires_at: datetime, file_name: str | None = None) -> str:
        """The link; raises ``Invalid`` for an unsound key or name, or an end not within seven days of ``now``."""
        check_key(key)
        link_seconds(now, expires_at)
        name = "" if file_name is None else check_file_name(file_name)
        expires = int(expires_at.timestamp())
        fields = {"expires": str(expires), "kid": self._signing.id}
        if name:
            fields["name"] = name
        fields["signature"] = _signature(self._signing.secret, self._signing.id, key, expires, name)
        return f"{self._public_url}{FILES_PATH}{key}?{urlencode(fields)}"

    def verify(self, path: str, query: str, now: datetime) -> SignedFile:
        """What the link asks for. ``path`` and ``query`` as the browser sent them, still escaped; raises ``Denied``."""
        fields = _fields(query)
        key = _key(path)
        name = fields.get("name", "")
        secret = self._secrets.get(fields["kid"])
        if secret is None or not _EXPIRES.fullmatch(fields["expires"]) or not _SIGNATURE.fullmatch(fields["signature"]):
            raise _untrue()
        expires = int(fields["expires"])
        expected = _signature(secret, fields["kid"], key, expires, name)
        if not hmac.compare_digest(expected, fields["signature"]):
            raise _untrue()
        if now.timestamp() >= expires:
            raise Denied("This link has expired.", "Open the page it came from again to get a new one.")
        return SignedFile(key, name or None)


def _signature(secret: bytes, key_id: str, key: str, expires: int, name: str) -> str:
    # JSON keeps the fields apart: no two different links have the same text to sign.
    said = json.dumps(["overprint-file-link-1", key_id, key, expires, name]).encode()
    return base64.urlsafe_b64encode(hmac.digest(secret, said, hashlib.sha256)).rstrip(b"=").decode()


def _fields(query: str) -> dict[str, str]:
    """The fields of the query, each at most once; raises ``Denied``."""
    if len(query) > _QUERY_MAX_CHARACTERS:
        raise _untrue()
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=4)
    except ValueError:
        raise _untrue() from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or not _WANTED <= fields.keys() <= _WANTED | {"name"}:
        raise _untrue()
    return fields


def _key(path: str) -> str:
    if not path.startswith(FILES_PATH):
        raise _untrue()
    try:
        return check_key(path.removeprefix(FILES_PATH))
    except Invalid:
        raise _untrue() from None


def _untrue() -> Denied:
    return Denied("This link is not valid.", "Open the page it came from again to get a new one.")
