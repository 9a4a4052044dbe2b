"""Reading a portable work that anybody may have made: nothing in it is believed before it was looked at.

The size of the directory is looked at before it is read, the sizes of the members before they are unpacked, and no more
is unpacked than they say. Members have only the names that the layout knows; they become no paths. Files are unpacked
piece by piece, each once, and are never in memory as a whole.
"""

import hashlib
import json
import math
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

from overprint.core.codec import Json, decode
from overprint.core.problems import Invalid, LimitReached
from overprint.features.jobs.portable.archive.layout import (
    ARCHIVE_FORMAT,
    DIRECTORY_MAX_BYTES,
    EDITS,
    FILE_MAX_BYTES,
    FILES,
    FILM,
    HEADER,
    JSON_DEPTH_MAX,
    JSON_MAX_BYTES,
    JSON_TOGETHER_MAX_BYTES,
    MEMBERS_MAX,
    PACKED_RATIO_MAX,
    PACKED_SLACK_BYTES,
    STEPS,
    UNPACKED_MAX_BYTES,
    BookHeader,
    FilmHeader,
    Header,
    is_sha256,
    is_step_key,
)

H = TypeVar("H", bound=Header)
# End of central directory record (APPNOTE 4.3.16) and the locator of its 64-bit form, which no work needs.
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_END_FIELDS = struct.Struct("<4s4H2LH")
_LOCATOR_BYTES = 20
_COMMENT_MAX_BYTES = 65_535
_ENCRYPTED = 0x1
_PIECE_BYTES = 1 << 20
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError)


