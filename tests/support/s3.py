"""A real S3 server process (s3rver, from npm) that checks signatures and the expiry of links."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overprint.adapters.storage.s3_config import S3Config

ACCESS_KEY_ID = SECRET_ACCESS_KEY = "S3RVER"  # the server's only account; it is built in
BUCKET = "overprint-tests"
_NODE = Path(__file__).parent / "node"
_START_MAX_SECONDS = 30.0
_STOP_MAX_SECONDS = 10.0


@contextmanager
def s3_server(directory: Path, *, port: int = 0) -> Iterator[str]:
    """The origin of a server that keeps its objects in ``directory``; it ends with the block, or with this process.

    Without a ``port`` it takes a free one.
    """
    if not (_NODE / "node_modules").is_dir():
        raise RuntimeError("The test servers are not installed: run `npm ci --ignore-scripts` in tests/support/node.")
    command = ["node", str(_NODE / "s3_server.js"), str(directory), BUCKET, str(port)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield f"http://127.0.0.1:{_port(process)}"
    finally:
        _stop(process)


def config(origin: str, **changes: object) -> S3Config:
    """How a test reaches the server at ``origin``; ``changes`` are fields of ``S3Config``."""
    fields: dict[str, object] = {
        "bucket": BUCKET,
        "access_key_id": ACCESS_KEY_ID,
        "secret_access_key": SECRET_ACCESS_KEY,
        "endpoint": origin,
        "path_style": True,
    }
    return S3Config(**{**fields, **changes})  # type: ignore[arg-type]


def _port(process: "subprocess.Popen[bytes]") -> int:
    """What the server prints when it listens; a server that stays silent is killed, which ends the reading."""
    assert process.stdout is not None
    too_late = threading.Timer(_START_MAX_SECONDS, process.kill)
    too_late.start()
    try:
        line = process.stdout.readline()
    finally:
        too_late.cancel()
    if not line:
        raise RuntimeError("The S3 server of the tests did not start; its messages are above.")
    return int(line)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    try:
        process.wait(_STOP_MAX_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
