"""An archive that waits until somebody has seen what it costs: a page is answered twice, and sends its file once.

It is kept as what is uploaded is before it is an asset: it is swept later, whatever comes of it. Until then it takes
room of its team's, and only the newest few of a team wait.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO

from overprint.core.files import sha256_of
from overprint.core.principal import Principal
from overprint.core.problems import Invalid, NotFound
from overprint.features.jobs.portable.archive import is_sha256
from overprint.features.library import Library, Transactions
from overprint.ports.storage import BlobMissing

WAITING_MAX = 3
_MEDIA_TYPE = "application/zip"
_FILE = "archive"


@asynccontextmanager
async def brought_archive(
    library: Library, principal: Principal, sent: BinaryIO | None, waiting: str
) -> AsyncIterator[BinaryIO]:
    """The archive that was ``sent``, or that is ``waiting`` under its SHA-256 since it was. Raises ``Invalid`` where
    neither is there, ``NotFound`` where it waited for too long."""
    if sent is not None:
        yield sent
        return
    if not is_sha256(waiting):
        raise Invalid("There is no file in this form.", "Choose the file that `export` wrote.", field="file")
    async with library.storage.scratch() as folder:
        try:
            await library.storage.lend(_place(principal) + waiting, folder / _FILE)
        except BlobMissing:
            raise NotFound("This file waited too long, and is not kept any more.", "Send it again.") from None
        with (folder / _FILE).open("rb") as file:
            yield file


async def let_wait(library: Library, principal: Principal, transactions: Transactions, file: BinaryIO) -> str:
    """Keep an archive for ``brought_archive``, for an hour at least, unless ``WAITING_MAX`` others come; answers its
    SHA-256. Raises ``LimitReached`` where the team has no room for it beside those that wait, and ``ProviderError``."""
    content_hash = await hash_of(file)
    key = _place(principal) + content_hash
    others = [blob async for blob in library.storage.list(_place(principal)) if blob.key != key]
    others.sort(key=lambda blob: blob.stored_at, reverse=True)
    staying = sum(blob.size_bytes for blob in others[: WAITING_MAX - 1])
    async with library.storage.scratch() as folder:
        path = folder / _FILE
        with path.open("xb") as kept:
            await asyncio.to_thread(file.seek, 0)
            await asyncio.to_thread(shutil.copyfileobj, file, kept)
        async with transactions() as before:
            await library.expect_files(before, principal, path.stat().st_size + staying)
        for blob in others[WAITING_MAX - 1 :]:
            await library.storage.delete(blob.key)
        await library.store_file(principal.team_id, key, path, _MEDIA_TYPE, content_hash)
    return content_hash


async def hash_of(file: BinaryIO) -> str:
    """SHA-256 of a whole file, in hex."""
    await asyncio.to_thread(file.seek, 0)
    return await asyncio.to_thread(sha256_of, file)


def _place(principal: Principal) -> str:
    return f"teams/{principal.team_id}/arriving/"
