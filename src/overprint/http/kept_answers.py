"""What was answered to a request under an Idempotency-Key.

The key is claimed in the transaction that does the work, and the answer is kept there too. So whoever comes with the
same key meanwhile waits for that transaction: if it is committed they get its answer, and if it broke off they do the
work. Jobs do not need this: they carry their key themselves. Nor may it hold what is shown only once, such as a key.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from overprint.core.codec import Json
from overprint.db.database import Transaction
from overprint.engine.schedule import Every, Schedule, ScheduleContext

KEPT = timedelta(days=2)
ROWS_PER_BATCH = 5000

_CLAIM = """
INSERT INTO kept_answers (team_id, key, request) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true
"""
# A statement of its own: only a later one sees what the claim waited for.
_FIND = "SELECT request, answer FROM kept_answers WHERE team_id = $1 AND key = $2"
_KEEP = "UPDATE kept_answers SET answer = $3::jsonb WHERE team_id = $1 AND key = $2"
_FORGET = """
DELETE FROM kept_answers WHERE (team_id, key) IN (
    SELECT team_id, key FROM kept_answers WHERE made_at < $1 ORDER BY made_at LIMIT $2)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """``request`` is a digest of all that was asked for."""

    request: str
    answer: Json


async def claim(transaction: Transaction, key: str, request: str) -> Kept | None:
    """What was answered under this key; None when the key is ours now, and the work ours to do."""
    driver, team_id = transaction.driver, transaction.team_id
    while not await driver.fetchval(_CLAIM, team_id, key, request):
        kept = await driver.fetchrow(_FIND, team_id, key)
        if kept is not None:
            return Kept(kept["request"], kept["answer"])
        # It was forgotten in this very moment.
    return None


async def keep(transaction: Transaction, key: str, answer: Json) -> None:
    await transaction.driver.execute(_KEEP, transaction.team_id, key, json.dumps(answer))


async def purge(connection: asyncpg.Connection, team_id: UUID) -> None:
    """Forget all answers to a team. System role."""
    await connection.execute("DELETE FROM kept_answers WHERE team_id = $1", team_id)


def forgetting() -> Schedule:
    """Forgets answers that nobody asks for again."""

    async def forget(context: ScheduleContext) -> None:
        before = context.clock.now() - KEPT
        while context.has_time:
            if await context.database.system.execute(_FORGET, before, ROWS_PER_BATCH) == "DELETE 0":
                return

    return Schedule("http.kept_answers", Every(timedelta(hours=1)), forget)
