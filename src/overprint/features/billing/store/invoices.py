"""SQL about what teams paid, and what of it they have back."""

from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id
from overprint.features.billing.rules.paying import Settled
from overprint.ports.payments import Invoice, Payment

Row: TypeAlias = Any
_BEYOND_ALL = UUID(int=2**128 - 1)

_KEEP = """
INSERT INTO invoices (id, team_id, provider, invoice_id, charge_id, description, state, amount_cents, currency, url,
                      made_at, paid_at, subscription_id, period_end)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (provider, invoice_id) DO UPDATE SET
    charge_id = COALESCE(excluded.charge_id, invoices.charge_id), url = excluded.url,
    amount_cents = CASE WHEN invoices.paid_at IS NULL THEN excluded.amount_cents ELSE invoices.amount_cents END,
    period_end = CASE WHEN invoices.paid_at IS NULL THEN excluded.period_end ELSE invoices.period_end END,
    state = CASE WHEN invoices.state IN ('paid', 'refunded') THEN invoices.state ELSE excluded.state END,
    paid_at = COALESCE(invoices.paid_at, excluded.paid_at)
RETURNING *
"""


async def keep_invoice(
    driver: asyncpg.Connection, team_id: UUID, provider: str, invoice: Invoice, paid_at: datetime | None
) -> Row:
    """The invoice as it stands here: what was paid stays paid."""
    return await driver.fetchrow(
        _KEEP,
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
        invoice.subscription_id,
        invoice.period_end,
    )


async def note_credits(driver: asyncpg.Connection, row_id: UUID, credits: int, lot_id: UUID) -> Row:
    """Which credits an invoice brought. Answers the invoice."""
    return await driver.fetchrow(
        "UPDATE invoices SET credits = $2, lot_id = $3 WHERE id = $1 RETURNING *", row_id, credits, lot_id
    )


async def find_told(driver: asyncpg.Connection, provider: str, invoice_id: str) -> Row | None:
    """By the id that the provider knows it by."""
    return await driver.fetchrow("SELECT * FROM invoices WHERE provider = $1 AND invoice_id = $2", provider, invoice_id)


async def find_of_payment(driver: asyncpg.Connection, provider: str, payment_id: str) -> Row | None:
    return await driver.fetchrow("SELECT * FROM invoices WHERE provider = $1 AND charge_id = $2", provider, payment_id)


_SETTLED = """
UPDATE invoices SET refunded_cents = $2, dispute = $3, disputed_cents = $4, taken_credits = $5, owed_credits = $6,
    turns = turns + 1,
    state = CASE WHEN $2 >= amount_cents THEN 'refunded' WHEN state = 'refunded' THEN 'paid' ELSE state END
WHERE id = $1
"""


async def note_settled(driver: asyncpg.Connection, row_id: UUID, payment: Payment, settled: Settled) -> None:
    """How much money is gone again, and what became of its credits."""
    await driver.execute(
        _SETTLED,
        row_id,
        settled.refunded_cents,
        str(payment.dispute),
        payment.disputed_cents,
        settled.taken_credits,
        settled.owed_credits,
    )


async def tell_person(driver: asyncpg.Connection, row_id: UUID, person_id: UUID | None) -> None:
    """Somebody is to hear that this was given back; nobody any more."""
    await driver.execute("UPDATE invoices SET tell_person = $2 WHERE id = $1", row_id, person_id)


async def list_given_back(pool: asyncpg.Pool) -> list[Row]:
    """What was given back and its payer was not told of yet. System role."""
    return list(await pool.fetch("SELECT * FROM invoices WHERE tell_person IS NOT NULL ORDER BY id LIMIT 100"))


async def hold_untold(driver: asyncpg.Connection, row_id: UUID) -> bool:
    """Whether somebody is still to be told, which nobody else does before this transaction ends."""
    query = "SELECT tell_person IS NOT NULL FROM invoices WHERE id = $1 FOR UPDATE"
    return bool(await driver.fetchval(query, row_id))


