"""Photos: the picture for a while, the confirmed look for longer, and for good that it was deleted."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from overprint.db.metadata import metadata

_instant = DateTime(timezone=True)

photos = Table(
    "photos",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("storage_key", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("uploaded_hash", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("reading", JSONB),
    Column("look", JSONB),
    Column("consent_version", Text, nullable=False),
    Column("consent_language", Text, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("created_at", _instant, nullable=False, server_default=text("now()")),
    Column("expires_at", _instant, nullable=False),
    Column("ending", Text),
    Column("ended_by", Uuid),
    Column("deleted_at", _instant),
    CheckConstraint("ending IN ('expired', 'asked')", name="ending"),
    Index("ix_photos_team_id_id", "team_id", "id"),
    Index("ix_photos_expires_at", "expires_at", postgresql_where=text("deleted_at IS NULL")),
)
"""``ending``: why it is being deleted, from the moment that begins; ``deleted_at``: its bytes are gone. ``reading``
goes with the picture. Who uploaded it agreed to the
words whose SHA-256 is ``consent_version``, as they stood in ``consent_language``."""
