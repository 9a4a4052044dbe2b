"""Finished clips end to end in one file, with the sound. Pictures are copied, not encoded again."""

import heapq
import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.codec.context import Flags
from av.packet import Packet
from av.video.stream import VideoStream

from overprint.core.problems import Invalid
from overprint.craft.editing.mixing import RATE_HZ
from overprint.craft.motion.encoder import film_file
from overprint.craft.narration.waves import Sound

Timed = tuple[float, "Packet[Any]"]
"""A packet, and the second at which it is decoded."""

_FRAME_SAMPLES = 1_024
_BITS_A_SECOND = 128_000
_TITLE_MAX_CHARACTERS = 250


def joined(clips: Sequence[bytes], sound: Sound, *, fps: int, title: str) -> bytes:
    """Raises ``Invalid`` for clips that are of different kinds."""
    sources = [_opened(clip) for clip in clips]
    try:
        first = sources[0].streams.video[0]
        if any(_kind(source.streams.video[0]) != _kind(first) for source in sources):
            raise Invalid("These clips are of different kinds.", "Render the film again.")
        with film_file() as (container, path):
            container.metadata["title"] = title[:_TITLE_MAX_CHARACTERS]
            film = container.add_stream_from_template(first)
            film.time_base = Fraction(1, fps * 512)
            speech = container.add_stream("aac", rate=RATE_HZ, layout="stereo")
            speech.bit_rate = _BITS_A_SECOND
            speech.codec_context.flags |= Flags.bitexact
            _interleave(container, _pictures(sources, film, fps), _sounds(sound, speech))
            container.close()
            return path.read_bytes()
    finally:
        for source in sources:
            source.close()


def _opened(clip: bytes) -> av.container.InputContainer:
    try:
        source = av.open(io.BytesIO(clip), "r", format="mp4")
        if source.streams.video:
            return source
    except (av.FFmpegError, ValueError):
        pass
    raise Invalid("A clip cannot be read.", "Render its scene again.")


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
                setattr(packet, name, shown * 512)
            packet.duration, packet.time_base = 512, Fraction(1, fps * 512)
            packet.stream = film
            yield packet.dts / (512 * fps), packet
        before += stream.frames


def _sounds(sound: Sound, speech: av.audio.stream.AudioStream) -> Iterator[Timed]:
    for at in range(0, len(sound.samples), _FRAME_SAMPLES):
        both = np.tile(sound.samples[at : at + _FRAME_SAMPLES], (2, 1))
        frame = av.AudioFrame.from_ndarray(both, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, at, Fraction(1, RATE_HZ)
        for packet in speech.encode(frame):
            yield at / RATE_HZ, packet
    for packet in speech.encode(None):
        yield len(sound.samples) / RATE_HZ, packet


def _interleave(
    container: av.container.OutputContainer,
    pictures: Iterator[Timed],
    sounds: Iterator[Timed],
) -> None:
    """Always what comes first, so that a player never waits for the other."""
    for _, packet in heapq.merge(pictures, sounds, key=lambda entry: entry[0]):
        container.mux(packet)
