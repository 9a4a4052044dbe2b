"""Driving clips across a process boundary: a film as bytes in, curves as bytes out, for the compute port.

What is wrong with a film arrives as ``ComputeFailed`` of kind ``Invalid`` or ``LimitReached``, with words for whoever
sent it.
"""

import json
from collections.abc import Generator
from dataclasses import dataclass

from overprint.core.codec import canonical, decode, encode
from overprint.core.motion import Curves, Orientation
from overprint.core.problems import Invalid
from overprint.craft.framing import pack, unpack
from overprint.craft.media import FilmBounds

DRIVING_MEMORY_BYTES = 1_000_000_000
DRIVING_SECONDS = 180.0
"""Time to allow: twelve seconds of 2160p take a twentieth of that."""


@dataclass(frozen=True, slots=True)
class DrivingOrder:
    """``bounds``: of the whole film, of which only the first ``core.motion.SECONDS_MAX`` seconds are looked at."""

    bounds: FilmBounds
    orientation: Orientation = Orientation.CLIP


@dataclass(frozen=True, slots=True)
class Driven:
    """``camera_share`` and ``figure_share``, 0 to 1: how much of the clip's way a picture has room for; what is
    followed is so much smaller. ``seen_share``: of how much of the clip anything could be said."""

    curves: Curves
    camera_share: float
    figure_share: float
    seen_share: float


def driving_order(film: bytes, order: DrivingOrder) -> bytes:
    """What :func:`driving_bytes` takes."""
    return pack({"order": encode(order)}, {"film": film})


def driving_bytes(payload: bytes) -> Generator[int, None, bytes]:
    """What moves in the film; yields how many frames were looked at, and answers what :func:`driven` reads."""
    from overprint.craft.driving.curving import curves_of
    from overprint.craft.driving.watching import watched

    header, blobs = unpack(payload)
    try:
        order, film = decode(DrivingOrder, header["order"]), blobs["film"]
    except KeyError:
        raise Invalid("This order is damaged.", "Order it again.") from None
    seen = yield from watched(film, order.bounds)
    return canonical(curves_of(seen, order.orientation))


def driven(answer: bytes) -> Driven:
    return decode(Driven, json.loads(answer))
