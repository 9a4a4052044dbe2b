"""What a child and the programs it started hold in memory, as the kernel counts it (Linux ``/proc``).

Elsewhere everything reads as 0, and only the child's own ``RLIMIT_DATA`` bounds it. Mapped library files are left
out of the count: all children share them.
"""

from pathlib import Path

_PROC = Path("/proc")
_FAMILY_MAX = 64


def own_bytes(pid: int) -> int:
    """Bytes of ``pid`` alone in physical memory; 0 when it is gone. About 20 µs."""
    try:
        fields = (_PROC / str(pid) / "status").read_text(errors="replace")
    except OSError:
        return 0
    kib = sum(int(line.split()[1]) for line in fields.splitlines() if line.startswith(("RssAnon:", "RssShmem:")))
    return kib * 1024


def group_bytes(group: int) -> int:
    """Bytes of every process in a process group (at most 64 of them). Reads all of ``/proc``: not for every moment."""
    if not _PROC.is_dir():
        return 0
    pids = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
    members = [pid for pid in pids if _group_of(pid) == group]
    return sum(own_bytes(pid) for pid in members[:_FAMILY_MAX])


def _group_of(pid: int) -> int | None:
    try:
        # The program's name, in brackets, may hold anything; after it come state, parent, group.
        after_name = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        return int(after_name[2])
    except (OSError, IndexError, ValueError):
        return None
