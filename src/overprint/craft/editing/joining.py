"""Finished clips end to end in one file, with the sound. Nothing is encoded again, and a packet at a time is held."""

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.packet import Packet
from av.video.stream import VideoStream

from overprint.core.problems import Invalid
from overprint.craft.editing.opening import opened
from overprint.craft.motion.encoder import film_file

Timed = tuple[float, "Packet[Any]"]
"""A packet, and the second at which it is decoded."""

_TITLE_MAX_CHARACTERS = 250
_TICKS = 512
"""Of the film's clock, a frame."""


def join(clips: Sequence[Path], sound: Path, film: Path, *, fps: int, title: str) -> None:
    """Writes the film to ``film``. Raises ``Invalid`` for clips that are of different kinds."""
    with ExitStack() as held:
        sources = [held.enter_context(opened(clip, "Render its scene again.")) for clip in clips]
        heard = held.enter_context(_heard(sound))
        first = sources[0].streams.video[0]
        if any(_kind(source.streams.video[0]) != _kind(first) for source in sources):
            raise Invalid("These clips are of different kinds.", "Render the film again.")
        container = held.enter_context(film_file(film))
        container.metadata["title"] = title[:_TITLE_MAX_CHARACTERS]
        pictures = container.add_stream_from_template(first)
        pictures.time_base = Fraction(1, fps * _TICKS)
        speech = container.add_stream_from_template(heard.streams.audio[0])
        packets = heapq.merge(_pictures(sources, pictures, fps), _sounds(heard, speech), key=lambda entry: entry[0])
        for _, packet in packets:  # what comes first goes first, so that a player never waits for the other
            container.mux(packet)
        container.close()


def _heard(sound: Path) -> av.container.InputContainer:
    try:
        source = av.open(str(sound), "r", format="mp4")
        if source.streams.audio:
            return source
    except (av.FFmpegError, ValueError):
        pass
    raise Invalid("The sound of this film cannot be read.", "Mix it again.")


def _kind(stream: VideoStream) -> tuple[object, ...]:
    coder = stream.codec_context
    return coder.name, stream.width, stream.height, stream.average_rate, bytes(coder.extradata or b"")


def _pictures(sources: Sequence[av.container.InputContainer], film: VideoStream, fps: int) -> Iterator[Timed]:
    before = 0
    for source in sources:
        stream = source.streams.video[0]
        for packet in source.demux(stream):
            if packet.pts is None or packet.dts is None:
                continue
            for name in ("pts", "dts"):
                shown = round(getattr(packet, name) * stream.time_base * fps) + before
                setattr(packet, name, shown * _TICKS)
            packet.duration, packet.time_base = _TICKS, Fraction(1, fps * _TICKS)
            packet.stream = film
            yield packet.dts / (_TICKS * fps), packet
        before += stream.frames


def _sounds(heard: av.container.InputContainer, speech: av.AudioStream) -> Iterator[Timed]:
    for packet in heard.demux(heard.streams.audio[0]):
        if packet.dts is not None and packet.time_base is not None:
            at = float(packet.dts * packet.time_base)
            packet.stream = speech
            yield at, packet
