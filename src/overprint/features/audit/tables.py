"""The audit log and where its chains end."""

from sqlalchemy import BigInteger, Column, DateTime, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from overprint.db.metadata import metadata
from overprint.features.audit.rules import NOTHING

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor_id", Uuid),
    Column("via", Text),
    Column("session_id", Uuid),
    Column("address", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Uuid),
    Column("detail", JSONB, nullable=False),
    Column("request_id", Text),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("team_id", "seq"),
)

# The newest line of each chain, and up to which line its front was cut off.
audit_chains = Table(
    "audit_chains",
    metadata,
    Column("team_id", Uuid, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("cut_seq", BigInteger, nullable=False, server_default="0"),
    Column("cut_hash", Text, nullable=False, server_default=NOTHING),
)
