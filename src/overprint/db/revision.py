"""Which schema a database has, and which one this version works with: told without loading what migrates."""

from pathlib import Path

from overprint.db.connections import connect
from overprint.db.database import naming

MIGRATIONS = Path(__file__).parent / "migrations"


def newest_revision() -> str:
    """The revision that this version of Overprint works with: the history is one line of numbered files."""
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("m[0-9][0-9][0-9][0-9]_*.py"))
    return newest[1:5]


async def current_revision(owner_url: str) -> str | None:
    """The database's revision; None when it is empty. Raises ``AddressUnusable``."""
    with naming("DATABASE_OWNER_URL"):
        connection = await connect(owner_url)
        try:
            if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
                return None
            revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
            return revision
        finally:
            await connection.close()
