"""What was measured of a finished film, and what is wrong with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FilmChecks:
    """Read from the file itself. ``sync_seconds``: how far pictures and sound begin or end apart. Stretches in seconds
    of blackness, of stillness and of silence are the longest there are. ``problems`` in sentences: a film that has any
    is not what was ordered, and is not delivered. ``notes``: what a person may have wanted, and may want to know."""

    seconds: float
    width_px: int
    height_px: int
    fps: float
    frames: int
    video: str
    audio: str
    pixels: str
    colours: str
    is_faststart: bool
    sync_seconds: float
    loudness_lufs: float
    peak_dbtp: float
    black_seconds: float
    still_seconds: float
    silent_seconds: float
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
