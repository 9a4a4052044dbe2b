"""HTTP byte ranges (RFC 9110, section 14): which part of a file a ``Range`` header asks for. Pure."""

import re

from overprint.core.problems import Invalid
from overprint.ports.storage import Span

_HEADER_MAX_CHARACTERS = 200
_ONE_RANGE = re.compile(r"([0-9]*)-([0-9]*)", re.ASCII)


class RangeNotSatisfiable(Invalid):
    """The file has no such part. The answer is 416 with ``Content-Range: bytes */<size_bytes>``."""

    code = "range_not_satisfiable"

    def __init__(self, size_bytes: int) -> None:
        super().__init__(
            f"The file has {size_bytes} bytes; the part asked for lies behind its end.", "Ask for an earlier part."
        )
        self.size_bytes = size_bytes


def parse_range(header: str, size_bytes: int) -> Span | None:
    """The part of a file of ``size_bytes`` that ``header`` asks for; None when the whole file is the right answer.

    Whole: no header, a unit other than bytes, or several ranges at once (a server may ignore those, and answering them
    costs more than it gives). Raises ``RangeNotSatisfiable``, or ``Invalid`` for a header that is no range.
    """
    unit, equals, wanted = header.strip().partition("=")
    if not unit or unit.strip().lower() != "bytes":
        return None
    if len(header) > _HEADER_MAX_CHARACTERS or not equals:
        raise _malformed()
    if "," in wanted:
        return None
    found = _ONE_RANGE.fullmatch(wanted.strip())
    if found is None or found.group() == "-":
        raise _malformed()
    first, last = found.groups()
    return _suffix(int(last), size_bytes) if not first else _part(int(first), int(last) if last else None, size_bytes)


def content_range(span: Span, size_bytes: int) -> str:
    """The ``Content-Range`` header that answers ``span`` of a file of ``size_bytes``."""
    return f"bytes {span.first}-{span.last}/{size_bytes}"


def _suffix(length: int, size_bytes: int) -> Span | None:
    """The last ``length`` bytes. Of an empty file that is the whole file, which no ``Span`` can say."""
    if length == 0:
        raise RangeNotSatisfiable(size_bytes)
    return Span(max(0, size_bytes - length), size_bytes - 1) if size_bytes else None


def _part(first: int, last: int | None, size_bytes: int) -> Span:
    if last is not None and last < first:
        raise _malformed()
    if first >= size_bytes:
        raise RangeNotSatisfiable(size_bytes)
    return Span(first, size_bytes - 1 if last is None else min(last, size_bytes - 1))


def _malformed() -> Invalid:
    return Invalid("The Range header is no range of bytes.", "Send one such as 'bytes=0-1023', or none.", field="Range")
