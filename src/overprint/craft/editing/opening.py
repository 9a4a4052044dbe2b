"""Clips opened where they lie, without a copy of them."""

from pathlib import Path

import av

from overprint.core.problems import Invalid


def opened(clip: Path, next_step: str) -> av.container.InputContainer:
    """An MP4 file of yuv420p pictures. Raises ``Invalid`` with ``next_step``."""
    try:
        source = av.open(str(clip), "r", format="mp4")
        if source.streams.video and source.streams.video[0].pix_fmt == "yuv420p":
            return source
    except (av.FFmpegError, ValueError):
        pass
    raise Invalid("A clip cannot be read.", next_step)
