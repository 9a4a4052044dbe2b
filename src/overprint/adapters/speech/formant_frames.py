"""How the formant voice's program talks over its pipes: a head in JSON, then a body of bytes.

A frame is ``!II`` (bytes of the head, bytes of the body), the head, the body. Standard library only: the program
imports this and little else.
"""

import json
import struct
from typing import Any, BinaryIO

HEAD_MAX_BYTES = 1_000_000
BODY_MAX_BYTES = 64_000_000
LENGTHS = struct.Struct("!II")


class BrokenFrame(Exception):
    """What arrived is no frame, or one larger than any that is sent."""


def frame(head: dict[str, Any], body: bytes = b"") -> bytes:
    text = json.dumps(head).encode()
    if len(text) > HEAD_MAX_BYTES or len(body) > BODY_MAX_BYTES:
        raise BrokenFrame("This frame would be too large.")
    return LENGTHS.pack(len(text), len(body)) + text + body


def lengths_in(opening: bytes) -> tuple[int, int]:
    """Bytes of the head and of the body that follow."""
    head_bytes, body_bytes = LENGTHS.unpack(opening)
    if head_bytes > HEAD_MAX_BYTES or body_bytes > BODY_MAX_BYTES:
        raise BrokenFrame(f"A frame announces {head_bytes} + {body_bytes} bytes.")
    return head_bytes, body_bytes


def head_in(text: bytes) -> dict[str, Any]:
    try:
        head = json.loads(text)
    except ValueError as error:
        raise BrokenFrame("The head of a frame is no JSON.") from error
    if not isinstance(head, dict):
        raise BrokenFrame("The head of a frame is no object.")
    return head


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame, or None at the end. Raises ``BrokenFrame`` for an end in the middle."""
    opening = stream.read(LENGTHS.size)
    if not opening:
        return None
    if len(opening) < LENGTHS.size:
        raise BrokenFrame("A frame ends in its opening.")
    head_bytes, body_bytes = lengths_in(opening)
    text, body = stream.read(head_bytes), stream.read(body_bytes)
    if len(text) < head_bytes or len(body) < body_bytes:
        raise BrokenFrame("A frame ends before its end.")
    return head_in(text), body
