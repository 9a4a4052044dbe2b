"""Which works are shared, and how often their links were opened."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid
from sqlalchemy import text as sql

from overprint.db.metadata import metadata

shares = Table(
    "shares",
    metadata,
    Column("work_id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("token", Text, nullable=False, unique=True),
    Column("with_files", Boolean, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True)),
    Column("views", Integer, nullable=False, server_default=sql("0")),
    Column("seen_at", DateTime(timezone=True)),
    Index("ix_shares_team_id", "team_id"),
)
"""A work has one link at most. ``with_files``: whoever opens it may take the files too."""
