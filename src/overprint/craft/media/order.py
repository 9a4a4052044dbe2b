"""What is asked of a foreign film, and what is found."""

from dataclasses import dataclass

from overprint.craft.media.placing import WHOLE, Box


@dataclass(frozen=True, slots=True)
class FilmBounds:
    """The most that a foreign film may have; what it claims and what it holds are both held to it."""

    bytes_max: int = 200_000_000
    seconds_max: float = 60.0
    pixels_max: int = 4096 * 2304
    fps_max: float = 120.0

    @property
    def frames_max(self) -> int:
        return int(self.seconds_max * self.fps_max)


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What a film has, by its packets rather than by its header. Width and height are those of what is stored, before
    it is turned upright."""

    width_px: int
    height_px: int
    seconds: float
    fps: float
    frames: int
    codec: str


@dataclass(frozen=True, slots=True)
class Conforming:
    """The clip that a film is to become: exactly so large, fast and long.

    ``kept`` is the part of its frames that is shown. ``seconds_least``: a shorter film is not what was ordered. One
    that is longer than the clip is cut at its end; one that is shorter is slowed down, to half its speed at most.
    """

    width_px: int
    height_px: int
    fps: int
    frames: int
    seconds_least: float = 0.0
    kept: Box = WHOLE
    bounds: FilmBounds = FilmBounds()


SPEED_LEAST = 0.5

CONFORMED = "conform@1"
"""Which way this is done: part of who made a clip, because it changes pixels."""


@dataclass(frozen=True, slots=True)
class FirstFrame:
    """The frame that a picture is to become: it fills ``kept`` (see ``placed``), and its mirror image the rest. As a
    JPEG of at most ``bytes_max``."""

    width_px: int
    height_px: int
    bytes_max: int
