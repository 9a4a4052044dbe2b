"""SQL about teams, their members and invitations.

What happens in one team runs as the app role, in that team's transaction; what goes across teams (whose they are, who
is asked to join, making one) as the system role. Whoever changes who belongs to a team holds the team first.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.features.accounts import LOCAL_OWNER_EMAIL, ensure_person

LOCAL_SLUG = "local"
NO_TEAM = ("There is no such team, or you are not in it.", "GET /api/teams lists yours.")
Row = dict[str, Any]
Connection: TypeAlias = asyncpg.Connection
_TEAM = "id, name, slug, is_personal, settings, version, created_by, idempotency_key, created_at"


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


async def find_slugs(pool: asyncpg.Pool) -> dict[UUID, str]:
    """What people call each team, by its id."""
    return {row["id"]: row["slug"] for row in await pool.fetch("SELECT id, slug FROM teams")}


async def insert_team(
    connection: Connection,
    name: str,
    slug: str,
    created_by: UUID,
    now: datetime,
    *,
    is_personal: bool = False,
    idempotency_key: str | None = None,
) -> Row | None:
    """A new team with its maker as owner; None when the slug or the key was used before."""
    row = await connection.fetchrow(
        "INSERT INTO teams (id, name, slug, is_personal, created_by, idempotency_key, created_at)"
        f" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING {_TEAM}",
        new_id(),
        name,
        slug,
        is_personal,
        created_by,
        idempotency_key,
        now,
    )
    if row is None:
        return None
    await add_member(connection, row["id"], created_by, Role.OWNER, now)
    return dict(row)


async def find_team(connection: Connection, team_id: UUID, *, holds: bool = False) -> Row | None:
    """``holds``: nobody else changes it or its members before this transaction ends."""
    query = f"SELECT {_TEAM} FROM teams WHERE id = $1 AND closed_at IS NULL"
    row = await connection.fetchrow(f"{query} FOR NO KEY UPDATE" if holds else query, team_id)
    return dict(row) if row else None


async def find_by_key(connection: Connection, person_id: UUID, idempotency_key: str) -> Row | None:
    row = await connection.fetchrow(
        f"SELECT {_TEAM} FROM teams WHERE created_by = $1 AND idempotency_key = $2 AND closed_at IS NULL",
        person_id,
        idempotency_key,
    )
    return dict(row) if row else None


async def count_made_by(connection: Connection, person_id: UUID, since: datetime) -> int:
    """How many teams somebody made since then, closed ones too; not their personal one."""
    found: int = await connection.fetchval(
        "SELECT count(*) FROM teams WHERE created_by = $1 AND created_at > $2 AND NOT is_personal", person_id, since
    )
    return found


async def update_team(connection: Connection, team_id: UUID, *, name: str, slug: str, settings: str) -> Row:
    """Raises ``asyncpg.UniqueViolationError`` for the slug of another team."""
    row = await connection.fetchrow(
        f"UPDATE teams SET name = $2, slug = $3, settings = $4, version = version + 1 WHERE id = $1 RETURNING {_TEAM}",
        team_id,
        name,
        slug,
        settings,
    )
    assert row is not None  # it is held
    return dict(row)


async def close_team(connection: Connection, team_id: UUID, now: datetime) -> None:
    """Nobody belongs to it any more, nobody can join it, and its slug is free."""
    await connection.execute(
        "UPDATE teams SET closed_at = $2, slug = 'closed-' || id, version = version + 1 WHERE id = $1", team_id, now
    )
    await connection.execute("DELETE FROM memberships WHERE team_id = $1", team_id)
    await connection.execute(
        "UPDATE invitations SET ended_at = $2, ending = 'closed' WHERE team_id = $1 AND ended_at IS NULL", team_id, now
    )


async def list_closed(pool: asyncpg.Pool, before: datetime, limit: int) -> list[UUID]:
    """Teams that were closed before then, the longest closed first. System role."""
    rows = await pool.fetch("SELECT id FROM teams WHERE closed_at <= $1 ORDER BY closed_at, id LIMIT $2", before, limit)
    return [row["id"] for row in rows]


async def delete_closed(connection: Connection, team_id: UUID) -> bool:
    """Delete a closed team with all rows that refer to it; whether it was there. System role."""
    return bool(await connection.execute("DELETE FROM teams WHERE id = $1", team_id) == "DELETE 1")


_OF_PERSON = """
SELECT t.id, t.name, t.slug, t.is_personal, t.version, t.created_at, m.role
FROM memberships m JOIN teams t ON t.id = m.team_id AND t.closed_at IS NULL
WHERE m.person_id = $1 ORDER BY t.is_personal DESC, t.name, t.id
"""


async def list_teams_of(connection: Connection | asyncpg.Pool, person_id: UUID) -> list[Row]:
    """A person's teams with their role in each, the personal one first."""
    return [dict(row) for row in await connection.fetch(_OF_PERSON, person_id)]


