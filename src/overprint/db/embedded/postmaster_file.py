"""``postmaster.pid``: what a running server says about itself, and what a dead one leaves behind."""

from dataclasses import dataclass
from pathlib import Path

from overprint.db.embedded.processes import end_servers, is_alive

_STATUS_LINE = 7


@dataclass(frozen=True)
class PostmasterFile:
    pid: int
    is_ready: bool


def read_postmaster_file(pg: Path) -> PostmasterFile | None:
    """None where there is no file, or it is only half written."""
    try:
        lines = (pg / "postmaster.pid").read_text("utf-8", "replace").splitlines()
        status = lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else ""
        return PostmasterFile(abs(int(lines[0])), status == "ready")
    except (FileNotFoundError, ValueError, IndexError):
        return None


def clear_leftovers(pg: Path, *, patience_seconds: float) -> None:
    """End what still works in the cluster, and remove a pid file that names a stranger.

    PostgreSQL refuses to start while the file names any living process of its account, though after a
    crash that number may long belong to another program. Holding the lock and having looked, we know better.
    """
    end_servers(pg, patience_seconds=patience_seconds)
    found = read_postmaster_file(pg)
    if found is not None and is_alive(found.pid):
        (pg / "postmaster.pid").unlink(missing_ok=True)
