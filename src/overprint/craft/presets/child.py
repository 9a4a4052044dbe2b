"""Samples of presets across a process boundary: an order as bytes in, a film or a picture of it as bytes out, for the
compute port. What the work needs is imported when it runs, which is in a child process."""

import json
from collections.abc import Generator
from dataclasses import dataclass

from overprint.core.codec import decode, digest, encode
from overprint.core.presets import PresetConfig
from overprint.core.problems import Invalid
from overprint.craft.presets.shipped import Shown

VERSION = 1
"""Of how samples are made: another one makes them all anew."""
SAMPLE_MEDIA_TYPE, THUMBNAIL_MEDIA_TYPE = "video/mp4", "image/webp"
SAMPLE_MEMORY_BYTES = 800_000_000
SAMPLE_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SampleOrder:
    config: PresetConfig
    shown: Shown

    @property
    def recipe(self) -> str:
        """The same for the same film."""
        return digest([VERSION, encode(self)])


def sample_order(order: SampleOrder) -> bytes:
    """What :func:`sample_bytes` and :func:`thumbnail_bytes` take."""
    return json.dumps(encode(order)).encode()


def sample_bytes(payload: bytes) -> Generator[int, None, bytes]:
    """Three seconds of film without sound, MP4; yields how many frames are done. Raises ``Invalid``."""
    from overprint.craft.presets.rendering import film

    return (yield from film(_read(payload)))


def thumbnail_bytes(payload: bytes) -> bytes:
    """The middle of its first scene, WebP. Raises ``Invalid``."""
    from overprint.craft.presets.rendering import picture

    return picture(_read(payload))


def _read(payload: bytes) -> SampleOrder:
    try:
        return decode(SampleOrder, json.loads(payload))
    except ValueError:
        raise Invalid("This order of a sample is damaged.", "Order it again.") from None
