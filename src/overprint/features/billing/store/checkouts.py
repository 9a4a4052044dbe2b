"""SQL about pages where a team may pay: each is known from before it is opened until it is paid, or really closed.

One that is open has ``due_at``, when its provider is asked next what became of it; since ``sent_at`` a bank works on
what was paid there. One that was paid has a page and no ``due_at``, and is kept for a while, so that who asks for it
again under its key is told so.
"""

from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id

Row: TypeAlias = Any
LOOKED_AT_ONCE_MAX = 200

_CLAIM = """
INSERT INTO checkouts (id, team_id, provider, key, is_monthly, opened_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
"""


async def hold(driver: asyncpg.Connection, team_id: UUID) -> None:
    """Whoever opens pages of this team comes one after another."""
    await driver.execute("SELECT FROM subscriptions WHERE team_id = $1 FOR UPDATE", team_id)


async def claim(
    driver: asyncpg.Connection, team_id: UUID, provider: str, key: str, *, is_monthly: bool, by: UUID, now: datetime
) -> Row:
    """The page under ``key``, which may have been opened already. Who claimed one for a plan before and has not opened
    it yet will find that somebody was quicker."""
    if is_monthly:
        await driver.execute("DELETE FROM checkouts WHERE is_monthly AND page_id IS NULL AND key <> $1", key)
    await driver.execute(_CLAIM, new_id(), team_id, provider, key, is_monthly, by, now)
    return await driver.fetchrow("SELECT * FROM checkouts WHERE provider = $1 AND key = $2", provider, key)


async def list_open(driver: asyncpg.Connection, provider: str) -> list[Row]:
    """The team's, the oldest first."""
    query = "SELECT * FROM checkouts WHERE provider = $1 AND due_at IS NOT NULL ORDER BY made_at, id"
    return list(await driver.fetch(query, provider))


async def keep_page(driver: asyncpg.Connection, row_id: UUID, page_id: str, due_at: datetime) -> bool:
    """Note the page that was opened; False if somebody claimed another meanwhile."""
    kept = await driver.fetchval(
        "UPDATE checkouts SET page_id = $2, due_at = CASE WHEN page_id IS NULL THEN $3 ELSE due_at END"
        " WHERE id = $1 RETURNING true",
        row_id,
        page_id,
        due_at,
    )
    return kept is not None


async def look_again(driver: asyncpg.Connection, row_id: UUID, due_at: datetime) -> None:
    await driver.execute("UPDATE checkouts SET due_at = $2 WHERE id = $1 AND due_at IS NOT NULL", row_id, due_at)


async def opened_by(driver: asyncpg.Connection, provider: str, page_id: str) -> UUID | None:
    found: UUID | None = await driver.fetchval(
        "SELECT opened_by FROM checkouts WHERE provider = $1 AND page_id = $2", provider, page_id
    )
    return found


async def note_paid(driver: asyncpg.Connection, provider: str, page_id: str) -> None:
    """What was paid there is known here."""
    await driver.execute("UPDATE checkouts SET due_at = NULL WHERE provider = $1 AND page_id = $2", provider, page_id)


async def note_sent(driver: asyncpg.Connection, provider: str, page_id: str, now: datetime) -> None:
    """Somebody paid there, and their bank has not decided yet."""
    await driver.execute(
        "UPDATE checkouts SET sent_at = COALESCE(sent_at, $3) WHERE provider = $1 AND page_id = $2",
        provider,
        page_id,
        now,
    )


async def drop_page(driver: asyncpg.Connection, provider: str, page_id: str) -> None:
    """As ``drop``, by the page."""
    await driver.execute("DELETE FROM checkouts WHERE provider = $1 AND page_id = $2", provider, page_id)


async def drop(driver: asyncpg.Connection, row_id: UUID) -> None:
    """Nobody can pay there any more."""
    await driver.execute("DELETE FROM checkouts WHERE id = $1", row_id)


async def list_due(pool: asyncpg.Pool, provider: str, now: datetime) -> list[Row]:
    """Of all teams, what is to be looked at by now. System role."""
    query = "SELECT * FROM checkouts WHERE provider = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3"
    return list(await pool.fetch(query, provider, now, LOOKED_AT_ONCE_MAX))


async def forget(pool: asyncpg.Pool, before: datetime) -> None:
    """Delete those that are older, unless a bank still works on what was paid there. System role."""
    await pool.execute("DELETE FROM checkouts WHERE made_at < $1 AND (sent_at IS NULL OR due_at IS NULL)", before)
