"""The audit log."""

from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from overprint.db.metadata import metadata

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("actor_id", Uuid),
    Column("action", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Uuid),
    Column("detail", JSONB, nullable=False, server_default="{}"),
    Column("request_id", Text),
    Index("ix_audit_log_team_id_at", "team_id", "at"),
)
