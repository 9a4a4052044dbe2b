"""Signing: the last step of all. What was compared, checked and stored is not signed; what leaves the house is.

No two signings of one file give the same bytes: signatures and the names of manifests are random. So the statement
carries the SHA-256 of what was signed, by which the file is known again.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import c2pa

from overprint.core.credentials import Statement
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.credentials import toolkit
from overprint.craft.credentials.epub_store import stored
from overprint.craft.credentials.identity import Identity, read_identity, unusable
from overprint.craft.credentials.pdf_store import with_room
from overprint.craft.credentials.statement import definition, ingredient, parent

PARTS_MAX = 1000
_HEAD_BYTES = 4096
_ROOM_BYTES, _ROOM_A_PART_BYTES, _SLACK_BYTES = 8192, 6144, 64
# A format that the library does not know: it then hands the credentials over instead of placing them itself, and
# as the statement already holds the hash of the file, it need not see the file.
_APART = "application/octet-stream"


def sign(
    data: bytes, media_type: str, statement: Statement, identity: bytes, parts: Mapping[str, bytes] | None = None
) -> bytes:
    """``data`` (PNG, JPEG, WebP, PDF, EPUB, or sound or a film in MP4) with Content Credentials in it.

    ``parts``: the signed pictures of a book by the SHA-256 of what they were before. They become its ingredients, and
    in an EPUB they take the place of the unsigned ones; pictures there that are not among them get the book's
    statement.
    A picture that comes with credentials, say from a hosted model, keeps them under ours.
    Raises ``Invalid`` for what cannot be signed, ``LimitReached`` for what is too big.
    """
    if media_type not in toolkit.MEDIA_TYPES:
        raise Invalid(f"Content Credentials cannot be put into {media_type}.", "Use PNG, JPEG, WebP, PDF, EPUB or M4B.")
    known = dict(parts or {})
    if len(data) + sum(map(len, known.values())) > toolkit.FILE_MAX_BYTES or len(known) > PARTS_MAX:
        raise LimitReached("This is too much to sign at once.", "Use files below 1 GB and at most 1000 pictures.")
    signs = read_identity(identity)
    try:
        if media_type == toolkit.PDF:
            return _pdf(data, statement, signs, known.values())
        if media_type == toolkit.EPUB:
            return _epub(data, statement, signs, known)
        return _whole(data, media_type, statement, signs)
    except toolkit.Failure as problem:
        raise _refused(str(problem)[:200]) from None


def sign_file(source: Path, signed: Path, media_type: str, statement: Statement, identity: bytes) -> None:
    """The same of a sound or a film, from file to file: however long it is, little of it is held."""
    if media_type not in (toolkit.SOUND, toolkit.FILM):
        raise Invalid(f"{media_type} is not signed as a file.", "Use M4A or MP4.")
    signs = read_identity(identity)
    try:
        with source.open("rb") as data, signed.open("w+b") as made:
            if not toolkit.is_whole(data.read(_HEAD_BYTES), media_type):
                raise _another(media_type)
            data.seek(0)
            content = hashlib.file_digest(data, "sha256").hexdigest()
            builder = c2pa.Builder(definition(statement, media_type, content), toolkit.context(signs.root_pem))
            data.seek(0)
            builder.sign(toolkit.signer(signs), media_type, data, made)
    except toolkit.Failure as problem:
        raise _refused(str(problem)[:200]) from None


def _refused(problem: str) -> Invalid:
    if "certificate" in problem:
        return unusable(problem)
    return Invalid(f"This file cannot be signed ({problem}).", "Make it again.")


def _another(media_type: str) -> Invalid:
    return Invalid(f"This is not a file of type {media_type}.", "Say what it is, or make it again.")


def _whole(data: bytes, media_type: str, statement: Statement, identity: Identity) -> bytes:
    if not toolkit.is_whole(data, media_type):
        raise _another(media_type)
    before = _has_credentials(data, media_type)
    made = definition(statement, media_type, _sha256(data), has_parent=before)
    builder = c2pa.Builder(made, toolkit.context(identity.root_pem))
    if before:
        builder.add_ingredient(parent(media_type), media_type, io.BytesIO(data))
    return _signed(builder, identity, media_type, data)


def _epub(data: bytes, statement: Statement, identity: Identity, known: Mapping[str, bytes]) -> bytes:
    placed: list[bytes] = []

    def change(name: str, entry: bytes) -> bytes:
        media_type = toolkit.picture_type(entry)
        if media_type is None:
            return entry
        own = replace(statement, title=f"{statement.title}: {PurePosixPath(name).name}")
        signed = known.get(_sha256(entry)) or _whole(entry, media_type, own, identity)
        placed.append(signed)
        return signed

    ready = stored(data, change)
    made = definition(statement, toolkit.EPUB, _sha256(data), _ids(len(placed)))
    return _signed(_with_parts(made, identity, placed), identity, toolkit.EPUB, ready)


def _pdf(data: bytes, statement: Statement, identity: Identity, placed: Iterable[bytes]) -> bytes:
    pictures, content = list(placed), _sha256(data)
    room_bytes = _ROOM_BYTES + _ROOM_A_PART_BYTES * len(pictures)
    for _ in range(2):
        ready, start = with_room(data, room_bytes, content, statement.made_at)
        made = definition(statement, toolkit.PDF, content, _ids(len(pictures)))
        made["assertions"].append(_binding(ready, start, room_bytes))
        builder = _with_parts(made, identity, pictures)
        builder.set_no_embed()
        store: bytes = builder.sign(toolkit.signer(identity), _APART, io.BytesIO(), io.BytesIO())
        if len(store) <= room_bytes:
            return ready[:start] + store.ljust(room_bytes, b"\0") + ready[start + room_bytes :]
        room_bytes = len(store) + _SLACK_BYTES
    raise RuntimeError("credentials grew while they were written")


def _binding(data: bytes, start: int, room_bytes: int) -> dict[str, Any]:
    """The hash of all bytes but those where the credentials will stand."""
    hashed = hashlib.sha256(data[:start])
    hashed.update(memoryview(data)[start + room_bytes :])
    bound = {
        "exclusions": [{"start": start, "length": room_bytes}],
        "name": "jumbf manifest",
        "alg": "sha256",
        "hash": list(hashed.digest()),
        "pad": [],
    }
    return {"label": "c2pa.hash.data", "data": bound}


def _with_parts(made: dict[str, Any], identity: Identity, pictures: list[bytes]) -> Any:
    if len(pictures) > PARTS_MAX:
        raise LimitReached("This has too many pictures to sign.", "Use at most 1000.")
    builder = c2pa.Builder(made, toolkit.context(identity.root_pem))
    for number, (identifier, data) in enumerate(zip(_ids(len(pictures)), pictures, strict=True), 1):
        media_type = toolkit.picture_type(data)
        if media_type is None:
            raise Invalid(f"Picture {number} is neither PNG nor JPEG nor WebP.", "Draw it again.")
        builder.add_ingredient(ingredient(identifier, f"Picture {number}", media_type), media_type, io.BytesIO(data))
    return builder


def _signed(builder: Any, identity: Identity, media_type: str, data: bytes) -> bytes:
    made = io.BytesIO()
    builder.sign(toolkit.signer(identity), media_type, io.BytesIO(data), made)
    return made.getvalue()


def _has_credentials(data: bytes, media_type: str) -> bool:
    try:
        c2pa.Reader(media_type, io.BytesIO(data), context=toolkit.context()).close()
    except toolkit.Failure as problem:
        if toolkit.nothing_there(problem):
            return False
        raise
    return True


def _ids(count: int) -> list[str]:
    return [f"picture-{number}" for number in range(1, count + 1)]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
