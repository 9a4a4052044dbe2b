"""SQL about people, as the system role: who signs in has no team yet."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id

LOCAL_OWNER_EMAIL = "owner@localhost"
Row = dict[str, Any]

_ENSURE = """
WITH made AS (
    INSERT INTO people (id, email, name, is_site_admin) VALUES ($1, $2, $3, $4)
    ON CONFLICT (email) DO NOTHING RETURNING id)
SELECT id FROM made UNION ALL SELECT id FROM people WHERE email = $2 LIMIT 1
"""


async def ensure_person(pool: asyncpg.Pool, email: str, name: str, *, is_site_admin: bool = False) -> UUID:
    """The person with this address, made if there is none."""
    person_id: UUID | None = None
    while person_id is None:  # a concurrent insert is seen by the next statement, not by this one
        person_id = await pool.fetchval(_ENSURE, new_id(), email, name, is_site_admin)
    return person_id


async def find_by_email(connection: asyncpg.Connection, email: str) -> Row | None:
    row = await connection.fetchrow("SELECT * FROM people WHERE email = $1 AND closed_at IS NULL", email)
    return dict(row) if row else None


async def find_language(connection: asyncpg.Connection | asyncpg.Pool, email: str) -> str:
    """That which the person with this address has chosen; empty where nobody has."""
    return await connection.fetchval("SELECT language FROM people WHERE email = $1", email) or ""


async def choose_language(pool: asyncpg.Pool, person_id: UUID, language: str) -> None:
    await pool.execute("UPDATE people SET language = $2 WHERE id = $1", person_id, language)


async def get_person(connection: asyncpg.Connection, person_id: UUID, *, holds: bool = False) -> Row:
    """``holds``: nobody else changes them before this transaction ends."""
    query = "SELECT * FROM people WHERE id = $1"
    row = await connection.fetchrow(f"{query} FOR UPDATE" if holds else query, person_id)
    assert row is not None  # their session refers to them
    return dict(row)


async def find_here(connection: asyncpg.Connection, person_id: UUID) -> Row | None:
    """The person, whom nobody else changes before this transaction ends; None when they are gone."""
    query = "SELECT * FROM people WHERE id = $1 AND closed_at IS NULL FOR UPDATE"
    row = await connection.fetchrow(query, person_id)
    return dict(row) if row else None


_KNOWN_BY = """
SELECT CASE WHEN p.verified_at IS NOT NULL THEN p.email END AS email,
       ARRAY(SELECT i.issuer || ' ' || i.subject FROM identities i WHERE i.person_id = p.id) AS identities
FROM people p WHERE p.id = $1
"""


async def find_known_by(connection: asyncpg.Connection | asyncpg.Pool, person_id: UUID) -> Row | None:
    """The address that this person confirmed, and whom others vouch for."""
    row = await connection.fetchrow(_KNOWN_BY, person_id)
    return dict(row) if row else None


_ADD = """
INSERT INTO people (id, email, name, password_hash, verified_at, is_guest, created_at, language)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (email) DO NOTHING RETURNING id
"""


async def add_person(
    connection: asyncpg.Connection,
    *,
    email: str | None,
    name: str,
    password_hash: str | None,
    now: datetime,
    is_guest: bool = False,
    language: str = "",
) -> UUID | None:
    """The new person's id, their address taken as confirmed; None when somebody else has the address."""
    verified_at = now if email else None
    found: UUID | None = await connection.fetchval(
        _ADD, new_id(), email, name, password_hash, verified_at, is_guest, now, language
    )
    return found


_SETTLE = """
UPDATE people SET email = $2, name = $3, password_hash = $4, verified_at = $5, is_guest = false, language = $6
WHERE id = $1 AND is_guest AND closed_at IS NULL RETURNING id
"""


async def settle_guest(
    connection: asyncpg.Connection,
    person_id: UUID,
    *,
    email: str,
    name: str,
    password_hash: str | None,
    now: datetime,
    language: str = "",
) -> UUID | None:
    """The guest becomes a registered person, the same one; None when they are no guest any more."""
    found: UUID | None = await connection.fetchval(_SETTLE, person_id, email, name, password_hash, now, language)
    return found


async def change_password(connection: asyncpg.Connection, person_id: UUID, password_hash: str) -> None:
    await connection.execute("UPDATE people SET password_hash = $2 WHERE id = $1", person_id, password_hash)


async def change_name(connection: asyncpg.Connection, person_id: UUID, name: str) -> None:
    await connection.execute("UPDATE people SET name = $2 WHERE id = $1", person_id, name)


_MOVE = """
UPDATE people SET email = $2, verified_at = $3
WHERE id = $1 AND closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM people WHERE email = $2) RETURNING id
"""


async def change_email(connection: asyncpg.Connection, person_id: UUID, email: str, now: datetime) -> bool:
    """False when somebody has the address already."""
    return await connection.fetchval(_MOVE, person_id, email, now) is not None


