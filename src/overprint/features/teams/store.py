"""SQL about teams, as the system role: it runs before anybody has a team."""

import asyncpg

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.features.accounts import LOCAL_OWNER_EMAIL, ensure_person

LOCAL_SLUG = "local"


async def ensure_local_owner(pool: asyncpg.Pool) -> Principal:
    """The owner of this machine in their personal team; made at the first start, the same one ever after."""
    person_id = await ensure_person(pool, LOCAL_OWNER_EMAIL, "Owner", is_site_admin=True)
    await pool.execute(
        "INSERT INTO teams (id, name, slug, is_personal) VALUES ($1, 'Personal', $2, true) ON CONFLICT DO NOTHING",
        new_id(),
        LOCAL_SLUG,
    )
    team_id = await pool.fetchval("SELECT id FROM teams WHERE slug = $1", LOCAL_SLUG)
    await pool.execute(
        "INSERT INTO memberships (team_id, person_id, role) VALUES ($1, $2, 'owner') ON CONFLICT DO NOTHING",
        team_id,
        person_id,
    )
    return Principal(person_id, team_id, Role.OWNER, is_site_admin=True)
