"""Tokens: what shows who is signed in, and what is kept of it.

An access token is a JWT of 15 minutes, signed with the first of our keys and believed with any of them. The first
refresh token of a session is random, each next one is computed from the last and our key, so that whoever asks twice at
once gets the same one although only hashes are kept.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey

from overprint.core.problems import NotSignedIn
from overprint.features.accounts.rules import ACCESS_LIFETIME, TOKEN_MAX_CHARACTERS

ALGORITHM = "HS256"
AUDIENCE = "overprint"
SECRET_BYTES = 32
_KID_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token says."""

    person_id: UUID
    session_id: UUID


class Tokens:
    """Makes and reads tokens with ``secrets``, the signing one first."""

    def __init__(self, signing_secrets: Sequence[bytes], issuer: str) -> None:
        self._secrets = [hashlib.sha256(b"refresh" + secret).digest() for secret in signing_secrets]
        keys = [hashlib.sha256(b"access" + secret).digest() for secret in signing_secrets]
        self._keys = KeySet(
            [OctKey.import_key(key, {"kid": _kid(key), "alg": ALGORITHM, "use": "sig"}) for key in keys]
        )
        self._issuer = issuer

    def access(self, person_id: UUID, session_id: UUID, now: datetime) -> str:
        """A signed token that is good for ``ACCESS_LIFETIME``."""
        key = self._keys.keys[0]
        issued_at = int(now.timestamp())
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": str(person_id),
            "sid": str(session_id),
            "iat": issued_at,
            "exp": issued_at + int(ACCESS_LIFETIME.total_seconds()),
        }
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": "at+jwt"}, claims, key)

    def read_access(self, token: str, now: datetime) -> Access:
        """Raises ``NotSignedIn`` for whatever we did not sign for now and here."""
        if len(token) > TOKEN_MAX_CHARACTERS:
            raise NotSignedIn("This token cannot be read.", "Sign in again.")
        try:
            decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            registry = jwt.JWTClaimsRegistry(
                now=int(now.timestamp()),
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": AUDIENCE},
                exp={"essential": True},
            )
            registry.validate(decoded.claims)
            is_ours = decoded.header.get("typ") == "at+jwt"
            access = Access(UUID(decoded.claims["sub"]), UUID(decoded.claims["sid"]))
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotSignedIn("This token is not good, or not any more.", "Sign in again.") from error
        if not is_ours:
            raise NotSignedIn("This token is for something else.", "Sign in again.")
        return access

    def successors(self, session_id: UUID, refresh: str) -> list[str]:
        """The token that follows ``refresh``: by the key that signs now, then by the older ones."""
        message = session_id.bytes + refresh.encode()
        return [hmac.new(key, message, hashlib.sha256).hexdigest() for key in self._secrets]


def new_secret() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> bytes:
    """What is kept of a secret that nobody can guess: it needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _kid(key: bytes) -> str:
    return hashlib.sha256(b"kid" + key).hexdigest()[:_KID_CHARACTERS]
