"""Pictures for tests: one plain colour, exactly as large as asked, made in a moment."""

import asyncio
import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace

from overprint.core.codec import digest
from overprint.core.shown import Shown
from overprint.ports.errors import ProviderError, TaskFailed
from overprint.ports.image import ImageAnswer, ImageRequest
from overprint.ports.provider import Provider, Usage

_FREE = Usage()


class FakeImages:
    """Keeps every request in ``requests``. ``failures`` are raised first, one a call, in order. ``keeps_share``: what
    it tells of how much of its pictures is left."""

    def __init__(self, failures: Iterable[ProviderError] = (), *, references_max: int = 0) -> None:
        self.references_max = references_max
        self.keeps_share = 1.0
        self.requests: list[ImageRequest] = []
        self._failures = list(failures)
        self._spoiled: list[bytes] = []

    @property
    def provider(self) -> Provider:
        return Provider(name="fake", model="plain@1", label="test picture", is_idempotent=True)

    def fail_next(self, failure: ProviderError) -> None:
        """Raises ``failure`` at the next call that has none waiting."""
        self._failures.append(failure)

    def spoil_next(self, data: bytes) -> None:
        """Answers with ``data``, whatever it is, at the next call that has none waiting."""
        self._spoiled.append(data)

    def kept_share(self, width_px: int, height_px: int) -> float:
        return self.keeps_share

    async def draw(self, request: ImageRequest) -> ImageAnswer:
        self.requests.append(request)
        if self._failures:
            raise self._failures.pop(0)
        drawn = plain_png(request.width_px, request.height_px, _colour(request))
        return ImageAnswer(
            data=self._spoiled.pop(0) if self._spoiled else drawn,
            media_type="image/png",
            width_px=request.width_px,
            height_px=request.height_px,
            usage=Usage(),
            shown=tuple(Shown(actor.who) for actor in request.scene.actors),
        )


class FakeTaskImages(FakeImages):
    """A provider that accepts tasks and has their pictures later, as ``TaskImagePort`` asks. It honours no keys.

    ``tell`` hears of each ``submitted`` and ``collected`` task before it is answered; ``seconds`` is how long a picture
    takes.
    """

    def __init__(
        self,
        failures: Iterable[ProviderError] = (),
        *,
        tell: Callable[[str, str], None] = lambda what, task_id: None,
        seconds: float = 0.0,
        usage: Usage = _FREE,
    ) -> None:
        super().__init__(failures)
        self._tell = tell
        self._seconds = seconds
        self._usage = usage

    @property
    def provider(self) -> Provider:
        return Provider(name="fake-tasks", model="plain@1", label="test picture")

    async def submit(self, request: ImageRequest) -> str:
        task_id = f"task-{request.idempotency_key}"
        self._tell("submitted", task_id)
        return task_id

    async def collect(self, task_id: str, request: ImageRequest) -> ImageAnswer:
        if task_id != f"task-{request.idempotency_key}":
            raise TaskFailed("There is no such task.", provider=self.provider.name)
        self._tell("collected", task_id)
        await asyncio.sleep(self._seconds)
        return replace(await super().draw(request), usage=self._usage)

    async def draw(self, request: ImageRequest) -> ImageAnswer:
        return await self.collect(await self.submit(request), request)


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
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG file, with its length and check sum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
