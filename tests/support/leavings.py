"""What a test leaves on the loop that all tests share."""

import asyncio

from overprint.core.tasks import end_tasks

# A connection that was just closed, or a queue that was just left, needs a few turns of the loop.
TURNS = 20


async def end_all() -> list[str]:
    """Ends all others that still work on this loop, and says what they are."""
    for _ in range(TURNS):
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if not left:
            return []
        await asyncio.sleep(0)
    await end_tasks(*left)
    return sorted(str(task.get_coro()) for task in left)
