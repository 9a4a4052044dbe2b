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
VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT (provider, event_id) DO UPDATE SET due_at = excluded.due_at, tries = 0, error = NULL
WHERE payment_events.due_at IS NULL AND payment_events.error IS NOT NULL RETURNING event_id
"""


async def keep_event(pool: asyncpg.Pool, provider: str, event: Event, body: bytes, now: datetime) -> bool:
    """Store what was told, as it came; whether it is new. What was given up is told anew by who sends it again."""
    made = await pool.fetchval(_KEEP_EVENT, provider, event.id, event.type, event.object_id, body, now)
    return made is not None


# By ``=``, so that one is chosen once: with ``IN`` the database may choose anew for each row, and so take them all.
_TAKE_EVENT = """
UPDATE payment_events SET tries = tries + 1, due_at = $3
WHERE (provider, event_id) = (
    SELECT provider, event_id FROM payment_events WHERE due_at <= $2 AND provider = $1
    ORDER BY due_at, received_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING provider, event_id, type, object_id, tries
"""


async def take_event(pool: asyncpg.Pool, provider: str, now: datetime, lease: timedelta) -> Row | None:
    """An event that is due, taken for ``lease``: who dies with it leaves it to the next."""
    return await pool.fetchrow(_TAKE_EVENT, provider, now, now + lease)


_END_EVENT = """
UPDATE payment_events SET due_at = $3, error = $4, processed_at = $5,
    body = CASE WHEN $3::timestamptz IS NULL THEN '' ELSE body END
WHERE provider = $1 AND event_id = $2
"""


async def end_event(
    pool: asyncpg.Pool, event: Row, *, due_at: datetime | None, error: str | None, processed_at: datetime | None
) -> None:
    """What was told is kept until it was acted on: it holds names and addresses of people."""
    await pool.execute(_END_EVENT, event["provider"], event["event_id"], due_at, error, processed_at)


_GIVEN_UP = """
SELECT count(*) AS count, (array_agg(type || ' ' || object_id || ': ' || error ORDER BY received_at DESC))[1] AS last
FROM payment_events WHERE provider = $1 AND due_at IS NULL AND error IS NOT NULL
"""


async def given_up(pool: asyncpg.Pool, provider: str) -> tuple[int, str]:
    """How much that was told could not be acted on and is not tried any more, and the last of it, with why. System
    role."""
    found = await pool.fetchrow(_GIVEN_UP, provider)
    return found["count"], found["last"] or ""


async def looked_until(pool: asyncpg.Pool, provider: str) -> datetime | None:
    """Until when this provider was asked what it told of payments. System role."""
    found: datetime | None = await pool.fetchval("SELECT looked_until FROM payment_looks WHERE provider = $1", provider)
    return found


_LOOKED = """
INSERT INTO payment_looks (provider, looked_until) VALUES ($1, $2)
ON CONFLICT (provider) DO UPDATE SET looked_until = GREATEST(payment_looks.looked_until, excluded.looked_until)
"""


async def note_looked(pool: asyncpg.Pool, provider: str, until: datetime) -> None:
    """System role."""
    await pool.execute(_LOOKED, provider, until)


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


async def team_of_subscription(pool: asyncpg.Pool, provider: str, subscription_id: str) -> UUID | None:
    """System role."""
    found: UUID | None = await pool.fetchval(
        "SELECT team_id FROM subscriptions WHERE provider = $1 AND subscription_id = $2", provider, subscription_id
    )
    return found


async def has_plan_by(pool: asyncpg.Pool, provider: str, subscription_id: str) -> bool:
    """Whether a team has its plan by this subscription. System role."""
    return bool(
        await pool.fetchval(
            "SELECT EXISTS (SELECT FROM subscriptions WHERE provider = $1 AND subscription_id = $2"
            " AND plan IS NOT NULL)",
            provider,
            subscription_id,
        )
    )


_OVERDUE = """
(SELECT s.subscription_id FROM subscriptions s
WHERE s.provider = $1 AND s.subscription_id IS NOT NULL AND s.plan IS NOT NULL AND (
    s.past_due_since <= $2 OR (s.updated_at <= $3 AND (s.period_end <= $3 OR (
        s.status IN ('active', 'trialing') AND s.latest_invoice_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM invoices i
            WHERE i.provider = $1 AND i.invoice_id = s.latest_invoice_id AND i.paid_at IS NOT NULL)))))
ORDER BY s.updated_at LIMIT 500)
UNION ALL (
    SELECT s.subscription_id FROM subscriptions s
    WHERE s.provider = $1 AND s.plan IS NULL AND s.status IN ('past_due', 'unpaid') AND s.updated_at <= $4
    ORDER BY s.updated_at LIMIT 500)