_CLOSE = """
UPDATE people SET email = NULL, name = 'Somebody who left', password_hash = NULL, verified_at = NULL,
       is_site_admin = false, closed_at = $2
WHERE id = $1
"""


async def close_person(connection: asyncpg.Connection, person_id: UUID, now: datetime) -> None:
    """Nothing that names them stays; the row does, because others' work says who made it by its id."""
    await connection.execute(_CLOSE, person_id, now)


_LIST = """
SELECT id, email, name, is_site_admin, is_guest, created_at,
       (SELECT max(seen_at) FROM sessions s WHERE s.person_id = p.id) AS seen_at
FROM people p WHERE closed_at IS NULL ORDER BY id DESC LIMIT $1
"""


async def list_people(connection: asyncpg.Connection | asyncpg.Pool, limit: int) -> list[Row]:
    """The newest first."""
    return [dict(row) for row in await connection.fetch(_LIST, limit)]


_SEARCH = """
SELECT p.id, p.email, p.name, p.is_site_admin, p.is_guest, p.created_at, p.closed_at,
       alive.sessions, alive.seen_at,
       EXISTS (SELECT FROM second_factors f WHERE f.person_id = p.id AND f.confirmed_at IS NOT NULL) AS has_code,
       (SELECT count(*) FROM passkeys k WHERE k.person_id = p.id) AS passkeys
FROM people p CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE ended_at IS NULL AND expires_at > $5) AS sessions, max(seen_at) AS seen_at
    FROM sessions s WHERE s.person_id = p.id) AS alive
WHERE ($2::uuid IS NULL OR p.id < $2) AND ($4::uuid IS NULL OR p.id = $4)
      AND ($3 = '' OR strpos(lower(p.name), lower($3)) > 0 OR strpos(COALESCE(p.email, ''), lower($3)) > 0)
ORDER BY p.id DESC LIMIT $1
"""


async def search_people(
    pool: asyncpg.Pool, words: str, now: datetime, *, limit: int, before: UUID | None = None, only: UUID | None = None
) -> list[Row]:
    """People with ``words`` in their name or address, closed accounts too, the newest first; ``only``: this one."""
    return [dict(row) for row in await pool.fetch(_SEARCH, limit, before, words, only, now)]


async def list_teams(connection: asyncpg.Connection | asyncpg.Pool, person_id: UUID) -> list[Row]:
    """The teams that this person is in, and as what."""
    query = (
        "SELECT t.id, t.name, t.slug, t.is_personal, m.role, m.created_at AS since FROM memberships m "
        "JOIN teams t ON t.id = m.team_id WHERE m.person_id = $1 ORDER BY m.created_at, t.id"
    )
    return [dict(row) for row in await connection.fetch(query, person_id)]


async def find_reachable(pool: asyncpg.Pool, person_id: UUID) -> Row | None:
    """Name, address and language of somebody whom mail reaches; None of who left, or never confirmed an address."""
    query = (
        "SELECT name, email, language FROM people WHERE id = $1 AND verified_at IS NOT NULL AND closed_at IS NULL"
        " AND email IS NOT NULL"
    )
    row = await pool.fetchrow(query, person_id)
    return dict(row) if row else None


async def list_site_admins(pool: asyncpg.Pool) -> list[Row]:
    """Names, addresses and languages of whoever runs the house, as far as they are known to be theirs. At most 20."""
    query = (
        "SELECT id, name, email, language FROM people WHERE is_site_admin AND verified_at IS NOT NULL"
        " AND closed_at IS NULL AND email IS NOT NULL ORDER BY id LIMIT 20"
    )
    return [dict(row) for row in await pool.fetch(query)]


async def set_site_admin(connection: asyncpg.Connection, email: str, is_admin: bool) -> UUID | None:
    """Who it is; None when nobody has the address."""
    found: UUID | None = await connection.fetchval(
        "UPDATE people SET is_site_admin = $2 WHERE email = $1 AND closed_at IS NULL RETURNING id", email, is_admin
    )
    return found


async def appoint(connection: asyncpg.Connection, person_id: UUID, is_admin: bool) -> bool:
    """Whether there is somebody registered of this id, who is a site admin now, or none any more."""
    done = await connection.execute(
        "UPDATE people SET is_site_admin = $2 WHERE id = $1 AND closed_at IS NULL AND NOT is_guest", person_id, is_admin
    )
    return bool(done != "UPDATE 0")


async def delete_closed(connection: asyncpg.Connection, before: datetime, limit: int) -> list[UUID]:
    """Delete people whose account was closed before then, with all rows that refer to them; answers their ids."""
    rows = await connection.fetch(
        "DELETE FROM people WHERE id IN (SELECT id FROM people WHERE closed_at <= $1 ORDER BY closed_at LIMIT $2"
        " FOR UPDATE SKIP LOCKED) RETURNING id",
        before,
        limit,
    )
    return sorted(row["id"] for row in rows)
