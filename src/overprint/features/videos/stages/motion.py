"""Motion transfer: how a driving clip or a preset moves, as curves that every scene follows when it is filmed."""

import json
from collections.abc import Sequence
from dataclasses import replace

from overprint.core.codec import canonical, decode
from overprint.core.files import FileKind
from overprint.core.film import Move
from overprint.core.motion import RATE, SECONDS_MAX, Curves, check_curves, is_moving, levelled
from overprint.core.problems import Invalid
from overprint.engine.context import StepContext
from overprint.features.videos import rules
from overprint.features.videos.steps import MotionIn, MotionOut
from overprint.steps.watch_clip import follow_clip

_MEDIA_TYPE = "application/json"
_SEEN_AT_ALL, _SEEN_WELL = 0.25, 0.8


async def transfer(context: StepContext, need: MotionIn) -> MotionOut:
    if need.driving is None:
        return await _kept(context, levelled(_brought(need), need.orientation))
    film = await context.read(need.driving.key)
    told = context.frames_told(round(min(SECONDS_MAX, need.driving.duration_seconds or SECONDS_MAX) * RATE))
    found = await follow_clip(context.compute, film, need.orientation, told)
    is_followed = found.seen_share >= _SEEN_AT_ALL and is_moving(found.curves)
    out = await _kept(context, found.curves if is_followed else _undriven(need, found.curves.seconds))
    shares = found.camera_share, found.figure_share, found.seen_share
    return replace(out, camera_share=shares[0], figure_share=shares[1], seen_share=shares[2], is_followed=is_followed)


def _undriven(need: MotionIn, seconds: float) -> Curves:
    """What is followed in place of a clip that cannot be: the curves that were given besides, or rest for ``seconds``.
    What little was found in the clip would be added to what the camera does without it."""
    return Curves(seconds) if need.curves is None else levelled(_brought(need), need.orientation)


def _brought(need: MotionIn) -> Curves:
    if need.curves is None:
        raise Invalid("There is no motion to follow.", "Bring a clip, or choose a preset that has a motion of its own.")
    check_curves(need.curves)
    return need.curves


async def _kept(context: StepContext, curves: Curves) -> MotionOut:
    file = await context.save(
        canonical(curves),
        media_type=_MEDIA_TYPE,
        kind=FileKind.OTHER,
        name="motion.json",
        folder="motion",
        duration_seconds=curves.seconds,
    )
    return MotionOut(file, curves.seconds)


def notes_of(followed: MotionOut | None) -> Sequence[str]:
    """What to know of a film that follows a clip."""
    if followed is None:
        return ()
    if followed.seen_share < _SEEN_AT_ALL:
        return (
            "Its clip could not be followed: there is too little to see in it that moves as one. It moves as it would "
            "without a clip.",
        )
    if not followed.is_followed:
        return ("Nothing moves in its clip. It moves as it would without one.",)
    if followed.seen_share > _SEEN_WELL:
        return ()
    return ("Its clip could be followed in part only; in the rest of it there is too little to see that moves as one.",)


def move_of(motion: MotionOut | None, move: Move, otherwise: Move | None) -> Move:
    """What the camera does besides: as on the card, unless it stands there for a clip that could not be followed."""
    is_lost = motion is not None and not motion.is_followed and move == rules.STANDING
    return otherwise if is_lost and otherwise is not None else move


async def curves_of(context: StepContext, motion: MotionOut | None) -> Curves | None:
    """What a scene is to follow."""
    return decode(Curves, json.loads(await context.read(motion.file.key))) if motion else None
