"""Blobs in a bucket of a store that speaks Amazon's S3."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from hashlib import file_digest, sha256
from pathlib import Path

import obstore
from obstore.store import S3Store

from overprint.adapters.storage import disk_errors, rules
from overprint.adapters.storage.s3_config import S3Config
from overprint.adapters.storage.s3_errors import PROVIDER, plain_errors, starts_behind_the_end
from overprint.adapters.storage.s3_links import presigned
from overprint.adapters.storage.scratch import Scratch
from overprint.core.clock import Clock, SystemClock
from overprint.ports.errors import Unavailable
from overprint.ports.storage import BlobInfo, BlobMissing, Span

_PART_BYTES = 4 * 1024 * 1024
_UPLOAD_BYTES = 8 * 1024 * 1024
_UPLOADS_AT_ONCE = 4
_LIST_PAGE = 100
_LOOKS_AT_ONCE = 8
_HASH = "sha256"  # becomes the header x-amz-meta-sha256
_UNKNOWN = "binary/octet-stream"
_CHECK_KEY = "overprint-check"


class S3Storage:
    """The ``storage`` port on a bucket, below ``config.prefix``.

    Writes are whole: one request up to 8 MiB, above that a multipart upload that shows only when it is complete (let a
    lifecycle rule of the bucket sweep uploads that a killed process left). No write is conditional: the last one wins.
    The SHA-256 lies in the object's metadata; an object that somebody else put there is read once to find it.
    Retries and time limits are those of ``config``. Files that are worked with lie below ``scratch``, on this machine.
    """

    def __init__(self, config: S3Config, scratch: Path, *, clock: Clock | None = None) -> None:
        self._config = config
        self._scratch = Scratch(scratch)
        self._clock = clock or SystemClock()
        self._store = _connect(config)

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        rules.check_key(key)
        rules.check_blob(data, media_type)
        content_hash = content_hash or (await asyncio.to_thread(sha256, data)).hexdigest()
        await self._upload(key, data, len(data), media_type, content_hash)
        return BlobInfo(key, len(data), content_hash, media_type, self._clock.now())

    async def put_file(self, key: str, path: Path, *, media_type: str, content_hash: str = "") -> BlobInfo:
        """In parts of 8 MiB, of which four are on their way at once."""
        rules.check_key(key)
        with disk_errors.plain_errors():
            size_bytes = (await asyncio.to_thread(path.stat)).st_size
            rules.check_file(size_bytes, media_type)
            content_hash = content_hash or await asyncio.to_thread(_file_hash, path)
        await self._upload(key, path, size_bytes, media_type, content_hash)
        return BlobInfo(key, size_bytes, content_hash, media_type, self._clock.now())

    async def get(self, key: str, span: Span | None = None) -> bytes:
        return b"".join([chunk async for chunk in self.stream(key, span)])

    async def stream(self, key: str, span: Span | None = None) -> AsyncIterator[bytes]:
        """Chunks of at most 4 MiB, each a request of its own: a slow reader holds no connection.

        Raises ``Unavailable`` if the blob is replaced meanwhile, rather than mix the bytes of two.
        """
        rules.check_key(key)
        start, stop = (rules.check_span(span).first, span.last + 1) if span else (0, None)
        tag: str | None = None
        while stop is None or start < stop:
            end = start + _PART_BYTES if stop is None else min(start + _PART_BYTES, stop)
            part = await self._part(key, start, end)
            if part is None:
                await self._explain_no_part(key, span)
                return
            chunk, size_bytes, found_tag = part
            if not chunk or (tag is not None and tag != found_tag):
                raise Unavailable("A stored file was replaced while it was read. Read it again.", provider=PROVIDER)
            tag, start, stop = found_tag, start + len(chunk), min(stop or size_bytes, size_bytes)
            yield chunk

    async def lend(self, key: str, path: Path) -> None:
        """A copy."""
        with disk_errors.plain_errors(), path.open("xb") as file:
            async for chunk in self.stream(key):
                await asyncio.to_thread(file.write, chunk)

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        async with AsyncExitStack() as held:
            with disk_errors.plain_errors():
                path = await held.enter_async_context(self._scratch.folder())
            yield path

    async def find(self, key: str) -> BlobInfo | None:
        """None also if the whole bucket is missing: S3 does not tell these apart here. ``check`` does."""
        rules.check_key(key)
        try:
            with plain_errors(key):
                head = await obstore.get_async(self._store, key, options={"head": True})
        except BlobMissing:
            return None
        media_type = head.attributes.get("Content-Type", _UNKNOWN)
        content_hash = head.attributes.get(_HASH) or await self._read_hash(key)
        return BlobInfo(key, head.meta["size"], content_hash, media_type, head.meta["last_modified"])

    async def delete(self, key: str) -> None:
        rules.check_key(key)
        try:
            with plain_errors(key):
                await obstore.delete_async(self._store, key)
        except BlobMissing:
            return

    async def list(self, prefix: str) -> AsyncIterator[BlobInfo]:
        """In the order of the store: by key on Amazon and most others. One more request a blob, eight at a time."""
        folder = rules.check_folder(prefix)
        looks = asyncio.Semaphore(_LOOKS_AT_ONCE)

        async def look(key: str) -> BlobInfo | None:
            async with looks:
                return await self.find(key)

        with plain_errors(folder):
            async for page in obstore.list(self._store, folder or None, chunk_size=_LIST_PAGE):
                keys = [found["path"] for found in page if found["path"] != _CHECK_KEY]
                for info in await asyncio.gather(*map(look, keys)):
                    if info is not None:
                        yield info

    def signed_url(self, key: str, *, expires_at: datetime, file_name: str | None = None) -> str:
        """The store itself serves the link and refuses it afterwards."""
        rules.check_key(key)
        seconds = rules.link_seconds(self._clock.now(), expires_at)
        name = None if file_name is None else rules.check_file_name(file_name)
        return presigned(self._config, key, seconds, name)

    async def check(self) -> None:
        with plain_errors(_CHECK_KEY):
            await obstore.put_async(self._store, _CHECK_KEY, b"Overprint can write here.", use_multipart=False)
            await obstore.delete_async(self._store, _CHECK_KEY)

    async def _upload(self, key: str, data: bytes | Path, size_bytes: int, media_type: str, content_hash: str) -> None:
        with plain_errors(key):
            await obstore.put_async(
                self._store,
                key,
                data,
                attributes={"Content-Type": media_type, _HASH: content_hash},
                use_multipart=size_bytes > _UPLOAD_BYTES,
                chunk_size=_UPLOAD_BYTES,
                max_concurrency=_UPLOADS_AT_ONCE,
            )

    async def _part(self, key: str, start: int, end: int) -> tuple[bytes, int, str | None] | None:
        """Bytes, size of the whole blob and its tag; None if the blob ends before ``start``."""
        with plain_errors(key):
            try:
                result = await obstore.get_async(self._store, key, options={"range": (start, end)})
                chunk = bytes(await result.bytes_async())
            except obstore.exceptions.BaseError as error:
                if starts_behind_the_end(error):
                    return None
                raise
        return chunk, result.meta["size"], result.meta["e_tag"]

    async def _explain_no_part(self, key: str, span: Span | None) -> None:
        """Returns if the blob is empty and wanted whole; raises what else is the matter."""
        info = await self.find(key)
        if info is None:
            raise BlobMissing(key)
        start, stop = rules.cut(span, info.size_bytes)
        if start < stop:
            raise Unavailable("A stored file was replaced while it was read. Read it again.", provider=PROVIDER)

    async def _read_hash(self, key: str) -> str:
        digest = sha256()
        async for chunk in self.stream(key):
            await asyncio.to_thread(digest.update, chunk)
        return digest.hexdigest()


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _connect(config: S3Config) -> S3Store:
    """A client that takes nothing from the environment: what matters is given here, even where it is the default."""
    endpoint = config.origin if config.path_style else config.bucket_url
    return S3Store(
        config.bucket,
        prefix=config.prefix or None,
        endpoint=endpoint,
        aws_endpoint_url_s3=endpoint,
        region=config.region,
        virtual_hosted_style_request=not config.path_style,
        skip_signature=False,
        s3_express=False,
        disable_bulk_delete=True,
        disable_tagging=True,
        credential_provider=config.credentials,
        client_options={
            "allow_http": config.origin.startswith("http://"),
            "connect_timeout": timedelta(seconds=config.connect_timeout_seconds),
            "timeout": timedelta(seconds=config.timeout_seconds),
        },
        retry_config={
            "max_retries": config.retries,
            "retry_timeout": timedelta(seconds=config.connect_timeout_seconds * config.retries),
            "backoff": {
                "init_backoff": timedelta(milliseconds=100),
                "max_backoff": timedelta(seconds=1),
                "base": 2,
            },
        },
    )
