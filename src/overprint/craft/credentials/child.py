"""Signing and reading across a process boundary: bytes in, bytes out, for the compute port."""

import json
from collections.abc import Mapping

from overprint.core.codec import decode, encode
from overprint.core.credentials import Credentials, Statement
from overprint.core.problems import Invalid
from overprint.craft.framing import pack, unpack

_DATA, _IDENTITY, _CERTIFICATES, _PART = "data", "identity", "certificates", "part/"


def sign_payload(
    data: bytes, media_type: str, statement: Statement, identity: bytes, parts: Mapping[str, bytes] | None = None
) -> bytes:
    """What :func:`sign_bytes` takes."""
    blobs = {_DATA: data, _IDENTITY: identity} | {_PART + key: part for key, part in (parts or {}).items()}
    return pack({"media_type": media_type, "statement": encode(statement)}, blobs)


def sign_bytes(payload: bytes) -> bytes:
    """:func:`sign` of what was packed."""
    from overprint.craft.credentials.signing import sign

    header, blobs = unpack(payload)
    parts = {name.removeprefix(_PART): part for name, part in blobs.items() if name.startswith(_PART)}
    statement = decode(Statement, header.get("statement"))
    return sign(_blob(blobs, _DATA), str(header.get("media_type")), statement, _blob(blobs, _IDENTITY), parts)


def read_payload(data: bytes, media_type: str, certificates: bytes | None = None) -> bytes:
    """What :func:`read_bytes` takes."""
    own = {} if certificates is None else {_CERTIFICATES: certificates}
    return pack({"media_type": media_type}, {_DATA: data} | own)


def read_bytes(payload: bytes) -> bytes:
    """:func:`read` of what was packed, as :func:`credentials_in` takes it."""
    from overprint.craft.credentials.reading import read

    header, blobs = unpack(payload)
    found = read(_blob(blobs, _DATA), str(header.get("media_type")), blobs.get(_CERTIFICATES))
    return json.dumps(encode(found)).encode()


def credentials_in(answer: bytes) -> Credentials | None:
    """What :func:`read_bytes` answered."""
    said = json.loads(answer)
    return None if said is None else decode(Credentials, said)


def _blob(blobs: Mapping[str, bytes], name: str) -> bytes:
    try:
        return blobs[name]
    except KeyError:
        raise Invalid("This packed message is not one to sign or read.", "Pack it again.") from None