_SEARCH = """
SELECT t.id, t.name, t.slug, t.is_personal, t.created_at, t.closed_at,
       (SELECT count(*) FROM memberships m WHERE m.team_id = t.id) AS members
FROM teams t WHERE ($2::uuid IS NULL OR t.id < $2) AND ($4::uuid IS NULL OR t.id = $4)
      AND ($3 = '' OR strpos(lower(t.name), lower($3)) > 0 OR strpos(t.slug, lower($3)) > 0)
ORDER BY t.id DESC LIMIT $1
"""


async def search_teams(
    pool: asyncpg.Pool, words: str, *, limit: int, before: UUID | None = None, only: UUID | None = None
) -> list[Row]:
    """Teams with ``words`` in their name or slug, closed ones too, the newest first; ``only``: this one. System
    role."""
    return [dict(row) for row in await pool.fetch(_SEARCH, limit, before, words, only)]


async def find_role(pool: asyncpg.Pool, team_id: UUID, person_id: UUID) -> Role | None:
    """None for who does not belong to it, and for a team that is closed."""
    role = await pool.fetchval(
        "SELECT m.role FROM memberships m JOIN teams t ON t.id = m.team_id AND t.closed_at IS NULL"
        " WHERE m.team_id = $1 AND m.person_id = $2",
        team_id,
        person_id,
    )
    return Role(role) if role else None


async def list_members(connection: Connection, team_id: UUID) -> list[Row]:
    """Ids, roles and since when, who came first the first. Names: ``find_people``."""
    rows = await connection.fetch(
        "SELECT person_id, role, created_at, version FROM memberships WHERE team_id = $1"
        " ORDER BY created_at, person_id",
        team_id,
    )
    return [dict(row) for row in rows]


