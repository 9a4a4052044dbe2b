"""One byte string for a header and some blobs: how work travels to a child process and back.

Layout: the four bytes ``OPF1``, the length of the head in four bytes (big endian), the head as JSON
``{"header": {…}, "blobs": [[name, size_bytes], …]}``, then the blobs, end to end, sorted by name.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any

from overprint.core.problems import Invalid

_MAGIC = b"OPF1"
_PREFIX = struct.Struct(">4sI")
Blob = bytes | memoryview
HEAD_MAX_BYTES = 64 * 1024 * 1024
BLOBS_MAX = 10_000


def pack(header: Mapping[str, Any], blobs: Mapping[str, Blob]) -> bytes:
    """``header`` (plain JSON values) and ``blobs`` as one byte string; the same input gives the same bytes."""
    names = sorted(blobs)
    head = json.dumps(
        {"header": dict(header), "blobs": [[name, len(blobs[name])] for name in names]},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    ).encode()
    if len(head) > HEAD_MAX_BYTES or len(names) > BLOBS_MAX:
        raise Invalid("This is too much to hand over in one piece.", "Split it.")
    return b"".join([_PREFIX.pack(_MAGIC, len(head)), head, *(blobs[name] for name in names)])


def unpack(payload: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What :func:`pack` was given. Raises ``Invalid`` when ``payload`` is not exactly one packed message."""
    header, views = unpack_views(payload)
    return header, {name: bytes(view) for name, view in views.items()}


def unpack_views(payload: bytes) -> tuple[dict[str, Any], dict[str, memoryview]]:
    """The same without a copy of the blobs: for what is large."""
    if len(payload) < _PREFIX.size:
        raise _damaged()
    magic, head_bytes = _PREFIX.unpack_from(payload)
    if magic != _MAGIC or head_bytes > min(HEAD_MAX_BYTES, len(payload) - _PREFIX.size):
        raise _damaged()
    start = _PREFIX.size + head_bytes
    header, sizes = _read_head(payload[_PREFIX.size : start])
    if start + sum(size for _, size in sizes) != len(payload):
        raise _damaged()
    whole = memoryview(payload)
    blobs: dict[str, memoryview] = {}
    for name, size in sizes:
        blobs[name] = whole[start : start + size]
        start += size
    if len(blobs) != len(sizes):
        raise _damaged()
    return header, blobs


def _read_head(data: bytes) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    try:
        head = json.loads(data)
        header, listed = head["header"], head["blobs"]
        sizes = [(name, size) for name, size in listed]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _damaged() from None
    sound = all(isinstance(name, str) and type(size) is int and size >= 0 for name, size in sizes)
    if not isinstance(header, dict) or len(sizes) > BLOBS_MAX or not sound:
        raise _damaged()
    return header, sizes


def _damaged() -> Invalid:
    return Invalid("This packed message is damaged.", "Pack it again.")
