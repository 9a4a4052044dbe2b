"""Looks of films that have a name: what site admins changed or added for all teams, and what teams and people keep."""

from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = """
CREATE TABLE default_presets (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    description text NOT NULL,
    category text NOT NULL,
    config jsonb NOT NULL,
    is_public boolean NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE presets (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    person_id uuid REFERENCES people (id) ON DELETE SET NULL,
    name text NOT NULL,
    description text NOT NULL,
    category text NOT NULL,
    config jsonb NOT NULL,
    is_public boolean NOT NULL DEFAULT false,
    is_personal boolean NOT NULL DEFAULT false,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_presets_seen_by CHECK (NOT (is_public AND is_personal))
);
CREATE INDEX ix_presets_team_id ON presets (team_id, id);
CREATE INDEX ix_presets_person_id ON presets (person_id);
CREATE INDEX ix_presets_public ON presets (id) WHERE is_public
"""
TEAM = "team_id = NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    for statement in TABLES.split(";"):
        op.execute(statement)
    op.execute(f'GRANT SELECT ON default_presets TO "{app}"')
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON default_presets TO "{system}"')
    op.execute("ALTER TABLE presets ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE presets FORCE ROW LEVEL SECURITY")
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON presets TO "{app}"')
    op.execute(f'CREATE POLICY team ON presets TO "{app}" USING ({TEAM}) WITH CHECK ({TEAM})')
    op.execute(f'CREATE POLICY public ON presets FOR SELECT TO "{app}" USING (is_public)')
    op.execute(f'GRANT SELECT, UPDATE, DELETE ON presets TO "{system}"')
    op.execute(f'CREATE POLICY house ON presets TO "{system}" USING (true) WITH CHECK (true)')
