"""Second factors and passkeys: what proves that somebody is who they are, besides a password.

All of it is a person's, not a team's, so it belongs to the system role alone. What an app computes codes from is kept
sealed, recovery codes and tickets are kept hashed.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = """
ALTER TABLE sessions ADD COLUMN factors smallint NOT NULL DEFAULT 1;

CREATE TABLE second_factors (
    person_id uuid PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    sealed_secret bytea NOT NULL,
    key_id text NOT NULL,
    last_step bigint NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL,
    confirmed_at timestamptz
);

CREATE TABLE recovery_codes (
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    hash bytea NOT NULL,
    PRIMARY KEY (person_id, hash)
);

CREATE TABLE passkeys (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    transports text[] NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT uq_passkeys_credential_id UNIQUE (credential_id)
);
CREATE INDEX ix_passkeys_person_id ON passkeys (person_id);

CREATE TABLE tickets (
    hash bytea PRIMARY KEY,
    purpose text NOT NULL,
    person_id uuid REFERENCES people (id) ON DELETE CASCADE,
    holder bytea NOT NULL,
    way text NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT ck_tickets_purpose CHECK (purpose IN ('code', 'passkey', 'register', 'confirm'))
);
CREATE INDEX ix_tickets_person_id ON tickets (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX ix_tickets_expires_at ON tickets (expires_at);
"""

NAMES = ("second_factors", "recovery_codes", "passkeys", "tickets")


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    system = config.attributes["system_role"]
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    for table in NAMES:
        op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{system}"')
