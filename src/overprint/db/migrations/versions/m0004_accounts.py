"""People who sign in: sessions and their refresh tokens, links in mails, mail on its way, API keys.

Who signs in has no team yet, so all but the keys belong to the system role alone. A secret is only ever kept hashed.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
ALTER TABLE people ADD COLUMN password_hash text;
ALTER TABLE people ADD COLUMN verified_at timestamptz;
ALTER TABLE people ADD COLUMN is_guest boolean NOT NULL DEFAULT false;
ALTER TABLE people ADD COLUMN closed_at timestamptz;
ALTER TABLE people ADD COLUMN language text NOT NULL DEFAULT '';

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    way text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ending text,
    CONSTRAINT ck_sessions_way CHECK (way IN ('password', 'guest', 'passkey', 'provider')),
    CONSTRAINT ck_sessions_ending CHECK (ending IN ('logout', 'revoked', 'replay', 'password', 'closed', 'registered'))
);
CREATE INDEX ix_sessions_person_id ON sessions (person_id);
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX ix_refresh_tokens_session_id ON refresh_tokens (session_id);

CREATE TABLE mail_links (
    hash bytea PRIMARY KEY,
    purpose text NOT NULL,
    person_id uuid REFERENCES people (id) ON DELETE CASCADE,
    email text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT ck_mail_links_purpose CHECK (purpose IN ('register', 'reset', 'change'))
);
CREATE INDEX ix_mail_links_person_id ON mail_links (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX ix_mail_links_expires_at ON mail_links (expires_at);

CREATE TABLE outgoing_mail (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    made_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    failed_at timestamptz,
    error text
);
CREATE INDEX ix_outgoing_mail_due_at ON outgoing_mail (due_at);

CREATE TABLE kept_mail (
    id uuid PRIMARY KEY,
    recipient text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    sent_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_kept_mail_sent_at ON kept_mail (sent_at);

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    name text NOT NULL,
    prefix text NOT NULL,
    hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    used_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT uq_api_keys_hash UNIQUE (hash)
);
CREATE INDEX ix_api_keys_team_id_id ON api_keys (team_id, id);
CREATE INDEX ix_api_keys_person_id ON api_keys (person_id);
"""

_ALL = "SELECT, INSERT, UPDATE, DELETE"

# The system role's alone, but that a team's action may write a letter: (app, system).
SHARED = {
    "sessions": ("", _ALL),
    "refresh_tokens": ("", _ALL),
    "mail_links": ("", _ALL),
    "outgoing_mail": ("INSERT", _ALL),
    "kept_mail": ("", _ALL),
}

TEAM = "NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    for table, (app_may, system_may) in SHARED.items():
        for role, rights in ((app, app_may), (system, system_may)):
            if rights:
                op.execute(f'GRANT {rights} ON {table} TO "{role}"')
    op.execute("ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE api_keys FORCE ROW LEVEL SECURITY")
    op.execute(f'GRANT SELECT, INSERT, UPDATE ON api_keys TO "{app}"')
    op.execute(f'CREATE POLICY team ON api_keys TO "{app}" USING (team_id = {TEAM}) WITH CHECK (team_id = {TEAM})')
    op.execute(f'GRANT SELECT, UPDATE ON api_keys TO "{system}"')
    op.execute(f'CREATE POLICY system ON api_keys TO "{system}" USING (true) WITH CHECK (true)')