async def list_invoices(driver: asyncpg.Connection, limit: int, before: UUID | None) -> list[dict[str, Any]]:
    """The newest first."""
    rows = await driver.fetch(
        "SELECT * FROM invoices WHERE id < $2 ORDER BY id DESC LIMIT $1", limit, before or _BEYOND_ALL
    )
    return [dict(row) for row in rows]


async def find_invoice(driver: asyncpg.Connection, invoice_id: UUID) -> Row | None:
    return await driver.fetchrow("SELECT * FROM invoices WHERE id = $1", invoice_id)


async def team_name(driver: asyncpg.Connection, team_id: UUID) -> str:
    return str(await driver.fetchval("SELECT name FROM teams WHERE id = $1", team_id))


async def list_disputed(pool: asyncpg.Pool, limit: int, before: UUID | None) -> list[dict[str, Any]]:
    """Of all teams, the newest first. System role."""
    rows = await pool.fetch(
        "SELECT * FROM invoices WHERE dispute <> 'none' AND id < $2 ORDER BY id DESC LIMIT $1",
        limit,
        before or _BEYOND_ALL,
    )
    return [dict(row) for row in rows]


async def list_with_banks(pool: asyncpg.Pool, limit: int, before: UUID | None) -> list[dict[str, Any]]:
    """What banks work on, of all teams, the newest first. System role."""
    rows = await pool.fetch(
        "SELECT * FROM invoices WHERE state = 'sent' AND id < $2 ORDER BY id DESC LIMIT $1",
        limit,
        before or _BEYOND_ALL,
    )
    return [dict(row) for row in rows]


async def list_untold_disputes(pool: asyncpg.Pool) -> list[Row]:
    """Disputes that came or were decided, which nobody was told of yet. System role."""
    return list(await pool.fetch("SELECT * FROM invoices WHERE dispute <> dispute_told ORDER BY id LIMIT 100"))


async def note_dispute_told(driver: asyncpg.Connection, row_id: UUID, dispute: str) -> bool:
    """False if somebody told it already, or if it stands otherwise by now."""
    query = "UPDATE invoices SET dispute_told = $2 WHERE id = $1 AND dispute = $2 AND dispute_told <> $2 RETURNING true"
    return bool(await driver.fetchval(query, row_id, dispute))


async def count_open_disputes(pool: asyncpg.Pool) -> int:
    """System role."""
    return int(await pool.fetchval("SELECT count(*) FROM invoices WHERE dispute = 'open'"))


_COLLECTABLE = """
SELECT i.charge_id FROM invoices i JOIN credit_lots l ON l.id = i.lot_id JOIN teams ON teams.id = i.team_id
WHERE i.provider = $1 AND (i.refunded_cents > 0 OR i.dispute <> 'none') AND l.available_credits > 0
  AND i.taken_credits < i.credits * LEAST(i.amount_cents, i.refunded_cents
    + CASE WHEN i.dispute IN ('open', 'lost') THEN i.disputed_cents ELSE 0 END) / NULLIF(i.amount_cents, 0)
LIMIT 500
"""


async def list_collectable(pool: asyncpg.Pool, provider: str) -> list[str]:
    """Payments whose money is gone again, and of whose credits some can be taken that were in use before. System
    role."""
    return [row["charge_id"] for row in await pool.fetch(_COLLECTABLE, provider)]


async def set_lot_end(driver: asyncpg.Connection, lot_id: UUID, expires_at: datetime | None) -> None:
    """Until when this lot can be spent."""
    await driver.execute("UPDATE credit_lots SET expires_at = $2 WHERE id = $1", lot_id, expires_at)


async def find_lot(driver: asyncpg.Connection, lot_id: UUID | None) -> Row | None:
    return await driver.fetchrow("SELECT * FROM credit_lots WHERE id = $1", lot_id)
