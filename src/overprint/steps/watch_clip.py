"""Films that people bring: judged in a child process before anything of them is kept, and watched for how they move."""

from dataclasses import replace
from pathlib import Path

from overprint.core.files import FilmSize
from overprint.core.motion import Orientation
from overprint.core.problems import Invalid, LimitReached, Problem
from overprint.craft.driving import (
    DRIVING_MEMORY_BYTES,
    DRIVING_SECONDS,
    Driven,
    DrivingOrder,
    driven,
    driving_bytes,
    driving_order,
)
from overprint.craft.media import (
    MEDIA_MEMORY_BYTES,
    PROBE_SECONDS,
    FilmBounds,
    probe_bytes,
    probe_file,
    probe_file_order,
    probe_order,
    probed,
)
from overprint.ports.compute import ComputeFailed, ComputeLimit, ComputePort, Told, Work

BROUGHT = FilmBounds(seconds_max=600.0)
"""The most that a film may have that somebody brings. Of one that is followed only the beginning is looked at."""
_IN_A_FILE = replace(BROUGHT, bytes_max=2_000_000_000)


async def look_at_film(compute: ComputePort, film: bytes | Path) -> FilmSize:
    """How large and long a film is; one in a file is never held as a whole. Raises ``Invalid`` and ``LimitReached``,
    with words for whoever sent it."""
    work: Work
    if isinstance(film, Path):
        work, order, folder = probe_file, probe_file_order(film.name, _IN_A_FILE), film.parent
    else:
        work, order, folder = probe_bytes, probe_order(film, BROUGHT), None
    try:
        answer = await compute.run(
            work, order, timeout_seconds=PROBE_SECONDS, memory_bytes=MEDIA_MEMORY_BYTES, folder=folder
        )
    except (ComputeFailed, ComputeLimit) as failure:
        raise _problem(failure) from failure
    facts = probed(answer)
    return FilmSize(facts.width_px, facts.height_px, round(facts.seconds, 3))


async def follow_clip(compute: ComputePort, film: bytes, orientation: Orientation, told: Told) -> Driven:
    """How the camera and those who are filmed move in a clip. Raises as :func:`look_at_film`."""
    try:
        answer = await compute.run(
            driving_bytes,
            driving_order(film, DrivingOrder(BROUGHT, orientation)),
            timeout_seconds=DRIVING_SECONDS,
            memory_bytes=DRIVING_MEMORY_BYTES,
            told=told,
        )
    except (ComputeFailed, ComputeLimit) as failure:
        raise _problem(failure) from failure
    return driven(answer)


def _problem(failure: ComputeFailed | ComputeLimit) -> Problem:
    """What a failure of the child that opens films means for the person who sent one."""
    if isinstance(failure, ComputeLimit):
        return LimitReached("Opening this film took too long or too much memory.", "Save it smaller and send it again.")
    if failure.kind == Invalid.__name__:
        return Invalid(failure.message, field="file")
    if failure.kind == LimitReached.__name__:
        return LimitReached(failure.message)
    return Invalid("This film cannot be opened.", "Save it again as MP4, and send that.", field="file")
