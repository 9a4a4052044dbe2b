"""The till's drawer: its objects in the database, and the messages that are to be told of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from overprint.core.clock import Clock
from overprint.core.codec import decode, encode
from overprint.core.ids import new_id
from overprint.ports.payments import Checkout, Invoice, Offer, Standing, Subscription

TOLD_MAX = 50
DUE_MAX = 500

_PUT = """
INSERT INTO till_objects (id, kind, customer_id, data, due_at, made_at) VALUES ($1, $2, $3, $4::jsonb, $5, $6)
ON CONFLICT (id) DO UPDATE SET data = excluded.data, due_at = excluded.due_at
"""
_BILLED = """
UPDATE till_objects SET data = jsonb_set(data, '{subscription,latest_invoice_id}', to_jsonb($2::text))
WHERE id = $1 AND kind = 'subscription'
"""
_DUE = "SELECT id FROM till_objects WHERE kind = $3 AND due_at <= $1 ORDER BY due_at LIMIT $2"
_OF_CUSTOMER = "SELECT data FROM till_objects WHERE customer_id = $1 AND kind = $2 ORDER BY made_at, id"
_TO_TELL = "SELECT data FROM till_objects WHERE kind = 'event' AND due_at IS NOT NULL ORDER BY made_at, id LIMIT $1"


@dataclass(frozen=True, slots=True)
class Sold:
    """A subscription with what it pays for, and what it will."""

    subscription: Subscription
    offer: Offer
    next_offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page where ``offer`` may be paid, and where it leads back to. ``is_refused``: the bank will not pay it."""

    checkout: Checkout
    offer: Offer
    back_url: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Drawer:
    """``data`` of a row is the object; what is due by the clock has ``due_at``. ``pool`` is of the system role."""

    pool: asyncpg.Pool
    clock: Clock

    async def find(self, object_id: str) -> Mapping[str, Any] | None:
        row = await self.pool.fetchrow("SELECT data FROM till_objects WHERE id = $1", object_id)
        return None if row is None else row["data"]

    async def put(
        self,
        object_id: str,
        kind: str,
        customer_id: str | None,
        data: Mapping[str, Any],
        due_at: datetime | None = None,
    ) -> None:
        await self.pool.execute(_PUT, object_id, kind, customer_id, json.dumps(data), due_at, self.clock.now())

    async def find_sold(self, subscription_id: str) -> Sold | None:
        found = await self.find(subscription_id)
        return None if found is None else decode(Sold, found)

    async def put_sold(self, sold: Sold, due_at: datetime | None = None) -> None:
        made = sold.subscription
        due = None if made.standing is Standing.CANCELLED else due_at or made.period_end
        await self.put(made.id, "subscription", made.customer_id, encode(sold), due)

    async def note_billed(self, subscription_id: str, invoice_id: str) -> None:
        """The invoice is the last of this subscription."""
        await self.pool.execute(_BILLED, subscription_id, invoice_id)

    async def list_sold(self, customer_id: str) -> list[Sold]:
        rows = await self.pool.fetch(_OF_CUSTOMER, customer_id, "subscription")
        return [decode(Sold, row["data"]) for row in rows]

    async def list_invoices(self, subscription: Subscription) -> list[Invoice]:
        """All that this subscription was billed."""
        rows = await self.pool.fetch(_OF_CUSTOMER, subscription.customer_id, "invoice")
        found = [decode(Invoice, row["data"]) for row in rows]
        return [one for one in found if one.subscription_id == subscription.id]

    async def find_page(self, checkout_id: str) -> Page | None:
        found = await self.find(checkout_id)
        return None if found is None else decode(Page, found)

    async def put_page(self, page: Page, due_at: datetime | None = None) -> None:
        """``due_at``: when the bank decides that works on what was paid there."""
        await self.put(page.checkout.id, "checkout", page.checkout.customer_id, encode(page), due_at)

    async def list_due(self, kind: str) -> list[str]:
        """Subscriptions whose period is over by the clock, or pages whose bank decides."""
        return [row["id"] for row in await self.pool.fetch(_DUE, self.clock.now(), DUE_MAX, kind)]

    async def tell(self, kind: str, object_id: str) -> None:
        event_id = f"till_event_{new_id()}"
        await self.put(
            event_id, "event", None, {"id": event_id, "type": kind, "object_id": object_id}, self.clock.now()
        )

    async def list_untold(self) -> Sequence[bytes]:
        return [json.dumps(row["data"], sort_keys=True).encode() for row in await self.pool.fetch(_TO_TELL, TOLD_MAX)]

    async def told(self, body: bytes) -> None:
        """This message is not told again, and not kept."""
        await self.pool.execute("DELETE FROM till_objects WHERE id = $1 AND kind = 'event'", json.loads(body)["id"])
