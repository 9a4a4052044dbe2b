"""Opening what needs a database that is killed and begun again meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from overprint.core.problems import Unavailable
from overprint.db.database import is_passing

T = TypeVar("T")
THERE_WITHIN_SECONDS = 60


async def until_there(opening: Callable[[], Awaitable[T]]) -> T:
    """What ``opening`` answers as soon as the database does, which is killed and begun again."""
    async with asyncio.timeout(THERE_WITHIN_SECONDS):
        while True:
            try:
                return await opening()
            except Exception as error:
                if not (isinstance(error, Unavailable) or is_passing(error)):
                    raise
                await asyncio.sleep(0.1)
