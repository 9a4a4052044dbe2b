"""Procedural motion behind the ``video`` port: layers that pass each other, people who breathe, rain that falls.

Nothing is generated: the scene's own layers, or the slices of a flat picture, are moved by a camera, in a child process
that can be killed.
"""

from pathlib import Path

from overprint.adapters.video.requests import check_request
from overprint.craft.motion import (
    CLIP,
    CLIP_MEMORY_BYTES,
    LAYERED,
    ClipOrder,
    clip_order,
    clip_timeout_seconds,
    film_clip,
)
from overprint.ports import errors
from overprint.ports.compute import DISK_FULL, ComputeFailed, ComputeLimit, ComputePort
from overprint.ports.errors import Refused, Unavailable
from overprint.ports.provider import Provider
from overprint.ports.video import Told, VideoAnswer, VideoRequest

_NAME = "embedded"


class ProceduralMotion:
    """Needs no network and no key. The same request always gives the same clip."""

    def __init__(self, compute: ComputePort) -> None:
        self._compute = compute

    @property
    def provider(self) -> Provider:
        return Provider(name=_NAME, model="motion@4", label="procedural motion", is_idempotent=True)

    async def film(self, request: VideoRequest, told: Told, folder: Path) -> VideoAnswer:
        check_request(request, _NAME)
        order = ClipOrder(
            scene=request.scene,
            sheets=request.sheets,
            style=request.style,
            move=request.move,
            width_px=request.width_px,
            height_px=request.height_px,
            fps=request.fps,
            frames=request.frames,
            seed=request.seed,
            liveliness=request.liveliness,
            curves=request.curves,
            is_drawn=request.is_layered,
        )
        is_anew = request.is_layered and request.style in LAYERED
        try:
            await self._compute.run(
                film_clip,
                clip_order(order, b"" if is_anew else request.picture),
                timeout_seconds=clip_timeout_seconds(order),
                memory_bytes=CLIP_MEMORY_BYTES,
                told=told,
                folder=folder,
            )
        except ComputeFailed as failure:
            raise _failed(failure) from failure
        except ComputeLimit as limit:
            raise Refused(
                "This scene took too much time, memory or space to film. Ask for a smaller or shorter one.",
                provider=_NAME,
            ) from limit
        return VideoAnswer(folder / CLIP)


def _failed(failure: ComputeFailed) -> Refused | Unavailable:
    """An order that makes no sense is never tried again; a child that died is."""
    if failure.kind == "Invalid":
        return Refused(failure.message, provider=_NAME)
    if failure.kind == DISK_FULL:
        return Unavailable(errors.DISK_FULL, provider=_NAME)
    return Unavailable("A scene could not be filmed to its end. It will be tried again.", provider=_NAME)
