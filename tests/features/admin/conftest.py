"""A town with somebody in it who looks after the house, and somebody who does not."""

from dataclasses import dataclass

import httpx
import pytest

from tests.features.accounts.conftest import Town, open_town, town

__all__ = ["open_town", "town"]


@dataclass
class Keeping:
    """``keeper`` is a site admin who just gave their password; ``mira`` owns a team, and no more."""

    town: Town
    keeper: httpx.AsyncClient
    mira: httpx.AsyncClient
    keeper_id: str
    mira_id: str
    team_id: str

    async def act(self, path: str, **form: str) -> httpx.Response:
        return await self.keeper.post(path, data=form)

    async def told(self) -> list[tuple[str, str]]:
        """What the log says that was done, with the reasons that were given."""
        rows = await self.town.house.database.system.fetch(
            "SELECT action, detail->>'reason' AS why FROM audit_log WHERE detail ? 'reason' ORDER BY at, id"
        )
        return [(row["action"], row["why"]) for row in rows]


@pytest.fixture
async def keeping(town: Town) -> Keeping:
    mira, keeper = await town.person(), await town.person("keeper@example.org", "Keeper")
    pool = town.house.database.system
    await pool.execute("UPDATE people SET is_site_admin = true WHERE email = 'keeper@example.org'")
    await pool.execute("UPDATE people SET is_site_admin = false WHERE email = 'mira@example.org'")
    ids = {row["email"]: str(row["id"]) for row in await pool.fetch("SELECT id, email FROM people")}
    team_id = (await mira.get("/api/teams")).json()["items"][0]["id"]
    return Keeping(town, keeper, mira, ids["keeper@example.org"], ids["mira@example.org"], team_id)
