"""What a test leaves on the loop that all tests share."""

import asyncio

from overprint.core.tasks import end_tasks

# A connection that was just closed, or a queue that was just left, needs a while.
PATIENCE_SECONDS = 30.0


async def end_all(patience_seconds: float = PATIENCE_SECONDS) -> list[str]:
    """Ends all others that still work on this loop and do not end by themselves, and says what they are."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        _, left = await asyncio.wait(left, timeout=patience_seconds)
    await end_tasks(*left)
    return sorted(str(task.get_coro()) for task in left)
