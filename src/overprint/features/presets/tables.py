"""Presets that are not as they came along."""

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from overprint.db.metadata import metadata

default_presets = Table(
    "default_presets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("config", JSONB, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)
"""Of all teams: what site admins changed about presets that come along, under the same id, and what they added.
``is_public``: False hides it from everybody else."""

presets = Table(
    "presets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id", ondelete="SET NULL")),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("config", JSONB, nullable=False),
    Column("is_public", Boolean, nullable=False, server_default=sql("false")),
    Column("is_personal", Boolean, nullable=False, server_default=sql("false")),
    Column("version", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("NOT (is_public AND is_personal)", name="seen_by"),
    Index("ix_presets_team_id", "team_id", "id"),
    Index("ix_presets_person_id", "person_id"),
    Index("ix_presets_public", "id", postgresql_where=sql("is_public")),
)
"""``is_public``: seen by all teams. ``is_personal``: by who made it alone. ``person_id``: none once they are gone; a
personal one goes after them."""
