"""Blobs in a folder of this machine."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

from overprint.adapters.storage import rules
from overprint.adapters.storage.disk import Disk, read_part
from overprint.adapters.storage.disk_errors import PROVIDER, plain_errors
from overprint.adapters.storage.links import LinkSigner, SignedFile, SigningKey
from overprint.adapters.storage.scratch import Scratch
from overprint.core.clock import Clock, SystemClock
from overprint.core.tasks import to_the_end
from overprint.ports.errors import Unavailable
from overprint.ports.storage import BlobInfo, Span

_LIST_PAGE = 100
_Page = list[BlobInfo | None]


class LocalStorage:
    """The ``storage`` port on a folder. Files are touched in threads only, never on the event loop.

    ``root`` and what it lies in belong to Overprint alone; several processes may share it, over a network file system
    only if that file system keeps locks and atomic renames. ``signing_keys[0]`` signs links, the others are believed.
    """

    def __init__(
        self, root: Path, signing_keys: Sequence[SigningKey], *, public_url: str = "", clock: Clock | None = None
    ) -> None:
        self._disk = Disk(root)
        self._scratch = Scratch(root / "scratch")
        self._signer = LinkSigner(signing_keys, public_url)
        self._clock = clock or SystemClock()

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        rules.check_key(key)
        rules.check_blob(data, media_type)
        with plain_errors():
            return await asyncio.to_thread(self._disk.write, key, data, media_type, content_hash)

    async def put_file(self, key: str, path: Path, *, media_type: str, content_hash: str = "") -> BlobInfo:
        rules.check_key(key)
        with plain_errors():
            rules.check_file((await asyncio.to_thread(path.stat)).st_size, media_type)
            return await to_the_end(asyncio.to_thread(self._disk.write_file, key, path, media_type, content_hash))

    async def get(self, key: str, span: Span | None = None) -> bytes:
        return b"".join([chunk async for chunk in self.stream(key, span)])

    async def stream(self, key: str, span: Span | None = None) -> AsyncIterator[bytes]:
        """Chunks of at most 1 MiB, all of the blob that was there when the first one was read."""
        rules.check_key(key)
        with plain_errors():
            file = await asyncio.to_thread(self._disk.open, key)
        with file, plain_errors():
            size_bytes = await asyncio.to_thread(file.seek, 0, 2)
            start, stop = rules.cut(span, size_bytes)
            await asyncio.to_thread(file.seek, start)
            while start < stop:
                chunk = await asyncio.to_thread(read_part, file, stop - start)
                if not chunk:
                    raise Unavailable("A stored file ended early. Check the disk for errors.", provider=PROVIDER)
                start += len(chunk)
                yield chunk

    async def lend(self, key: str, path: Path) -> None:
        rules.check_key(key)
        with plain_errors():
            await to_the_end(asyncio.to_thread(self._disk.lend, key, path))

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        """On the disk of the blobs: what is lent there needs no copy."""
        async with AsyncExitStack() as held:
            with plain_errors():
                path = await held.enter_async_context(self._scratch.folder())
            yield path

    async def find(self, key: str) -> BlobInfo | None:
        rules.check_key(key)
        with plain_errors():
            return await asyncio.to_thread(self._disk.describe, key)

    async def delete(self, key: str) -> None:
        rules.check_key(key)
        with plain_errors():
            await asyncio.to_thread(self._disk.delete, key)

    async def list(self, prefix: str) -> AsyncIterator[BlobInfo]:
        """In the order of the keys' text. Blobs that come or go meanwhile may or may not be seen."""
        keys = self._disk.keys(rules.check_folder(prefix))
        with plain_errors():
            while page := await asyncio.to_thread(self._page, keys):
                for info in page:
                    if info is not None:
                        yield info

    def signed_url(self, key: str, *, expires_at: datetime, file_name: str | None = None) -> str:
        return self._signer.sign(key, now=self._clock.now(), expires_at=expires_at, file_name=file_name)

    def verify_signed(self, path: str, query: str, now: datetime) -> SignedFile:
        """What a link made by ``signed_url`` asks for; raises ``Denied`` if it is false or too old.

        ``path`` and ``query`` are as the browser sent them, still escaped, the query without its question mark.
        """
        return self._signer.verify(path, query, now)

    async def check(self) -> None:
        """Also sweeps files that writers left unfinished more than an hour ago."""
        with plain_errors():
            await asyncio.to_thread(self._disk.try_out)

    def _page(self, keys: Iterator[str]) -> _Page:
        """What the next keys hold; empty at the end, None for a blob that has just gone."""
        return [self._disk.describe(key) for key in islice(keys, _LIST_PAGE)]
