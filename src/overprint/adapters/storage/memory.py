"""Blobs in a dictionary, for tests and demonstrations: quick, and gone with the process."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from overprint.adapters.storage import rules
from overprint.adapters.storage.links import LinkSigner, SignedFile, SigningKey
from overprint.core.clock import Clock, SystemClock
from overprint.ports.storage import BlobInfo, BlobMissing, Span


class MemoryStorage:
    """The ``storage`` port with nothing behind it. Links are signed with a key of its own unless one is given."""

    def __init__(self, signing_key: SigningKey | None = None, *, clock: Clock | None = None) -> None:
        self._blobs: dict[str, tuple[BlobInfo, bytes]] = {}
        self._signer = LinkSigner([signing_key or SigningKey("memory", secrets.token_bytes(32))])
        self._clock = clock or SystemClock()

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        rules.check_key(key)
        rules.check_blob(data, media_type)
        if any(key.startswith(f"{other}/") or other.startswith(f"{key}/") for other in self._blobs):
            raise rules.key_taken(key)
        info = BlobInfo(key, len(data), content_hash or sha256(data).hexdigest(), media_type, self._clock.now())
        self._blobs[key] = (info, bytes(data))
        return info

    async def put_file(self, key: str, path: Path, *, media_type: str, content_hash: str = "") -> BlobInfo:
        return await self.put(
            key, await asyncio.to_thread(path.read_bytes), media_type=media_type, content_hash=content_hash
        )

    async def get(self, key: str, span: Span | None = None) -> bytes:
        if rules.check_key(key) not in self._blobs:
            raise BlobMissing(key)
        data = self._blobs[key][1]
        start, stop = rules.cut(span, len(data))
        return data[start:stop]

    async def stream(self, key: str, span: Span | None = None) -> AsyncIterator[bytes]:
        data = await self.get(key, span)
        for start in range(0, len(data), rules.CHUNK_BYTES):
            yield data[start : start + rules.CHUNK_BYTES]

    async def lend(self, key: str, path: Path) -> None:
        await asyncio.to_thread(path.write_bytes, await self.get(key))

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        with tempfile.TemporaryDirectory(prefix="overprint-scratch-") as folder:
            yield Path(folder)

    async def find(self, key: str) -> BlobInfo | None:
        found = self._blobs.get(rules.check_key(key))
        return found[0] if found else None

    async def delete(self, key: str) -> None:
        self._blobs.pop(rules.check_key(key), None)

    async def list(self, prefix: str) -> AsyncIterator[BlobInfo]:
        folder = rules.check_folder(prefix)
        for key in sorted(self._blobs):
            if not folder or key.startswith(f"{folder}/"):
                yield self._blobs[key][0]

    def signed_url(self, key: str, *, expires_at: datetime, file_name: str | None = None) -> str:
        return self._signer.sign(key, now=self._clock.now(), expires_at=expires_at, file_name=file_name)

    def verify_signed(self, path: str, query: str, now: datetime) -> SignedFile:
        """As ``LocalStorage.verify_signed``."""
        return self._signer.verify(path, query, now)

    async def check(self) -> None:
        return None
