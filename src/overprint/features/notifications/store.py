"""SQL of the notifications room."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

Row = dict[str, Any]
_BEYOND_ALL = UUID(int=2**128 - 1)
ROWS_PER_BATCH = 5000

# Somebody who left meanwhile, or who was told of it, is not told. A work is called by the title that it got while it
# was made: a job knows only what was asked for.
_TELL = """
INSERT INTO notifications (id, team_id, person_id, kind, job_id, title, made_at, mail)
SELECT $1, j.team_id, m.person_id, $2, j.id, COALESCE(w.title, j.title), $5,
       CASE WHEN $6::interval IS NULL OR $5 - j.created_at >= $6 THEN 'due' ELSE 'none' END
FROM jobs j JOIN memberships m ON m.team_id = j.team_id AND m.person_id = $4
LEFT JOIN works w ON w.id = j.lineage WHERE j.id = $3
ON CONFLICT DO NOTHING
"""


async def tell(
    driver: asyncpg.Connection,
    notification_id: UUID,
    kind: str,
    job_id: UUID,
    person_id: UUID,
    now: datetime,
    *,
    mail_after: timedelta | None = None,
) -> None:
    """Once, whoever asks how often. ``mail_after``: a mail only if the job took as long; None: in any case."""
    await driver.execute(_TELL, notification_id, kind, job_id, person_id, now, mail_after)


_TOLD_SINCE = "SELECT EXISTS (SELECT 1 FROM notifications WHERE team_id = $1 AND kind = $2 AND made_at > $3)"


async def was_told(driver: asyncpg.Connection, team_id: UUID, kind: str, since: datetime) -> bool:
    """Whether anybody of the team was."""
    return bool(await driver.fetchval(_TOLD_SINCE, team_id, kind, since))


async def list_leaders(driver: asyncpg.Connection, team_id: UUID, limit: int) -> list[UUID]:
    """Who may buy credits for the team."""
    rows = await driver.fetch(
        "SELECT person_id FROM memberships WHERE team_id = $1 AND role IN ('owner', 'admin') ORDER BY 1 LIMIT $2",
        team_id,
        limit,
    )
    return [row["person_id"] for row in rows]


_LIST = """
SELECT n.id, n.kind, n.job_id, n.title, n.made_at, n.read_at, j.kind AS job_kind, j.lineage AS work_id
FROM notifications n LEFT JOIN jobs j ON j.id = n.job_id
WHERE n.team_id = $1 AND n.person_id = $2 AND n.id < $3 ORDER BY n.id DESC LIMIT $4
"""


async def list_of(
    driver: asyncpg.Connection, team_id: UUID, person_id: UUID, before: UUID | None, limit: int
) -> list[Row]:
    """The newest first."""
    return [dict(row) for row in await driver.fetch(_LIST, team_id, person_id, before or _BEYOND_ALL, limit)]


_UNREAD = """
SELECT count(*) FROM (
    SELECT 1 FROM notifications WHERE team_id = $1 AND person_id = $2 AND read_at IS NULL LIMIT $3) AS unread
"""


async def count_unread(driver: asyncpg.Connection, team_id: UUID, person_id: UUID, most: int) -> int:
    return int(await driver.fetchval(_UNREAD, team_id, person_id, most))


_READ = "UPDATE notifications SET read_at = $3 WHERE team_id = $1 AND person_id = $2 AND read_at IS NULL"


async def mark_read(driver: asyncpg.Connection, team_id: UUID, person_id: UUID, now: datetime) -> None:
    await driver.execute(_READ, team_id, person_id, now)


async def find_unwanted(pool: asyncpg.Pool, person_id: UUID) -> list[str]:
    """System role."""
    return list(await pool.fetchval("SELECT unwanted FROM notice_wishes WHERE person_id = $1", person_id) or ())


async def keep_unwanted(connection: asyncpg.Connection, person_id: UUID, unwanted: Sequence[str]) -> None:
    """System role."""
    await connection.execute(
        "INSERT INTO notice_wishes (person_id, unwanted) VALUES ($1, $2)"
        " ON CONFLICT (person_id) DO UPDATE SET unwanted = excluded.unwanted",
        person_id,
        list(unwanted),
    )


# Whoever left the team, closed their account or has no confirmed address gets none.
_DUE = """
SELECT n.id, n.kind, n.job_id, n.title, t.name AS team, p.name, p.email, p.language
FROM notifications n JOIN teams t ON t.id = n.team_id
LEFT JOIN memberships m ON m.team_id = n.team_id AND m.person_id = n.person_id
LEFT JOIN people p ON p.id = m.person_id AND p.closed_at IS NULL AND p.verified_at IS NOT NULL AND p.email IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM notice_wishes w WHERE w.person_id = p.id AND n.kind = ANY(w.unwanted))
WHERE n.mail = 'due' ORDER BY n.id LIMIT $1
"""


async def list_due(pool: asyncpg.Pool, limit: int) -> list[Row]:
    """Mails that are to be written, the oldest first; ``email`` is None where nobody gets one. System role."""
    return [dict(row) for row in await pool.fetch(_DUE, limit)]


async def note_mailed(connection: asyncpg.Connection, notification_id: UUID) -> bool:
    """Whether it was to be done and is done now, by this transaction."""
    done = await connection.execute(
        "UPDATE notifications SET mail = 'done' WHERE id = $1 AND mail = 'due'", notification_id
    )
    return bool(done == "UPDATE 1")


_FORGET = """
DELETE FROM notifications WHERE id IN (
    SELECT id FROM notifications WHERE made_at < $1 ORDER BY made_at LIMIT $2)
"""


async def forget(pool: asyncpg.Pool, before: datetime) -> None:
    """System role."""
    while await pool.execute(_FORGET, before, ROWS_PER_BATCH) == f"DELETE {ROWS_PER_BATCH}":
        pass
