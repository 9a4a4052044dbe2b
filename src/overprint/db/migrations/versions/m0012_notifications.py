"""What people are told of without asking, and what they do not want mails of."""

from alembic import op

revision = "0012"
down_revision = "0011"

TABLES = """
CREATE TABLE notifications (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind text NOT NULL,
    job_id uuid NOT NULL,
    title text NOT NULL,
    made_at timestamptz NOT NULL,
    read_at timestamptz,
    mail text NOT NULL,
    CONSTRAINT uq_notifications_person_id_kind_job_id UNIQUE (person_id, kind, job_id),
    CONSTRAINT ck_notifications_mail CHECK (mail IN ('none', 'due', 'done'))
);
CREATE INDEX ix_notifications_team_id ON notifications (team_id, person_id, id);
CREATE INDEX ix_notifications_team_id_kind_made_at ON notifications (team_id, kind, made_at);
CREATE INDEX ix_notifications_made_at ON notifications (made_at);
CREATE INDEX ix_notifications_due ON notifications (id) WHERE mail = 'due';

CREATE TABLE notice_wishes (
    person_id uuid PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    unwanted text[] NOT NULL
)
"""
TEAM = "team_id = NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    for statement in TABLES.split(";"):
        op.execute(statement)
    op.execute("ALTER TABLE notifications ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notifications FORCE ROW LEVEL SECURITY")
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON notifications TO "{app}"')
    op.execute(f'CREATE POLICY team ON notifications TO "{app}" USING ({TEAM}) WITH CHECK ({TEAM})')
    op.execute(f'GRANT SELECT, UPDATE, DELETE ON notifications TO "{system}"')
    op.execute(f'CREATE POLICY post ON notifications TO "{system}" USING (true) WITH CHECK (true)')
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON notice_wishes TO "{system}"')
