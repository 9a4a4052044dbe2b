"""From what PostgreSQL or the operating system said to what a person can do about it."""

import errno
import re
from pathlib import Path

from overprint.core.problems import Conflict, Denied, LimitReached, Problem, Unavailable
from overprint.db.embedded.layout import FROM_ANOTHER_VERSION

PORT_TAKEN = re.compile(r"could not (bind|create any TCP/IP sockets)|Address already in use")
DISK_FULL = re.compile(r"No space left on device|Disk quota exceeded|File too large")
_INCOMPATIBLE = re.compile(r"database files are incompatible|initialized by PostgreSQL version (\d+)")
_DAMAGED = re.compile(r"could not locate a valid checkpoint|invalid checkpoint|incorrect checksum in control file")
_NO_MEMORY = re.compile(r"Cannot allocate memory|could not (create|resize) shared memory|could not map anonymous")
_LAST_WORDS = re.compile(r"(?:FATAL|PANIC|ERROR|error|fatal): +(.+)")


def disk_full(root: Path) -> LimitReached:
    return LimitReached(
        f"The disk that holds {root} is full, so the database cannot run.",
        "Free some space (about 200 MB to start with) and run the command again; what was saved is still there.",
    )


def explain_output(output: str, root: Path, log: Path) -> Problem:
    """The problem behind a PostgreSQL program that failed with this output."""
    if DISK_FULL.search(output):
        return disk_full(root)
    if _INCOMPATIBLE.search(output):
        return Conflict(f"The database in {root} was made by another version of PostgreSQL.", FROM_ANOTHER_VERSION)
    if _DAMAGED.search(output):
        return Unavailable(
            f"The database in {root} is damaged and PostgreSQL cannot open it.",
            f"Restore a backup with `overprint restore`. Details: {log}",
        )
    if _NO_MEMORY.search(output):
        return Unavailable(
            "There is not enough (shared) memory for the database.",
            "Close other programs; in a container, allow more memory and a larger /dev/shm.",
        )
    words = _LAST_WORDS.findall(output)
    said = words[-1].strip()[:300] if words else "it gave no reason"
    return Unavailable(f"PostgreSQL could not start: {said}.", f"Details: {log}")


def explain_os_error(error: OSError, root: Path) -> Problem:
    """The problem behind a failed file or process operation in a data directory."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return disk_full(root)
    place = error.filename if isinstance(error.filename, str) else str(root)
    said = f"{error.strerror or error}: {place}"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Denied(
            f"The data directory {root} cannot be used: {said}.",
            "Choose another one with --data, or correct its owner and permissions.",
        )
    return Unavailable(f"The database in {root} could not be started: {said}.", "Correct this and try again.")
