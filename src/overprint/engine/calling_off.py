"""Tasks that a provider still works on for a step that has ended without them: it is told, so that it can stop.

Nothing depends on that: a provider that cannot be told goes on, and what its task may have cost is booked all the same.
"""

import asyncio
from uuid import UUID

import asyncpg
import structlog

from overprint.engine.context import Ports
from overprint.ports.video import TaskVideoPort

PATIENCE_SECONDS = 10.0
_ACCEPTED = """
SELECT provider, task_id FROM step_calls
WHERE job_id = $1 AND key = $2 AND state = 'begun' AND task_id IS NOT NULL
"""
_log = structlog.get_logger(__name__)


async def call_off(pool: asyncpg.Pool, ports: Ports, job_id: UUID, key: str) -> None:
    """Tell the providers of the step's accepted tasks that nobody waits for them. Raises nothing."""
    port = ports.video
    if not isinstance(port, TaskVideoPort):
        return
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            for row in await pool.fetch(_ACCEPTED, job_id, key):
                if row["provider"] == port.provider.name:
                    await port.cancel(row["task_id"])
    except Exception as error:
        _log.warning("a task could not be called off", job_id=str(job_id), step=key, error=str(error))
