"""SQL of the sharing room."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from overprint.db.database import Transaction
from overprint.features.sharing.rules import Share

_COLUMNS = "work_id, team_id, token, with_files, made_at, ends_at, views, seen_at"


async def find(transaction: Transaction, work_id: UUID) -> Share | None:
    return _share(await transaction.driver.fetchrow(f"SELECT {_COLUMNS} FROM shares WHERE work_id = $1", work_id))


async def keep(
    transaction: Transaction, work_id: UUID, token: str, now: datetime, ends_at: datetime | None, with_files: bool
) -> Share:
    """The work's link, which stays the same if there is one that is still good; one that has ended gets ``token``, and
    nobody has opened that yet."""
    row = await transaction.driver.fetchrow(
        f"""
        INSERT INTO shares AS known (work_id, team_id, token, with_files, made_at, ends_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (work_id) DO UPDATE SET with_files = $4, ends_at = $6, made_at = $5,
            token = CASE WHEN known.ends_at <= $5 THEN $3 ELSE known.token END,
            views = CASE WHEN known.ends_at <= $5 THEN 0 ELSE known.views END,
            seen_at = CASE WHEN known.ends_at <= $5 THEN NULL ELSE known.seen_at END
        RETURNING {_COLUMNS}
        """,
        work_id,
        transaction.team_id,
        token,
        with_files,
        now,
        ends_at,
    )
    share = _share(row)
    assert share is not None
    return share


async def end(transaction: Transaction, work_id: UUID) -> bool:
    """Whether there was one."""
    return bool(await transaction.driver.execute("DELETE FROM shares WHERE work_id = $1", work_id) != "DELETE 0")


async def find_by_token(pool: asyncpg.Pool, token: str) -> Share | None:
    """Of a team that is not closed. System role."""
    return _share(
        await pool.fetchrow(
            f"SELECT {_COLUMNS} FROM shares s WHERE token = $1"
            " AND EXISTS (SELECT 1 FROM teams t WHERE t.id = s.team_id AND t.closed_at IS NULL)",
            token,
        )
    )


async def count_view(pool: asyncpg.Pool, token: str, now: datetime) -> None:
    """System role."""
    await pool.execute("UPDATE shares SET views = views + 1, seen_at = $2 WHERE token = $1", token, now)


async def forget(pool: asyncpg.Pool, ended_before: datetime) -> None:
    """Links that ended long ago, and those of works that are gone. System role."""
    await pool.execute(
        "DELETE FROM shares s WHERE ends_at < $1 OR NOT EXISTS (SELECT 1 FROM works w WHERE w.id = s.work_id)",
        ended_before,
    )


def _share(row: Any) -> Share | None:
    return Share(**row) if row else None
