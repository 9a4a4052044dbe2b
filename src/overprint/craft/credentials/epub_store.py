"""An EPUB made ready for Content Credentials: its pictures signed, every entry stored.

The library binds an archive entry by entry and directory included, but reads stored entries only; what is packed
tighter it could neither sign nor check, and nor could other readers built on it. A book is mostly pictures, which do
not get smaller anyway.
"""

import io
import zipfile
import zlib
from collections.abc import Callable

from overprint.core.problems import Invalid, LimitReached

STORE = "META-INF/content_credential.c2pa"
ENTRIES_MAX = 10_000
UNPACKED_MAX_BYTES = 1024 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def has_store(data: bytes) -> bool:
    """Whether an archive carries credentials, sound or not. Raises ``Invalid`` for what is no archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return STORE in archive.namelist()
    except _BROKEN:
        raise _unreadable() from None


def stored(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The archive with every entry stored, in its order and with its dates; ``change`` sees each entry's name and
    bytes and answers the bytes to keep. Raises ``Invalid`` or ``LimitReached``."""
    kept = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(kept, "w") as signed:
            entries = archive.infolist()
            _refuse(entries)
            for entry in entries:
                again = zipfile.ZipInfo(entry.filename, entry.date_time)
                again.create_system, again.external_attr = entry.create_system, entry.external_attr
                signed.writestr(again, change(entry.filename, archive.read(entry)))
    except _BROKEN:
        raise _unreadable() from None
    return kept.getvalue()


def _refuse(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename for entry in entries}
    if not entries or entries[0].filename != "mimetype" or len(names) != len(entries):
        raise _unreadable()
    if STORE in names:
        raise Invalid("This EPUB already carries Content Credentials.", "Sign the file that it was made from.")
    if len(entries) > ENTRIES_MAX or sum(entry.file_size for entry in entries) > UNPACKED_MAX_BYTES:
        raise LimitReached("This EPUB unpacks to more than can be signed.", "Use one below 1 GB and 10,000 entries.")


def _unreadable() -> Invalid:
    return Invalid("This is not an EPUB that can be read.", "Make it again.")
