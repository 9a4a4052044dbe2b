"""What was answered to a request under an Idempotency-Key, so that the same request is answered again and done once."""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLE = """
CREATE TABLE kept_answers (
    team_id uuid NOT NULL,
    key text NOT NULL,
    request text NOT NULL,
    answer jsonb,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (team_id, key)
)
"""
TEAM = "NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    op.execute(TABLE)
    op.execute("CREATE INDEX ix_kept_answers_made_at ON kept_answers (made_at)")
    op.execute("ALTER TABLE kept_answers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE kept_answers FORCE ROW LEVEL SECURITY")
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON kept_answers TO "{app}"')
    op.execute(f'GRANT SELECT, DELETE ON kept_answers TO "{system}"')
    op.execute(f'CREATE POLICY team ON kept_answers TO "{app}" USING (team_id = {TEAM}) WITH CHECK (team_id = {TEAM})')
    op.execute(f'CREATE POLICY system ON kept_answers TO "{system}" USING (true) WITH CHECK (true)')
