"""Fixtures that many tests share."""

from tests.support.database import cluster, database, database_urls
from tests.support.house import client, house

__all__ = ["client", "cluster", "database", "database_urls", "house"]