class Portable:
    """An archive whose directory and header are sound. Its file stays the caller's to close."""

    def __init__(self, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._members = members
        self.header = _header(self._json(HEADER))
        wanted = {HEADER, *map(_step, self.header.steps), *map(_edit, self.header.edits)}
        self.file_hashes = frozenset(name.removeprefix(FILES) for name in members if name.startswith(FILES))
        named = wanted | {FILES + content_hash for content_hash in self.file_hashes}
        if named != set(members):
            raise _damaged(f"{_shown(min(named ^ set(members)))} is missing, or not told of")

    def header_as(self, kind: type[H]) -> H:
        """The header of a work of this kind. Raises ``Invalid`` for one of another."""
        if isinstance(self.header, kind):
            return self.header
        raise _holds_a_film() if kind is BookHeader else _holds_a_book()

    def step(self, key: str) -> Json:
        """What a step answered."""
        return self._json(_step(key))

    def edit(self, key: str) -> Json:
        """What a person has in place of that."""
        return self._json(_edit(key))

    @property
    def files_bytes(self) -> int:
        """How large its files are together, as its directory says: no more than that is unpacked."""
        return sum(self._members[FILES + content_hash].file_size for content_hash in self.file_hashes)

    def unpack(self, content_hash: str, to: Path) -> int:
        """Write the file with this SHA-256 ``to`` a path where there is none; answers how large it is. Raises
        ``Invalid`` if there is none in the archive, or its bytes have another, and ``OSError`` of the disk."""
        if content_hash not in self.file_hashes:
            raise _damaged(f"it lacks the file {_shown(content_hash)}")
        found, size_bytes = hashlib.sha256(), 0
        with to.open("xb") as kept:
            for piece in self._pieces(FILES + content_hash):
                kept.write(piece)
                found.update(piece)
                size_bytes += len(piece)
        if found.hexdigest() != content_hash:
            raise _damaged(f"{_shown(content_hash)} is not what was put into it")
        return size_bytes

    def _json(self, name: str) -> Json:
        if name not in self._members:
            raise _damaged(f"it lacks {_shown(name)}")
        try:
            said = json.loads(self._read(name), parse_constant=_no_number, parse_float=_finite)
        except (ValueError, RecursionError):
            raise _damaged(f"{_shown(name)} cannot be read") from None
        if _is_deep(said):
            raise _damaged(f"{_shown(name)} cannot be read")
        return said

    def _read(self, name: str) -> bytes:
        return b"".join(self._pieces(name))

    def _pieces(self, name: str) -> Iterator[bytes]:
        """What a member unpacks to; not a byte more than it says."""
        member = self._members[name]
        left_bytes = member.file_size
        try:
            with self._archive.open(member) as file:
                while piece := file.read(min(_PIECE_BYTES, left_bytes + 1)):
                    left_bytes -= len(piece)
                    if left_bytes < 0:
                        break
                    yield piece
        except _BROKEN:
            raise _damaged(f"{_shown(name)} is damaged") from None
        if left_bytes:
            raise _damaged(f"{_shown(name)} is not as long as it should be")


def open_portable(file: BinaryIO) -> Portable:
    """Look at the directory and the header of an archive.

    Raises ``Invalid`` for what is no portable work or a damaged one, ``LimitReached`` for one that is too big.
    """
    packed_bytes = _refuse_directory(file)
    try:
        archive = zipfile.ZipFile(file)
        listed = archive.infolist()
    except _BROKEN:
        raise _damaged("its directory cannot be read") from None
    _refuse_members(listed, packed_bytes)
    return Portable(archive, {member.filename: member for member in listed})


def _refuse_directory(file: BinaryIO) -> int:
    """Before the directory is read: how large it says it is. Answers how large the archive is."""
    size_bytes = file.seek(0, 2)
    file.seek(max(0, size_bytes - _COMMENT_MAX_BYTES - _END_FIELDS.size - _LOCATOR_BYTES))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_FIELDS.size:
        raise Invalid("This is not a file that `overprint export` wrote, or it was cut short.", "Export it again.")
    _, _, _, _, members, directory_bytes, _, _ = _END_FIELDS.unpack_from(tail, at)
    is_64_bit = tail[max(0, at - _LOCATOR_BYTES) :].startswith(_END_64)
    if is_64_bit or members > MEMBERS_MAX or directory_bytes > DIRECTORY_MAX_BYTES:
        raise _too_big(f"it has more than {MEMBERS_MAX} members")
    return size_bytes


def _refuse_members(listed: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    if len(listed) > MEMBERS_MAX:
        raise _too_big(f"it has more than {MEMBERS_MAX} members")
    if len({member.filename for member in listed}) < len(listed):
        raise _damaged("it has two members of one name")
    for member in listed:
        mode = member.external_attr >> 16
        is_plain = stat.S_IFMT(mode) in (0, stat.S_IFREG) and not member.is_dir()
        if not (is_plain and _is_known(member.filename)):
            raise _damaged(f"it holds {_shown(member.filename)}, which no book or film does")
        if member.flag_bits & _ENCRYPTED or member.compress_type not in _METHODS:
            raise _damaged(f"{_shown(member.filename)} is packed in a way that cannot be read")
        if member.file_size > (FILE_MAX_BYTES if member.filename.startswith(FILES) else JSON_MAX_BYTES):
            raise _too_big(f"{_shown(member.filename)} unpacks to {member.file_size} bytes")
    texts = sum(member.file_size for member in listed if not member.filename.startswith(FILES))
    whole = sum(member.file_size for member in listed)
    if texts > JSON_TOGETHER_MAX_BYTES or whole > UNPACKED_MAX_BYTES:
        raise _too_big("it unpacks to more than a book or a film has")
    if whole - texts > packed_bytes * PACKED_RATIO_MAX + PACKED_SLACK_BYTES:
        raise _too_big("it unpacks to many times what pictures, sounds and films can be packed by")


def _is_known(name: str) -> bool:
    if name.startswith(FILES):
        return is_sha256(name.removeprefix(FILES))
    for folder in (STEPS, EDITS):
        if name.startswith(folder) and name.endswith(".json"):
            return is_step_key(name.removeprefix(folder).removesuffix(".json"))
    return name == HEADER


def _header(said: Json) -> BookHeader | FilmHeader:
    """The format comes first: what another one means by the rest is not known."""
    found = said.get("format") if isinstance(said, dict) else None
    if not isinstance(found, int) or isinstance(found, bool):
        raise Invalid("This is not a file that `overprint export` wrote.", "Export it again.")
    if found != ARCHIVE_FORMAT:
        by = str(said.get("made_with", ""))[:40]
        raise Invalid(
            f"This file has format {found}; this version of Overprint reads format {ARCHIVE_FORMAT}.",
            f"Import it with the version that wrote it{f' ({by})' if by else ''}, or a newer one.",
        )
    product = said.get("product")
    if product not in (None, FILM):
        raise Invalid(
            f"This file holds {_shown(str(product))}, which this version of Overprint does not know.",
            "Import it with the version that wrote it, or a newer one.",
        )
    try:
        return decode(FilmHeader, said) if product == FILM else decode(BookHeader, said)
    except Invalid as problem:
        raise _damaged(f"its header cannot be used: {problem.message}") from None


def _step(key: str) -> str:
    return f"{STEPS}{key}.json"


def _edit(key: str) -> str:
    return f"{EDITS}{key}.json"


def _is_deep(value: Json) -> bool:
    """Whether lists and objects lie in each other deeper than in any answer: whoever walks through it may recurse."""
    levels, level = 0, [value]
    while level := [item for item in level if isinstance(item, (dict, list))]:
        levels += 1
        if levels > JSON_DEPTH_MAX:
            return True
        level = [item for each in level for item in (each.values() if isinstance(each, dict) else each)]
    return False


def _finite(text: str) -> float:
    return float(text) if math.isfinite(float(text)) else _no_number(text)


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


def _shown(name: str) -> str:
    return repr(name[:100])


def _holds_a_film() -> Invalid:
    return Invalid("This file holds a film, and no book.", "Take it in where films are made.")


def _holds_a_book() -> Invalid:
    return Invalid("This file holds a book, and no film.", "Take it in where books are made.")


def _damaged(reason: str) -> Invalid:
    return Invalid(f"This file is not whole: {reason}.", "Nothing was imported. Export it again.")


def _too_big(reason: str) -> LimitReached:
    return LimitReached(f"This file is too big: {reason}.", "Nothing was imported. Make sure it is the right file.")
