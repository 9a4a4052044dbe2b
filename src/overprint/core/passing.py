"""Writing an archive piece by piece: a file that is handed on while it is written, and never in memory as a whole."""

import io
from typing import Any


class PassingFile(io.RawIOBase):
    """A file that keeps only what was not taken yet."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._waiting += piece
        return len(piece)

    def take(self) -> bytes:
        """What was written since the last call."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken
