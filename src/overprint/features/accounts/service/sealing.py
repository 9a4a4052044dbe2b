"""Sealing what we have to be able to read again: AES-256-GCM under the newest of our keys, opened with any of them."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from overprint.core.problems import Unavailable

NONCE_BYTES = 12
_KEY_ID_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Sealed:
    """``key_id``: which of our keys opens it."""

    key_id: str
    data: bytes = field(repr=False)


class Seals:
    """Seals with the first of ``sealing_secrets``."""

    def __init__(self, sealing_secrets: Sequence[bytes]) -> None:
        keys = [hashlib.sha256(b"seal" + secret).digest() for secret in sealing_secrets]
        self._keys = {_key_id(key): key for key in keys}
        self.newest = _key_id(keys[0])

    def seal(self, plain: str, person_id: UUID) -> Sealed:
        """Only as this person's can it be opened again."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        data = nonce + AESGCM(self._keys[self.newest]).encrypt(nonce, plain.encode(), person_id.bytes)
        return Sealed(self.newest, data)

    def open(self, sealed: Sealed, person_id: UUID) -> str:
        """Raises ``Unavailable`` when its key is not among ours, and for what was changed."""
        key, nonce, data = self._keys.get(sealed.key_id), sealed.data[:NONCE_BYTES], sealed.data[NONCE_BYTES:]
        try:
            if key is None:
                raise InvalidTag
            return AESGCM(key).decrypt(nonce, data, person_id.bytes).decode()
        except InvalidTag:
            raise Unavailable(
                "The key that your app's codes are kept under is missing here.",
                "Use a recovery code or a passkey, and tell whoever runs this house.",
            ) from None


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"kid" + key).hexdigest()[:_KEY_ID_CHARACTERS]
