"""Storing bytes so that none are lost track of.

Bytes and rows cannot be written in one transaction. So before bytes are stored, their key is committed to
``doomed_blobs``: they are removed some time later unless an asset names them by then. Deleting an asset writes its
keys there too. Whoever is killed half way, in an upload, in a step or in a deletion, leaves a row that a sweep finds.
Why the sweep takes no bytes that somebody needs is told in ``features/library/store.py``.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import asyncpg

from overprint.ports.errors import Busy, Unavailable
from overprint.ports.storage import StoragePort

T = TypeVar("T")

# How long what was stored for an upload may wait for its asset: half of the shortest grace of a sweep.
UPLOAD_LIFETIME = timedelta(minutes=30)
# Less than a step may run: who gives up still says why.
STORE_PATIENCE_SECONDS = 300.0
_RETRY_FIRST_SECONDS, _RETRY_MAX_SECONDS = 0.2, 10.0

_DOOM = """
INSERT INTO doomed_blobs (key, team_id, lineage) VALUES ($1, $2, $3)
ON CONFLICT (key) DO UPDATE SET doomed_at = now(), lineage = excluded.lineage
RETURNING doomed_at
"""


async def doom(pool: asyncpg.Pool, key: str, team_id: UUID, lineage: UUID | None) -> datetime:
    """Have these bytes removed later unless an asset names them by then, or a job of ``lineage`` still goes on.

    Answers when, by the database's clock, that time began.
    """
    doomed_at: datetime = await pool.fetchval(_DOOM, key, team_id, lineage)
    return doomed_at


async def put(
    pool: asyncpg.Pool,
    storage: StoragePort,
    key: str,
    source: bytes | Path,
    *,
    media_type: str,
    team_id: UUID,
    lineage: UUID | None = None,
    content_hash: str = "",
) -> datetime:
    """Store bytes, or those of a file, that are to become an asset of the team: soon, or while a job of ``lineage``
    goes on.

    Answers what ``doom`` does.
    """
    doomed_at = await doom(pool, key, team_id, lineage)
    if isinstance(source, Path):
        await storage.put_file(key, source, media_type=media_type, content_hash=content_hash)
    else:
        await storage.put(key, source, media_type=media_type, content_hash=content_hash)
    return doomed_at


async def patiently_stored(store: Callable[[], Awaitable[T]], *, patience_seconds: float = STORE_PATIENCE_SECONDS) -> T:
    """The answer of ``store``, tried again while the storage is away. Raises its last error after a while.

    For bytes that were paid for and are nowhere else. ``store`` has to bear being done twice.
    """
    deadline = time.monotonic() + patience_seconds
    wait_seconds = _RETRY_FIRST_SECONDS
    while True:
        try:
            return await store()
        except (Busy, Unavailable):
            if time.monotonic() + wait_seconds > deadline:
                raise
        await asyncio.sleep(wait_seconds)
        wait_seconds = min(wait_seconds * 2, _RETRY_MAX_SECONDS)
