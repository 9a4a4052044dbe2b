"""What new books begin with, versions of memberships, and the end of teams and people: who is closed can be removed."""

from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = """
ALTER TABLE memberships ADD COLUMN version bigint NOT NULL DEFAULT 1;
CREATE INDEX ix_teams_closed_at ON teams (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX ix_people_closed_at ON people (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX ix_step_edits_team_id ON step_edits (team_id);

CREATE TABLE book_defaults (
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    person_id uuid,
    chosen jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    CONSTRAINT uq_book_defaults_team_id_person_id UNIQUE NULLS NOT DISTINCT (team_id, person_id),
    CONSTRAINT fk_book_defaults_memberships FOREIGN KEY (team_id, person_id)
        REFERENCES memberships (team_id, person_id) ON DELETE CASCADE
)
"""

# The amounts of the ledger stay for ever. Words and names in it go with a team that is gone.
ENDS = (
    """
CREATE FUNCTION refuse_changing_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.paid_for = '[]' AND NEW.reason = ''
       AND (NEW.id, NEW.team_id, NEW.key, NEW.kind, NEW.at) = (OLD.id, OLD.team_id, OLD.key, OLD.kind, OLD.at)
       AND (NEW.job_id, NEW.step_key, NEW.made_by) IS NOT DISTINCT FROM (OLD.job_id, OLD.step_key, OLD.made_by)
       AND NOT EXISTS (SELECT 1 FROM public.teams t WHERE t.id = OLD.team_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what stands in % is never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
""",
    "DROP TRIGGER append_only ON ledger_entries",
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW"
    " EXECUTE FUNCTION refuse_changing_entry()",
    """
CREATE FUNCTION refuse_removing_open() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NULL THEN
        RAISE EXCEPTION 'what is in % is closed before it is removed', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$
""",
    *(
        f"CREATE TRIGGER closed_first BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_removing_open()"
        for table in ("teams", "people")
    ),
)

TEAM = "NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    for statement in (*TABLES.split(";"), *ENDS):
        op.execute(statement)
    op.execute("ALTER TABLE book_defaults ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE book_defaults FORCE ROW LEVEL SECURITY")
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON book_defaults TO "{app}"')
    op.execute(f'CREATE POLICY team ON book_defaults TO "{app}" USING (team_id = {TEAM}) WITH CHECK (team_id = {TEAM})')
    op.execute(f'GRANT DELETE ON teams, people TO "{system}"')
    op.execute(f'GRANT UPDATE (paid_for, reason) ON ledger_entries TO "{system}"')
