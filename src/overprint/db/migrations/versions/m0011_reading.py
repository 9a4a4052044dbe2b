"""Where people are in the books that they read, and which works others may look at by a link."""

from alembic import op

revision = "0011"
down_revision = "0010"

TABLE = """
CREATE TABLE reading_places (
    book_id uuid NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    team_id uuid NOT NULL,
    place text NOT NULL,
    marks jsonb NOT NULL DEFAULT '[]',
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (book_id, person_id)
)
"""
SHARES = """
CREATE TABLE shares (
    work_id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    token text NOT NULL,
    with_files boolean NOT NULL,
    made_at timestamptz NOT NULL,
    ends_at timestamptz,
    views integer NOT NULL DEFAULT 0,
    seen_at timestamptz,
    CONSTRAINT uq_shares_token UNIQUE (token)
)
"""
TEAM = "team_id = NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    op.execute(TABLE)
    op.execute("CREATE INDEX ix_reading_places_person_id ON reading_places (person_id)")
    op.execute(SHARES)
    op.execute("CREATE INDEX ix_shares_team_id ON shares (team_id)")
    for table in ("reading_places", "shares"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{app}"')
        op.execute(f'CREATE POLICY team ON {table} TO "{app}" USING ({TEAM}) WITH CHECK ({TEAM})')
    # Whoever comes by a link belongs to no team.
    op.execute(f'GRANT SELECT, UPDATE, DELETE ON shares TO "{system}"')
    op.execute(f'CREATE POLICY visitors ON shares TO "{system}" USING (true) WITH CHECK (true)')
