"""Writing a portable work piece by piece, so that it need never be in memory as a whole."""

import json
import zipfile

from overprint.core.codec import Json, encode
from overprint.core.passing import PassingFile
from overprint.craft.portable.layout import EDITS, FILES, HEADER, STEPS, Header

_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_LINUX = 3


class PortableStream:
    """Each call answers the bytes that come next; the same calls give the same bytes."""

    def __init__(self, header: Header) -> None:
        self._out = PassingFile()
        self._zip = zipfile.ZipFile(self._out, "w")
        self._header = header

    def begin(self) -> bytes:
        return self._add(HEADER, _text(encode(self._header)), zipfile.ZIP_DEFLATED)

    def add_step(self, key: str, output: Json) -> bytes:
        return self._add(f"{STEPS}{key}.json", _text(output), zipfile.ZIP_DEFLATED)

    def add_edit(self, key: str, output: Json) -> bytes:
        return self._add(f"{EDITS}{key}.json", _text(output), zipfile.ZIP_DEFLATED)

    def add_file(self, content_hash: str, data: bytes) -> bytes:
        """Pictures, sounds and clips are packed already, so they are stored as they are."""
        return self._add(f"{FILES}{content_hash}", data, zipfile.ZIP_STORED)

    def end(self) -> bytes:
        self._zip.close()
        return self._out.take()

    def _add(self, name: str, data: bytes, compression: int) -> bytes:
        member = zipfile.ZipInfo(name, _DATE)
        member.create_system, member.external_attr, member.compress_type = _LINUX, _READABLE, compression
        self._zip.writestr(member, data)
        return self._out.take()


def _text(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()
