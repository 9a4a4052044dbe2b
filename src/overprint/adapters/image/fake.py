"""Pictures for tests: one plain colour, exactly as large as asked, made in a moment."""

import hashlib
import struct
import zlib
from collections.abc import Iterable

from overprint.core.codec import digest
from overprint.ports.errors import ProviderError
from overprint.ports.image import ImageAnswer, ImageRequest, Shown
from overprint.ports.provider import Provider, Usage


class FakeImages:
    """Keeps every request in ``requests``. ``failures`` are raised first, one a call, in order."""

    def __init__(self, failures: Iterable[ProviderError] = ()) -> None:
        self.requests: list[ImageRequest] = []
        self._failures = list(failures)

    @property
    def provider(self) -> Provider:
        return Provider(name="fake", model="plain@1", label="test picture", is_idempotent=True)

    def fail_next(self, failure: ProviderError) -> None:
        """Raises ``failure`` at the next call that has none waiting."""
        self._failures.append(failure)

    async def draw(self, request: ImageRequest) -> ImageAnswer:
        self.requests.append(request)
        if self._failures:
            raise self._failures.pop(0)
        return ImageAnswer(
            data=plain_png(request.width_px, request.height_px, _colour(request)),
            media_type="image/png",
            width_px=request.width_px,
            height_px=request.height_px,
            usage=Usage(),
            shown=tuple(Shown(actor.who) for actor in request.scene.actors),
        )


def _colour(request: ImageRequest) -> bytes:
    """Three bytes that change with anything that changes a picture."""
    asked = {
        "scene": digest(request.scene),
        "sheets": digest(request.sheets),
        "style": request.style,
        "seed": request.seed,
        "prompt": request.prompt,
    }
    return hashlib.sha256(digest(asked).encode()).digest()[:3]


def plain_png(width_px: int, height_px: int, colour: bytes) -> bytes:
    """A valid PNG of one colour (three bytes, red first)."""
    row = b"\x00" + colour * width_px
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(row) for _ in range(height_px)) + packer.flush()
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
