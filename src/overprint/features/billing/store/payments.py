"""SQL about who pays, what they paid, and what providers told. Events are the system role's; the rest is the team's."""

from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id
from overprint.features.billing.rules.plans import Plan
from overprint.ports.payments import Event, Invoice, Subscription

Row: TypeAlias = Any
_BEYOND_ALL = UUID(int=2**128 - 1)

_KEEP_EVENT = """
INSERT INTO payment_events (provider, event_id, type, object_id, body, received_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING RETURNING event_id
"""


async def keep_event(pool: asyncpg.Pool, provider: str, event: Event, body: bytes, now: datetime) -> bool:
    """Store what was told, as it came; whether it is new."""
    made = await pool.fetchval(_KEEP_EVENT, provider, event.id, event.type, event.object_id, body, now)
    return made is not None


_TAKE_EVENT = """
UPDATE payment_events SET tries = tries + 1, due_at = $2
WHERE (provider, event_id) IN (
    SELECT provider, event_id FROM payment_events WHERE due_at <= $1
    ORDER BY due_at, received_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING provider, event_id, type, object_id, tries
"""


async def take_event(pool: asyncpg.Pool, now: datetime, lease: timedelta) -> Row | None:
    """An event that is due, taken for ``lease``: who dies with it leaves it to the next."""
    return await pool.fetchrow(_TAKE_EVENT, now, now + lease)


_END_EVENT = """
UPDATE payment_events SET due_at = $3, error = $4, processed_at = $5 WHERE provider = $1 AND event_id = $2
"""


async def end_event(
    pool: asyncpg.Pool, event: Row, *, due_at: datetime | None, error: str | None, processed_at: datetime | None
) -> None:
    await pool.execute(_END_EVENT, event["provider"], event["event_id"], due_at, error, processed_at)


async def team_of_customer(pool: asyncpg.Pool, provider: str, customer_id: str) -> UUID | None:
    """System role."""
    found: UUID | None = await pool.fetchval(
        "SELECT team_id FROM subscriptions WHERE provider = $1 AND customer_id = $2", provider, customer_id
    )
    return found


_PAST_DUE = """
SELECT subscription_id FROM subscriptions
WHERE provider = $1 AND past_due_since <= $2 AND subscription_id IS NOT NULL AND plan IS NOT NULL LIMIT 500
"""


async def subscriptions_past_grace(pool: asyncpg.Pool, provider: str, since: datetime) -> list[str]:
    """Subscriptions that were not paid since then and still have their plan. System role."""
    return [row["subscription_id"] for row in await pool.fetch(_PAST_DUE, provider, since)]


async def find_subscription(driver: asyncpg.Connection, team_id: UUID) -> Row | None:
    return await driver.fetchrow("SELECT * FROM subscriptions WHERE team_id = $1", team_id)


_KEEP_CUSTOMER = """
INSERT INTO subscriptions (team_id, provider, customer_id, updated_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (team_id) DO UPDATE SET provider = excluded.provider, customer_id = excluded.customer_id,
    subscription_id = NULL, plan = NULL, plan_version = NULL, status = 'none', period_start = NULL, period_end = NULL,
    ends_at_period_end = false, past_due_since = NULL, updated_at = excluded.updated_at
WHERE subscriptions.provider <> excluded.provider
"""


async def keep_customer(
    driver: asyncpg.Connection, team_id: UUID, provider: str, customer_id: str, now: datetime
) -> None:
    await driver.execute(_KEEP_CUSTOMER, team_id, provider, customer_id, now)


_KEEP_SUBSCRIPTION = """
UPDATE subscriptions SET subscription_id = $2, plan = $3, plan_version = $4, status = $5, period_start = $6,
    period_end = $7, ends_at_period_end = $8, past_due_since = $9, updated_at = $10
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
    )


_KEEP_INVOICE = """
INSERT INTO invoices (id, team_id, provider, invoice_id, charge_id, description, state, amount_cents, currency, url,
                      made_at, paid_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (provider, invoice_id) DO UPDATE SET
    charge_id = COALESCE(excluded.charge_id, invoices.charge_id), url = excluded.url,
    state = CASE WHEN invoices.state IN ('paid', 'refunded') THEN invoices.state ELSE excluded.state END,
    paid_at = COALESCE(invoices.paid_at, excluded.paid_at)
RETURNING *
"""


async def keep_invoice(
    driver: asyncpg.Connection, team_id: UUID, provider: str, invoice: Invoice, paid_at: datetime | None
) -> Row:
    """The invoice as it stands here: what was paid stays paid."""
    return await driver.fetchrow(
        _KEEP_INVOICE,
        new_id(),
        team_id,
        provider,
        invoice.id,
        invoice.payment_id,
        invoice.description,
        str(invoice.state),
        invoice.amount_cents,
        invoice.currency,
        invoice.url,
        invoice.made_at,
        paid_at,
    )


async def note_credits(driver: asyncpg.Connection, row_id: UUID, credits: int, lot_id: UUID) -> None:
    """Which credits an invoice brought."""
    await driver.execute("UPDATE invoices SET credits = $2, lot_id = $3 WHERE id = $1", row_id, credits, lot_id)


async def find_invoice_of_payment(driver: asyncpg.Connection, provider: str, payment_id: str) -> Row | None:
    return await driver.fetchrow("SELECT * FROM invoices WHERE provider = $1 AND charge_id = $2", provider, payment_id)


_REFUND = """
UPDATE invoices SET refunded_cents = $2, state = CASE WHEN $2 >= amount_cents THEN 'refunded' ELSE state END
WHERE id = $1
"""


async def note_refund(driver: asyncpg.Connection, row_id: UUID, refunded_cents: int) -> None:
    await driver.execute(_REFUND, row_id, refunded_cents)


async def list_invoices(driver: asyncpg.Connection, limit: int, before: UUID | None) -> list[dict[str, Any]]:
    rows = await driver.fetch(
        "SELECT * FROM invoices WHERE id < $2 ORDER BY id DESC LIMIT $1", limit, before or _BEYOND_ALL
    )
    return [dict(row) for row in rows]


async def end_lot(driver: asyncpg.Connection, lot_id: UUID, now: datetime) -> None:
    """Nothing of this lot can be spent from now on."""
    await driver.execute("UPDATE credit_lots SET expires_at = LEAST(expires_at, $2) WHERE id = $1", lot_id, now)


async def available_in_lot(driver: asyncpg.Connection, lot_id: UUID) -> int:
    return int(await driver.fetchval("SELECT available_credits FROM credit_lots WHERE id = $1", lot_id))
