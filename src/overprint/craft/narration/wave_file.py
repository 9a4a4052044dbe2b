"""WAV files of 16-bit PCM with one channel, written from samples as they are."""

import struct

PCM = 1
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


def write_wave(pcm: bytes, rate_hz: int) -> bytes:
    """``pcm``: 16-bit little-endian samples of one channel."""
    head = _HEADER.pack(
        b"RIFF", 36 + len(pcm), b"WAVE", b"fmt ", 16, PCM, 1, rate_hz, rate_hz * 2, 2, 16, b"data", len(pcm)
    )
    return head + pcm
