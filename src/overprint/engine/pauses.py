"""Providers that only the operator can mend are paused: nobody asks them until somebody who mended them says so.

A pause is of one port's provider: who writes may be unusable while who draws, under the same name, is not. It begins
with an answer of the provider itself, and is lifted when a worker with that provider starts. Meanwhile the steps that
would ask it wait, for a day at most. A pause that nobody lifts is of a provider that nobody has any more, and is
forgotten in the end; if somebody has it, the next answer begins it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
import structlog

from overprint.db.database import patiently
from overprint.engine import queue
from overprint.ports.errors import Misconfigured
from overprint.ports.provider import Provider

REASON_MAX_CHARACTERS = 500
WAITING = "paused"
FORGOTTEN_AFTER = timedelta(days=30)
_log = structlog.get_logger(__name__)


class Paused(Misconfigured):
    """This call was refused, or not made at all, until the operator has mended the provider's settings."""


def place_of(port: str, provider: Provider) -> str:
    """What a provider does for us, by name: ``text:openai``. Limits and pauses are counted by it."""
    return f"{port}:{provider.name}"


@dataclass(frozen=True, slots=True)
class Pause:
    """``place`` as ``place_of`` says it."""

    place: str
    reason: str
    since: datetime

    @property
    def words(self) -> str:
        """For operators: what is so, and since when."""
        port, _, name = self.place.partition(":")
        return f"The {port} provider {name} is paused since {self.since:%Y-%m-%d %H:%M} UTC: {self.reason}"

    @property
    def cure(self) -> str:
        """For operators: how to lift it."""
        port = self.place.partition(":")[0].upper()
        return f"Mend the OVERPRINT_{port}_ settings, then start `overprint up` or `overprint worker` again."


_BEGIN = """
INSERT INTO provider_pauses (provider, reason) VALUES ($1, $2) ON CONFLICT (provider) DO NOTHING
RETURNING provider, reason, since
"""


async def begin(pool: asyncpg.Pool, place: str, reason: str) -> None:
    """Pause a provider; if it was not paused yet, the log alerts the operator."""
    row = await patiently(lambda: pool.fetchrow(_BEGIN, place, reason[:REASON_MAX_CHARACTERS]))
    if row is not None:
        pause = Pause(row["provider"], row["reason"], row["since"])
        _log.error("a provider is paused", provider=place, reason=pause.reason, next_step=pause.cure)


async def find_reason(pool: asyncpg.Pool, place: str) -> str | None:
    """Why a provider is paused; None if it is not."""
    reason: str | None = await patiently(
        lambda: pool.fetchval("SELECT reason FROM provider_pauses WHERE provider = $1", place)
    )
    return reason


async def read_pauses(pool: asyncpg.Pool) -> list[Pause]:
    """All of them, by name."""
    rows = await pool.fetch("SELECT provider, reason, since FROM provider_pauses ORDER BY provider")
    return [Pause(row["provider"], row["reason"], row["since"]) for row in rows]


async def forget(pool: asyncpg.Pool, before: datetime) -> None:
    """Drop the pauses that began before then."""
    await pool.execute("DELETE FROM provider_pauses WHERE since < $1", before)


_LIFT = "DELETE FROM provider_pauses WHERE provider = ANY($1) RETURNING provider"
# The jobs' rows before their steps, as everybody does who holds more than one.
_HASTEN = f"""
WITH held AS MATERIALIZED (
    SELECT id FROM jobs WHERE id IN (SELECT job_id FROM steps WHERE state = 'ready' AND error_kind = '{WAITING}')
    ORDER BY id FOR NO KEY UPDATE),
waiting AS (
    UPDATE steps SET not_before = now() FROM held
    WHERE job_id = held.id AND state = 'ready' AND error_kind = '{WAITING}'
    RETURNING job_id || ':' || key AS entry)
UPDATE pgqueuer SET execute_after = now() FROM waiting
WHERE pgqueuer.dedupe_key = waiting.entry AND pgqueuer.status = 'queued'
"""


async def lift(pool: asyncpg.Pool, providers: Mapping[str, Provider]) -> None:
    """Ask these providers, by port, again, at once for the steps that wait for it. All others stay paused."""
    places = [place_of(port, provider) for port, provider in providers.items()]
    lifted = await patiently(lambda: pool.fetch(_LIFT, places))
    for row in lifted:
        _log.info("a provider is asked again", provider=row["provider"])
    if lifted:
        await patiently(lambda: pool.execute(_HASTEN))
        await patiently(lambda: pool.execute("SELECT pg_notify($1, $2)", queue.CHANNEL, queue.WAKE_PAYLOAD))
