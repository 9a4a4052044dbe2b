"""The TCP port of a data directory: the same one as long as nobody else takes it."""

import errno
import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

from overprint.core.problems import Unavailable

HOST = "127.0.0.1"
# Below the ports that systems hand out for outgoing connections, so that nobody takes ours by accident.
_FIRST_PORT = 20_000
_PORTS = 10_000
_TRIES = 500


def choose_port(recorded: Path, root: Path) -> int:
    """The recorded port if it is free, else another free one.

    Raises Unavailable when none of the tried ones is free.
    """
    for port in _candidates(recorded, root):
        if is_free(port):
            return port
    raise Unavailable(f"No free TCP port was found on {HOST} for the database.", "Stop programs that listen there.")


def _candidates(recorded: Path, root: Path) -> Iterator[int]:
    before = read_port(recorded)
    if before is not None:
        yield before
    start = int.from_bytes(hashlib.sha256(str(root).encode("utf-8", "surrogateescape")).digest()[:8])
    # A stride without a common factor with the range visits every port once.
    yield from (_FIRST_PORT + (start + step * 37) % _PORTS for step in range(_TRIES))


def read_port(recorded: Path) -> int | None:
    try:
        port = int(recorded.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return port if 1024 <= port <= 65535 else None


def is_free(port: int) -> bool:
    """Whether a server could listen there now; someone may still be quicker."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True
