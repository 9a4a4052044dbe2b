"""A real S3 server process (s3rver, from npm) that checks signatures and the expiry of links."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overprint.adapters.storage.s3_config import S3Config
from tests.support.node_server import node_server

ACCESS_KEY_ID = SECRET_ACCESS_KEY = "S3RVER"  # the server's only account; it is built in
BUCKET = "overprint-tests"


@contextmanager
def s3_server(directory: Path, *, port: int = 0) -> Iterator[str]:
    """The origin of a server that keeps its objects in ``directory``; it ends with the block, or with this process.

    Without a ``port`` it takes a free one.
    """
    with node_server("s3_server.js", str(directory), BUCKET, str(port)) as (_, listening):
        yield f"http://127.0.0.1:{listening}"


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
