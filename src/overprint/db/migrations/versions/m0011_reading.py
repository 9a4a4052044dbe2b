"""Where people are in the books that they read."""

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
TEAM = "team_id = NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app = config.attributes["app_role"]
    op.execute(TABLE)
    op.execute("CREATE INDEX ix_reading_places_person_id ON reading_places (person_id)")
    op.execute("ALTER TABLE reading_places ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE reading_places FORCE ROW LEVEL SECURITY")
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON reading_places TO "{app}"')
    op.execute(f'CREATE POLICY team ON reading_places TO "{app}" USING ({TEAM}) WITH CHECK ({TEAM})')
