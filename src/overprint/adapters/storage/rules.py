"""What every store checks before it touches anything: keys, folders, spans, names and sizes. Pure."""

import re
from datetime import datetime, timedelta

from overprint.core.problems import Invalid, LimitReached
from overprint.ports.storage import KEY_MAX_CHARACTERS, Span

BLOB_MAX_BYTES = 1024**3
"""Of a blob that is passed as one ``bytes``: a bound on it is a bound on memory."""
FILE_MAX_BYTES = 16 * 1024**3
"""Of one that is passed as a file: a bound on the disk."""

CHUNK_BYTES = 1024 * 1024
LINK_MAX = timedelta(days=7)
FILE_NAME_MAX_CHARACTERS = 200
_PART_MAX_CHARACTERS = 200  # a file name ends at 255 bytes on common file systems; room is left for our own suffixes

_PART = re.compile(r"[A-Za-z0-9._-]+")
_MEDIA_TYPE = re.compile(
    r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}(; ?[a-z-]{1,32}=[A-Za-z0-9_.-]{1,64})?"
)
_UNFIT_IN_FILE_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f/\\"\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]')


def check_key(key: str) -> str:
    """The key itself if it is sound; raises ``Invalid``."""
    if not 0 < len(key) <= KEY_MAX_CHARACTERS:
        raise Invalid(f"A storage key has 1 to {KEY_MAX_CHARACTERS} characters.", field="key")
    for part in key.split("/"):
        if part in (".", "..") or len(part) > _PART_MAX_CHARACTERS or not _PART.fullmatch(part):
            raise Invalid(
                f"The storage key {key[:80]!r} cannot be used.",
                "Use a relative path of letters, digits, hyphens, underscores and dots, without empty parts or '..'.",
                field="key",
            )
    return key


def key_taken(key: str) -> Invalid:
    """The problem of a key that lies in the way of another."""
    return Invalid(
        f"{key[:80]!r} cannot be stored: a key is never the folder of another key.", "Choose another key.", field="key"
    )


def check_folder(prefix: str) -> str:
    """The folder that ``prefix`` names, without a closing slash; empty for the whole store. Raises ``Invalid``."""
    folder = prefix.removesuffix("/")
    if prefix and not folder:
        raise Invalid("A storage folder is a relative path.", field="prefix")
    return check_key(folder) if folder else ""


def check_blob(data: bytes, media_type: str) -> None:
    """Raises ``LimitReached`` if it is too big, ``Invalid`` if ``media_type`` could not stand in an HTTP header."""
    _check(len(data), BLOB_MAX_BYTES, media_type)


def check_file(size_bytes: int, media_type: str) -> None:
    """The same of a file."""
    _check(size_bytes, FILE_MAX_BYTES, media_type)


def _check(size_bytes: int, max_bytes: int, media_type: str) -> None:
    if size_bytes > max_bytes:
        raise LimitReached(f"A stored file holds at most {max_bytes // 1024**2} MiB.", "Make it smaller or split it.")
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise Invalid(f"{media_type[:80]!r} is no media type.", "Give one such as image/jpeg.", field="media_type")


def check_span(span: Span) -> Span:
    """The span itself if any blob could hold it; raises ``Invalid``."""
    if not 0 <= span.first <= span.last:
        raise Invalid(
            f"Bytes {span.first} to {span.last} are no range.", "Start at 0 or later and end at the start or later."
        )
    return span


def unsatisfiable(span: Span, size_bytes: int) -> Invalid:
    """The problem of a span that starts behind the end of its blob."""
    return Invalid(
        f"The range starts at byte {span.first}, but the file has {size_bytes} bytes.", "Ask for an earlier part."
    )


def cut(span: Span | None, size_bytes: int) -> tuple[int, int]:
    """``(start, stop)`` of the part to read, ``stop`` not included; raises ``Invalid`` if there is no such part."""
    if span is None:
        return 0, size_bytes
    if check_span(span).first >= size_bytes:
        raise unsatisfiable(span, size_bytes)
    return span.first, min(span.last + 1, size_bytes)


def check_file_name(name: str) -> str:
    """The name a download may have: one line without path separators or tricks of direction; raises ``Invalid``."""
    if not 0 < len(name) <= FILE_NAME_MAX_CHARACTERS or name.strip() != name or _UNFIT_IN_FILE_NAME.search(name):
        raise Invalid(
            "This file name cannot be used for a download.",
            f"Use 1 to {FILE_NAME_MAX_CHARACTERS} characters without slashes, quotes or line breaks.",
            field="file_name",
        )
    return name


def link_seconds(now: datetime, expires_at: datetime) -> int:
    """Whole seconds that a link made ``now`` may live, rounded down; raises ``Invalid`` unless 1 second to 7 days."""
    if expires_at.tzinfo is None:
        raise Invalid("The end of a link needs a time zone.", "Give the instant in UTC.", field="expires_at")
    life = expires_at - now
    if not timedelta(seconds=1) <= life <= LINK_MAX:
        raise Invalid("A link lives between one second and seven days.", "Choose another end.", field="expires_at")
    return int(life.total_seconds())
