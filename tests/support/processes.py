"""Which processes there are (Linux ``/proc``)."""

from pathlib import Path

_PROC = Path("/proc")
_ENCODER = b"overprint.adapters.compute.child"


def encoders_below(pid: int) -> set[int]:
    """Compute's child processes that this process started."""
    everybody = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
    return {each for each in everybody if _stat(each)[1:2] == [str(pid)] and _ENCODER in _command_of(each)}


def is_running(pid: int) -> bool:
    """Whether it is there, and not only waiting to be buried."""
    return _stat(pid)[:1] not in ([], ["Z"])


def _stat(pid: int) -> list[str]:
    """Its state, its parent and more; nothing when it is gone. Its name, in brackets before that, may hold anything."""
    try:
        return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _command_of(pid: int) -> bytes:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""
