"""What an OpenID provider signs: whether it did, for us, in this round, just now (OpenID Connect Core, 3.1.3.7)."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from overprint.adapters.identity.discovery import Described
from overprint.ports.identity import SUBJECT_MAX_CHARACTERS, Round

TOKEN_MAX_CHARACTERS = 32_000
KEYS_MAX = 50
LEEWAY_SECONDS = 60
"""How far a provider's clock may be off."""
RSA_MIN_BITS = 2048
PublicKey = RSAKey | ECKey | OKPKey
_KINDS: dict[str, type[PublicKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
_KIND_OF = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}


class Unbelievable(Exception):
    """The token is not what it has to be. ``args[0]`` says why, for the log."""


class KeyUnknown(Unbelievable):
    """It was signed with a key that is not among those that we know; there may be a newer one."""


def read_keys(document: Any) -> tuple[PublicKey, ...]:
    """The keys of a JWKS that can have signed something; what cannot be read is passed over."""
    listed = document.get("keys") if isinstance(document, dict) else None
    found = (_read_key(each) for each in (listed[:KEYS_MAX] if isinstance(listed, list) else ()))
    return tuple(key for key in found if key is not None)


def read_token(
    token: object, keys: Sequence[PublicKey], of: Described, client_id: str, way: Round, now: datetime
) -> dict[str, Any]:
    """The claims of an id token. Raises ``Unbelievable``, ``KeyUnknown``."""
    if not isinstance(token, str) or len(token) > TOKEN_MAX_CHARACTERS or token.count(".") != 2:
        raise Unbelievable("there is no signed token in the answer")
    try:
        claims = jwt.decode(token, lambda shown: _choose(keys, shown.headers()), algorithms=of.algorithms).claims
    except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unbelievable(f"its signature does not hold ({type(error).__name__})") from error
    if why := _wrong(claims, of, client_id, way, now.timestamp()):
        raise Unbelievable(why)
    return claims


def _read_key(data: object) -> PublicKey | None:
    if not isinstance(data, dict) or data.get("use", "sig") != "sig" or data.get("kty") not in _KINDS:
        return None
    try:
        key = _KINDS[data["kty"]].import_key({name: value for name, value in data.items() if name != "d"})
        is_strong = not isinstance(key, RSAKey) or key.public_key.key_size >= RSA_MIN_BITS
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return key if is_strong else None


def _choose(keys: Sequence[PublicKey], header: dict[str, Any]) -> PublicKey:
    """The one that a header names; without a name, the only one of its kind."""
    kind, kid = _KIND_OF.get(str(header.get("alg"))[:2]), header.get("kid")
    fitting = [key for key in keys if key.key_type == kind and (kid is None or key.kid == kid)]
    if not fitting or (kid is None and len(fitting) > 1):
        raise KeyUnknown("it was signed with a key that is not known")
    return fitting[0]


def _wrong(claims: dict[str, Any], of: Described, client_id: str, way: Round, now: float) -> str:
    """What is wrong with the claims; empty if nothing is."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    nonce = claims.get("nonce")
    began, issued, expires = way.began_at.timestamp(), _instant(claims, "iat"), _instant(claims, "exp")
    shown, starts = _instant(claims, "auth_time"), _instant(claims, "nbf")
    subject = claims.get("sub")
    tests = (
        (claims.get("iss") == of.issuer, "it is of another issuer"),
        (client_id in audiences, "it is for somebody else"),
        (claims.get("azp", client_id) == client_id, "somebody else asked for it"),
        (len(audiences) == 1 or "azp" in claims, "it is for several and does not say who asked for it"),
        (expires is not None and now < expires + LEEWAY_SECONDS, "it is over"),
        (issued is not None and began - LEEWAY_SECONDS <= issued <= now + LEEWAY_SECONDS, "it is not of this round"),
        ("nbf" not in claims or (starts is not None and starts <= now + LEEWAY_SECONDS), "it is not good yet"),
        (isinstance(nonce, str) and _are_same(nonce, way.nonce), "it is of another round"),
        (isinstance(subject, str) and _is_plain(subject), "it does not say who it is"),
        # Whoever sits at the browser can take the question out of the address: then there is no answer either.
        (not way.is_fresh or shown is not None or not of.tells_when, "it does not tell when they showed who they are"),
        (not way.is_fresh or shown is None or shown >= began - LEEWAY_SECONDS, "they showed who they are long ago"),
    )
    return next((why for holds, why in tests if not holds), "")


def _are_same(said: str, known: str) -> bool:
    return hmac.compare_digest(said.encode("utf-8", "replace"), known.encode())


def _is_plain(subject: str) -> bool:
    """Whether it can be kept, and told apart from every other."""
    return 0 < len(subject) <= SUBJECT_MAX_CHARACTERS and subject.isprintable()


def _instant(claims: dict[str, Any], name: str) -> float | None:
    value = claims.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e11 else None
