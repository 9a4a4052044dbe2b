"""The ``video`` port: one scene becomes a clip, without sound."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from overprint.core.film import Move
from overprint.core.scene import Scene, Sheet
from overprint.core.story import Style
from overprint.ports.provider import Provider, Usage

CLIP_MAX_BYTES = 200_000_000
CLIP_MEDIA_TYPE = "video/mp4"

Told = Callable[[int], Awaitable[None]]
"""Hears how many frames are done."""


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """One clip. ``picture`` is the scene as it was drawn, encoded, at the size of the film. ``is_layered``: whoever
    draws scenes in layers may draw this one anew instead, and gets the same picture with depth."""

    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    move: Move
    width_px: int
    height_px: int
    fps: int
    frames: int
    seed: int
    picture: bytes
    is_layered: bool


@dataclass(frozen=True, slots=True)
class VideoAnswer:
    """An MP4 file: H.264, yuv420p, BT.709, exactly the asked size, rate and number of frames."""

    data: bytes
    usage: Usage = field(default_factory=Usage)


class VideoPort(Protocol):
    """Sets a scene in motion. Raises ``ports.errors``, and whatever ``told`` raises."""

    @property
    def provider(self) -> Provider: ...

    async def film(self, request: VideoRequest, told: Told) -> VideoAnswer: ...
