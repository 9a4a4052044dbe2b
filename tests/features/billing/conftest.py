"""A team with billing and nothing else."""

import pytest

from overprint.db.database import Database
from tests.features.billing.team import Team


@pytest.fixture
async def team(database: Database) -> Team:
    return await Team(database).found()
