"""What the room shows of a film without reading through its jobs."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from overprint.db.metadata import metadata

_instant = DateTime(timezone=True)
_now = text("now()")


def _video_id() -> Column[object]:
    return Column("video_id", Uuid, ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True)


# ``origin`` is what the film is made of beside its brief; ``version`` grows with every change of brief or storyboard.
# ``film_of`` says, hashed, what the film that there is was made of.
videos = Table(
    "videos",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", Uuid, ForeignKey("projects.id", ondelete="SET NULL")),
    Column("job_id", Uuid),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("brief", JSONB, nullable=False),
    Column("origin", JSONB, nullable=False, server_default=text("'{}'")),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("film_of", Text),
    Column("created_by", Uuid),
    Column("created_at", _instant, nullable=False, server_default=_now),
    Column("updated_at", _instant, nullable=False, server_default=_now),
    Column("discarded_at", _instant),
    CheckConstraint("state IN ('making', 'planned', 'ready', 'edited', 'incomplete', 'cancelled')", name="state"),
    Index("ix_videos_team_id_id", "team_id", "id"),
    Index("ix_videos_project_id", "project_id", postgresql_where=text("project_id IS NOT NULL")),
    Index("ix_videos_discarded_at", "discarded_at", postgresql_where=text("discarded_at IS NOT NULL")),
)

# Storyboards as they were laid out and changed, under the version of the film that they came with; ``is_made``: a job
# has used it.
video_boards = Table(
    "video_boards",
    metadata,
    _video_id(),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("team_id", Uuid, nullable=False),
    Column("board", JSONB, nullable=False),
    Column("is_made", Boolean, nullable=False),
    Column("made_by", Uuid),
    Column("made_at", _instant, nullable=False, server_default=_now),
    Index("ix_video_boards_team_id", "team_id"),
)

video_files = Table(
    "video_files",
    metadata,
    _video_id(),
    Column("slot", Text, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("file", JSONB, nullable=False),
    Column("alt", Text, nullable=False, server_default=""),
    Column("made_at", _instant, nullable=False, server_default=_now),
    Index("ix_video_files_team_id", "team_id"),
)
