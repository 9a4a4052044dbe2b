"""How far each person has read."""

from sqlalchemy import Column, DateTime, ForeignKey, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from overprint.db.metadata import metadata

reading_places = Table(
    "reading_places",
    metadata,
    Column("book_id", Uuid, ForeignKey("books.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("place", Text, nullable=False),
    Column("marks", JSONB, nullable=False, server_default=text("'[]'")),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Index("ix_reading_places_person_id", "person_id"),
)
"""``place`` and ``marks`` are keys of leaves."""
