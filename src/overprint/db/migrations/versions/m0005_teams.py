"""Teams in full: settings, versions for edits, invitations, and always an owner."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = """
ALTER TABLE teams ADD COLUMN settings jsonb NOT NULL DEFAULT '{}';
ALTER TABLE teams ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE teams ADD COLUMN created_by uuid;
ALTER TABLE teams ADD COLUMN idempotency_key text;
ALTER TABLE teams ADD COLUMN closed_at timestamptz;
ALTER TABLE teams ADD CONSTRAINT uq_teams_created_by_idempotency_key UNIQUE (created_by, idempotency_key);

CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    email text NOT NULL,
    role text NOT NULL,
    hash bytea NOT NULL,
    invited_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    sends integer NOT NULL DEFAULT 1,
    sent_at timestamptz NOT NULL,
    ended_at timestamptz,
    ending text,
    CONSTRAINT ck_invitations_role CHECK (role IN ('admin', 'member', 'viewer')),
    CONSTRAINT ck_invitations_ending CHECK (ending IN ('accepted', 'declined', 'withdrawn', 'expired', 'closed')),
    CONSTRAINT uq_invitations_hash UNIQUE (hash)
);
CREATE INDEX ix_invitations_team_id_id ON invitations (team_id, id);
CREATE UNIQUE INDEX ix_invitations_team_id_email ON invitations (team_id, email) WHERE ended_at IS NULL;
CREATE INDEX ix_invitations_invited_by_created_at ON invitations (invited_by, created_at);
CREATE INDEX ix_invitations_email ON invitations (email) WHERE ended_at IS NULL;
"""

# Looked at when the transaction ends, under the lock of the team: of two owners who leave at the same moment the
# second one sees that the first has gone.
OWNED = (
    """
CREATE FUNCTION team_has_owner() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM public.teams t WHERE t.id = OLD.team_id AND t.closed_at IS NULL FOR NO KEY UPDATE;
    IF FOUND AND NOT EXISTS (SELECT 1 FROM public.memberships m WHERE m.team_id = OLD.team_id AND m.role = 'owner') THEN
        RAISE EXCEPTION 'team % would have no owner', OLD.team_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'team_has_owner';
    END IF;
    RETURN NULL;
END $$
""",
    "CREATE CONSTRAINT TRIGGER has_owner AFTER UPDATE OR DELETE ON memberships DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION team_has_owner()",
)

TEAM = "NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    for statement in OWNED:
        op.execute(statement)
    op.execute("ALTER TABLE invitations ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE invitations FORCE ROW LEVEL SECURITY")
    op.execute(f'GRANT SELECT, INSERT, UPDATE ON invitations TO "{app}"')
    op.execute(f'CREATE POLICY team ON invitations TO "{app}" USING (team_id = {TEAM}) WITH CHECK (team_id = {TEAM})')
    op.execute(f'CREATE POLICY system ON invitations TO "{system}" USING (true) WITH CHECK (true)')
    op.execute(f'GRANT SELECT, UPDATE ON invitations, teams TO "{system}"')
    op.execute(f'GRANT UPDATE, DELETE ON memberships TO "{system}"')
