"""Teams, who belongs to them and who is invited. A trigger sees to it that an open team has an owner."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
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

_now = text("now()")

teams = Table(
    "teams",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("is_personal", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("settings", JSONB, nullable=False, server_default="{}"),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("created_by", Uuid),
    Column("idempotency_key", Text),
    Column("closed_at", DateTime(timezone=True)),
    UniqueConstraint("slug"),
    UniqueConstraint("created_by", "idempotency_key"),
    Index("ix_teams_closed_at", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
)

memberships = Table(
    "memberships",
    metadata,
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("version", BigInteger, nullable=False, server_default="1"),
    CheckConstraint("role IN ('owner', 'admin', 'member', 'viewer')", name="role"),
    Index("ix_memberships_person_id", "person_id"),
)

_OPEN = text("ended_at IS NULL")

invitations = Table(
    "invitations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("invited_by", Uuid, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("sends", Integer, nullable=False, server_default="1"),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ending", Text),
    CheckConstraint("role IN ('admin', 'member', 'viewer')", name="role"),
    CheckConstraint("ending IN ('accepted', 'declined', 'withdrawn', 'expired', 'closed')", name="ending"),
    UniqueConstraint("hash"),
    Index("ix_invitations_team_id_id", "team_id", "id"),
    Index("ix_invitations_team_id_email", "team_id", "email", unique=True, postgresql_where=_OPEN),
    Index("ix_invitations_invited_by_created_at", "invited_by", "created_at"),
    Index("ix_invitations_email", "email", postgresql_where=_OPEN),
)
