"""What the room shows of a book without reading through its jobs."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
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


def _book_id() -> Column[object]:
    return Column("book_id", Uuid, ForeignKey("books.id", ondelete="CASCADE"), primary_key=True)


books = Table(
    "books",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", Uuid, ForeignKey("projects.id", ondelete="SET NULL")),
    Column("job_id", Uuid),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("brief", JSONB, nullable=False),
    Column("imported", JSONB),
    Column("notes", JSONB, nullable=False, server_default=text("'[]'")),
    Column("created_by", Uuid),
    Column("created_at", _instant, nullable=False, server_default=_now),
    Column("updated_at", _instant, nullable=False, server_default=_now),
    Column("discarded_at", _instant),
    CheckConstraint("state IN ('making', 'ready', 'incomplete', 'cancelled')", name="state"),
    Index("ix_books_team_id_id", "team_id", "id"),
    Index("ix_books_project_id", "project_id", postgresql_where=text("project_id IS NOT NULL")),
    Index("ix_books_discarded_at", "discarded_at", postgresql_where=text("discarded_at IS NOT NULL")),
)

book_chapters = Table(
    "book_chapters",
    metadata,
    _book_id(),
    Column("number", Integer, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="planned"),
    Column("pages", JSONB),
    Column("is_edited", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("state IN ('planned', 'written', 'stale')", name="state"),
)

book_characters = Table(
    "book_characters",
    metadata,
    _book_id(),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("team_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", JSONB, nullable=False),
    Column("sheet", JSONB, nullable=False),
)

book_files = Table(
    "book_files",
    metadata,
    _book_id(),
    Column("slot", Text, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("file", JSONB, nullable=False),
    Column("signed", JSONB),
    Column("alt", Text, nullable=False, server_default=""),
    Column("made_at", _instant, nullable=False, server_default=_now),
)

# What new books of a team begin with: the team's own choice, without a person, and its members' for themselves.
book_defaults = Table(
    "book_defaults",
    metadata,
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", Uuid),
    Column("chosen", JSONB, nullable=False),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("updated_at", _instant, nullable=False),
    UniqueConstraint("team_id", "person_id", postgresql_nulls_not_distinct=True),
    ForeignKeyConstraint(
        ["team_id", "person_id"],
        ["memberships.team_id", "memberships.person_id"],
        name="fk_book_defaults_memberships",
        ondelete="CASCADE",
    ),
)
