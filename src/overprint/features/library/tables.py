"""Projects, assets and how many bytes a team keeps."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Float,
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
_now = text("now()")

projects = Table(
    "projects",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("thumbnail_key", Text),
    Column("created_by", Uuid),
    Column("created_at", _instant, nullable=False, server_default=_now),
    Column("updated_at", _instant, nullable=False, server_default=_now),
    Index("ix_projects_team_id_id", "team_id", "id"),
)

assets = Table(
    "assets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", Uuid, ForeignKey("projects.id", ondelete="SET NULL")),
    Column("lineage", Uuid),
    Column("job_id", Uuid),
    Column("step_key", Text),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("storage_key", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("width_px", Integer),
    Column("height_px", Integer),
    Column("duration_seconds", Float),
    Column("thumbnail_key", Text),
    Column("thumbnail_size_bytes", BigInteger, nullable=False, server_default="0"),
    Column("recipe", Text),
    Column("recipe_input", JSONB),
    Column("step_kind", Text),
    Column("seed", BigInteger),
    Column("created_by", Uuid),
    Column("created_at", _instant, nullable=False, server_default=_now),
    Column("discarded_at", _instant),
    CheckConstraint("kind IN ('image', 'pdf', 'epub', 'audio', 'video', 'other')", name="kind"),
    Index("ix_assets_team_id_id", "team_id", "id"),
    Index("ix_assets_project_id", "project_id", postgresql_where=text("project_id IS NOT NULL")),
    Index("ix_assets_content_hash", "team_id", "content_hash"),
    Index("ix_assets_storage_key", "storage_key"),
    Index("ix_assets_discarded_at", "discarded_at", postgresql_where=text("discarded_at IS NOT NULL")),
    Index("ix_assets_thumbnail_key", "thumbnail_key", postgresql_where=text("thumbnail_key IS NOT NULL")),
    Index(
        "uq_assets_lineage_step",
        "lineage",
        "step_key",
        "storage_key",
        "thumbnail_key",
        unique=True,
        postgresql_where=text("lineage IS NOT NULL"),
        postgresql_nulls_not_distinct=True,
    ),
)

storage_usage = Table(
    "storage_usage",
    metadata,
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    Column("used_bytes", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("used_bytes >= 0", name="used_bytes"),
)
