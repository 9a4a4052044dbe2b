"""The end of accounts for good: names and addresses go when an account is closed, and some time later the rest."""

from datetime import timedelta

from overprint.engine.schedule import ScheduleContext
from overprint.features.accounts.store import people
from overprint.features.audit import record_by_system

BATCH = 100


async def purge(context: ScheduleContext, kept: timedelta) -> None:
    """Delete people whose account was closed for ``kept``, with sessions, keys and all that refers to them. The audit
    log keeps their ids."""
    before = context.clock.now() - kept
    gone = True
    while gone and context.has_time:
        async with context.database.system_transaction() as connection:
            gone_ids = await people.delete_closed(connection, before, BATCH)
            for person_id in gone_ids:
                await record_by_system(connection, None, "person.purged", "person", person_id)
        gone = bool(gone_ids)
