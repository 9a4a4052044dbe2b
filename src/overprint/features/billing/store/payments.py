"""SQL about who pays, by which subscription, and what providers told. Events are the system role's."""

from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.features.billing.rules.plans import Plan
from overprint.ports.payments import Event, Subscription

Row: TypeAlias = Any

_KEEP_EVENT = """
INSERT INTO payment_events (provider, event_id, type, object_id, body, received_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING RETURNING event_id
"""


async def keep_event(pool: asyncpg.Pool, provider: str, event: Event, body: bytes, now: datetime) -> bool:
    """Store what was told, as it came; whether it is new."""
    made = await pool.fetchval(_KEEP_EVENT, provider, event.id, event.type, event.object_id, body, now)
    return made is not None


_TAKE_EVENT = """
UPDATE payment_events SET tries = tries + 1, due_at = $3
WHERE (provider, event_id) IN (
    SELECT provider, event_id FROM payment_events WHERE due_at <= $2 AND provider = $1
    ORDER BY due_at, received_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING provider, event_id, type, object_id, tries
"""


async def take_event(pool: asyncpg.Pool, provider: str, now: datetime, lease: timedelta) -> Row | None:
    """An event that is due, taken for ``lease``: who dies with it leaves it to the next."""
    return await pool.fetchrow(_TAKE_EVENT, provider, now, now + lease)


_END_EVENT = """
UPDATE payment_events SET due_at = $3, error = $4, processed_at = $5 WHERE provider = $1 AND event_id = $2
"""


async def end_event(
    pool: asyncpg.Pool, event: Row, *, due_at: datetime | None, error: str | None, processed_at: datetime | None
) -> None:
    await pool.execute(_END_EVENT, event["provider"], event["event_id"], due_at, error, processed_at)


_FORGET_EVENTS = """
DELETE FROM payment_events WHERE (provider, event_id) IN (
    SELECT provider, event_id FROM payment_events WHERE received_at < $1 AND due_at IS NULL LIMIT $2)
"""


async def forget_events(pool: asyncpg.Pool, before: datetime, at_most: int) -> int:
    """Delete what was told before then and is over with; how many that were."""
    done: str = await pool.execute(_FORGET_EVENTS, before, at_most)
    return int(done.rpartition(" ")[2])


async def team_of_customer(pool: asyncpg.Pool, provider: str, customer_id: str) -> UUID | None:
    """System role."""
    found: UUID | None = await pool.fetchval(
        "SELECT team_id FROM subscriptions WHERE provider = $1 AND customer_id = $2", provider, customer_id
    )
    return found


async def team_with_plan_by(pool: asyncpg.Pool, provider: str, subscription_id: str) -> UUID | None:
    """The team that has its plan by this subscription. System role."""
    found: UUID | None = await pool.fetchval(
        "SELECT team_id FROM subscriptions WHERE provider = $1 AND subscription_id = $2 AND plan IS NOT NULL",
        provider,
        subscription_id,
    )
    return found


_OVERDUE = """
SELECT subscription_id FROM subscriptions
WHERE provider = $1 AND (past_due_since <= $2 OR period_end <= $2) AND subscription_id IS NOT NULL
  AND plan IS NOT NULL LIMIT 500
"""


async def list_overdue(pool: asyncpg.Pool, provider: str, since: datetime) -> list[str]:
    """Subscriptions that were not paid since then and still have their plan, or whose period ended before then without
    any news of it. System role."""
    return [row["subscription_id"] for row in await pool.fetch(_OVERDUE, provider, since)]


_LEFT = """
SELECT team_id FROM subscriptions WHERE provider <> $1 AND period_end <= $2 AND plan IS NOT NULL LIMIT 500
"""


async def teams_left_by_providers(pool: asyncpg.Pool, provider: str, since: datetime) -> list[UUID]:
    """Teams that have a plan by another provider, which nobody asks any more, for a period that ended before then.
    System role."""
    return [row["team_id"] for row in await pool.fetch(_LEFT, provider, since)]


async def find_subscription(driver: asyncpg.Connection, team_id: UUID) -> Row | None:
    return await driver.fetchrow("SELECT * FROM subscriptions WHERE team_id = $1", team_id)


