"""What clients and the holder say to each other, and the socket they say it through.

A client sends ``{"grace_seconds": 5.0}`` and a newline whenever it wants the database; the holder answers,
once the server takes connections, ``{"port": …, "server_pid": …, "holder_pid": …}``, or a problem:
``{"code": …, "message": …, "next_step": …}``. The open connection is the client's lease.
"""

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from overprint.core.problems import Conflict, Denied, Invalid, LimitReached, Problem, Unavailable

LINE_LIMIT_BYTES = 4096
_SOCKET_NAME = "holder.sock"
_BACKLOG = 128
_ADDRESS_LIMIT_BYTES = 100  # the kernel's limit is 108 on Linux, 104 on macOS
_PROBLEM_KINDS = (Conflict, Denied, Invalid, LimitReached, Unavailable)


@dataclass(frozen=True)
class Ready:
    """The database takes connections."""

    port: int
    server_pid: int
    holder_pid: int


def encode_ready(ready: Ready) -> bytes:
    return json.dumps(vars(ready)).encode() + b"\n"


def encode_problem(problem: Problem) -> bytes:
    said = {"code": problem.code, "message": problem.message[:1500], "next_step": problem.next_step[:500]}
    return json.dumps(said).encode() + b"\n"


def decode_answer(line: bytes) -> Ready:
    """Raises the problem that the holder reports; ValueError when it is no answer at all."""
    said = json.loads(line)
    try:
        if "code" in said:
            kinds: dict[str, type[Problem]] = {kind.code: kind for kind in _PROBLEM_KINDS}
            raise kinds.get(said["code"], Unavailable)(said["message"], said["next_step"])
        return Ready(int(said["port"]), int(said["server_pid"]), int(said["holder_pid"]))
    except (KeyError, TypeError) as error:
        raise ValueError("not an answer of the holder") from error


def encode_request(grace_seconds: float) -> bytes:
    return json.dumps({"grace_seconds": grace_seconds}).encode() + b"\n"


def decode_request(line: bytes) -> float:
    """The grace asked for, in seconds. Raises ValueError."""
    try:
        return float(json.loads(line)["grace_seconds"])
    except (KeyError, TypeError) as error:
        raise ValueError("not a request for a lease") from error


@contextlib.contextmanager
def _address(run_dir: Path) -> Iterator[str]:
    """A name for the socket that is short however deep the data directory lies."""
    if sys.platform != "linux":
        path = str(run_dir / _SOCKET_NAME)
        if len(os.fsencode(path)) > _ADDRESS_LIMIT_BYTES:
            raise Invalid(f"The path of the data directory is too long: {run_dir.parent}.", "Use a shorter one.")
        yield path
        return
    descriptor = os.open(run_dir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{_SOCKET_NAME}"
    finally:
        os.close(descriptor)


def connect(run_dir: Path, timeout_seconds: float) -> socket.socket | None:
    """A connection to the holder, or None when no holder listens."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_seconds)
        with _address(run_dir) as address:
            connection.connect(address)
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection


def listen(run_dir: Path) -> socket.socket:
    """Listen in place of a holder that is gone. Call it with the holder's lock in hand."""
    stop_listening(run_dir)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _address(run_dir) as address:
        listener.bind(address)
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


def stop_listening(run_dir: Path) -> None:
    (run_dir / _SOCKET_NAME).unlink(missing_ok=True)
