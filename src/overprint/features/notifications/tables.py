"""What people were told of, and what they do not want mails of."""

from sqlalchemy import ARRAY, CheckConstraint, Column, DateTime, ForeignKey, Index, Table, Text, UniqueConstraint, Uuid
from sqlalchemy import text as sql

from overprint.db.metadata import metadata

notifications = Table(
    "notifications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("job_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("read_at", DateTime(timezone=True)),
    Column("mail", Text, nullable=False),
    UniqueConstraint("person_id", "kind", "job_id", name="uq_notifications_person_id_kind_job_id"),
    CheckConstraint("mail IN ('none', 'due', 'done')", name="mail"),
    Index("ix_notifications_team_id", "team_id", "person_id", "id"),
    Index("ix_notifications_team_id_kind_made_at", "team_id", "kind", "made_at"),
    Index("ix_notifications_made_at", "made_at"),
    Index("ix_notifications_due", "id", postgresql_where=sql("mail = 'due'")),
)
"""``job_id``: what it is about; once told of, nobody is told of the same again."""

notice_wishes = Table(
    "notice_wishes",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("unwanted", ARRAY(Text), nullable=False),
)
"""Who has no row wants all mails."""
