"""Blobs in a folder of this machine."""

import asyncio
import errno
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

from overprint.adapters.storage import rules
from overprint.adapters.storage.disk import Disk, KeyTaken, read_part
from overprint.adapters.storage.links import LinkSigner, SignedFile, SigningKey
from overprint.core.clock import Clock, SystemClock
from overprint.ports.errors import Misconfigured, ProviderError, Unavailable
from overprint.ports.storage import BlobInfo, Span

PROVIDER = "local storage"
_LIST_PAGE = 100
_Page = list[BlobInfo | None]
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}


class LocalStorage:
    """The ``storage`` port on a folder. Files are touched in threads only, never on the event loop.

    ``root`` and what it lies in belong to Overprint alone; several processes may share it, over a network file system
    only if that file system keeps locks and atomic renames. ``signing_keys[0]`` signs links, the others are believed.
    """

    def __init__(
        self, root: Path, signing_keys: Sequence[SigningKey], *, public_url: str = "", clock: Clock | None = None
    ) -> None:
        self._disk = Disk(root)
        self._signer = LinkSigner(signing_keys, public_url)
        self._clock = clock or SystemClock()

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        rules.check_key(key)
        rules.check_blob(data, media_type)
        with _plain_errors():
            return await asyncio.to_thread(self._disk.write, key, data, media_type, content_hash)

    async def get(self, key: str, span: Span | None = None) -> bytes:
        return b"".join([chunk async for chunk in self.stream(key, span)])

    async def stream(self, key: str, span: Span | None = None) -> AsyncIterator[bytes]:
        """Chunks of at most 1 MiB, all of the blob that was there when the first one was read."""
        rules.check_key(key)
        with _plain_errors():
            file = await asyncio.to_thread(self._disk.open, key)
        with file, _plain_errors():
            size_bytes = await asyncio.to_thread(file.seek, 0, 2)
            start, stop = rules.cut(span, size_bytes)
            await asyncio.to_thread(file.seek, start)
            while start < stop:
                chunk = await asyncio.to_thread(read_part, file, stop - start)
                if not chunk:
                    raise Unavailable("A stored file ended early. Check the disk for errors.", provider=PROVIDER)
                start += len(chunk)
                yield chunk

    async def find(self, key: str) -> BlobInfo | None:
        rules.check_key(key)
        with _plain_errors():
            return await asyncio.to_thread(self._disk.describe, key)

    async def delete(self, key: str) -> None:
        rules.check_key(key)
        with _plain_errors():
            await asyncio.to_thread(self._disk.delete, key)

    async def list(self, prefix: str) -> AsyncIterator[BlobInfo]:
        """In the order of the keys' text. Blobs that come or go meanwhile may or may not be seen."""
        keys = self._disk.keys(rules.check_folder(prefix))
        with _plain_errors():
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
        with _plain_errors():
            await asyncio.to_thread(self._disk.try_out)

    def _page(self, keys: Iterator[str]) -> _Page:
        """What the next keys hold; empty at the end, None for a blob that has just gone."""
        return [self._disk.describe(key) for key in islice(keys, _LIST_PAGE)]


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Says what the operating system reports in the words of the port."""
    try:
        yield
    except KeyTaken as error:
        raise rules.key_taken(str(error)) from error
    except OSError as error:
        raise as_provider_error(error) from error


def as_provider_error(error: OSError) -> ProviderError:
    """The port's error for what the operating system reports of the storage folder."""
    if error.errno in _FULL:
        return Unavailable("The disk is full or its quota is used up. Make room, then try again.", provider=PROVIDER)
    if error.errno in _CLOSED:
        return Misconfigured(
            "Overprint cannot write to its storage folder. Choose a folder that its user may write to.",
            provider=PROVIDER,
        )
    return Unavailable(f"The storage folder cannot be used now ({error.strerror or error}).", provider=PROVIDER)
