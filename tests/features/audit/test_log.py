"""The log in a real database: written with the action, side by side, for good."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role, Via
from overprint.core.problems import Conflict
from overprint.db.database import Database
from overprint.engine.schedule import ScheduleContext
from overprint.features.audit import SITE, Actor, Audit, record, record_by_system
from overprint.features.audit import prove_export as prove
from overprint.features.audit.service import Filters
from tests.support.clock import SetClock
from tests.support.database import TestDatabase

ODD = {
    "name": "Ærø “\u2028 \U0001f98a <b>' OR 1=1 --",
    "n": 10**30,
    "f": 1e22,
    "z": -0.0,
    "deep": [None, True, {"b": 1}],
}


def owner_of(team_id: UUID) -> Principal:
    return Principal(new_id(), team_id, Role.OWNER, via=Via.SESSION, session_id=new_id(), address="192.0.2.7")


async def write(database: Database, who: Principal, *actions: str) -> None:
    async with database.transaction(who.team_id) as transaction:
        for action in actions:
            await record(transaction, who, action, "thing", new_id(), ODD)


async def test_a_line_says_who_did_what_from_where_and_comes_back_to_the_last_bit(database: Database) -> None:
    who, audit = owner_of(new_id()), Audit(database.system)
    await write(database, who, "thing.made", "thing.kept")
    async with database.transaction(who.team_id) as transaction:
        kept, made = await audit.list_links(transaction.driver, who.team_id, 50, None, Filters())
    line = made.line
    assert (made.seq, kept.seq, line.action, line.actor_id) == (1, 2, "thing.made", who.person_id)
    assert (line.via, line.session_id, line.address) == ("session", who.session_id, "192.0.2.7")
    assert kept.previous_hash == made.hash
    proven = await audit.prove(who.team_id)
    assert (proven.lines, proven.end.hash, proven.fault) == (2, kept.hash, None)


async def test_a_line_is_there_when_its_action_is_and_not_otherwise(database: Database) -> None:
    who, audit = owner_of(new_id()), Audit(database.system)
    with pytest.raises(RuntimeError):
        async with database.transaction(who.team_id) as transaction:
            await record(transaction, who, "thing.made", "thing", None)
            raise RuntimeError
    async with database.transaction(who.team_id) as transaction:
        with pytest.raises(Conflict):
            async with transaction.savepoint():
                await record(transaction, who, "thing.tried", "thing", None)
                raise Conflict("No.")
        await record(transaction, who, "thing.refused", "thing", None)
    async with database.transaction(who.team_id) as transaction:
        links = await audit.list_links(transaction.driver, who.team_id, 50, None, Filters())
    assert [link.line.action for link in links] == ["thing.refused"]


async def test_writers_at_the_same_moment_make_one_chain_each_team(database: Database) -> None:
    teams = [owner_of(new_id()) for _ in range(3)]
    await asyncio.gather(*(write(database, who, "a.made", "b.made") for _ in range(15) for who in teams))
    for who in teams:
        proven = await Audit(database.system).prove(who.team_id)
        assert (proven.lines, proven.fault) == (30, None)


async def test_a_team_does_not_wait_for_the_line_of_another(database: Database) -> None:
    slow, quick = owner_of(new_id()), owner_of(new_id())
    await write(database, slow, "a.made")
    async with database.system_transaction() as connection:
        await record_by_system(connection, None, "b.made", "thing", None, team_id=slow.team_id)
        await asyncio.wait_for(write(database, quick, "a.made"), 10)
        waits = asyncio.create_task(write(database, slow, "c.made"))
        done, _ = await asyncio.wait({waits}, timeout=0.2)
        assert not done
    await waits
    assert (await Audit(database.system).prove(slow.team_id)).fault is None


async def test_two_that_do_a_lot_between_their_lines_never_wait_for_each_other_in_a_circle(database: Database) -> None:
    """Whoever records first and then waits for a lock holds nothing of the log meanwhile."""
    who = owner_of(new_id())
    async with database.transaction(who.team_id) as first:
        await record(first, who, "a.made", "thing", None)
        await first.driver.execute("SELECT pg_advisory_xact_lock(1)")
        second = asyncio.create_task(_records_and_locks(database, who))
        await asyncio.sleep(0.1)
    await asyncio.wait_for(second, 10)
    assert (await Audit(database.system).prove(who.team_id)).lines == 2


async def _records_and_locks(database: Database, who: Principal) -> None:
    async with database.transaction(who.team_id) as transaction:
        await record(transaction, who, "b.made", "thing", None)
        await transaction.driver.execute("SELECT pg_advisory_xact_lock(1)")


TAMPERING = {
    "app": (
        "UPDATE audit_log SET action = 'x'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "UPDATE audit_chains SET cut_seq = 1",
        "UPDATE audit_chains SET seq = 0",
        "DELETE FROM audit_chains",
    ),
    "owner": (
        "TRUNCATE audit_log",
        "TRUNCATE audit_chains",
    ),
    "superuser": (
        "UPDATE audit_log SET action = 'x'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "UPDATE audit_chains SET seq = seq - 1",
        "UPDATE audit_chains SET hash = previous_hash",
        "UPDATE audit_chains SET cut_seq = 1",
        "DELETE FROM audit_chains",
    ),
}


@pytest.mark.parametrize("role", TAMPERING)
async def test_no_role_may_change_or_delete_a_line_or_a_chain(
    database: Database, database_urls: TestDatabase, role: str
) -> None:
    who = owner_of(new_id())
    await write(database, who, "a.made", "b.made")
    connection = await asyncpg.connect(getattr(database_urls, role))
    await connection.execute(f"SET overprint.team_id = '{who.team_id}'")
    for statement in TAMPERING[role]:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
            await connection.execute(statement)
    await connection.close()


DEEDS = {
    "UPDATE audit_log SET detail = '{}' WHERE seq = 2": 2,
    "UPDATE audit_log SET at = at + interval '1 microsecond' WHERE seq = 3": 3,
    "DELETE FROM audit_log WHERE seq = 2": 2,
    "DELETE FROM audit_log WHERE seq = 4": 4,
    "UPDATE audit_log SET seq = 9 WHERE seq = 2": 2,
    "UPDATE audit_log SET seq = 7 - seq, id = gen_random_uuid() WHERE seq = 4": 4,
    "UPDATE audit_chains SET seq = 3, hash = (SELECT hash FROM audit_log WHERE seq = 3)": 4,
    "UPDATE audit_chains SET cut_seq = 1, cut_hash = (SELECT hash FROM audit_log WHERE seq = 1)": 1,
    "DELETE FROM audit_chains": 4,
}


@pytest.mark.parametrize("deed", DEEDS)
async def test_who_can_switch_the_guards_off_is_found_out(
    database: Database, database_urls: TestDatabase, deed: str
) -> None:
    who, audit = owner_of(new_id()), Audit(database.system)
    await write(database, who, "a.made", "b.made", "c.made", "d.made")
    connection = await asyncpg.connect(database_urls.superuser)
    await connection.execute("SET session_replication_role = replica")
    if "7 - seq" in deed:  # lines 3 and 4 trade places
        await connection.execute("UPDATE audit_log SET seq = 100 WHERE seq = 3")
        await connection.execute("UPDATE audit_log SET seq = 3 WHERE seq = 4")
        await connection.execute("UPDATE audit_log SET seq = 4 WHERE seq = 100")
    else:
        await connection.execute(deed)
    await connection.close()
    fault = (await audit.prove(who.team_id)).fault
    assert fault is not None
    assert fault.seq == (3 if "7 - seq" in deed else DEEDS[deed]), fault
    assert who.team_id in await audit.list_chains()


async def test_lines_are_found_by_action_actor_and_time_page_by_page(database: Database) -> None:
    audit, who = Audit(database.system), owner_of(new_id())
    other = replace(who, person_id=new_id())
    await write(database, who, "job.made", "jobs.made", "job_made", "job.ended")
    between = datetime.now(UTC)
    await asyncio.sleep(0.002)
    await write(database, other, "job.made")

    async def found(filters: Filters, limit: int = 50, before: UUID | None = None) -> list[str]:
        links = await audit.list_links(database.system, who.team_id, limit, before, filters)
        return [link.line.action for link in links]

    assert await found(Filters(action="job")) == ["job.made", "job.ended", "job.made"]
    assert await found(Filters(action="job_made")) == ["job_made"]
    assert await found(Filters(action="job.made", actor_id=who.person_id)) == ["job.made"]
    assert await found(Filters(since=between)) == ["job.made"]
    assert len(await found(Filters(until=between))) == 4
    (newest,) = await audit.list_links(database.system, who.team_id, 1, None, Filters())
    assert len(await found(Filters(), 2, newest.line.id)) == 2


async def exported(audit: Audit, database: Database, team_id: UUID, after_seq: int = 0) -> bytes:
    return b"".join([part async for part in audit.export(database.system.acquire, team_id, after_seq)])


async def test_an_export_proves_itself_whole_and_in_parts(database: Database) -> None:
    who, audit = owner_of(new_id()), Audit(database.system)
    await write(database, who, *(f"a.{n}" for n in range(5)))
    for after, lines in ((0, 5), (2, 3), (5, 0), (99, 0)):
        (proven,) = prove(io.BytesIO(await exported(audit, database, who.team_id, after)))
        assert (proven.team_id, proven.lines, proven.fault) == (who.team_id, lines, None)


async def test_an_export_does_not_hide_that_lines_are_missing_at_the_end(
    database: Database, database_urls: TestDatabase
) -> None:
    who, audit = owner_of(new_id()), Audit(database.system)
    await write(database, who, "a.made", "b.made", "c.made")
    connection = await asyncpg.connect(database_urls.superuser)
    await connection.execute("SET session_replication_role = replica; DELETE FROM audit_log WHERE seq = 3")
    await connection.close()
    (proven,) = prove(io.BytesIO(await exported(audit, database, who.team_id)))
    assert proven.fault is not None and proven.fault.seq == 3


async def test_old_lines_are_cut_off_the_front_and_the_rest_still_holds(database: Database) -> None:
    who, audit = owner_of(new_id()), Audit(database.system)
    await write(database, who, "a.made", "b.made", "c.made")
    kept = timedelta(days=7 * 365)

    async def cut(ahead: timedelta) -> None:
        await audit.cut_old(ScheduleContext(database, SetClock(ahead), 60.0), kept)

    await cut(kept + timedelta(days=29))
    assert (await audit.prove(who.team_id)).lines == 3, "not worth it yet"
    await cut(kept + timedelta(days=31))
    proven = await audit.prove(who.team_id)
    assert (proven.lines, proven.begin.seq, proven.fault) == (1, 3, None)
    (link,) = await audit.list_links(database.system, who.team_id, 50, None, Filters())
    assert (link.line.action, link.line.detail["seq"]) == ("audit.cut", 3)
    (offline,) = prove(io.BytesIO(await exported(audit, database, who.team_id)))
    assert offline.fault is None and offline.lines == 1
    await write(database, who, "d.made")
    assert (await audit.prove(who.team_id)).fault is None


async def test_what_belongs_to_no_team_has_a_chain_that_teams_do_not_see(database: Database) -> None:
    actor = Actor(new_id(), Via.SESSION, new_id(), "::1")
    async with database.system_transaction() as connection:
        await record_by_system(connection, actor, "person.signed_in", "person", actor.person_id, {"agent": "x"})
    proven = await Audit(database.system).prove(SITE)
    assert (proven.lines, proven.fault) == (1, None)
    async with database.transaction(new_id()) as transaction:
        assert await transaction.driver.fetchval("SELECT count(*) FROM audit_log") == 0
