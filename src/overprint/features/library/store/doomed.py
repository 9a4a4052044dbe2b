"""SQL about stored bytes that may be nobody's. System role."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import asyncpg

from overprint.ports.errors import ProviderError, Unavailable

# Why the sweep takes no bytes that somebody needs. A key is needed when an asset names it, or is about to.
#
# 1. Whoever stores bytes has first committed their key's row with the present time (``engine/blobs.py``), and the sweep
#    looks only at rows that are older than its grace: an hour at least, by the database's clock, which all share. An
#    upload's asset is committed within that hour, or never: its transaction begins by looking whether half an hour is
#    over since the row was written, and the database ends a transaction that idles for two minutes.
#    A step may run for longer, so its bytes wait until no job of their lineage goes on.
# 2. An asset may also come to name old bytes: a step reuses what another work made, in the very moment when that work
#    is deleted. It read the other's row before the deletion was committed, so its own transaction ends well within
#    the grace that begins with the deletion.
# 3. The sweep locks the row, looks whether the key is needed in a statement of its own (so that it sees all that was
#    committed before the lock), and removes the bytes while it holds the lock. Who stores the same content again in
#    that moment waits at the row, and puts the bytes back after they were removed.
# 4. Killed between removing and committing, the sweep leaves the row, and bytes that are gone are removed again.
#
# What may be left over is what a process stores that was frozen for longer than the grace after it wrote the row.
_CLEAR = """
DELETE FROM doomed_blobs WHERE key IN (
    SELECT key FROM doomed_blobs d
    WHERE doomed_at < now() - $1::interval AND (EXISTS (SELECT 1 FROM assets WHERE storage_key = d.key)
                              OR EXISTS (SELECT 1 FROM assets WHERE thumbnail_key = d.key))
    ORDER BY doomed_at LIMIT $2 FOR UPDATE OF d SKIP LOCKED)
RETURNING key
"""
_LOCK = """
SELECT key, lineage FROM doomed_blobs WHERE doomed_at < now() - $1::interval
ORDER BY doomed_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_LOOK = """
SELECT EXISTS (SELECT 1 FROM assets WHERE storage_key = $1)
       OR EXISTS (SELECT 1 FROM assets WHERE thumbnail_key = $1) AS is_named,
       EXISTS (SELECT 1 FROM jobs WHERE lineage = $2 AND ended_at IS NULL) AS is_being_made
"""
_FORGET = "DELETE FROM doomed_blobs WHERE key = $1"
_POSTPONE = "UPDATE doomed_blobs SET doomed_at = now() WHERE key = $1"
# The database takes the lock from whoever was frozen for two minutes.
LOCK_TRUSTED_SECONDS = 60.0


async def clear_named(pool: asyncpg.Pool, grace: timedelta, limit: int) -> int:
    """Forget rows of bytes that became an asset; answers how many. System role."""
    return len(await pool.fetch(_CLEAR, grace, limit))


async def remove_doomed(pool: asyncpg.Pool, grace: timedelta, remove: Callable[[str], Awaitable[None]]) -> bool:
    """Look at the bytes that are doomed longest, and remove them if nobody needs them. System role.

    False: none is older than ``grace``. What is being made, and what storage would not remove (``ProviderError``),
    is looked at again when its row is as old once more. Not to be cancelled half way: a removal that goes on by itself
    would go on without the lock.
    """
    failure: ProviderError | None = None
    async with pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(_LOCK, grace)
        if row is None:
            return False
        key, locked = row["key"], time.monotonic()
        found = await connection.fetchrow(_LOOK, key, row["lineage"])
        if not (found["is_named"] or found["is_being_made"]):
            failure = await _try_to_remove(key, remove, locked)
        if found["is_being_made"] or failure is not None:
            await connection.execute(_POSTPONE, key)
        else:
            await connection.execute(_FORGET, key)
    if failure is not None:
        raise failure
    return True


async def _try_to_remove(key: str, remove: Callable[[str], Awaitable[None]], locked: float) -> ProviderError | None:
    if time.monotonic() - locked > LOCK_TRUSTED_SECONDS:
        return Unavailable("This process stood still, so nothing was removed.", provider="storage")
    try:
        await remove(key)
    except ProviderError as error:
        return error
    return None


async def forget_bytes(pool: asyncpg.Pool, team_id: UUID) -> None:
    """That a team's bytes are to be removed: they are. System role."""
    await pool.execute("DELETE FROM doomed_blobs WHERE team_id = $1", team_id)