_KEEP_CUSTOMER = """
INSERT INTO subscriptions (team_id, provider, customer_id, updated_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (team_id) DO UPDATE SET provider = excluded.provider, customer_id = excluded.customer_id,
    subscription_id = NULL, plan = NULL, plan_version = NULL, status = 'none', period_start = NULL, period_end = NULL,
    ends_at_period_end = false, next_plan = NULL, past_due_since = NULL, checkout_key = NULL, checkout_id = NULL,
    updated_at = excluded.updated_at
WHERE subscriptions.provider <> excluded.provider
"""


async def keep_customer(
    driver: asyncpg.Connection, team_id: UUID, provider: str, customer_id: str, now: datetime
) -> None:
    await driver.execute(_KEEP_CUSTOMER, team_id, provider, customer_id, now)


_KEEP_SUBSCRIPTION = """
UPDATE subscriptions SET subscription_id = $2, plan = $3, plan_version = $4, status = $5, period_start = $6,
    period_end = $7, ends_at_period_end = $8, past_due_since = $9, updated_at = $10, next_plan = $11,
    checkout_key = CASE WHEN $3::text IS NULL THEN checkout_key END,
    checkout_id = CASE WHEN $3::text IS NULL THEN checkout_id END
WHERE team_id = $1
"""


async def keep_subscription(
    driver: asyncpg.Connection,
    team_id: UUID,
    found: Subscription,
    *,
    plan: Plan | None,
    past_due_since: datetime | None,
    now: datetime,
) -> None:
    """How it stands. ``plan`` is what the team has by it, if it has: then no page to pay for one is waited for."""
    await driver.execute(
        _KEEP_SUBSCRIPTION,
        team_id,
        found.id,
        plan.key if plan else None,
        plan.version if plan else None,
        str(found.standing),
        found.period_start,
        found.period_end,
        found.ends_at_period_end,
        past_due_since,
        now,
        found.next_plan,
    )


async def end_plan(driver: asyncpg.Connection, team_id: UUID, now: datetime) -> None:
    """The team has no plan by its subscription any more."""
    await driver.execute(
        "UPDATE subscriptions SET plan = NULL, plan_version = NULL, status = 'cancelled', updated_at = $2"
        " WHERE team_id = $1",
        team_id,
        now,
    )


async def claim_checkout(driver: asyncpg.Connection, team_id: UUID, key: str) -> Row:
    """From now on the page under ``key`` is the one where the team may pay for a plan. Answers how it stood before."""
    before = await driver.fetchrow("SELECT * FROM subscriptions WHERE team_id = $1 FOR UPDATE", team_id)
    if before["checkout_key"] != key:
        await driver.execute(
            "UPDATE subscriptions SET checkout_key = $2, checkout_id = NULL WHERE team_id = $1", team_id, key
        )
    return before


async def keep_checkout(driver: asyncpg.Connection, team_id: UUID, key: str, checkout_id: str) -> bool:
    """Note the page that was opened under ``key``; False if somebody claimed another meanwhile."""
    kept = await driver.fetchval(
        "UPDATE subscriptions SET checkout_id = $3 WHERE team_id = $1 AND checkout_key = $2 RETURNING true",
        team_id,
        key,
        checkout_id,
    )
    return kept is not None


_PAYING = "s.plan IS NOT NULL OR s.status IN ('trialing', 'active', 'past_due', 'unpaid')"
_CLOSED_PAYING = f"""
SELECT s.team_id FROM subscriptions s JOIN teams t ON t.id = s.team_id AND t.closed_at IS NOT NULL
WHERE s.provider = $1 AND (s.checkout_id IS NOT NULL OR {_PAYING}) LIMIT 100
"""


async def closed_teams_that_pay(pool: asyncpg.Pool, provider: str) -> list[UUID]:
    """Closed teams with a subscription that has not ended, or a page where they could begin one. System role."""
    return [row["team_id"] for row in await pool.fetch(_CLOSED_PAYING, provider)]


_IS_PAYING = f"""
SELECT EXISTS (SELECT FROM subscriptions s
               WHERE s.team_id = $1 AND (s.plan IS NOT NULL OR (s.provider = $2 AND ({_PAYING}))))
"""


async def is_paying(pool: asyncpg.Pool, team_id: UUID, provider: str) -> bool:
    """Whether the team has a subscription that has not ended; of another provider, whom nobody asks, a plan by it.
    System role."""
    return bool(await pool.fetchval(_IS_PAYING, team_id, provider))


async def forget_checkout(driver: asyncpg.Connection, team_id: UUID) -> None:
    """The page where the team could pay is closed."""
    await driver.execute("UPDATE subscriptions SET checkout_key = NULL, checkout_id = NULL WHERE team_id = $1", team_id)
