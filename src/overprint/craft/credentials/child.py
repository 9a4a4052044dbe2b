"""Signing and reading across a process boundary, for the compute port: bytes in, bytes out, or files of a folder."""

import json
from collections.abc import Mapping
from pathlib import Path

from overprint.core.codec import decode, encode
from overprint.core.credentials import UNSIGNED, Credentials, Statement
from overprint.core.problems import Invalid
from overprint.craft.framing import pack, unpack

SIGNED = "signed"
"""What becomes of ``UNSIGNED``, in the same folder."""
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


def sign_file_payload(media_type: str, statement: Statement, identity: bytes) -> bytes:
    """What :func:`sign_film` takes."""
    return pack({"media_type": media_type, "statement": encode(statement)}, {_IDENTITY: identity})


def sign_film(payload: bytes, folder: Path) -> bytes:
    """:func:`sign_file` of ``UNSIGNED`` in the folder, as ``SIGNED`` beside it."""
    from overprint.craft.credentials.signing import sign_file

    header, blobs = unpack(payload)
    statement, media_type = decode(Statement, header.get("statement")), str(header.get("media_type"))
    sign_file(folder / UNSIGNED, folder / SIGNED, media_type, statement, _blob(blobs, _IDENTITY))
    return b""


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


def read_file_payload(name: str, media_type: str, certificates: bytes | None = None) -> bytes:
    """What :func:`read_film` takes, of a file that has this ``name`` in its folder."""
    own = {} if certificates is None else {_CERTIFICATES: certificates}
    return pack({"media_type": media_type, "name": name}, own)


def read_film(payload: bytes, folder: Path) -> bytes:
    """:func:`read_file` of a file in the folder, as :func:`credentials_in` takes it."""
    from overprint.craft.credentials.reading import read_file

    header, blobs = unpack(payload)
    found = read_file(folder / str(header.get("name")), str(header.get("media_type")), blobs.get(_CERTIFICATES))
    return json.dumps(encode(found)).encode()


def credentials_in(answer: bytes) -> Credentials | None:
    """What :func:`read_bytes` and :func:`read_film` answered."""
    said = json.loads(answer)
    return None if said is None else decode(Credentials, said)


def _blob(blobs: Mapping[str, bytes], name: str) -> bytes:
    try:
        return blobs[name]
    except KeyError:
        raise Invalid("This packed message is not one to sign or read.", "Pack it again.") from None
