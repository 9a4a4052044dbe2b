"""Reading Content Credentials: who signed, with what, and whether a byte was changed since.

Everything in a statement was written by whoever signed it, so it is cleaned and bounded, and never believed further
than the key: ``ours`` is the one thing that is proved, and only while the file is intact.
"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, BinaryIO

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from overprint.core.credentials import Credentials, Facts, State
from overprint.core.pixels import Bytes
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.credentials import epub_store, pdf_store, toolkit
from overprint.craft.credentials.statement import CONTENT, MODEL, PROVIDER, RECIPE, plain

PARTS_MAX = 1000
_HEAD_BYTES = 16
_WHOLE = toolkit.PICTURES | {toolkit.SOUND, toolkit.FILM}
_UNTRUSTED, _TRUSTED = "signingCredential.untrusted", "signingCredential.trusted"
_EXPIRED = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})
_CONTENT_CHANGED = tuple(f"assertion.{kind}Hash." for kind in ("data", "boxes", "bmff", "collection"))


def read(data: bytes, media_type: str, certificates: bytes | None = None) -> Credentials | None:
    """The credentials in a file, or ``None`` when it has none of its own (those kept elsewhere are not fetched).

    ``certificates``: our own (``certificates_of``), to tell what we signed ourselves. The key is not asked for: files
    of strangers are read by native code. Raises ``Invalid`` for a file that cannot be read.
    """
    if media_type not in toolkit.MEDIA_TYPES:
        raise Invalid(
            f"Content Credentials are not looked for in {media_type}.", "Use PNG, JPEG, WebP, PDF, EPUB or M4B."
        )
    if len(data) > toolkit.FILE_MAX_BYTES:
        raise LimitReached("This file is too big to look into.", "Use one below 1 GB.")
    if media_type in _WHOLE and not toolkit.is_whole(data, media_type):
        raise _unreadable(media_type)
    if media_type == toolkit.EPUB and not epub_store.has_store(data):
        return None
    return _looked_into(io.BytesIO(data), data, media_type, certificates)


def read_file(path: Path, media_type: str, certificates: bytes | None = None) -> Credentials | None:
    """The same of a sound or a film at a path: however long it is, little of it is held."""
    if media_type not in (toolkit.SOUND, toolkit.FILM):
        raise Invalid(f"{media_type} is not read as a file.", "Use M4A or MP4.")
    with path.open("rb") as file:
        if not toolkit.is_whole(file.read(_HEAD_BYTES), media_type):
            raise _unreadable(media_type)
        file.seek(0)
        with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return _looked_into(file, data, media_type, certificates)


def _looked_into(file: BinaryIO, data: Bytes, media_type: str, certificates: bytes | None) -> Credentials | None:
    """``data``: the same as is in ``file``."""
    own = x509.load_pem_x509_certificates(certificates) if certificates else []
    context = toolkit.context(own[-1].public_bytes(Encoding.PEM) if own else None)
    try:
        with c2pa.Reader(media_type, file, context=context) as reader:
            return _credentials(json.loads(reader.json()), own[0].serial_number if own else None)
    except toolkit.Failure as problem:
        return None if toolkit.nothing_there(problem) else _unread(data, media_type, str(problem))


def _unread(data: Bytes, media_type: str, problem: str) -> Credentials | None:
    """What the library could not read: broken credentials, or none in a file that only it finds strange."""
    if media_type == toolkit.PDF and not pdf_store.has_store(data[:]):
        return None
    if media_type in _WHOLE and data.find(b"jumb") < 0:
        raise _unreadable(media_type)
    return Credentials(State.DAMAGED, codes=(plain(problem),))


def _unreadable(media_type: str) -> Invalid:
    return Invalid(f"This is not a file of type {media_type} that can be read.", "Make it again.")


def _credentials(store: Mapping[str, Any], own_serial: int | None) -> Credentials:
    """Under a root that others have certificates of too, the serial number tells which is ours."""
    manifests = store.get("manifests", {})
    active = manifests.get(store.get("active_manifest"), {})
    results = store.get("validation_results", {})
    codes = tuple(dict.fromkeys(_failures(results)))
    signature = active.get("signature_info", {})
    passed = {found.get("code") for found in results.get("activeManifest", {}).get("success", [])}
    ingredients = active.get("ingredients", [])[:PARTS_MAX]
    return Credentials(
        state=_state(codes),
        ours=_TRUSTED in passed
        and _state(codes) is not State.DAMAGED
        and str(signature.get("cert_serial_number")) == str(own_serial),
        signer=_text(signature.get("common_name")),
        organisation=_text(signature.get("issuer")),
        facts=_facts(active),
        parts=tuple(_facts(manifests.get(part.get("active_manifest"), part)) for part in ingredients),
        codes=codes,
    )


def _failures(results: Mapping[str, Any]) -> Iterator[str]:
    """Of the file itself, and of parts that are not as they were when it was signed. That nobody vouches is none."""
    deltas = [delta.get("validationDeltas", {}) for delta in results.get("ingredientDeltas", [])]
    for found in [results.get("activeManifest", {}), *deltas]:
        for failure in found.get("failure", []):
            if failure.get("code") != _UNTRUSTED:
                yield _text(failure.get("code"))


def _state(codes: Iterable[str]) -> State:
    serious = [code for code in codes if code not in _EXPIRED]
    if any(not code.startswith(_CONTENT_CHANGED) for code in serious):
        return State.DAMAGED
    if serious:
        return State.CHANGED
    return State.EXPIRED if tuple(codes) else State.INTACT


def _facts(manifest: Mapping[str, Any]) -> Facts:
    made, author = _making(manifest)
    parameters = made.get("parameters") or {}
    agent = made.get("softwareAgent")
    return Facts(
        title=_text(manifest.get("title")),
        generator=_generator(manifest),
        source=_text(made.get("digitalSourceType")).rpartition("/")[2],
        agent=_text(agent.get("name") if isinstance(agent, Mapping) else agent),
        recipe=_text(parameters.get(RECIPE)),
        provider=_text(parameters.get(PROVIDER)),
        model=_text(parameters.get(MODEL)),
        author=author,
        content_sha256=_text(parameters.get(CONTENT)),
        made_at=_text(made.get("when")),
    )


def _making(manifest: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The first action, which says how the file came to be, and the author."""
    action: Mapping[str, Any] = {}
    author = ""
    for assertion in manifest.get("assertions", []):
        label, said = str(assertion.get("label", "")), assertion.get("data")
        if not isinstance(said, Mapping):
            continue
        if label.startswith("c2pa.actions") and said.get("actions") and not action:
            action = said["actions"][0]
        if label.startswith("cawg.metadata"):
            creators = said.get("dc:creator")
            author = _text(creators[0] if isinstance(creators, list) and creators else creators)
    return action, author


def _generator(manifest: Mapping[str, Any]) -> str:
    for info in manifest.get("claim_generator_info") or []:
        return _text(f"{info.get('name', '')} {info.get('version') or ''}")
    return _text(manifest.get("claim_generator"))


def _text(value: Any) -> str:
    return plain(value) if isinstance(value, str) else ""
