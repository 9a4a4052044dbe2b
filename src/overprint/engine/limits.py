"""How often and how many at a time a provider may be called, over all workers.

Rate: a token bucket in one statement on an unlogged table. Concurrency: numbered slots with a lease that their holder
renews, so that a dead worker's slots come free by themselves. Who would wait long is told to come back instead, so
that waiting takes no place in a worker and no time of the step's own.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import asyncpg

from overprint.db.database import passing_over, patiently
from overprint.ports.errors import Busy

SLOT_LEASE_SECONDS = 60.0
PATIENCE_SECONDS = 30.0
COME_BACK_SECONDS = 5.0
WAIT_MIN_SECONDS, WAIT_MAX_SECONDS = 0.05, 1.0


@dataclass(frozen=True, slots=True)
class ProviderLimits:
    """``per_second`` calls on average with bursts of ``burst``; at most ``at_once`` at the same time."""

    per_second: float = 10.0
    burst: int = 10
    at_once: int = 8


_LEFT = "LEAST($3::float, b.tokens + $2::float * GREATEST(0, EXTRACT(EPOCH FROM clock_timestamp() - b.at))::float)"
_TAKE = f"""
INSERT INTO rate_buckets AS b (name, tokens, at) VALUES ($1, $3::float - 1, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET tokens = {_LEFT} - 1, at = clock_timestamp()
    WHERE {_LEFT} - 1 >= -$2::float * $4::float
RETURNING tokens
"""


async def wait_for_rate(
    pool: asyncpg.Pool, name: str, limits: ProviderLimits, *, patience_seconds: float = PATIENCE_SECONDS
) -> None:
    """Take one token. The bucket may go negative: its depth is how long this caller has to wait.

    Raises ``Busy`` if that were longer than ``patience_seconds``; then no token was taken.
    """
    values = (name, limits.per_second, float(limits.burst), patience_seconds)
    tokens = await patiently(lambda: pool.fetchval(_TAKE, *values))
    if tokens is None:
        raise Busy(f"Others wait for {name}.", provider=name, retry_after_seconds=patience_seconds / 2)
    if tokens < 0:
        await asyncio.sleep(-tokens / limits.per_second)


# A slot that an earlier attempt of the same step left behind is taken over at once. Holders are "attempt@step".
_LEFT_BEHIND = "({0}.holder <> $3 AND substr({0}.holder, strpos({0}.holder, '@')) = substr($3, strpos($3, '@')))"
_SEIZE = f"""
INSERT INTO provider_slots AS s (provider, slot, holder, until)
SELECT $1, n, $3, now() + $4::float * interval '1 s' FROM generate_series(0, $2 - 1) AS n
WHERE NOT EXISTS (
    SELECT 1 FROM provider_slots t
    WHERE t.provider = $1 AND t.slot = n AND t.until > now() AND NOT {_LEFT_BEHIND.format("t")})
ORDER BY n LIMIT 1
ON CONFLICT (provider, slot) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE s.until <= now() OR {_LEFT_BEHIND.format("s")}
RETURNING slot
"""
_RENEW = """
UPDATE provider_slots SET until = now() + $4::float * interval '1 s'
WHERE provider = $1 AND slot = $2 AND holder = $3
"""
_RELEASE = "DELETE FROM provider_slots WHERE provider = $1 AND slot = $2 AND holder = $3"


@asynccontextmanager
async def provider_slot(
    pool: asyncpg.Pool,
    provider: str,
    holder: str,
    limits: ProviderLimits,
    *,
    lease_seconds: float = SLOT_LEASE_SECONDS,
    patience_seconds: float = PATIENCE_SECONDS,
) -> AsyncIterator[None]:
    """Hold one of the provider's slots while the block runs. Waits until one is free; ``Busy`` if that takes long.

    ``holder`` is "attempt@step".
    """
    slot = await _seize(pool, provider, holder, limits, lease_seconds, patience_seconds)
    renewing = asyncio.create_task(_renew(pool, provider, slot, holder, lease_seconds))
    try:
        yield
    finally:
        renewing.cancel()
        with passing_over("giving a provider's slot back"):  # its lease runs out, then
            await pool.execute(_RELEASE, provider, slot, holder)


async def _seize(
    pool: asyncpg.Pool,
    provider: str,
    holder: str,
    limits: ProviderLimits,
    lease_seconds: float,
    patience_seconds: float,
) -> int:
    seize = partial(pool.fetchval, _SEIZE, provider, limits.at_once, holder, lease_seconds)
    waited_seconds, wait_seconds = 0.0, WAIT_MIN_SECONDS
    while waited_seconds <= patience_seconds:
        slot: int | None = await patiently(seize)
        if slot is not None:
            return slot
        await asyncio.sleep(wait_seconds)
        waited_seconds += wait_seconds
        wait_seconds = min(wait_seconds * 1.5, WAIT_MAX_SECONDS)
    raise Busy(f"{provider} has no room for another call.", provider=provider, retry_after_seconds=COME_BACK_SECONDS)


async def _renew(pool: asyncpg.Pool, provider: str, slot: int, holder: str, lease_seconds: float) -> None:
    while True:
        await asyncio.sleep(lease_seconds / 3)
        with passing_over("keeping a provider's slot"):
            await pool.execute(_RENEW, provider, slot, holder, lease_seconds)
