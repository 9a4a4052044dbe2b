"""What a command uses, with everything it starts: memory at its peak, CPU seconds, room on the disk (Linux)."""

import os
import threading
import time
from pathlib import Path

SAMPLE_SECONDS = 0.05
_TICKS = os.sysconf("SC_CLK_TCK")
_WORKS = b"overprint.adapters.compute.child"


class Meter(threading.Thread):
    """Samples a process and all it started until it ends."""

    def __init__(self, pid: int, *, every_seconds: float = SAMPLE_SECONDS) -> None:
        super().__init__(daemon=True)
        self._pid, self._every_seconds = pid, every_seconds
        self._cpu: dict[int, float] = {}
        self._role: dict[int, str] = {}
        self.peak_mb_of: dict[str, float] = {}
        """Of the largest process of each kind: the command with what it runs, and works in children."""
        self.total_mb = 0.0

    def run(self) -> None:
        while Path(f"/proc/{self._pid}/status").exists():
            pids = _descendants(self._pid)
            self.total_mb = max(self.total_mb, sum(memory_mb(pid, "VmRSS:") for pid in pids))
            for pid in pids:
                role = self._role.setdefault(pid, _role_of(pid))
                self.peak_mb_of[role] = max(self.peak_mb_of.get(role, 0.0), memory_mb(pid, "VmHWM:"))
                self._cpu[pid] = max(self._cpu.get(pid, 0.0), _cpu_seconds(pid))
            time.sleep(self._every_seconds)

    @property
    def largest_mb(self) -> float:
        return max(self.peak_mb_of.values(), default=0.0)

    @property
    def cpu_seconds(self) -> float:
        return sum(self._cpu.values())


def room_mb(folder: Path) -> float:
    """What the files of a folder take on the disk; a file with two names counts once."""
    taken: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        try:
            found = path.lstat()
        except OSError:
            continue
        taken[found.st_dev, found.st_ino] = found.st_blocks * 512
    return sum(taken.values()) / 1e6


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except OSError:
            continue
        found += [int(child) for child in children]
    return found


def _role_of(pid: int) -> str:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return "gone"
    return "works" if _WORKS in command else "command"


def memory_mb(pid: int, what: str) -> float:
    """``what``: ``VmRSS:`` for what it has now, ``VmHWM:`` for the most it ever had; 0 once it is gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(what):
                return int(line.split()[1]) / 1024
    except OSError:
        return 0.0
    return 0.0


def _cpu_seconds(pid: int) -> float:
    """Of a process that runs; without that of children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS
