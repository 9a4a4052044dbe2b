"""Tables of people, their sessions and keys, and of mail. Only the keys are a team's; the rest is the system role's."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from overprint.db.metadata import metadata

_now = text("now()")


def _instant(name: str, *, nullable: bool = False) -> "Column[object]":
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _person(*, nullable: bool = False) -> "Column[object]":
    return Column("person_id", Uuid, ForeignKey("people.id", ondelete="CASCADE"), nullable=nullable)


people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", Text),
    Column("name", Text, nullable=False),
    Column("is_site_admin", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("password_hash", Text),
    _instant("verified_at", nullable=True),
    Column("is_guest", Boolean, nullable=False, server_default=text("false")),
    _instant("closed_at", nullable=True),
    Column("language", Text, nullable=False, server_default=""),
    UniqueConstraint("email"),
    Index("ix_people_closed_at", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    _person(),
    Column("way", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    _instant("created_at"),
    _instant("seen_at"),
    _instant("confirmed_at", nullable=True),
    _instant("expires_at"),
    _instant("ended_at", nullable=True),
    Column("ending", Text),
    Column("factors", SmallInteger, nullable=False, server_default="1"),
    CheckConstraint("way IN ('password', 'guest', 'passkey', 'provider')", name="way"),
    CheckConstraint("ending IN ('logout', 'revoked', 'replay', 'password', 'closed', 'registered')", name="ending"),
    Index("ix_sessions_person_id", "person_id"),
    Index("ix_sessions_expires_at", "expires_at"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("session_id", Uuid, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    _instant("made_at"),
    _instant("expires_at"),
    _instant("used_at", nullable=True),
    Index("ix_refresh_tokens_session_id", "session_id"),
)

mail_links = Table(
    "mail_links",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("purpose", Text, nullable=False),
    _person(nullable=True),
    Column("email", Text, nullable=False),
    Column("detail", JSONB, nullable=False, server_default="{}"),
    _instant("made_at"),
    _instant("expires_at"),
    _instant("used_at", nullable=True),
    CheckConstraint("purpose IN ('register', 'reset', 'change')", name="purpose"),
    Index("ix_mail_links_person_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
    Index("ix_mail_links_expires_at", "expires_at"),
)

outgoing_mail = Table(
    "outgoing_mail",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    _instant("made_at"),
    _instant("due_at"),
    Column("tries", Integer, nullable=False, server_default="0"),
    _instant("failed_at", nullable=True),
    Column("error", Text),
    Index("ix_outgoing_mail_due_at", "due_at"),
)

kept_mail = Table(
    "kept_mail",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Index("ix_kept_mail_sent_at", "sent_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    _person(),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    _instant("created_at"),
    _instant("expires_at", nullable=True),
    _instant("used_at", nullable=True),
    _instant("revoked_at", nullable=True),
    UniqueConstraint("hash"),
    Index("ix_api_keys_team_id_id", "team_id", "id"),
    Index("ix_api_keys_person_id", "person_id"),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("last_step", BigInteger, nullable=False, server_default="0"),
    _instant("made_at"),
    _instant("confirmed_at", nullable=True),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Uuid, primary_key=True),
    _person(),
    Column("credential_id", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("transports", ARRAY(Text), nullable=False),
    _instant("made_at"),
    _instant("used_at", nullable=True),
    UniqueConstraint("credential_id"),
    Index("ix_passkeys_person_id", "person_id"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("purpose", Text, nullable=False),
    _person(nullable=True),
    Column("holder", LargeBinary, nullable=False),
    Column("way", Text, nullable=False),
    _instant("expires_at"),
    CheckConstraint("purpose IN ('code', 'passkey', 'register', 'confirm')", name="purpose"),
    Index("ix_tickets_person_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
    Index("ix_tickets_expires_at", "expires_at"),
)

identities = Table(
    "identities",
    metadata,
    Column("id", Uuid, primary_key=True),
    _person(),
    Column("provider", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("email", Text, nullable=False),
    _instant("made_at"),
    _instant("used_at"),
    UniqueConstraint("issuer", "subject"),
    Index("ix_identities_person_id", "person_id"),
)

rounds = Table(
    "rounds",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("browser_hash", LargeBinary, nullable=False),
    Column("provider", Text, nullable=False),
    Column("next_page", Text, nullable=False),
    Column("is_fresh", Boolean, nullable=False),
    Column("found", JSONB),
    _instant("began_at"),
    _instant("expires_at"),
    Index("ix_rounds_expires_at", "expires_at"),
)
