"""What the database itself refuses, whoever asks: the ledger is true by its own rules."""

from collections.abc import Sequence

import asyncpg
import pytest

from overprint.core.ids import new_id
from tests.features.billing.team import Team, step
from tests.support.database import TestDatabase

ENTRY = "INSERT INTO ledger_entries (id, team_id, key, kind, at) VALUES ($1, $2, $3, 'grant', now())"
LINE = "INSERT INTO ledger_lines VALUES ($1, $2, $3, $4, $5, $6)"


async def _lot(team: Team) -> object:
    return await team.database.system.fetchval("SELECT id FROM credit_lots WHERE team_id = $1 LIMIT 1", team.id)


async def _write(team: Team, lines: Sequence[tuple[str, int]]) -> None:
    lot, entry = await _lot(team), new_id()
    async with team.transaction() as transaction:
        await transaction.driver.execute(ENTRY, entry, team.id, f"test:{entry}")
        for n, (account, amount) in enumerate(lines):
            await transaction.driver.execute(LINE, entry, n, team.id, lot, account, amount)


async def test_lines_of_an_entry_that_do_not_sum_to_zero_are_refused_at_the_end(team: Team) -> None:
    await team.grant(10)
    with pytest.raises(asyncpg.CheckViolationError, match="lines that sum to"):
        await _write(team, [])
    for lines in ([("issued", -5), ("available", 4)], [("available", -1), ("available", 1), ("held", 3)]):
        with pytest.raises(asyncpg.CheckViolationError):
            await _write(team, lines)
    assert await team.credits.find_drift() == []


async def test_a_line_cannot_be_added_to_an_entry_of_yesterday(team: Team) -> None:
    await team.grant(10)
    entry = await team.database.system.fetchval("SELECT id FROM ledger_entries WHERE team_id = $1 LIMIT 1", team.id)
    lot = await _lot(team)
    with pytest.raises(asyncpg.CheckViolationError):
        async with team.transaction() as transaction:
            await transaction.driver.execute(LINE, entry, 9, team.id, lot, "available", 5)


async def test_no_balance_falls_below_zero(team: Team) -> None:
    await team.grant(10)
    for account in ("available", "held"):
        with pytest.raises(asyncpg.CheckViolationError):
            await _write(team, [(account, -1000), ("earned", 1000)])
    with pytest.raises(asyncpg.CheckViolationError):
        await _write(team, [("earned", -1), ("available", 1)])


@pytest.mark.parametrize("table", ["ledger_entries", "ledger_lines"])
async def test_not_even_the_owner_of_the_tables_changes_or_removes_what_stands_there(
    team: Team, database_urls: TestDatabase, table: str
) -> None:
    await team.grant(10)
    superuser = await asyncpg.connect(database_urls.superuser)
    for statement in (f"UPDATE {table} SET team_id = team_id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(asyncpg.RestrictViolationError, match="never changed or removed"):
            await superuser.execute(statement)
    await superuser.close()


async def test_a_balance_is_moved_by_lines_alone(team: Team, database_urls: TestDatabase) -> None:
    await team.grant(10)
    superuser = await asyncpg.connect(database_urls.superuser)
    for statement in (
        "UPDATE credit_lots SET available_credits = available_credits + 5, issued_credits = issued_credits - 5",
        "UPDATE credit_lots SET team_id = id",
        "INSERT INTO credit_lots (id, team_id, source, granted_by, made_at, available_credits, issued_credits)"
        " SELECT gen_random_uuid(), team_id, source, 'x', now(), 5, -5 FROM credit_lots LIMIT 1",
    ):
        with pytest.raises(asyncpg.RestrictViolationError, match="by lines of the ledger alone"):
            await superuser.execute(statement)
    await superuser.close()


async def test_a_line_moves_no_lot_of_another_team(team: Team) -> None:
    """Row-level security hides that lot, but a reference to it is taken."""
    other = await Team(team.database).found()
    await other.grant(10)
    entry, lot = new_id(), await _lot(other)
    with pytest.raises(asyncpg.CheckViolationError, match="of another team"):
        async with team.transaction() as transaction:
            await transaction.driver.execute(ENTRY, entry, team.id, f"test:{entry}")
            await transaction.driver.execute(LINE, entry, 1, team.id, lot, "available", 5)
    assert await team.credits.find_drift() == []


async def test_a_business_key_happens_once(team: Team) -> None:
    await team.grant(100)
    job = await team.begin(10)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with team.transaction() as transaction:
            await team.books.submitted(transaction, job)
    for _ in range(3):
        await team.deliver(step(job, "a", 4))
    assert (await team.hold(job))["captured_credits"] == 4
    assert await team.credits.find_drift() == []


async def test_a_balance_that_was_tampered_with_is_found(team: Team, database_urls: TestDatabase) -> None:
    await team.grant(100)
    superuser = await asyncpg.connect(database_urls.superuser)
    await superuser.execute("SET session_replication_role = replica")  # no trigger keeps them from it
    await superuser.execute(
        "UPDATE credit_lots SET available_credits = available_credits + 5, issued_credits = issued_credits - 5"
        " WHERE team_id = $1 AND source = 'admin'",
        team.id,
    )
    await superuser.close()
    drift = await team.credits.find_drift()
    assert {(found.what.rpartition(" ")[2], found.kept_credits - found.derived_credits) for found in drift} == {
        ("available", 5),
        ("issued", -5),
    }


async def test_what_stands_aside_without_a_line_is_found(team: Team, database_urls: TestDatabase) -> None:
    await team.grant(100)
    job = await team.begin(10)
    superuser = await asyncpg.connect(database_urls.superuser)
    await superuser.execute("UPDATE job_holds SET held_credits = 7, released_credits = 3 WHERE job_id = $1", job.id)
    await superuser.close()
    (drift,) = await team.credits.find_drift()
    assert (drift.what, drift.derived_credits, drift.kept_credits) == ("held for jobs", 10, 7)
