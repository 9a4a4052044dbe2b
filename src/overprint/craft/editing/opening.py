"""Clips opened where they lie in memory, without a copy of them."""

import io

import av

from overprint.core.problems import Invalid


class Lent(io.RawIOBase):
    """A file to read over bytes that belong to somebody else."""

    def __init__(self, data: bytes | memoryview) -> None:
        self._view = memoryview(data)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._view)}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = len(self._view) if size < 0 else min(len(self._view), self._at + size)
        piece = bytes(self._view[self._at : end])
        self._at += len(piece)
        return piece


def opened(clip: bytes | memoryview, next_step: str) -> av.container.InputContainer:
    """An MP4 file of yuv420p pictures. Raises ``Invalid`` with ``next_step``."""
    try:
        source = av.open(Lent(clip), "r", format="mp4")
        if source.streams.video and source.streams.video[0].pix_fmt == "yuv420p":
            return source
    except (av.FFmpegError, ValueError):
        pass
    raise Invalid("A clip cannot be read.", next_step)
