"""The ``video`` port: one scene becomes a clip, without sound."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from overprint.core.film import LIVELINESS, Move
from overprint.core.motion import Curves
from overprint.core.scene import Scene, Sheet
from overprint.core.story import Style
from overprint.ports.provider import Provider, Usage

CLIP_MEDIA_TYPE = "video/mp4"

Told = Callable[[int], Awaitable[None]]
"""Hears how many frames are done."""


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """One clip. ``picture`` is the scene as it was drawn, encoded, at the size of the film. ``is_layered``: it is of a
    drawing in layers, so whoever draws scenes so may draw this one anew, and knows what lies before what in it.
    ``liveliness``, 0 to 10: how much stirs by itself; ``curves``: how the camera and those who are seen move besides.

    The embedded adapter moves ``scene``; hosted models get ``picture`` and ``prompt``.
    """

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
    prompt: str
    idempotency_key: str
    liveliness: int = LIVELINESS
    curves: Curves | None = None

    @property
    def seconds(self) -> float:
        return self.frames / self.fps


@dataclass(frozen=True, slots=True)
class VideoAnswer:
    """``clip``: an MP4 file, H.264, yuv420p, BT.709, exactly the asked size, rate and number of frames."""

    clip: Path
    usage: Usage = field(default_factory=Usage)


class VideoPort(Protocol):
    """Sets a scene in motion: the clip is left in ``folder``, which is empty. Raises ``ports.errors``, and whatever
    ``told`` raises."""

    @property
    def provider(self) -> Provider: ...

    async def film(self, request: VideoRequest, told: Told, folder: Path) -> VideoAnswer: ...


@runtime_checkable
class TaskVideoPort(VideoPort, Protocol):
    """One that accepts a task at once and has the clip minutes later.

    The engine keeps the task's id between the two, so that a clip that was ordered is never ordered again because a
    worker died: an adapter for such a provider fulfils this protocol, and its ``film`` is the one after the other.
    """

    async def submit(self, request: VideoRequest) -> str:
        """Order the clip; answers the id that the provider gave the task."""
        ...

    async def collect(self, task_id: str, request: VideoRequest, told: Told, folder: Path) -> VideoAnswer:
        """Wait for the clip that was ordered with ``request``, and leave it in ``folder``, which is empty.

        Raises ``TaskFailed`` or ``Refused`` when there will be none. An error that tells a usage means that there was
        one, and that it is of no use. With any other error the task is still asked for.
        """
        ...

    async def cancel(self, task_id: str) -> None:
        """Tell the provider that nobody waits any more. A task that has ended, or is not known, is no error."""
        ...
