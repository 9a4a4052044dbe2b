"""Servers of the tests that run in Node: they print their port once they listen, and end with their standard input."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NODE = Path(__file__).parent / "node"
_START_MAX_SECONDS = 30.0
_STOP_MAX_SECONDS = 10.0
Process = subprocess.Popen[bytes]


@contextmanager
def node_server(script: str, *arguments: str) -> Iterator[tuple[Process, int]]:
    """A running server and its port; it ends with the block, or with this process."""
    if not (_NODE / "node_modules").is_dir():
        raise RuntimeError("The test servers are not installed: run `npm ci --ignore-scripts` in tests/support/node.")
    command = ["node", "--no-warnings", str(_NODE / script), *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process, int(next_line(process) or _refuse(script))
    finally:
        _stop(process)


def next_line(process: Process) -> bytes:
    """What the server prints next; a server that stays silent is killed, which ends the reading."""
    assert process.stdout is not None
    too_late = threading.Timer(_START_MAX_SECONDS, process.kill)
    too_late.start()
    try:
        return process.stdout.readline()
    finally:
        too_late.cancel()


def _refuse(script: str) -> bytes:
    raise RuntimeError(f"{script} of the tests did not start; its messages are above.")


def _stop(process: Process) -> None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    try:
        process.wait(_STOP_MAX_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
