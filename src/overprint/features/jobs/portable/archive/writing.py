"""Writing a portable work piece by piece, so that it need never be in memory as a whole."""

import json
import zipfile
from typing import IO

from overprint.core.codec import Json, encode
from overprint.core.passing import PassingFile
from overprint.features.jobs.portable.archive.layout import EDITS, FILES, HEADER, STEPS, Header

_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_LINUX = 3


class PortableStream:
    """Each call answers the bytes that come next; the same calls give the same bytes."""

    def __init__(self, header: Header) -> None:
        self._out = PassingFile()
        self._zip = zipfile.ZipFile(self._out, "w")
        self._header = header
        self._file: IO[bytes]

    def begin(self) -> bytes:
        return self._add(HEADER, _text(encode(self._header)), zipfile.ZIP_DEFLATED)

    def add_step(self, key: str, output: Json) -> bytes:
        return self._add(f"{STEPS}{key}.json", _text(output), zipfile.ZIP_DEFLATED)

    def add_edit(self, key: str, output: Json) -> bytes:
        return self._add(f"{EDITS}{key}.json", _text(output), zipfile.ZIP_DEFLATED)

    def begin_file(self, content_hash: str, size_bytes: int) -> bytes:
        """A file of exactly so many bytes, which ``add_piece`` takes one after the other. Pictures, sounds and clips
        are packed already, so they are stored as they are."""
        member = _member(f"{FILES}{content_hash}", zipfile.ZIP_STORED)
        member.file_size = size_bytes
        self._file = self._zip.open(member, "w")
        return self._out.take()

    def add_piece(self, data: bytes) -> bytes:
        self._file.write(data)
        return self._out.take()

    def end_file(self) -> bytes:
        self._file.close()
        return self._out.take()

    def end(self) -> bytes:
        self._zip.close()
        return self._out.take()

    def _add(self, name: str, data: bytes, compression: int) -> bytes:
        self._zip.writestr(_member(name, compression), data)
        return self._out.take()


def _member(name: str, compression: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _DATE)
    member.create_system, member.external_attr, member.compress_type = _LINUX, _READABLE, compression
    return member


def _text(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()
