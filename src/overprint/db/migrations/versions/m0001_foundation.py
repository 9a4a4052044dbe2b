"""Teams, people, projects, assets, books, the job engine. Its queue is 0002.

Every tenant table carries ``team_id`` and is under row-level security from the start: the app role sees the team that
its transaction set, the system role what the policies below name, nobody bypasses them.
"""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE people (
    id uuid PRIMARY KEY,
    email text,
    name text NOT NULL,
    is_site_admin boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_people_email UNIQUE (email)
);

CREATE TABLE teams (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    slug text NOT NULL,
    is_personal boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_teams_slug UNIQUE (slug)
);

CREATE TABLE memberships (
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (team_id, person_id),
    CONSTRAINT ck_memberships_role CHECK (role IN ('owner', 'admin', 'member', 'viewer'))
);
CREATE INDEX ix_memberships_person_id ON memberships (person_id);

CREATE TABLE projects (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    name text NOT NULL,
    thumbnail_key text,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_projects_team_id_id ON projects (team_id, id);

CREATE TABLE assets (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    project_id uuid REFERENCES projects (id) ON DELETE SET NULL,
    lineage uuid,
    job_id uuid,
    step_key text,
    name text NOT NULL,
    kind text NOT NULL,
    media_type text NOT NULL,
    storage_key text NOT NULL,
    content_hash text NOT NULL,
    size_bytes bigint NOT NULL,
    width_px integer,
    height_px integer,
    duration_seconds double precision,
    thumbnail_key text,
    thumbnail_size_bytes bigint NOT NULL DEFAULT 0,
    recipe text,
    recipe_input jsonb,
    step_kind text,
    seed bigint,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    discarded_at timestamptz,
    CONSTRAINT ck_assets_kind CHECK (kind IN ('image', 'pdf', 'epub', 'audio', 'video', 'other'))
);
CREATE INDEX ix_assets_team_id_id ON assets (team_id, id);
CREATE INDEX ix_assets_project_id ON assets (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX ix_assets_content_hash ON assets (team_id, content_hash);
CREATE INDEX ix_assets_storage_key ON assets (storage_key);
CREATE INDEX ix_assets_thumbnail_key ON assets (thumbnail_key) WHERE thumbnail_key IS NOT NULL;
CREATE INDEX ix_assets_discarded_at ON assets (discarded_at) WHERE discarded_at IS NOT NULL;
CREATE UNIQUE INDEX uq_assets_lineage_step ON assets (lineage, step_key, storage_key, thumbnail_key)
    NULLS NOT DISTINCT WHERE lineage IS NOT NULL;

CREATE TABLE storage_usage (
    team_id uuid PRIMARY KEY REFERENCES teams (id) ON DELETE CASCADE,
    used_bytes bigint NOT NULL DEFAULT 0,
    CONSTRAINT ck_storage_usage_used_bytes CHECK (used_bytes >= 0)
);

CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    project_id uuid REFERENCES projects (id) ON DELETE SET NULL,
    lineage uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL DEFAULT '',
    state text NOT NULL,
    request jsonb NOT NULL,
    idempotency_key text,
    rerun_of uuid,
    request_id text,
    traceparent text,
    created_by uuid,
    weight integer NOT NULL DEFAULT 1,
    terms jsonb NOT NULL DEFAULT '{}',
    last_seq bigint NOT NULL DEFAULT 0,
    steps_total integer NOT NULL DEFAULT 0,
    steps_ended integer NOT NULL DEFAULT 0,
    progress double precision NOT NULL DEFAULT 0,
    error text,
    paused_at timestamptz,
    cancel_requested_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    ended_at timestamptz,
    history_forgotten_at timestamptz,
    CONSTRAINT ck_jobs_state CHECK (state IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    CONSTRAINT uq_jobs_team_id_idempotency_key UNIQUE (team_id, idempotency_key)
) WITH (fillfactor = 80);
CREATE INDEX ix_jobs_team_id_id ON jobs (team_id, id);
CREATE INDEX ix_jobs_project_id ON jobs (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX ix_jobs_lineage ON jobs (lineage);
CREATE UNIQUE INDEX uq_jobs_unfinished ON jobs (lineage) WHERE ended_at IS NULL;
CREATE INDEX ix_jobs_history ON jobs (ended_at) WHERE ended_at IS NOT NULL AND history_forgotten_at IS NULL;

CREATE TABLE steps (
    job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    key text NOT NULL,
    team_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    queue text NOT NULL,
    state text NOT NULL,
    attempt integer NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0,
    waits integer NOT NULL DEFAULT 0,
    waited_seconds double precision NOT NULL DEFAULT 0,
    foreign_seconds double precision NOT NULL DEFAULT 0,
    worker text,
    waits_for text,
    input jsonb NOT NULL,
    resolved jsonb,
    seed bigint NOT NULL DEFAULT 0,
    recipe text,
    output jsonb,
    origin text,
    tag integer,
    price_credits bigint NOT NULL DEFAULT 0,
    progress double precision NOT NULL DEFAULT 0,
    note text NOT NULL DEFAULT '',
    error_kind text,
    error text,
    provider text,
    input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    cost_microdollars bigint NOT NULL DEFAULT 0,
    possible_cost_microdollars bigint NOT NULL DEFAULT 0,
    log_lines integer NOT NULL DEFAULT 0,
    ready_at timestamptz,
    not_before timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (job_id, key),
    CONSTRAINT ck_steps_state CHECK (state IN
        ('pending', 'ready', 'running', 'completed', 'failed', 'cancelled', 'reused', 'skipped'))
) WITH (fillfactor = 70);
CREATE INDEX ix_steps_recipe ON steps (team_id, recipe) WHERE state IN ('completed', 'reused');
CREATE INDEX ix_steps_active ON steps (team_id, state, tag) WHERE state IN ('ready', 'running');

CREATE TABLE step_needs (
    job_id uuid NOT NULL,
    key text NOT NULL,
    needs_key text NOT NULL,
    team_id uuid NOT NULL,
    soft boolean NOT NULL DEFAULT false,
    PRIMARY KEY (job_id, key, needs_key),
    FOREIGN KEY (job_id, key) REFERENCES steps (job_id, key) ON DELETE CASCADE
);
CREATE INDEX ix_step_needs_needs_key ON step_needs (job_id, needs_key);

CREATE TABLE step_logs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id uuid NOT NULL,
    key text NOT NULL,
    team_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    level text NOT NULL,
    message text NOT NULL,
    FOREIGN KEY (job_id, key) REFERENCES steps (job_id, key) ON DELETE CASCADE
);
CREATE INDEX ix_step_logs_job_id_key ON step_logs (job_id, key);

CREATE TABLE step_calls (
    job_id uuid NOT NULL,
    key text NOT NULL,
    call_key text NOT NULL,
    team_id uuid NOT NULL,
    provider text NOT NULL,
    idempotency_key text NOT NULL,
    state text NOT NULL,
    calls integer NOT NULL DEFAULT 1,
    task_id text,
    answer jsonb,
    doubts integer NOT NULL DEFAULT 0,
    cost_microdollars bigint NOT NULL DEFAULT 0,
    possible_cost_microdollars bigint NOT NULL DEFAULT 0,
    began_at timestamptz NOT NULL DEFAULT now(),
    answered_at timestamptz,
    PRIMARY KEY (job_id, key, call_key),
    FOREIGN KEY (job_id, key) REFERENCES steps (job_id, key) ON DELETE CASCADE,
    CONSTRAINT ck_step_calls_state CHECK (state IN ('begun', 'answered', 'failed'))
);

CREATE TABLE step_edits (
    lineage uuid NOT NULL,
    key text NOT NULL,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    output jsonb NOT NULL,
    made_of text,
    made_by uuid,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (lineage, key)
);

CREATE TABLE events (
    job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    seq bigint NOT NULL,
    team_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    type text NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (job_id, seq)
);

CREATE TABLE books (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    project_id uuid REFERENCES projects (id) ON DELETE SET NULL,
    job_id uuid,
    title text NOT NULL,
    state text NOT NULL,
    brief jsonb NOT NULL,
    imported jsonb,
    notes jsonb NOT NULL DEFAULT '[]',
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    discarded_at timestamptz,
    CONSTRAINT ck_books_state CHECK (state IN ('making', 'ready', 'incomplete', 'cancelled'))
);
CREATE INDEX ix_books_team_id_id ON books (team_id, id);
CREATE INDEX ix_books_project_id ON books (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX ix_books_discarded_at ON books (discarded_at) WHERE discarded_at IS NOT NULL;

CREATE TABLE book_chapters (
    book_id uuid NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    number integer NOT NULL,
    team_id uuid NOT NULL,
    title text NOT NULL,
    state text NOT NULL DEFAULT 'planned',
    pages jsonb,
    is_edited boolean NOT NULL DEFAULT false,
    PRIMARY KEY (book_id, number),
    CONSTRAINT ck_book_chapters_state CHECK (state IN ('planned', 'written', 'stale'))
);

CREATE TABLE book_characters (
    book_id uuid NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    id text NOT NULL,
    position integer NOT NULL,
    team_id uuid NOT NULL,
    name text NOT NULL,
    description jsonb NOT NULL,
    sheet jsonb NOT NULL,
    PRIMARY KEY (book_id, id)
);

CREATE TABLE book_files (
    book_id uuid NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    slot text NOT NULL,
    team_id uuid NOT NULL,
    file jsonb NOT NULL,
    signed jsonb,
    alt text NOT NULL DEFAULT '',
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (book_id, slot)
);

CREATE TABLE photos (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    storage_key text NOT NULL,
    content_hash text NOT NULL,
    uploaded_hash text NOT NULL,
    size_bytes bigint NOT NULL,
    width_px integer NOT NULL,
    height_px integer NOT NULL,
    reading jsonb,
    look jsonb,
    consent_version text NOT NULL,
    consent_language text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ending text,
    ended_by uuid,
    deleted_at timestamptz,
    CONSTRAINT ck_photos_ending CHECK (ending IN ('expired', 'asked'))
);
CREATE INDEX ix_photos_team_id_id ON photos (team_id, id);
CREATE INDEX ix_photos_expires_at ON photos (expires_at) WHERE deleted_at IS NULL;

CREATE UNLOGGED TABLE rate_buckets (
    name text PRIMARY KEY,
    tokens double precision NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

CREATE UNLOGGED TABLE provider_slots (
    provider text NOT NULL,
    slot integer NOT NULL,
    holder text NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (provider, slot)
);

CREATE UNLOGGED TABLE workers (
    name text PRIMARY KEY,
    lanes jsonb NOT NULL,
    team_limit integer NOT NULL,
    pace jsonb NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE schedules (
    name text PRIMARY KEY,
    due_at timestamptz NOT NULL,
    run bigint NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0,
    holder text,
    held_until timestamptz,
    began_at timestamptz,
    ended_at timestamptz,
    seconds double precision,
    error text
);

CREATE TABLE doomed_blobs (
    key text PRIMARY KEY,
    team_id uuid NOT NULL,
    lineage uuid,
    doomed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_doomed_blobs_doomed_at ON doomed_blobs (doomed_at);

CREATE TABLE provider_pauses (
    provider text PRIMARY KEY,
    reason text NOT NULL,
    since timestamptz NOT NULL DEFAULT now()
);

CREATE VIEW works WITH (security_invoker = true) AS
SELECT id, team_id, 'book' AS kind, title, brief ->> 'premise' AS about, state, project_id, job_id, created_by,
       created_at, updated_at, discarded_at,
       (SELECT COALESCE(f.signed, f.file) ->> 'thumbnail_key' FROM book_files f
        WHERE f.book_id = books.id AND f.slot = 'picture/cover') AS cover_key,
       (SELECT string_agg(f.alt, ' ') FROM book_files f WHERE f.book_id = books.id) AS pictured
FROM books;
"""

_ALL = "SELECT, INSERT, UPDATE, DELETE"

# Tenant tables: what the app role may do in its team, and what the system role may do in all.
TENANT = {
    "memberships": (_ALL, "SELECT, INSERT"),
    "projects": (_ALL, ""),
    "assets": (_ALL, "SELECT"),
    "storage_usage": (_ALL, "SELECT"),
    "jobs": (_ALL, "SELECT, UPDATE"),
    "steps": (_ALL, "SELECT, UPDATE"),
    "step_needs": (_ALL, ""),
    "step_logs": (_ALL, "SELECT, INSERT, DELETE"),
    "step_calls": (_ALL, "SELECT, INSERT, UPDATE"),
    "step_edits": (_ALL, ""),
    "events": (_ALL, "SELECT, INSERT, DELETE"),
    "doomed_blobs": ("SELECT, INSERT, UPDATE", _ALL),
    "books": (_ALL, "SELECT"),
    "book_chapters": (_ALL, ""),
    "book_characters": (_ALL, ""),
    "book_files": (_ALL, "SELECT"),
    "photos": ("SELECT, INSERT, UPDATE", "SELECT"),
}

# Tables without a tenant: (app, system).
SHARED = {
    "people": ("", "SELECT, INSERT, UPDATE"),
    "rate_buckets": ("", _ALL),
    "provider_slots": ("", _ALL),
    "provider_pauses": ("SELECT", _ALL),
    "schedules": ("", "SELECT, INSERT, UPDATE"),
    "workers": ("SELECT (lanes, team_limit, pace, seen_at)", _ALL),
}

# One round trip for what is asked most often. It runs as who calls it, so policies hold it to the team that it sets,
# for its own transaction and no longer. In plpgsql so that the team stands before anything is read.
STATUS = """
CREATE FUNCTION job_status(team uuid, asked uuid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('overprint.team_id', team::text, true);
    RETURN (
        SELECT row_to_json(told)::text FROM (
            SELECT j.id, j.project_id, j.lineage, j.kind, j.title, j.state, j.progress, j.error, j.rerun_of,
                   j.created_at, j.started_at, j.ended_at, j.last_seq, j.steps_total, j.steps_ended, j.paused_at,
                   j.request_id, j.traceparent,
                   COALESCE((j.terms ->> 'quote_credits')::bigint, 0) AS quote_credits,
                   COALESCE((SELECT json_agg(row_to_json(step)) FROM (
                       SELECT s.key, s.kind, s.title, s.queue, s.state, s.attempt, s.origin, s.progress, s.note,
                              s.error_kind, s.error, s.price_credits, s.provider, s.input_tokens, s.output_tokens,
                              s.cost_microdollars, s.possible_cost_microdollars, s.started_at, s.ended_at
                       FROM steps s WHERE s.job_id = j.id ORDER BY s.position) AS step), '[]') AS steps
            FROM jobs j WHERE j.id = asked) AS told);
END $$
"""

# The same for who begins to watch: thousands do so at once when a server comes back.
KNOWN = """
CREATE FUNCTION job_is_of(team uuid, asked uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('overprint.team_id', team::text, true);
    RETURN EXISTS (SELECT FROM jobs WHERE id = asked);
END $$
"""

TEAM = "NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    op.execute(STATUS)
    op.execute(KNOWN)
    op.execute(f'GRANT USAGE ON SCHEMA public TO "{app}", "{system}"')
    op.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{system}"')
    op.execute(f'GRANT SELECT ON alembic_version TO "{app}", "{system}"')
    for table, (app_may, system_may) in SHARED.items():
        _grant(table, app, app_may)
        _grant(table, system, system_may)
    for table, (app_may, system_may) in TENANT.items():
        _secure(table, "team_id", app, app_may, system, system_may)
    _secure("teams", "id", app, "SELECT, UPDATE", system, "SELECT, INSERT")
    for role in (app, system):
        _grant("works", role, "SELECT")  # it shows a role what its tables do


def _grant(table: str, role: str, rights: str) -> None:
    if rights:
        op.execute(f'GRANT {rights} ON {table} TO "{role}"')


def _secure(table: str, column: str, app: str, app_may: str, system: str, system_may: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    _grant(table, app, app_may)
    op.execute(f'CREATE POLICY team ON {table} TO "{app}" USING ({column} = {TEAM}) WITH CHECK ({column} = {TEAM})')
    if system_may:
        _grant(table, system, system_may)
        op.execute(f'CREATE POLICY system ON {table} TO "{system}" USING (true) WITH CHECK (true)')