"""


async def list_overdue(
    pool: asyncpg.Pool, provider: str, unpaid_since: datetime, unheard_since: datetime, lapsed_since: datetime
) -> list[str]:
    """Subscriptions that have their plan and were not paid for as long; or that nobody looked at for a while, though
    their period is over, or though nothing is known to be paid of what they were billed last. And those that lost their
    plan, which may be paid all the same, if nobody looked at them since ``lapsed_since``. System role."""
    rows = await pool.fetch(_OVERDUE, provider, unpaid_since, unheard_since, lapsed_since)
    return [row["subscription_id"] for row in rows]


_LEFT = """
SELECT team_id FROM subscriptions WHERE provider <> $1 AND period_end <= $2 AND plan IS NOT NULL LIMIT 500
"""


async def teams_left_by_providers(pool: asyncpg.Pool, provider: str, since: datetime) -> list[UUID]:
    """Teams that have a plan by another provider, which nobody asks any more, for a period that ended before then.
    System role."""
    return [row["team_id"] for row in await pool.fetch(_LEFT, provider, since)]


async def find_subscription(driver: asyncpg.Connection, team_id: UUID) -> Row | None:
    return await driver.fetchrow("SELECT * FROM subscriptions WHERE team_id = $1", team_id)


async def hold_subscription(driver: asyncpg.Connection, team_id: UUID) -> Row | None:
    """Nobody else changes it before this transaction ends."""
    return await driver.fetchrow("SELECT * FROM subscriptions WHERE team_id = $1 FOR UPDATE", team_id)


async def begin_turn(driver: asyncpg.Connection, team_id: UUID) -> None:
    """Somebody changes what the team pays for: whoever read it before did not see that."""
    await driver.execute("UPDATE subscriptions SET turns = turns + 1 WHERE team_id = $1", team_id)


_KEEP_CUSTOMER = """
INSERT INTO subscriptions (team_id, provider, customer_id, updated_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (team_id) DO UPDATE SET provider = excluded.provider, customer_id = excluded.customer_id,
    subscription_id = NULL, plan = NULL, plan_version = NULL, status = 'none', period_start = NULL, period_end = NULL,
    ends_at_period_end = false, next_plan = NULL, past_due_since = NULL, latest_invoice_id = NULL,
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
    latest_invoice_id = $12,
    trial_at = CASE WHEN $5 = 'trialing' THEN COALESCE(trial_at, $10) ELSE trial_at END
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
    """How it stands. ``plan`` is what the team has by it, if it has."""
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
        found.latest_invoice_id,
    )


_TRIALS = """
SELECT team_id, plan, plan_version, next_plan, period_end FROM subscriptions
WHERE status = 'trialing' AND plan IS NOT NULL AND trial_told_at IS NULL AND period_end <= $1
    AND NOT ends_at_period_end LIMIT 100
"""


async def list_ending_trials(pool: asyncpg.Pool, until: datetime) -> list[Row]:
    """Trials that end by then and may go on as paid months, of teams that were not told. System role."""
    return list(await pool.fetch(_TRIALS, until))


async def note_trial_told(driver: asyncpg.Connection, team_id: UUID, now: datetime) -> bool:
    """False if it was told already."""
    query = "UPDATE subscriptions SET trial_told_at = $2 WHERE team_id = $1 AND trial_told_at IS NULL RETURNING true"
    return bool(await driver.fetchval(query, team_id, now))


_DOUBLED = """
UPDATE subscriptions SET doubled_id = $2 WHERE team_id = $1 AND doubled_id IS DISTINCT FROM $2 RETURNING true
"""


async def note_doubled(driver: asyncpg.Connection, team_id: UUID, subscription_id: str) -> bool:
    """That a second subscription was ended; False if that was noted already."""
    return bool(await driver.fetchval(_DOUBLED, team_id, subscription_id))


async def end_plan(driver: asyncpg.Connection, team_id: UUID, now: datetime) -> None:
    """The team has no plan by its subscription any more."""
    await driver.execute(
        "UPDATE subscriptions SET plan = NULL, plan_version = NULL, status = 'cancelled', updated_at = $2"
        " WHERE team_id = $1",
        team_id,
        now,
    )


async def closed_at(driver: asyncpg.Connection, team_id: UUID) -> datetime | None:
    """When the team was closed; None while it is there. Nobody closes it before this transaction ends."""
    found: datetime | None = await driver.fetchval("SELECT closed_at FROM teams WHERE id = $1 FOR SHARE", team_id)
    return found


_PAYING = "s.plan IS NOT NULL OR s.status IN ('trialing', 'active', 'past_due', 'unpaid')"
_CLOSED_PAYING = f"""
SELECT s.team_id FROM subscriptions s JOIN teams t ON t.id = s.team_id AND t.closed_at IS NOT NULL
WHERE s.provider = $1 AND ({_PAYING} OR EXISTS (
    SELECT FROM checkouts c
    WHERE c.team_id = s.team_id AND c.provider = $1 AND c.due_at IS NOT NULL AND c.sent_at IS NULL)) LIMIT 100
"""


async def closed_teams_that_pay(pool: asyncpg.Pool, provider: str) -> list[UUID]:
    """Closed teams with a subscription that has not ended, or a page where they could pay; not one whose payment a bank
    works on, which nobody can end. System role."""
    return [row["team_id"] for row in await pool.fetch(_CLOSED_PAYING, provider)]


_IS_PAYING = f"""
SELECT EXISTS (SELECT FROM subscriptions s
               WHERE s.team_id = $1 AND (s.plan IS NOT NULL OR (s.provider = $2 AND ({_PAYING}))))
    OR EXISTS (SELECT FROM checkouts c WHERE c.team_id = $1 AND c.provider = $2 AND c.due_at IS NOT NULL)
"""


async def is_paying(pool: asyncpg.Pool, team_id: UUID, provider: str) -> bool:
    """Whether the team has a subscription that has not ended, or a page whose payment may still come; of another
    provider, whom nobody asks, a plan by it. System role."""
    return bool(await pool.fetchval(_IS_PAYING, team_id, provider))
