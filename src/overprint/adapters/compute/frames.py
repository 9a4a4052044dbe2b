"""How parent and child talk: a head in JSON, then a body of bytes, over one socket pair.

A frame is ``!IQ`` (bytes of the head, bytes of the body), the head, the body. Nothing here depends on the work;
the child imports this module and little else.
"""

import errno
import json
import re
import struct
from collections.abc import Callable, Generator, Mapping

from overprint.ports.compute import DISK_FULL

BODY_MAX_BYTES = 256 * 1024 * 1024
FILE_MAX_BYTES = 4 * 1024**3
"""The most that a child may write to one file: several times what the longest film has. A disk is shared."""
HEAD_MAX_BYTES = 64 * 1024
MESSAGE_MAX_CHARACTERS = 2_000
TRACE_MAX_CHARACTERS = 8_000

LENGTHS = struct.Struct("!IQ")

_WORK_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)
_WORK_NAME_MAX_CHARACTERS = 300
_FULL = {errno.ENOSPC, errno.EDQUOT}

GOING = "going"
"""The outcome of a head without a body that only says how much is done."""

Head = Mapping[str, str | int]


class BrokenFrame(Exception):
    """What arrived is no frame, or one larger than any we send."""


def pack(head: Head, body_bytes: int) -> bytes:
    """The opening of a frame whose body has ``body_bytes`` bytes."""
    text = json.dumps(head).encode()
    if len(text) > HEAD_MAX_BYTES or body_bytes > BODY_MAX_BYTES:
        raise BrokenFrame("This frame would be too large.")
    return LENGTHS.pack(len(text), body_bytes) + text


def unpack_lengths(opening: bytes | bytearray) -> tuple[int, int]:
    """Bytes of the head and of the body that follow."""
    head_bytes, body_bytes = LENGTHS.unpack(opening)
    if head_bytes > HEAD_MAX_BYTES or body_bytes > BODY_MAX_BYTES:
        raise BrokenFrame(f"A frame announces {head_bytes} + {body_bytes} bytes.")
    return head_bytes, body_bytes


def unpack_head(text: bytes | bytearray) -> dict[str, str | int]:
    try:
        head = json.loads(text)
    except ValueError as error:
        raise BrokenFrame("The head of a frame is no JSON.") from error
    if not isinstance(head, dict):
        raise BrokenFrame("The head of a frame is no object.")
    return head


def run_to_end(work: Generator[int, None, bytes], tell: Callable[[int], None]) -> bytes:
    """What a work answers that yields how much is done."""
    while True:
        try:
            tell(next(work))
        except StopIteration as end:
            answer: bytes = end.value
            return answer


def kind_of(error: BaseException) -> str:
    """What to call it, for who has only its name."""
    return DISK_FULL if getattr(error, "errno", None) in _FULL else type(error).__name__[:100]


def told_too_large(name: str, error: BaseException) -> str:
    """What to say where a work wanted a file beyond the bound on files; nothing for any other error."""
    is_over = getattr(error, "errno", None) == errno.EFBIG
    return f"{name} needed a larger file than it may write. Ask for less at once." if is_over else ""


def is_allowed(name: str, prefixes: tuple[str, ...]) -> bool:
    """Whether ``module:function`` is well formed and in a package whose code may be run."""
    is_formed = len(name) <= _WORK_NAME_MAX_CHARACTERS and _WORK_NAME.fullmatch(name) is not None
    return is_formed and name.startswith(prefixes)
