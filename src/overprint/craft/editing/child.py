"""Editing across a process boundary: bytes in, bytes out, for the compute port.

What the work needs is imported when it runs, which is in a child process: importing this module loads no encoder.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from overprint.core.codec import decode, encode
from overprint.core.problems import Invalid
from overprint.craft.editing.captions import Caption
from overprint.craft.framing import pack, unpack

FILM_MEDIA_TYPE = "video/mp4"
EDIT_MEMORY_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class FinishOrder:
    """``frames``: how many the clip has. ``captions`` are those that are drawn into the picture, by the
    scene's own clock."""

    captions: tuple[Caption, ...]
    frames: int
    fps: int
    opens: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class JoinOrder:
    """``starts_seconds``: when each scene begins, in the order of its clips; ``seconds``: how long the film is."""

    title: str
    fps: int
    seconds: float
    starts_seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FinishedFilm:
    """An MP4 file; its loudness (LUFS) and highest sample (dBFS) were measured before encoding."""

    data: bytes
    loudness_lufs: float
    peak_dbfs: float


def finish_order(order: FinishOrder, clip: bytes) -> bytes:
    """What :func:`finish_bytes` takes."""
    return pack({"order": encode(order)}, {"clip": clip})


def finish_timeout_seconds(frames: int) -> float:
    return 60.0 + frames


def finish_bytes(payload: bytes) -> Generator[int, None, bytes]:
    """A finished clip; yields how many frames are done. Raises ``Invalid``."""
    from overprint.craft.editing.finishing import finished

    header, blobs = unpack(payload)
    try:
        order, clip = decode(FinishOrder, header["order"]), blobs["clip"]
    except KeyError:
        raise _damaged() from None
    return (yield from finished(clip, order))


def join_order(order: JoinOrder, clips: Sequence[bytes], sounds: Sequence[bytes]) -> bytes:
    """What :func:`join_bytes` takes: a finished clip and a narration for every scene."""
    blobs = {f"{n:03}-clip": clip for n, clip in enumerate(clips)}
    return pack({"order": encode(order)}, blobs | {f"{n:03}-sound": sound for n, sound in enumerate(sounds)})


def join_timeout_seconds(seconds: float) -> float:
    return 60.0 + 2 * seconds


def join_bytes(payload: bytes) -> bytes:
    """The film. Read the answer with :func:`finished_film`. Raises ``Invalid``."""
    from overprint.craft.editing.joining import joined
    from overprint.craft.editing.mixing import mixed
    from overprint.craft.narration.loudness import loudness_lufs, peak_dbfs

    header, blobs = unpack(payload)
    try:
        order = decode(JoinOrder, header["order"])
        clips = [blobs[f"{n:03}-clip"] for n in range(len(order.starts_seconds))]
        sounds = [(start, blobs[f"{n:03}-sound"]) for n, start in enumerate(order.starts_seconds)]
    except KeyError:
        raise _damaged() from None
    sound = mixed(sounds, order.seconds)
    film = joined(clips, sound, fps=order.fps, title=order.title)
    return pack({"loudness_lufs": loudness_lufs(sound), "peak_dbfs": peak_dbfs(sound)}, {"film": film})


def finished_film(answer: bytes) -> FinishedFilm:
    header, blobs = unpack(answer)
    return FinishedFilm(blobs["film"], float(header["loudness_lufs"]), float(header["peak_dbfs"]))


def _damaged() -> Invalid:
    return Invalid("This order is damaged.", "Order it again.")
