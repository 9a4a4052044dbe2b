"""Opening a foreign film: by content, with the few containers and codecs that people and models send.

The demuxer is named, never guessed, so that a playlist cannot make us open other files. A frame may have no more pixels
than the bounds say, whatever the header claims; length is counted in packets.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from overprint.core.problems import Invalid, LimitReached
from overprint.craft.media.order import FilmBounds, FilmFacts

CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4"})
_DAMAGED_PACKETS_MAX = 20
_HEAD_BYTES = 16
_SEND = "Send it as MP4 or WebM."
_SHORTER = "Cut it shorter and send it again."
_FEWER = "Cut it shorter, or save it with fewer frames a second, and send it again."


def probe(film: bytes | Path, bounds: FilmBounds) -> FilmFacts:
    """Raises ``Invalid`` for what is no film or is damaged, ``LimitReached`` for more than ``bounds``."""
    with io.BytesIO(film) if isinstance(film, bytes) else film.open("rb") as file:
        with _opened(file, bounds) as (container, stream):
            facts = _walked(container, stream, bounds)
        with _opened(file, bounds) as (container, stream):
            if not any(True for _ in islice(_decoded(container, stream), 1)):
                raise damaged()
    return facts


def film_frames(data: bytes, bounds: FilmBounds) -> Iterator[tuple[float, VideoFrame]]:
    """Each frame and when it is shown, in seconds from the first one, in order. Raises as :func:`probe` does."""
    with _opened(io.BytesIO(data), bounds) as (container, stream):
        first: float | None = None
        before = -1.0
        fps = float(stream.average_rate or 25)
        for count, frame in enumerate(_decoded(container, stream), 1):
            if count > bounds.frames_max:
                raise _too_many(bounds)
            at = frame.time if frame.time is not None else before + 1 / fps
            first = at if first is None else first
            shown = max(at - first, before)
            if shown > bounds.seconds_max:
                raise _too_long(bounds)
            before = shown
            yield shown, frame


def damaged() -> Invalid:
    return Invalid("This film is damaged or incomplete.", _SEND)


@contextmanager
def _opened(file: BinaryIO, bounds: FilmBounds) -> Iterator[tuple[InputContainer, VideoStream]]:
    _check_bytes(file.seek(0, io.SEEK_END), bounds)
    file.seek(0)
    form = _container(file.read(_HEAD_BYTES))
    file.seek(0)
    try:
        container = av.open(
            file,
            "r",
            format=form,
            container_options={"enable_drefs": "0", "use_absolute_path": "0", "probesize": "5000000"},
        )
    except (av.FFmpegError, ValueError, OverflowError):
        raise damaged() from None
    with container:
        if not container.streams.video:
            raise Invalid("There is no moving picture in this file.", _SEND)
        stream = container.streams.video[0]
        if stream.codec_context.name not in CODECS:
            raise Invalid("The moving picture in this file is stored in an unusual way.", "Send it as MP4 with H.264.")
        _check_claims(container, stream, bounds)
        stream.codec_context.options = {"max_pixels": str(bounds.pixels_max)}
        stream.codec_context.thread_count = 1
        yield container, stream


def _check_bytes(size_bytes: int, bounds: FilmBounds) -> None:
    if not size_bytes:
        raise Invalid("This file is empty.", _SEND)
    if size_bytes > bounds.bytes_max:
        raise LimitReached(f"This film is larger than {bounds.bytes_max // 1_000_000} MB.", _SHORTER)


def _container(head: bytes) -> str:
    """The demuxer, by the first bytes."""
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    raise Invalid("This file is no film that can be opened here.", _SEND)


def _check_claims(container: InputContainer, stream: VideoStream, bounds: FilmBounds) -> None:
    """What the header says, before a single frame is decoded."""
    if stream.width * stream.height > bounds.pixels_max:
        raise LimitReached(
            f"This film has {stream.width} × {stream.height} pixels; at most "
            f"{bounds.pixels_max // 1_000_000} million can be opened.",
            "Save it smaller and send it again.",
        )
    claimed_seconds = max((container.duration or 0) / 1_000_000, _stream_seconds(stream))
    if claimed_seconds > bounds.seconds_max * 1.05:
        raise _too_long(bounds)


def _stream_seconds(stream: VideoStream) -> float:
    if not stream.duration or stream.time_base is None:
        return 0.0
    return float(stream.duration * stream.time_base)


def _walked(container: InputContainer, stream: VideoStream, bounds: FilmBounds) -> FilmFacts:
    """By all its packets, of which none is decoded."""
    first, last, frames = None, 0.0, 0
    try:
        for packet in container.demux(stream):
            if packet.pts is None or packet.time_base is None:
                continue
            frames += 1
            at = float(packet.pts * packet.time_base)
            first = at if first is None else min(first, at)
            last = max(last, at + float((packet.duration or 0) * packet.time_base))
            if last - first > bounds.seconds_max * 1.05:
                raise _too_long(bounds)
            if frames > bounds.frames_max:
                raise _too_many(bounds)
    except (av.FFmpegError, OverflowError):
        raise damaged() from None
    seconds = last - (first or 0.0)
    if not frames or seconds <= 0:
        raise damaged()
    return FilmFacts(stream.width, stream.height, seconds, frames / seconds, frames, stream.codec_context.name)


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """What can be decoded: a damaged packet is passed over, many are too many."""
    broken = 0
    try:
        for packet in container.demux(stream):
            try:
                yield from (frame for frame in packet.decode() if isinstance(frame, VideoFrame))
            except av.InvalidDataError:
                broken += 1
                if broken > _DAMAGED_PACKETS_MAX:
                    raise
    except (av.FFmpegError, OverflowError):
        raise damaged() from None


def _too_long(bounds: FilmBounds) -> LimitReached:
    return LimitReached(f"This film is longer than {bounds.seconds_max:g} seconds.", _SHORTER)


def _too_many(bounds: FilmBounds) -> LimitReached:
    return LimitReached(f"This film has more than {bounds.frames_max} frames.", _FEWER)
