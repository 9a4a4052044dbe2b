"""An archive that waits until somebody has seen what it costs: a page is answered twice, and sends its file once.

It is kept as what is uploaded is before it is an asset: it is swept later, whatever comes of it.
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
from overprint.features.library import Library
from overprint.ports.storage import BlobMissing

_MEDIA_TYPE = "application/zip"
_FILE = "archive"


@asynccontextmanager
async def brought_archive(
    library: Library, principal: Principal, sent: BinaryIO | None, waiting: str
) -> AsyncIterator[tuple[BinaryIO, str]]:
    """The archive that was ``sent``, or that is ``waiting`` under its SHA-256 since it was; and its SHA-256. Raises
    ``Invalid`` where neither is there, ``NotFound`` where it waited for too long."""
    if sent is not None:
        yield sent, await asyncio.to_thread(sha256_of, sent)
        return
    if not is_sha256(waiting):
        raise Invalid("There is no file in this form.", "Choose the file that `export` wrote.", field="file")
    async with library.storage.scratch() as folder:
        try:
            await library.storage.lend(_key(principal, waiting), folder / _FILE)
        except BlobMissing:
            raise NotFound("This file waited too long, and is not kept any more.", "Send it again.") from None
        with (folder / _FILE).open("rb") as file:
            yield file, waiting


async def let_wait(library: Library, principal: Principal, file: BinaryIO, content_hash: str) -> None:
    """Keep an archive for ``brought_archive``, for an hour at least. Raises ``ProviderError``."""
    async with library.storage.scratch() as folder:
        path = folder / _FILE
        with path.open("xb") as kept:
            await asyncio.to_thread(file.seek, 0)
            await asyncio.to_thread(shutil.copyfileobj, file, kept)
        await library.store_file(principal.team_id, _key(principal, content_hash), path, _MEDIA_TYPE, content_hash)


def _key(principal: Principal, content_hash: str) -> str:
    return f"teams/{principal.team_id}/arriving/{content_hash}"
