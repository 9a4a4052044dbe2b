"""Films beside books: what the room shows of each, its storyboards as people changed them, and works of both kinds."""

from alembic import op

revision = "0013"
down_revision = "0012"

TABLES = """
CREATE TABLE videos (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    project_id uuid REFERENCES projects (id) ON DELETE SET NULL,
    job_id uuid,
    title text NOT NULL,
    state text NOT NULL,
    brief jsonb NOT NULL,
    origin jsonb NOT NULL DEFAULT '{}',
    version bigint NOT NULL DEFAULT 1,
    film_of text,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    discarded_at timestamptz,
    CONSTRAINT ck_videos_state CHECK (
        state IN ('making', 'planned', 'ready', 'edited', 'incomplete', 'cancelled'))
);
CREATE INDEX ix_videos_team_id_id ON videos (team_id, id);
CREATE INDEX ix_videos_project_id ON videos (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX ix_videos_discarded_at ON videos (discarded_at) WHERE discarded_at IS NOT NULL;

CREATE TABLE video_boards (
    video_id uuid NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    version bigint NOT NULL,
    team_id uuid NOT NULL,
    board jsonb NOT NULL,
    is_made boolean NOT NULL,
    made_by uuid,
    made_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_video_boards PRIMARY KEY (video_id, version)
);
CREATE INDEX ix_video_boards_team_id ON video_boards (team_id);

CREATE TABLE video_files (
    video_id uuid NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    slot text NOT NULL,
    team_id uuid NOT NULL,
    file jsonb NOT NULL,
    alt text NOT NULL DEFAULT '',
    made_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_video_files PRIMARY KEY (video_id, slot)
);
CREATE INDEX ix_video_files_team_id ON video_files (team_id);

CREATE OR REPLACE VIEW works WITH (security_invoker = true) AS
SELECT id, team_id, 'book' AS kind, title, brief ->> 'premise' AS about, state, project_id, job_id, created_by,
       created_at, updated_at, discarded_at,
       (SELECT COALESCE(f.signed, f.file) ->> 'thumbnail_key' FROM book_files f
        WHERE f.book_id = books.id AND f.slot = 'picture/cover') AS cover_key,
       (SELECT string_agg(f.alt, ' ') FROM book_files f WHERE f.book_id = books.id) AS pictured
FROM books
UNION ALL
SELECT id, team_id, 'video', title, brief ->> 'premise', state, project_id, job_id, created_by,
       created_at, updated_at, discarded_at,
       (SELECT f.file ->> 'thumbnail_key' FROM video_files f
        WHERE f.video_id = videos.id AND f.slot LIKE 'picture/%' ORDER BY f.slot LIMIT 1),
       (SELECT string_agg(f.alt, ' ') FROM video_files f WHERE f.video_id = videos.id)
FROM videos
"""
TENANT = {"videos": "SELECT", "video_boards": "", "video_files": "SELECT"}
TEAM = "team_id = NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    for statement in TABLES.split(";"):
        op.execute(statement)
    for table, system_may in TENANT.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{app}"')
        op.execute(f'CREATE POLICY team ON {table} TO "{app}" USING ({TEAM}) WITH CHECK ({TEAM})')
        if system_may:
            op.execute(f'GRANT {system_may} ON {table} TO "{system}"')
            op.execute(f'CREATE POLICY system ON {table} TO "{system}" USING (true) WITH CHECK (true)')
