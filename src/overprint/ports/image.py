"""The ``image`` port: one picture from a scene."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from overprint.core.scene import Scene, Sheet
from overprint.core.shown import Shown
from overprint.core.story import Style
from overprint.ports.provider import Provider, Usage

SIDE_MAX_PX = 8192  # two facing pages of A4 landscape at 300 dpi
PICTURE_MAX_BYTES = 40_000_000
REFERENCES_MAX = 8


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One picture. ``sheets`` holds a look for every actor of the scene, by character id.

    The embedded illustrator draws ``scene``; hosted models get ``prompt`` and ``references`` (encoded
    pictures of the characters). Sizes are pixels. ``is_spread``: it will lie across two facing pages, so nothing that
    matters may stand on the fold.
    """

    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    width_px: int
    height_px: int
    seed: int
    prompt: str
    idempotency_key: str
    references: tuple[bytes, ...] = ()
    is_spread: bool = False


@dataclass(frozen=True, slots=True)
class ImageAnswer:
    """An encoded picture (PNG, JPEG or WebP). ``shown`` is empty where the provider cannot tell; ``vector`` is the same
    picture as an SVG document for print, where there is one."""

    data: bytes
    media_type: str
    width_px: int
    height_px: int
    usage: Usage = field(default_factory=Usage)
    shown: tuple[Shown, ...] = ()
    vector: bytes = b""


class ImagePort(Protocol):
    """Draws. Raises ``ports.errors`` only. The picture has exactly the asked size."""

    @property
    def provider(self) -> Provider: ...

    @property
    def references_max(self) -> int:
        """How many ``references`` it can follow; 0 for one that draws from the scene, or from words alone."""
        ...

    def kept_share(self, width_px: int, height_px: int) -> float:
        """How much of what it draws is left in a picture of this size, 0 to 1; the rest is cropped."""
        ...

    async def draw(self, request: ImageRequest) -> ImageAnswer: ...


@runtime_checkable
class TaskImagePort(ImagePort, Protocol):
    """An illustrator that accepts a task at once and has the picture later.

    The engine keeps the task's id between the two, so that a picture that was ordered is never ordered again because a
    worker died: an adapter for such a provider fulfils this protocol, and its ``draw`` is the one after the other.
    """

    async def submit(self, request: ImageRequest) -> str:
        """Order the picture; answers the id that the provider gave the task."""
        ...

    async def collect(self, task_id: str, request: ImageRequest) -> ImageAnswer:
        """Wait for the picture that was ordered with ``request``.

        Raises ``TaskFailed`` or ``Refused`` when there will be none; with any other error the task is still asked for.
        """
        ...
