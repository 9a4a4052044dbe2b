"""Motion transfer: how a driving clip or a preset moves, as curves that every scene follows when it is filmed."""

import json

from overprint.core.codec import canonical, decode
from overprint.core.files import FileKind
from overprint.core.motion import RATE, SECONDS_MAX, Curves, check_curves, levelled
from overprint.core.problems import Invalid
from overprint.engine.context import StepContext
from overprint.features.videos.steps import MotionIn, MotionOut
from overprint.steps.watch_clip import follow_clip

_MEDIA_TYPE = "application/json"


async def transfer(context: StepContext, need: MotionIn) -> MotionOut:
    if need.driving is None:
        return await _kept(context, levelled(_brought(need), need.orientation))
    film = await context.read(need.driving.key)
    told = context.frames_told(round(min(SECONDS_MAX, need.driving.duration_seconds or SECONDS_MAX) * RATE))
    found = await follow_clip(context.compute, film, need.orientation, told)
    return await _kept(context, found.curves, found.camera_share, found.figure_share)


def _brought(need: MotionIn) -> Curves:
    if need.curves is None:
        raise Invalid("There is no motion to follow.", "Bring a clip, or choose a preset that has a motion of its own.")
    check_curves(need.curves)
    return need.curves


async def _kept(
    context: StepContext, curves: Curves, camera_share: float = 1.0, figure_share: float = 1.0
) -> MotionOut:
    file = await context.save(
        canonical(curves),
        media_type=_MEDIA_TYPE,
        kind=FileKind.OTHER,
        name="motion.json",
        folder="motion",
        duration_seconds=curves.seconds,
    )
    return MotionOut(file, curves.seconds, camera_share, figure_share)


async def curves_of(context: StepContext, motion: MotionOut | None) -> Curves | None:
    """What a scene is to follow."""
    return decode(Curves, json.loads(await context.read(motion.file.key))) if motion else None
