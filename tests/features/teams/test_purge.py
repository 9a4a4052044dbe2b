"""Some time after a team or an account was closed, nothing of it is left but what is named here."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from overprint.core.ids import new_id
from overprint.engine.retention import forget_run_out
from overprint.engine.schedule import ScheduleContext
from overprint.features.accounts.service import departing
from overprint.ports.errors import Unavailable
from overprint.wiring import endings_of, schedules_of
from overprint.wiring.people import postman_of
from tests.features.accounts.conftest import PASSWORD, Town, log_in
from tests.http.tenants import MARK
from tests.http.test_tenant_walk import MIRA, Ids, furnished
from tests.support.clock import SetClock
from tests.support.database import TestDatabase

KEPT = timedelta(days=30)
# What stays of a team: its log, and the amounts of its books, without words that people wrote.
LOGS = {"audit_chains", "audit_log"}
BOOKS = {"credit_lots", "ledger_entries", "ledger_lines", "job_holds", "invoices"}
# The till stands for a provider elsewhere, who remembers by itself.
PROVIDERS = {"till_objects", "payment_events"}
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


async def tables_with(urls: TestDatabase, *words: str) -> set[str]:
    """All tables in which one of the words stands in any row."""
    connection = await asyncpg.connect(urls.superuser)
    found = set()
    for row in await connection.fetch(TABLES):
        query = f"SELECT EXISTS (SELECT FROM {row['tablename']} t WHERE t::text LIKE ANY($1))"
        if await connection.fetchval(query, [f"%{word}%" for word in words]):
            found.add(row["tablename"])
    await connection.close()
    return found


def files_of(town: Town, team_id: str) -> list[Path]:
    folders = town.house.settings.data_dir.rglob(team_id)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def at(town: Town, days: float) -> ScheduleContext:
    """So many days from now, with time for everything, however slow the machine is."""
    return ScheduleContext(town.house.database, SetClock(timedelta(days=days)), 3600.0)


async def purge(town: Town, days: float) -> None:
    """All schedules that end something, as if so many days had passed."""
    context = at(town, days)
    await endings_of(town.house).purge(context)
    await departing.purge(context, KEPT)
    await forget_run_out(context.database.system, context.clock.now())
    mail = postman_of(town.house.settings, town.house.database, context.clock)
    await mail.deliver()
    await postman_of(town.house.settings, town.house.database, at(town, 2 * days).clock).tidy()


async def closed(town: Town, urls: TestDatabase) -> Ids:
    """A team that had one of everything, and credits that were given for a reason; just closed."""
    theirs = await furnished(town, urls)
    house, team_id = town.house, UUID(theirs["team_id"])
    async with house.database.transaction(team_id) as transaction:
        await house.billing.credits.grant(transaction, replace(house.owner, team_id=team_id), 70, f"For {MARK}")
    mira = await town.visitor()
    await log_in(mira, MIRA)
    assert (await mira.delete(f"/api/teams/{team_id}")).status_code == 204
    return theirs


async def test_of_a_team_that_was_closed_for_a_month_only_its_log_and_the_amounts_of_its_books_are_left(
    town: Town, database_urls: TestDatabase
) -> None:
    team_id = (await closed(town, database_urls))["team_id"]
    await purge(town, 29)
    assert {"teams", "books", "videos", "jobs", "assets", "photos"} <= await tables_with(database_urls, team_id)
    assert files_of(town, team_id) != []
    await purge(town, 31)
    left = await tables_with(database_urls, team_id)
    assert left - PROVIDERS <= LOGS | BOOKS and {"audit_log", "ledger_entries"} <= left
    assert await tables_with(database_urls, f"For {MARK}", f"to {MARK}", f"{MARK}.png") == {"audit_log"}
    assert files_of(town, team_id) == []
    assert (await town.audited())[-1] == "team.purged"
    assert await town.house.billing.credits.find_drift() == []


async def test_a_purge_that_is_stopped_anywhere_goes_on_at_the_next_turn(
    town: Town, database_urls: TestDatabase
) -> None:
    team_id = (await closed(town, database_urls))["team_id"]
    endings, context = endings_of(town.house), at(town, 31)
    for stop in range(len(endings.purges) + len(endings.farewells)):

        async def killed(*_: object) -> Any:
            raise ConnectionError("killed")

        purges = tuple(killed if n == stop else one for n, one in enumerate(endings.purges))
        farewells = tuple(killed if n + len(endings.purges) == stop else one for n, one in enumerate(endings.farewells))
        with pytest.raises(ConnectionError):
            await replace(endings, purges=purges, farewells=farewells).purge(context)
        assert "teams" in await tables_with(database_urls, team_id)
    await endings.purge(context)
    assert (await tables_with(database_urls, team_id)) - PROVIDERS <= LOGS | BOOKS


async def test_what_a_closed_team_pays_by_the_month_is_ended_and_no_credits_come_any_more(
    town: Town, database_urls: TestDatabase
) -> None:
    mira = await town.person(MIRA)
    team = (await mira.post("/api/teams", json={"name": "Moon Press"})).json()
    mira.headers["X-Team"] = team["id"]
    url = (await mira.post("/api/billing/checkout", json={"plan": "pro"})).json()["url"]
    assert (await mira.post(url, data={"card": "works"})).status_code == 303
    assert (await mira.get("/api/billing/credits")).json()["available_credits"] > 3000
    assert (await mira.delete(f"/api/teams/{team['id']}")).status_code == 204
    schedules = {one.name: one for one in schedules_of(town.house)}
    await schedules["billing.closed"].body(at(town, 0))
    row = await town.house.database.system.fetchrow("SELECT * FROM subscriptions")
    assert (row["status"], row["plan"]) == ("cancelled", None)
    await town.house.billing.credits.tidy(at(town, 40))
    purse = await town.house.database.system.fetchrow("SELECT * FROM purses WHERE team_id = $1", UUID(team["id"]))
    assert purse["renews_at"] is None


async def test_of_an_account_that_was_closed_for_a_month_the_log_keeps_an_id_and_nothing_else_is_left(
    town: Town, database_urls: TestDatabase
) -> None:
    mira = await town.person(MIRA, "Mira Okafor")
    person_id = (await mira.get("/api/auth/me")).json()["id"]
    await mira.post("/api/keys", json={"name": "Mira's", "scopes": ["work:read"]})
    assert (await mira.post("/api/books", json={"premise": "Mira sails"})).status_code == 202
    answer = await mira.request("DELETE", "/api/auth/me", json={"password": PASSWORD})
    assert answer.status_code == 204, answer.text
    await town.house.jobs.stop_closed(at(town, 0))
    assert await town.house.database.system.fetchval("SELECT count(*) FROM jobs WHERE ended_at IS NULL") == 0
    await purge(town, 31)
    assert await tables_with(database_urls, MIRA, "Okafor", "okafor") == set()
    assert await tables_with(database_urls, person_id) == {"audit_log"}


async def test_a_team_whose_files_cannot_be_removed_does_not_keep_others_from_going(
    town: Town,
) -> None:
    first, second = new_id(), new_id()
    for team_id in (first, second):
        await town.house.database.system.execute(
            "INSERT INTO teams (id, name, slug, closed_at) VALUES ($1, 'x', $2, now())", team_id, str(team_id)
        )

    async def fails(context: ScheduleContext, team_id: UUID) -> bool:
        if team_id == first:
            raise Unavailable("The disk is away.", provider="storage")
        return True

    endings = replace(endings_of(town.house), purges=(fails,))
    with pytest.raises(Unavailable):
        await endings.purge(at(town, 31))
    teams = await town.house.database.system.fetch("SELECT id FROM teams WHERE closed_at IS NOT NULL")
    assert [row["id"] for row in teams] == [first]
