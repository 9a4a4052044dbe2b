"""A village for each test of use cases, and a town for each test that goes through the door."""

import pytest

from overprint.db.database import Database
from tests.features.accounts.conftest import open_town, town
from tests.features.teams.village import Village

__all__ = ["open_town", "town", "village"]


@pytest.fixture
def village(database: Database) -> Village:
    return Village(database)
