"""A team with billing and nothing else, and one that buys."""

import pytest

from overprint.db.database import Database
from tests.features.billing.shop import Shop
from tests.features.billing.team import Team


@pytest.fixture
async def team(database: Database) -> Team:
    return await Team(database).found()


@pytest.fixture
def shop(team: Team) -> Shop:
    return Shop(team)
