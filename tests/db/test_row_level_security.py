"""Teams are kept apart by the database itself, on every table that has a team."""

import asyncpg
import pytest

from overprint.core.ids import new_id
from overprint.core.problems import Unavailable
from overprint.db.database import Database, open_database
from overprint.db.embedded.roles import APP
from overprint.features.accounts.tables import outgoing_mail
from overprint.features.billing.tables import plans
from overprint.features.presets.tables import default_presets
from tests.support.database import TestDatabase

SHARED = {
    "alembic_version",
    "default_presets",
    "payment_events",
    "payment_looks",
    "identities",
    "kept_mail",
    "mail_links",
    "notice_wishes",
    "outgoing_mail",
    "passkeys",
    "people",
    "pgqueuer_log",
    "pgqueuer_schedules",
    "pgqueuer_statistics",
    "plans",
    "provider_pauses",
    "provider_slots",
    "rate_buckets",
    "recovery_codes",
    "refresh_tokens",
    "rounds",
    "schedules",
    "second_factors",
    "sessions",
    "tickets",
    "till_objects",
    "trials",
    "workers",
}
# No right to delete at all.
KEPT = {"api_keys", "audit_chains", "audit_log", "doomed_blobs", "invitations", "photos", "teams"} | {
    *("credit_lots", "invoices", "job_holds", "ledger_entries", "ledger_lines", "purses", "subscriptions", "usage_days")
}
TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS is_forced,
       (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
"""


async def test_every_table_is_under_forced_row_level_security_or_listed_as_shared(database: Database) -> None:
    tables = {row["relname"]: row for row in await database.system.fetch(TABLES)}
    assert {name for name, row in tables.items() if not row["is_forced"]} == SHARED
    assert all(row["policies"] >= 1 for name, row in tables.items() if name not in SHARED)


async def test_another_team_sees_and_changes_nothing_anywhere(database: Database, database_urls: TestDatabase) -> None:
    owner, stranger = new_id(), new_id()
    superuser = await asyncpg.connect(database_urls.superuser)
    filled = await _fill_every_table(superuser, owner)
    async with database.transaction(stranger) as transaction:
        for table in filled:
            assert await transaction.driver.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    for table in filled - KEPT:
        async with database.transaction(stranger) as transaction:
            assert await transaction.driver.execute(f"DELETE FROM {table}") == "DELETE 0", table
    async with database.transaction(owner) as transaction:
        for table in filled:
            assert await transaction.driver.fetchval(f"SELECT count(*) FROM {table}") == 1, table
    await superuser.close()


CHECKS = "SELECT conrelid::regclass::text AS table, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"


async def _fill_every_table(superuser: asyncpg.Connection, team: object) -> set[str]:
    """One row in each tenant table, of values by type: no table can be left out because nobody thought of its row."""
    await superuser.execute("SET session_replication_role = replica")
    for row in await superuser.fetch(CHECKS):
        await superuser.execute(f"ALTER TABLE {row['table']} DROP CONSTRAINT {row['conname']}")
    tables = {row["relname"] for row in await superuser.fetch(TABLES)} - SHARED
    for table in tables:
        columns = await superuser.fetch(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1"
            " AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
            table,
        )
        values = {row["column_name"]: _value(table, row["column_name"], row["data_type"], team) for row in columns}
        await superuser.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})")
    return tables


VALUES = {
    "uuid": "gen_random_uuid()",
    "text": "'x'",
    "jsonb": "'{}'",
    "boolean": "false",
    "bytea": "'x'",
    "ARRAY": "'{}'",
    "date": "now()",
    "timestamp with time zone": "now()",
    "USER-DEFINED": "'queued'",
}


def _value(table: str, column: str, data_type: str, team: object) -> str:
    if column == "team_id" or (table, column) == ("teams", "id"):
        return f"'{team}'"
    return VALUES.get(data_type, "1")


APP_RIGHTS = """
SELECT relname, attname, right_to FROM pg_class c CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS right_to
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE relname = ANY($1) AND has_column_privilege(c.oid, a.attnum, right_to)
"""


async def test_of_shared_tables_the_app_role_reads_only_what_belongs_to_nobody(database_urls: TestDatabase) -> None:
    connection = await asyncpg.connect(database_urls.app)
    rows = await connection.fetch(APP_RIGHTS, list(SHARED))
    deletes = [name for name in SHARED if await connection.fetchval("SELECT has_table_privilege($1, 'DELETE')", name)]
    await connection.close()
    assert {(row["relname"], row["attname"], row["right_to"]) for row in rows} == {
        ("alembic_version", "version_num", "SELECT"),
        *(("default_presets", column.name, "SELECT") for column in default_presets.columns),
        *(("outgoing_mail", column.name, "INSERT") for column in outgoing_mail.columns),
        *(("plans", column.name, "SELECT") for column in plans.columns),
        *(("provider_pauses", column, "SELECT") for column in ("provider", "reason", "since")),
        *(("workers", column, "SELECT") for column in ("lanes", "team_limit", "pace", "seen_at")),
    }
    assert deletes == []


ENTRY = """
INSERT INTO pgqueuer (team_id, priority, entrypoint, dedupe_key, payload, status)
VALUES ($1, -$2::int, 'text', $3, 'x', 'queued') ON CONFLICT DO NOTHING RETURNING id
"""


async def test_a_team_makes_no_entry_for_another_and_cannot_take_its_keys(database: Database) -> None:
    ours, theirs = new_id(), new_id()
    async with database.transaction(theirs) as transaction:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await transaction.driver.fetchval(ENTRY, ours, 1, "job:step")
    for team in (theirs, ours):
        async with database.transaction(team) as transaction:
            assert await transaction.driver.fetchval(ENTRY, team, 1, "job:step") is not None


async def test_of_the_whole_queue_a_team_learns_numbers(database: Database) -> None:
    ours, theirs = new_id(), new_id()
    for team, tag, key in ((theirs, 60, "a:root"), (theirs, 120, "b:root"), (ours, 180, "c:root")):
        async with database.transaction(team) as transaction:
            await transaction.driver.fetchval(ENTRY, team, tag, key)
    line = "SELECT * FROM queue_line($1, '{text,speech}', 100)"
    async with database.transaction(ours) as transaction:
        driver = transaction.driver
        assert await driver.fetchval("SELECT queue_virtual_time()") == 60
        assert [tuple(row) for row in await driver.fetch(line, "c:root")] == [("text", 2, 0)]
        assert await driver.fetch(line, "b:root") == [], "nor where another's step stands"


DEFINERS = """
SELECT proname::text, pg_get_function_result(oid) AS answer, proconfig,
       proowner = (SELECT relowner FROM pg_class WHERE oid = 'jobs'::regclass) AS is_the_owners,
       ARRAY(SELECT rolname::text FROM pg_roles r WHERE rolname LIKE 'overprint%' AND r.oid <> proowner
             AND has_function_privilege(r.oid, p.oid, 'EXECUTE')) AS who
FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY proname
"""


async def test_what_runs_as_the_owner_has_a_fixed_path_and_is_for_the_app_role_alone(database: Database) -> None:
    assert [tuple(row.values()) for row in await database.system.fetch(DEFINERS)] == [
        (name, answer, ["search_path=pg_catalog, pg_temp"], True, [APP])
        for name, answer in (
            ("queue_line", "TABLE(queue text, steps_ahead bigint, steps_running bigint)"),
            ("queue_virtual_time", "integer"),
        )
    ]


async def test_without_a_team_the_app_role_sees_nothing(database_urls: TestDatabase) -> None:
    connection = await asyncpg.connect(database_urls.app)
    assert await connection.fetchval("SELECT count(*) FROM jobs") == 0
    await connection.close()


async def test_the_audit_log_cannot_be_changed_by_the_app_role(database: Database) -> None:
    async with database.transaction(new_id()) as transaction:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await transaction.driver.execute("UPDATE audit_log SET action = 'x'")


async def test_a_superuser_is_refused_as_the_app_role(database_urls: TestDatabase) -> None:
    with pytest.raises(Unavailable, match="row-level security"):
        await open_database(database_urls.superuser, database_urls.system)


async def test_a_rolled_back_transaction_tells_nobody(database: Database) -> None:
    told: list[str] = []
    with pytest.raises(RuntimeError):
        async with database.transaction(new_id()) as transaction:
            transaction.after_commit(lambda: told.append("committed"))
            raise RuntimeError
    assert told == []
