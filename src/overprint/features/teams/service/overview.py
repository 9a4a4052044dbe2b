"""Teams of all people, for who looks after the house."""

from uuid import UUID

import asyncpg

from overprint.core.principal import Principal
from overprint.core.problems import NotFound
from overprint.features.teams import store
from overprint.features.teams.rules import permit_site
from overprint.features.teams.store import Row

PAGE_MAX = 200


async def list_all_teams(
    pool: asyncpg.Pool, principal: Principal, words: str, *, limit: int, before: UUID | None = None
) -> list[Row]:
    """Those with ``words`` in their name or slug, the newest first, each with how many ``members`` it has."""
    permit_site(principal)
    return await store.search_teams(pool, words, limit=max(1, min(PAGE_MAX, limit)), before=before)


async def get_any_team(pool: asyncpg.Pool, principal: Principal, team_id: UUID) -> Row:
    """Raises ``NotFound``."""
    permit_site(principal)
    found = await store.search_teams(pool, "", limit=1, only=team_id)
    if not found:
        raise NotFound("There is no such team.", "Look for it among all teams.")
    return found[0]
