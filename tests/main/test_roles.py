"""Which databases and roles a process refuses, and which setting it blames."""

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from overprint.core.problems import Unavailable
from overprint.db.database import open_database
from overprint.db.revision import current_revision
from tests.support.database import TestDatabase


def _changed(url: str, **parts: str) -> str:
    return make_url(url).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]


async def test_one_role_for_app_and_system_is_refused(database_urls: TestDatabase) -> None:
    with pytest.raises(Unavailable, match="DATABASE_URL and DATABASE_SYSTEM_URL have the same role"):
        await open_database(database_urls.app, database_urls.app)


async def test_the_owner_of_the_tables_is_refused(database_urls: TestDatabase) -> None:
    with pytest.raises(Unavailable, match="role of DATABASE_URL could bypass"):
        await open_database(database_urls.owner, database_urls.system)
    with pytest.raises(Unavailable, match="role of DATABASE_SYSTEM_URL could bypass"):
        await open_database(database_urls.app, database_urls.owner)


async def test_who_may_become_the_owner_is_refused(database_urls: TestDatabase) -> None:
    superuser = await asyncpg.connect(database_urls.superuser)
    try:
        await superuser.execute("CREATE ROLE overprint_climber LOGIN PASSWORD 'x' NOINHERIT IN ROLE overprint_owner")
        climber = _changed(database_urls.app, username="overprint_climber", password="x")
        with pytest.raises(Unavailable, match="role of DATABASE_URL could bypass"):
            await open_database(climber, database_urls.system)
    finally:
        await superuser.execute("DROP ROLE IF EXISTS overprint_climber")
        await superuser.close()


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"database": "nowhere"}, {"username": "nobody_here"}])
async def test_a_wrong_address_is_blamed_on_its_setting(database_urls: TestDatabase, wrong: dict[str, str]) -> None:
    with pytest.raises(Unavailable, match=r"^DATABASE_URL cannot be used"):
        await open_database(_changed(database_urls.app, **wrong), database_urls.system)
    with pytest.raises(Unavailable, match=r"^DATABASE_SYSTEM_URL cannot be used"):
        await open_database(database_urls.app, _changed(database_urls.system, **wrong))
    with pytest.raises(Unavailable, match=r"^DATABASE_OWNER_URL cannot be used"):
        await current_revision(_changed(database_urls.owner, **wrong))
