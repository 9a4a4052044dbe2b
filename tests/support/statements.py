"""What a block asks of the database, and that somebody waits there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event

from overprint.db.database import Database, Transaction


@asynccontextmanager
async def statements(transaction: Transaction) -> AsyncIterator[list[str]]:
    """The statements that are sent while the block runs; complete when it has ended."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(transaction.sql.sync_connection, "before_cursor_execute", note)
    try:
        with transaction.driver.query_logger(lambda record: sent.append(record.query)):
            yield sent
            await asyncio.sleep(0)  # the driver tells of a statement in the next turn of the loop
    finally:
        event.remove(transaction.sql.sync_connection, "before_cursor_execute", note)


_WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()
"""


async def until_it_waits(database: Database, work: asyncio.Task[Any]) -> None:
    """Until ``work`` waits for a lock. Fails if it ends instead."""
    async with asyncio.timeout(30):
        while not await database.system.fetchval(_WAITING):
            assert not work.done(), "it did not wait"
            await asyncio.sleep(0.01)
