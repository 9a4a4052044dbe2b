"""SQL about people, as the system role: who signs in has no team yet."""

from uuid import UUID

import asyncpg

from overprint.core.ids import new_id

LOCAL_OWNER_EMAIL = "owner@localhost"

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
