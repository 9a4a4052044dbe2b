"""How large an encoded picture is, from its first bytes, without decoding it.

Formats: PNG (ISO/IEC 15948), JPEG (ITU-T T.81, the start-of-frame segment), WebP (RFC 9649).
"""

import struct
from mmap import mmap
from typing import TypeAlias

_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_SEGMENTS_MAX = 1000

Bytes: TypeAlias = bytes | mmap
"""Of a file that is mapped into memory only what is looked at is read."""


def picture_size(data: Bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None for what is no PNG, JPEG or WebP, or breaks off too early."""
    try:
        if data[:8] == b"\x89PNG\r\n\x1a\n":
            return _png(data)
        if data[:3] == b"\xff\xd8\xff":
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError):
        return None
    return None


def _png(data: Bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg(data: Bytes) -> tuple[int, int] | None:
    at = 2
    for _ in range(_SEGMENTS_MAX):
        while data[at] == 0xFF:  # any number of fill bytes may stand before a marker
            at += 1
        marker, at = data[at], at + 1
        (length,) = struct.unpack_from(">H", data, at)
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            return width, height
        at += length
        if data[at] != 0xFF:
            return None
    return None


def _webp(data: Bytes) -> tuple[int, int] | None:
    form = data[12:16]
    if form == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
