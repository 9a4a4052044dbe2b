"""An audiobook: the sounds of pages put end to end in one M4B, with chapter marks, a title, and the cover.

Packets are copied, not encoded again. Each page's file begins with the encoder's own 1024 samples of silence; the
first one's are hidden, the others' stay as a pause. Imported in compute's child processes only, as ``aac`` is.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition

from overprint.core.problems import Invalid, LimitReached
from overprint.craft.narration.aac import FRAME_SAMPLES, OUT_RATE_HZ, audio_file

CHAPTERS_MAX = 255
PAGES_MAX = 1_000
_TEXT_MAX_CHARACTERS = 250


@dataclass(frozen=True, slots=True)
class Spoken:
    """A page's M4A file. ``chapter`` is the title of the chapter that begins with it, empty when none does."""

    data: bytes
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What the file says of itself. ``cover`` is a JPEG of the given size, or nothing."""

    title: str
    author: str
    narrator: str
    cover: bytes = b""
    cover_px: tuple[int, int] = (0, 0)


def audiobook(pages: Sequence[Spoken], label: Label) -> tuple[bytes, float]:
    """The M4B, and how many seconds it lasts. The same input gives the same bytes.

    Raises ``Invalid`` or ``LimitReached``.
    """
    if not pages:
        raise Invalid("Nothing of this book has been read aloud yet.", "Narrate its pages first.")
    lengths = [_samples_in(page.data) for page in pages]
    with audio_file("mp4", {"brand": "M4B "}) as (container, path):
        stream = _stream_like(container, pages[0].data)
        _write_label(container, label)
        container.set_chapters(_chapters(pages, lengths, label.title))
        _write_cover(container, label)
        at = -FRAME_SAMPLES
        for page in pages:
            at = _copy(container, stream, page.data, at)
        container.close()
        return path.read_bytes(), at / OUT_RATE_HZ


def _samples_in(data: bytes) -> int:
    with _opened(data) as source:
        return sum(FRAME_SAMPLES for packet in source.demux(source.streams.audio[0]) if packet.size)


def _opened(data: bytes) -> av.container.InputContainer:
    try:
        source = av.open(io.BytesIO(data), "r", format="mp4")
        stream = source.streams.audio[0]
    except (av.FFmpegError, IndexError, ValueError):
        raise Invalid("A page's sound cannot be read.", "Narrate the page again.") from None
    if stream.codec_context.name != "aac" or stream.codec_context.sample_rate != OUT_RATE_HZ:
        raise Invalid("A page's sound is of another kind than the others.", "Narrate the page again.")
    return source


def _stream_like(container: OutputContainer, data: bytes) -> AudioStream:
    with _opened(data) as source:
        return container.add_stream_from_template(source.streams.audio[0])


def _write_label(container: OutputContainer, label: Label) -> None:
    told = {
        "title": label.title,
        "album": label.title,
        "artist": label.author,
        "album_artist": label.author,
        "composer": label.narrator,  # where players look for who reads
        "genre": "Audiobook",
        "media_type": "2",
    }
    container.metadata.update({name: value[:_TEXT_MAX_CHARACTERS] for name, value in told.items() if value})


def _chapters(pages: Sequence[Spoken], lengths: Sequence[int], title: str) -> list[Any]:
    """Marks in samples. What comes before the first chapter is the opening, under the book's title."""
    starts: list[tuple[int, str]] = []
    at = 0
    for page, samples in zip(pages, lengths, strict=True):
        if page.chapter or not starts:
            starts.append((at, (page.chapter or title)[:_TEXT_MAX_CHARACTERS]))
        at += samples
    if len(starts) > CHAPTERS_MAX:
        raise LimitReached(f"An audiobook may have at most {CHAPTERS_MAX} chapters.", "Make two books of it.")
    ends = [start for start, _ in starts[1:]] + [at - FRAME_SAMPLES]
    return [
        {"id": n, "start": start, "end": end, "time_base": Fraction(1, OUT_RATE_HZ), "metadata": {"title": name}}
        for n, ((start, name), end) in enumerate(zip(starts, ends, strict=True), 1)
    ]


def _write_cover(container: OutputContainer, label: Label) -> None:
    if not label.cover:
        return
    width, height = label.cover_px
    stream = container.add_mux_stream("mjpeg", width=width, height=height)
    stream.disposition = Disposition.attached_pic
    packet = av.Packet(label.cover)
    packet.stream, packet.is_keyframe = stream, True
    packet.pts = packet.dts = 0
    packet.time_base = Fraction(1, OUT_RATE_HZ)
    container.mux(packet)


def _copy(container: OutputContainer, stream: AudioStream, data: bytes, at: int) -> int:
    """Where the next page begins, in samples."""
    with _opened(data) as source:
        for packet in source.demux(source.streams.audio[0]):
            if not packet.size:
                continue
            packet.stream = stream
            packet.pts = packet.dts = at
            packet.duration, packet.time_base = FRAME_SAMPLES, Fraction(1, OUT_RATE_HZ)
            container.mux(packet)
            at += FRAME_SAMPLES
    return at
