"""Who is known elsewhere: the identities that other providers vouch for, and people on their way there and back.

Both are a person's, not a team's: they belong to the system role alone. What comes back with a browser is kept hashed.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = """
CREATE TABLE identities (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    provider text NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    email text NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    CONSTRAINT uq_identities_issuer_subject UNIQUE (issuer, subject)
);
CREATE INDEX ix_identities_person_id ON identities (person_id);

CREATE TABLE rounds (
    hash bytea PRIMARY KEY,
    browser_hash bytea NOT NULL,
    provider text NOT NULL,
    next_page text NOT NULL,
    is_fresh boolean NOT NULL,
    found jsonb,
    began_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_rounds_expires_at ON rounds (expires_at);
"""


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    system = config.attributes["system_role"]
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    for table in ("identities", "rounds"):
        op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{system}"')
