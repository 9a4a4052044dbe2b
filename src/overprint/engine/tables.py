"""The engine's tables. Hot paths use SQL in ``store.py``; these definitions are compared with the migrations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
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
from overprint.engine.job import JobState, StepState

_instant = DateTime(timezone=True)
_now = text("now()")


def _one_of(column: str, values: type[JobState] | type[StepState]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


jobs = Table(
    "jobs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", Uuid, ForeignKey("projects.id", ondelete="SET NULL")),
    Column("lineage", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("idempotency_key", Text),
    Column("rerun_of", Uuid),
    Column("request_id", Text),
    Column("traceparent", Text),
    Column("created_by", Uuid),
    Column("weight", Integer, nullable=False, server_default="1"),
    Column("terms", JSONB, nullable=False, server_default="{}"),
    Column("last_seq", BigInteger, nullable=False, server_default="0"),
    Column("steps_total", Integer, nullable=False, server_default="0"),
    Column("steps_ended", Integer, nullable=False, server_default="0"),
    Column("progress", Float, nullable=False, server_default="0"),
    Column("error", Text),
    Column("paused_at", _instant),
    Column("cancel_requested_at", _instant),
    Column("created_at", _instant, nullable=False, server_default=_now),
    Column("started_at", _instant),
    Column("ended_at", _instant),
    Column("history_forgotten_at", _instant),
    _one_of("state", JobState),
    UniqueConstraint("team_id", "idempotency_key"),
    Index("ix_jobs_team_id_id", "team_id", "id"),
    Index("ix_jobs_project_id", "project_id", postgresql_where=text("project_id IS NOT NULL")),
    Index("ix_jobs_lineage", "lineage"),
    Index("uq_jobs_unfinished", "lineage", unique=True, postgresql_where=text("ended_at IS NULL")),
    Index(
        "ix_jobs_history",
        "ended_at",
        postgresql_where=text("ended_at IS NOT NULL AND history_forgotten_at IS NULL"),
    ),
)

steps = Table(
    "steps",
    metadata,
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("waits", Integer, nullable=False, server_default="0"),
    Column("waited_seconds", Float, nullable=False, server_default="0"),
    Column("foreign_seconds", Float, nullable=False, server_default="0"),
    Column("worker", Text),
    Column("waits_for", Text),
    Column("input", JSONB, nullable=False),
    Column("resolved", JSONB),
    Column("seed", BigInteger, nullable=False, server_default="0"),
    Column("recipe", Text),
    Column("output", JSONB),
    Column("origin", Text),
    Column("tag", Integer),
    Column("price_credits", BigInteger, nullable=False, server_default="0"),
    Column("progress", Float, nullable=False, server_default="0"),
    Column("note", Text, nullable=False, server_default=""),
    Column("error_kind", Text),
    Column("error", Text),
    Column("provider", Text),
    Column("input_tokens", BigInteger, nullable=False, server_default="0"),
    Column("output_tokens", BigInteger, nullable=False, server_default="0"),
    Column("cost_microdollars", BigInteger, nullable=False, server_default="0"),
    Column("possible_cost_microdollars", BigInteger, nullable=False, server_default="0"),
    Column("log_lines", Integer, nullable=False, server_default="0"),
    Column("ready_at", _instant),
    Column("not_before", _instant),
    Column("started_at", _instant),
    Column("ended_at", _instant),
    _one_of("state", StepState),
    Index("ix_steps_recipe", "team_id", "recipe", postgresql_where=text("state IN ('completed', 'reused')")),
    Index("ix_steps_active", "team_id", "state", "tag", postgresql_where=text("state IN ('ready', 'running')")),
)

step_needs = Table(
    "step_needs",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("needs_key", Text, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("soft", Boolean, nullable=False, server_default=text("false")),
    ForeignKeyConstraint(["job_id", "key"], ["steps.job_id", "steps.key"], ondelete="CASCADE"),
    Index("ix_step_needs_needs_key", "job_id", "needs_key"),
)

step_logs = Table(
    "step_logs",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("job_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("team_id", Uuid, nullable=False),
    Column("at", _instant, nullable=False, server_default=_now),
    Column("level", Text, nullable=False),
    Column("message", Text, nullable=False),
    ForeignKeyConstraint(["job_id", "key"], ["steps.job_id", "steps.key"], ondelete="CASCADE"),
    Index("ix_step_logs_job_id_key", "job_id", "key"),
)

step_calls = Table(
    "step_calls",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("call_key", Text, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("provider", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("calls", Integer, nullable=False, server_default="1"),
    Column("task_id", Text),
    Column("answer", JSONB),
    Column("doubts", Integer, nullable=False, server_default="0"),
    Column("cost_microdollars", BigInteger, nullable=False, server_default="0"),
    Column("possible_cost_microdollars", BigInteger, nullable=False, server_default="0"),
    Column("began_at", _instant, nullable=False, server_default=_now),
    Column("answered_at", _instant),
    CheckConstraint("state IN ('begun', 'answered', 'failed')", name="state"),
    ForeignKeyConstraint(["job_id", "key"], ["steps.job_id", "steps.key"], ondelete="CASCADE"),
)

step_edits = Table(
    "step_edits",
    metadata,
    Column("lineage", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("output", JSONB, nullable=False),
    Column("made_of", Text),
    Column("made_by", Uuid),
    Column("made_at", _instant, nullable=False, server_default=_now),
    Index("ix_step_edits_team_id", "team_id"),
)

events = Table(
    "events",
    metadata,
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("at", _instant, nullable=False, server_default=_now),
    Column("type", Text, nullable=False),
    Column("data", JSONB, nullable=False),
)

rate_buckets = Table(
    "rate_buckets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("at", _instant, nullable=False, server_default=_now),
    prefixes=["UNLOGGED"],
)

provider_slots = Table(
    "provider_slots",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("slot", Integer, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", _instant, nullable=False),
    prefixes=["UNLOGGED"],
)

workers = Table(
    "workers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("lanes", JSONB, nullable=False),
    Column("team_limit", Integer, nullable=False),
    Column("pace", JSONB, nullable=False),
    Column("seen_at", _instant, nullable=False, server_default=_now),
    prefixes=["UNLOGGED"],
)

schedules = Table(
    "schedules",
    metadata,
    Column("name", Text, primary_key=True),
    Column("due_at", _instant, nullable=False),
    Column("run", BigInteger, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("holder", Text),
    Column("held_until", _instant),
    Column("began_at", _instant),
    Column("ended_at", _instant),
    Column("seconds", Float),
    Column("error", Text),
)

# Bytes that are removed unless an asset names them by then. No team is referred to: bytes outlive their team.
doomed_blobs = Table(
    "doomed_blobs",
    metadata,
    Column("key", Text, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("lineage", Uuid),
    Column("doomed_at", _instant, nullable=False, server_default=_now),
    Index("ix_doomed_blobs_doomed_at", "doomed_at"),
)

provider_pauses = Table(
    "provider_pauses",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", _instant, nullable=False, server_default=_now),
)
