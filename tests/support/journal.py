"""What really happened, kept outside the database: a file that processes append to, and that survives their deaths."""

import os
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """``what`` happened to ``subject`` in process ``pid``. Times are seconds since the epoch."""

    at: float
    pid: int
    what: str
    subject: str


class Journal:
    """One line a fact. A line is one write at the end of the file, so it is there or not, never in part."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    def write(self, what: str, subject: str) -> None:
        os.write(self._file, f"{time.time():.6f}\t{os.getpid()}\t{what}\t{subject}\n".encode())

    def read(self, what: str = "") -> list[Line]:
        """All lines, or those of one kind, oldest first."""
        rows = (row.split("\t") for row in self._path.read_text().splitlines())
        lines = [Line(float(at), int(pid), kind, subject) for at, pid, kind, subject in rows]
        return sorted((line for line in lines if not what or line.what == what), key=lambda line: line.at)

    def count(self, what: str, subject: str | None = None) -> int:
        return sum(1 for line in self.read(what) if subject is None or line.subject == subject)
