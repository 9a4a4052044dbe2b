"""Plans, purses, the credits ledger, subscriptions, invoices, what payment providers tell.

What keeps the ledger true is in the migration: lines move their lot's balances, sum to zero, and are never changed.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from overprint.db.metadata import metadata

_instant = DateTime(timezone=True)
_now = text("now()")


def _count(name: str, **options: Any) -> Column[int]:
    return Column(name, BigInteger, nullable=False, **options)


def _zero(name: str) -> Column[int]:
    return _count(name, server_default="0")


def _team() -> Column[Any]:
    return Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)


plans = Table(
    "plans",
    metadata,
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    _count("daily_jobs"),
    _count("monthly_credits"),
    _count("storage_bytes"),
    Column("weight", Integer, nullable=False),
    Column("features", JSONB, nullable=False, server_default="[]"),
    _count("price_cents"),
    Column("currency", Text, nullable=False),
    Column("is_offered", Boolean, nullable=False),
    Column("trial_days", Integer, nullable=False, server_default="0"),
    Column("made_by", Uuid),
    Column("made_at", _instant, nullable=False, server_default=_now),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("daily_jobs >= 0", name="daily_jobs"),
    CheckConstraint("monthly_credits >= 0", name="monthly_credits"),
    CheckConstraint("storage_bytes >= 0", name="storage_bytes"),
    CheckConstraint("weight BETWEEN 1 AND 60", name="weight"),
    CheckConstraint("price_cents >= 0", name="price_cents"),
    CheckConstraint("trial_days BETWEEN 0 AND 90", name="trial_days"),
)

purses = Table(
    "purses",
    metadata,
    _team(),
    Column("plan", Text, nullable=False),
    Column("plan_version", Integer, nullable=False),
    Column("renews_at", _instant),
    Column("made_at", _instant, nullable=False),
    ForeignKeyConstraint(["plan", "plan_version"], ["plans.key", "plans.version"]),
    Index("ix_purses_plan", "plan", "plan_version"),
    Index("ix_purses_renews_at", "renews_at", postgresql_where=text("renews_at IS NOT NULL")),
)

credit_lots = Table(
    "credit_lots",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("expires_at", _instant),
    Column("made_at", _instant, nullable=False),
    _zero("available_credits"),
    _zero("held_credits"),
    _zero("issued_credits"),
    _zero("earned_credits"),
    _zero("refunded_credits"),
    _zero("expired_credits"),
    UniqueConstraint("team_id", "granted_by", name="uq_credit_lots_granted_by"),
    Index("ix_credit_lots_spendable", "team_id", postgresql_where=text("available_credits > 0")),
    Index("ix_credit_lots_expires_at", "expires_at", postgresql_where=text("available_credits > 0")),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("job_id", Uuid),
    Column("step_key", Text),
    Column("paid_for", JSONB, nullable=False, server_default="[]"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("made_by", Uuid),
    Column("at", _instant, nullable=False),
    UniqueConstraint("key"),
    Index("ix_ledger_entries_team_id_id", "team_id", "id"),
    Index("ix_ledger_entries_job_id", "job_id", postgresql_where=text("job_id IS NOT NULL")),
)

ledger_lines = Table(
    "ledger_lines",
    metadata,
    Column("entry_id", Uuid, ForeignKey("ledger_entries.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("team_id", Uuid, nullable=False),
    Column("lot_id", Uuid, ForeignKey("credit_lots.id"), nullable=False),
    Column("account", Text, nullable=False),
    _count("amount_credits"),
    Index("ix_ledger_lines_lot_id", "lot_id"),
)

job_holds = Table(
    "job_holds",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    _count("quote_credits"),
    _count("held_credits"),
    _zero("captured_credits"),
    _zero("released_credits"),
    _zero("refunded_credits"),
    Column("parts", JSONB, nullable=False),
    Column("made_at", _instant, nullable=False),
    Index("ix_job_holds_team_id", "team_id"),
    Index("ix_job_holds_open", "made_at", postgresql_where=text("held_credits > 0")),
)

usage_days = Table(
    "usage_days",
    metadata,
    _team(),
    Column("day", Date, primary_key=True),
    _zero("jobs"),
    _zero("credits"),
    Column("storage_bytes", BigInteger),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _team(),
    Column("provider", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("subscription_id", Text),
    Column("plan", Text),
    Column("plan_version", Integer),
    Column("status", Text, nullable=False, server_default="none"),
    Column("period_start", _instant),
    Column("period_end", _instant),
    Column("ends_at_period_end", Boolean, nullable=False, server_default=text("false")),
    Column("next_plan", Text),
    Column("past_due_since", _instant),
    Column("latest_invoice_id", Text),
    Column("turns", Integer, nullable=False, server_default="0"),
    Column("doubled_id", Text),
    Column("trial_at", _instant),
    Column("trial_told_at", _instant),
    Column("updated_at", _instant, nullable=False),
    UniqueConstraint("provider", "customer_id", name="uq_subscriptions_customer_id"),
    UniqueConstraint("provider", "subscription_id", name="uq_subscriptions_subscription_id"),
    Index("ix_subscriptions_past_due", "past_due_since", postgresql_where=text("past_due_since IS NOT NULL")),
    Index("ix_subscriptions_period_end", "period_end", postgresql_where=text("plan IS NOT NULL")),
)

trials = Table(
    "trials",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("offered_at", _instant, nullable=False),
    Column("begun_at", _instant),
    Index("ix_trials_team_id", "team_id"),
)

checkouts = Table(
    "checkouts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("provider", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("is_monthly", Boolean, nullable=False),
    Column("opened_by", Uuid, nullable=False),
    Column("page_id", Text),
    Column("made_at", _instant, nullable=False),
    Column("due_at", _instant),
    Column("sent_at", _instant),
    UniqueConstraint("team_id", "provider", "key", name="uq_checkouts_key"),
    UniqueConstraint("provider", "page_id", name="uq_checkouts_page_id"),
    Index("ix_checkouts_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_checkouts_made_at", "made_at"),
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("provider", Text, nullable=False),
    Column("invoice_id", Text, nullable=False),
    Column("charge_id", Text),
    Column("description", Text, nullable=False),
    Column("state", Text, nullable=False),
    _count("amount_cents"),
    _zero("refunded_cents"),
    Column("currency", Text, nullable=False),
    _zero("credits"),
    Column("lot_id", Uuid),
    Column("subscription_id", Text),
    Column("period_end", _instant),
    Column("dispute", Text, nullable=False, server_default="none"),
    _zero("disputed_cents"),
    _zero("taken_credits"),
    _zero("owed_credits"),
    Column("dispute_told", Text, nullable=False, server_default="none"),
    Column("tell_person", Uuid),
    Column("turns", Integer, nullable=False, server_default="0"),
    Column("url", Text),
    Column("made_at", _instant, nullable=False),
    Column("paid_at", _instant),
    UniqueConstraint("provider", "invoice_id", name="uq_invoices_invoice_id"),
    Index("ix_invoices_team_id_id", "team_id", "id"),
    Index("ix_invoices_charge_id", "provider", "charge_id", postgresql_where=text("charge_id IS NOT NULL")),
    Index("ix_invoices_sent", "id", postgresql_where=text("state = 'sent'")),
    Index("ix_invoices_untold", "provider", postgresql_where=text("dispute <> dispute_told")),
    Index("ix_invoices_tell_person", "tell_person", postgresql_where=text("tell_person IS NOT NULL")),
    Index("ix_invoices_gone", "provider", postgresql_where=text("refunded_cents > 0 OR dispute <> 'none'")),
)

payment_events = Table(
    "payment_events",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", _instant, nullable=False),
    Column("due_at", _instant),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("processed_at", _instant),
    Column("error", Text),
    Index("ix_payment_events_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_payment_events_received_at", "received_at"),
)

payment_looks = Table(
    "payment_looks",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("looked_until", _instant, nullable=False),
)

till_objects = Table(
    "till_objects",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("customer_id", Text),
    Column("data", JSONB, nullable=False),
    Column("due_at", _instant),
    Column("made_at", _instant, nullable=False),
    Index("ix_till_objects_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_till_objects_customer_id", "customer_id", "kind", postgresql_where=text("customer_id IS NOT NULL")),
)
