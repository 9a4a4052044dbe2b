"""Ending background tasks, for good."""

import asyncio
from typing import Any

AGAIN_SECONDS = 1.0


async def end_tasks(*tasks: "asyncio.Task[Any]", again_seconds: float = AGAIN_SECONDS) -> None:
    """Cancel ``tasks`` and wait until they have ended; what they raise is dropped.

    A cancel can be lost: ``asyncio.wait_for`` of Python 3.11 swallows one that comes in the moment its inner task ends.
    So it is repeated every ``again_seconds``, which must be longer than the tasks need to tidy up.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=again_seconds)
    await asyncio.gather(*tasks, return_exceptions=True)
