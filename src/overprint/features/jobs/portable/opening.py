"""A work on its way in: an archive that was opened, and a folder in which its files lie while they are looked at."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import UUID

from overprint.core.principal import Principal
from overprint.core.problems import Unavailable
from overprint.core.tasks import to_the_end
from overprint.features.jobs.portable.archive import Portable, open_portable
from overprint.features.jobs.service import Jobs
from overprint.features.library import Library, Transactions

T = TypeVar("T")
PATIENCE_SECONDS = 20.0


@asynccontextmanager
async def opened_archive(
    jobs: Jobs, library: Library, principal: Principal, file: BinaryIO, transaction: Transactions
) -> AsyncIterator[tuple[Portable, Path]]:
    """An archive whose directory and header are sound, and an empty folder for its files, both good for the block.

    Before anything is unpacked it is known who brings it, and that there is room. Only a few are open at a time in a
    process, and one of a team. Raises ``Denied``, ``Invalid``, ``LimitReached``, ``TooOften``, and ``Unavailable``
    where others take too long.
    """
    async with one_of_few(jobs, principal.team_id):
        archive = await to_the_end(asyncio.to_thread(open_portable, file))
        async with transaction() as before:
            await library.expect_files(before, principal, archive.files_bytes)
        async with library.storage.scratch() as folder:
            yield archive, folder


async def unpacked(look: Callable[[Portable, Path], T], archive: Portable, folder: Path) -> T:
    """What ``look`` finds, which unpacks into ``folder``; it is never left doing so alone."""
    try:
        return await to_the_end(asyncio.to_thread(look, archive, folder))
    except OSError as error:
        raise Unavailable(
            f"This file could not be unpacked ({error.strerror}).", "Nothing was imported. Make room on the disk."
        ) from error


@asynccontextmanager
async def one_of_few(jobs: Jobs, team_id: UUID, patience_seconds: float = PATIENCE_SECONDS) -> AsyncIterator[None]:
    """Of a team's own it waits for as long as they take: the same form may have been sent twice, and leads to the same
    place in the end. Raises ``Unavailable`` for who would have to wait for longer for others, and ``TooOften``."""
    async with jobs.imports_of_team.joined(team_id):
        try:
            async with asyncio.timeout(patience_seconds):
                await jobs.imports.acquire()
        except TimeoutError:
            raise Unavailable("Other works are being taken in right now.", "Try it again in a minute.") from None
        try:
            yield
        finally:
            jobs.imports.release()
