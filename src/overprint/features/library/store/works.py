"""SQL about works, of whichever product: the view ``works`` shows what each product's own table says of them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg

from overprint.db.database import Transaction
from overprint.features.library.rules import Wanted
from overprint.features.library.store.assets import Row
from overprint.features.library.store.work_rows import BEYOND_ALL

_COLUMNS = """
SELECT id, kind, title, about, state, project_id, job_id, created_by, created_at, updated_at, discarded_at, cover_key
FROM works
"""
_LIST = (
    _COLUMNS
    + """
WHERE discarded_at IS NULL AND id < $2 AND ($3::text IS NULL OR kind = $3)
  AND ($4::text IS NULL OR state = $4) AND ($5::uuid IS NULL OR project_id = $5)
  AND ($6::timestamptz IS NULL OR created_at >= $6)
  AND (cardinality($7::text[]) = 0 OR concat_ws(' ', title, about, pictured) ILIKE ALL ($7))
  AND team_id = $8  -- a policy says so too, but only what is said of all kinds finds each kind's index by the team
ORDER BY id DESC LIMIT $1
"""
)
_FIND = _COLUMNS + "WHERE id = ANY($1)"
_TRASH = """
SELECT 'work' AS sort, id, kind, title AS name, discarded_at, cover_key AS thumbnail_key,
       (SELECT COALESCE(sum(size_bytes + thumbnail_size_bytes), 0)::bigint FROM assets a WHERE a.lineage = works.id)
       AS size_bytes
FROM works WHERE discarded_at IS NOT NULL
UNION ALL
SELECT 'file', id, kind, name, discarded_at, thumbnail_key, size_bytes + thumbnail_size_bytes
FROM assets WHERE discarded_at IS NOT NULL AND lineage IS NULL
"""


async def list_works(transaction: Transaction, limit: int, before: UUID | None, wanted: Wanted) -> list[Row]:
    """The newest first; none that is in the trash."""
    since, like = wanted.since, list(wanted.patterns)
    rows = await transaction.driver.fetch(
        _LIST,
        limit,
        before or BEYOND_ALL,
        wanted.kind,
        wanted.state,
        wanted.project_id,
        since,
        like,
        transaction.team_id,
    )
    return [dict(row) for row in rows]


async def find_works(transaction: Transaction, work_ids: Sequence[UUID]) -> list[Row]:
    """Those that there are, in the trash or not."""
    return [dict(row) for row in await transaction.driver.fetch(_FIND, list(work_ids))]


async def list_trash(transaction: Transaction, limit: int) -> list[Row]:
    """What was thrown away last comes first."""
    rows = await transaction.driver.fetch(f"{_TRASH} ORDER BY discarded_at DESC, id DESC LIMIT $1", limit)
    return [dict(row) for row in rows]


async def count_trash(transaction: Transaction) -> tuple[int, int]:
    """How many things are in the trash, and how many bytes they are."""
    row = await transaction.driver.fetchrow(
        f"SELECT count(*) AS things, COALESCE(sum(size_bytes), 0)::bigint AS size FROM ({_TRASH}) AS thrown_away"
    )
    return row["things"], row["size"]


async def list_expired(pool: asyncpg.Pool, kept: timedelta, limit: int, but: Sequence[UUID]) -> list[Row]:
    """Team, sort, kind and id of what has been in the trash for ``kept``, without those ids. System role."""
    rows = await pool.fetch(
        "SELECT team_id, 'work' AS sort, kind, id FROM works "
        "WHERE discarded_at < now() - $1::interval AND id <> ALL($3) "
        "UNION ALL SELECT team_id, 'file', kind, id FROM assets "
        "WHERE discarded_at < now() - $1::interval AND lineage IS NULL AND id <> ALL($3) LIMIT $2",
        kept,
        limit,
        list(but),
    )
    return [dict(row) for row in rows]
