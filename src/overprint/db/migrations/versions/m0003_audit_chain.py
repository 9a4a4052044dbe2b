"""The audit log: one chain of hashes a team, and one for what belongs to no team (the team of zeros).

Rights keep the roles from changing a line, triggers keep the owner of the tables from doing it by mistake, and the
hashes show if somebody did it all the same. Lines leave at the front alone, once their chain's anchor is behind them.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

NOTHING = "0" * 64

TABLES = f"""
CREATE TABLE audit_chains (
    team_id uuid PRIMARY KEY,
    seq bigint NOT NULL,
    previous_hash text NOT NULL,
    hash text NOT NULL,
    cut_seq bigint NOT NULL DEFAULT 0,
    cut_hash text NOT NULL DEFAULT '{NOTHING}'
) WITH (fillfactor = 50);

CREATE TABLE audit_log (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    actor_id uuid,
    via text,
    session_id uuid,
    address text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    detail jsonb NOT NULL,
    request_id text,
    previous_hash text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT uq_audit_log_team_id_seq UNIQUE (team_id, seq)
);
"""

# A head moves on by one line at a time, and an anchor only forward, onto a line that is there.
GUARDS = (
    """
CREATE FUNCTION audit_line_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.seq <= (SELECT c.cut_seq FROM public.audit_chains c WHERE c.team_id = OLD.team_id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'a line of the audit log stays as it is' USING ERRCODE = 'restrict_violation';
END $$
""",
    """
CREATE FUNCTION audit_chain_grows() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.team_id = OLD.team_id AND NEW.seq = OLD.seq + 1 AND NEW.previous_hash = OLD.hash
           AND (NEW.cut_seq, NEW.cut_hash) = (OLD.cut_seq, OLD.cut_hash) THEN
            RETURN NEW;
        END IF;
        IF (NEW.team_id, NEW.seq, NEW.previous_hash, NEW.hash) = (OLD.team_id, OLD.seq, OLD.previous_hash, OLD.hash)
           AND NEW.cut_seq > OLD.cut_seq
           AND NEW.cut_hash = (SELECT l.hash FROM public.audit_log l
                               WHERE l.team_id = NEW.team_id AND l.seq = NEW.cut_seq) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a chain of the audit log only grows' USING ERRCODE = 'restrict_violation';
END $$
""",
    "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_line_stays()",
    "CREATE TRIGGER stays_whole BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_line_stays()",
    "CREATE TRIGGER grows BEFORE UPDATE OR DELETE ON audit_chains FOR EACH ROW EXECUTE FUNCTION audit_chain_grows()",
    "CREATE TRIGGER stays_whole BEFORE TRUNCATE ON audit_chains"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_chain_grows()",
)

# What the app role may do in its team, and the system role in all.
RIGHTS = {
    "audit_log": ("SELECT, INSERT", "SELECT, INSERT, DELETE"),
    "audit_chains": ("SELECT, INSERT, UPDATE (seq, previous_hash, hash)", "SELECT, INSERT, UPDATE"),
}

TEAM = "NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    op.execute("DROP TABLE IF EXISTS audit_log")  # it was in 0001, before anything was released
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    for guard in GUARDS:
        op.execute(guard)
    for table, (app_may, system_may) in RIGHTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f'GRANT {app_may} ON {table} TO "{app}"')
        op.execute(f'GRANT {system_may} ON {table} TO "{system}"')
        op.execute(f'CREATE POLICY team ON {table} TO "{app}" USING (team_id = {TEAM}) WITH CHECK (team_id = {TEAM})')
        op.execute(f'CREATE POLICY system ON {table} TO "{system}" USING (true) WITH CHECK (true)')
