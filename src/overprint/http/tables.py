"""What was answered under an Idempotency-Key. ``answer`` is empty while the transaction that makes it goes on."""

from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from overprint.db.metadata import metadata

kept_answers = Table(
    "kept_answers",
    metadata,
    Column("team_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request", Text, nullable=False),
    Column("answer", JSONB),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Index("ix_kept_answers_made_at", "made_at"),
)