async def find_people(pool: asyncpg.Pool | Connection, person_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Names, addresses and languages, which no team's transaction sees."""
    rows = await pool.fetch("SELECT id, name, email, language FROM people WHERE id = ANY($1)", list(person_ids))
    return {row["id"]: dict(row) for row in rows}


async def find_names(pool: asyncpg.Pool, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What people are called, by their ids."""
    return {person_id: person["name"] for person_id, person in (await find_people(pool, person_ids)).items()}


async def list_owners(pool: asyncpg.Pool, team_id: UUID) -> list[Row]:
    """Names, confirmed addresses and languages of a team's owners, at most 20. System role."""
    rows = await pool.fetch(
        "SELECT p.id, p.name, p.email, p.language FROM memberships m JOIN people p ON p.id = m.person_id"
        " WHERE m.team_id = $1 AND m.role = 'owner' AND p.verified_at IS NOT NULL AND p.closed_at IS NULL"
        " AND p.email IS NOT NULL ORDER BY p.id LIMIT 20",
        team_id,
    )
    return [dict(row) for row in rows]


async def find_member(connection: Connection, team_id: UUID, person_id: UUID) -> Role | None:
    role = await connection.fetchval(
        "SELECT role FROM memberships WHERE team_id = $1 AND person_id = $2", team_id, person_id
    )
    return Role(role) if role else None


async def find_version(connection: Connection, team_id: UUID, person_id: UUID) -> int:
    """Of a membership that is there: one more with each change of the role."""
    found: int = await connection.fetchval(
        "SELECT version FROM memberships WHERE team_id = $1 AND person_id = $2", team_id, person_id
    )
    return found


async def count_members(connection: Connection, team_id: UUID) -> tuple[int, int]:
    """All of them, and the owners among them."""
    row = await connection.fetchrow(
        "SELECT count(*) AS members, count(*) FILTER (WHERE role = 'owner') AS owners FROM memberships"
        " WHERE team_id = $1",
        team_id,
    )
    return row["members"], row["owners"]


async def add_member(connection: Connection, team_id: UUID, person_id: UUID, role: Role, now: datetime) -> None:
    await connection.execute(
        "INSERT INTO memberships (team_id, person_id, role, created_at) VALUES ($1, $2, $3, $4)",
        team_id,
        person_id,
        role.value,
        now,
    )


async def change_role(connection: Connection, team_id: UUID, person_id: UUID, role: Role) -> None:
    await connection.execute(
        "UPDATE memberships SET role = $3, version = version + 1 WHERE team_id = $1 AND person_id = $2",
        team_id,
        person_id,
        role.value,
    )


async def remove_member(connection: Connection, team_id: UUID, person_id: UUID) -> None:
    await connection.execute("DELETE FROM memberships WHERE team_id = $1 AND person_id = $2", team_id, person_id)


_INVITATION = "id, team_id, email, role, invited_by, created_at, expires_at, sends, sent_at"


async def insert_invitation(connection: Connection, invitation: Row) -> Row | None:
    """None when one to this address is open."""
    columns = ", ".join(invitation)
    places = ", ".join(f"${place}" for place in range(1, len(invitation) + 1))
    row = await connection.fetchrow(
        f"INSERT INTO invitations ({columns}) VALUES ({places})"
        f" ON CONFLICT (team_id, email) WHERE ended_at IS NULL DO NOTHING RETURNING {_INVITATION}",
        *invitation.values(),
    )
    return dict(row) if row else None


async def expire_invitations(connection: Connection, team_id: UUID, now: datetime) -> None:
    await connection.execute(
        "UPDATE invitations SET ended_at = expires_at, ending = 'expired'"
        " WHERE team_id = $1 AND ended_at IS NULL AND expires_at <= $2",
        team_id,
        now,
    )


async def list_invitations(connection: Connection, team_id: UUID, now: datetime) -> list[Row]:
    """The open ones, the newest first."""
    rows = await connection.fetch(
        f"SELECT {_INVITATION} FROM invitations WHERE team_id = $1 AND ended_at IS NULL AND expires_at > $2"
        " ORDER BY id DESC",
        team_id,
        now,
    )
    return [dict(row) for row in rows]


async def count_open_invitations(connection: Connection, team_id: UUID) -> int:
    found: int = await connection.fetchval(
        "SELECT count(*) FROM invitations WHERE team_id = $1 AND ended_at IS NULL", team_id
    )
    return found


async def count_invited_by(pool: asyncpg.Pool, person_id: UUID, since: datetime) -> int:
    """How many people somebody invited since then, to whichever team."""
    found: int = await pool.fetchval(
        "SELECT count(*) FROM invitations WHERE invited_by = $1 AND created_at > $2", person_id, since
    )
    return found


async def find_open_invitation(
    connection: Connection, team_id: UUID, now: datetime, *, invitation_id: UUID | None = None, email: str | None = None
) -> Row | None:
    """By its id or its address."""
    row = await connection.fetchrow(
        f"SELECT {_INVITATION} FROM invitations WHERE team_id = $1 AND ended_at IS NULL AND expires_at > $2"
        " AND (id = $3 OR email = $4)",
        team_id,
        now,
        invitation_id,
        email,
    )
    return dict(row) if row else None


async def send_again(connection: Connection, invitation_id: UUID, token_hash: bytes, now: datetime) -> Row:
    """The link that was sent before is good no more; how long there is to answer stays as it was."""
    row = await connection.fetchrow(
        f"UPDATE invitations SET hash = $2, sends = sends + 1, sent_at = $3 WHERE id = $1 RETURNING {_INVITATION}",
        invitation_id,
        token_hash,
        now,
    )
    assert row is not None  # its team is held
    return dict(row)


async def end_invitation(connection: Connection, invitation_id: UUID, ending: str, now: datetime) -> bool:
    """False when it had ended already."""
    done = await connection.execute(
        "UPDATE invitations SET ended_at = $3, ending = $2 WHERE id = $1 AND ended_at IS NULL",
        invitation_id,
        ending,
        now,
    )
    return bool(done == "UPDATE 1")


async def withdraw_invitations_by(connection: Connection, team_id: UUID, person_id: UUID, now: datetime) -> None:
    """Those of somebody who may not invite any more."""
    await connection.execute(
        "UPDATE invitations SET ended_at = $3, ending = 'withdrawn'"
        " WHERE team_id = $1 AND invited_by = $2 AND ended_at IS NULL",
        team_id,
        person_id,
        now,
    )


_BY_TOKEN = """
SELECT i.id, i.team_id, i.email, i.role, i.expires_at, t.name AS team, t.slug, p.name AS inviter
FROM invitations i JOIN teams t ON t.id = i.team_id AND t.closed_at IS NULL LEFT JOIN people p ON p.id = i.invited_by
WHERE i.hash = $1 AND i.ended_at IS NULL AND i.expires_at > $2
"""


async def find_by_token(connection: Connection | asyncpg.Pool, token_hash: bytes, now: datetime) -> Row | None:
    """An open invitation with its team and who invited."""
    row = await connection.fetchrow(_BY_TOKEN, token_hash, now)
    return dict(row) if row else None


async def is_invited(connection: Connection, email: str, now: datetime) -> bool:
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM invitations i JOIN teams t ON t.id = i.team_id AND t.closed_at IS NULL"
        " WHERE i.email = $1 AND i.ended_at IS NULL AND i.expires_at > $2)",
        email,
        now,
    )
    return found


async def rename_personal_team(connection: Connection, person_id: UUID, name: str) -> UUID:
    """Which team it is."""
    found: UUID = await connection.fetchval(
        "UPDATE teams SET name = $2, version = version + 1 WHERE is_personal AND created_by = $1 AND closed_at IS NULL"
        " RETURNING id",
        person_id,
        name,
    )
    return found


async def find_email(connection: Connection, person_id: UUID) -> str | None:
    """The confirmed address of somebody who has an account; held, so that it stays theirs meanwhile."""
    found: str | None = await connection.fetchval(
        "SELECT email FROM people WHERE id = $1 AND verified_at IS NOT NULL AND closed_at IS NULL FOR UPDATE", person_id
    )
    return found
