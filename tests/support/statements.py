"""What a block asks of the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from overprint.db.database import Transaction


@asynccontextmanager
async def statements(transaction: Transaction) -> AsyncIterator[list[str]]:
    """The statements that are sent while the block runs; complete when it has ended."""
    sent: list[str] = []
    with transaction.driver.query_logger(lambda record: sent.append(record.query)):
        yield sent
        await asyncio.sleep(0)  # the driver tells of a statement in the next turn of the loop
