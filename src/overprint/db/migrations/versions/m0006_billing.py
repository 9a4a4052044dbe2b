"""Plans, purses, the credits ledger, subscriptions, invoices and what payment providers tell.

The ledger is append-only for everybody, its owner too, and keeps its own balances: a lot's row is moved by the lines
that are written for it and by nothing else.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = """
CREATE TABLE plans (
    key text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    daily_jobs bigint NOT NULL,
    monthly_credits bigint NOT NULL,
    storage_bytes bigint NOT NULL,
    weight integer NOT NULL,
    features jsonb NOT NULL DEFAULT '[]',
    price_cents bigint NOT NULL,
    currency text NOT NULL,
    is_offered boolean NOT NULL,
    trial_days integer NOT NULL DEFAULT 0,
    made_by uuid,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (key, version),
    CONSTRAINT ck_plans_version CHECK (version >= 1),
    CONSTRAINT ck_plans_daily_jobs CHECK (daily_jobs >= 0),
    CONSTRAINT ck_plans_monthly_credits CHECK (monthly_credits >= 0),
    CONSTRAINT ck_plans_storage_bytes CHECK (storage_bytes >= 0),
    CONSTRAINT ck_plans_weight CHECK (weight BETWEEN 1 AND 60),
    CONSTRAINT ck_plans_price_cents CHECK (price_cents >= 0),
    CONSTRAINT ck_plans_trial_days CHECK (trial_days BETWEEN 0 AND 90)
);

CREATE TABLE purses (
    team_id uuid PRIMARY KEY REFERENCES teams (id) ON DELETE CASCADE,
    plan text NOT NULL,
    plan_version integer NOT NULL,
    renews_at timestamptz,
    made_at timestamptz NOT NULL,
    FOREIGN KEY (plan, plan_version) REFERENCES plans (key, version)
);
CREATE INDEX ix_purses_plan ON purses (plan, plan_version);
CREATE INDEX ix_purses_renews_at ON purses (renews_at) WHERE renews_at IS NOT NULL;

CREATE TABLE credit_lots (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL,
    source text NOT NULL,
    granted_by text NOT NULL,
    expires_at timestamptz,
    made_at timestamptz NOT NULL,
    available_credits bigint NOT NULL DEFAULT 0,
    held_credits bigint NOT NULL DEFAULT 0,
    issued_credits bigint NOT NULL DEFAULT 0,
    earned_credits bigint NOT NULL DEFAULT 0,
    refunded_credits bigint NOT NULL DEFAULT 0,
    expired_credits bigint NOT NULL DEFAULT 0,
    CONSTRAINT uq_credit_lots_granted_by UNIQUE (team_id, granted_by),
    CONSTRAINT ck_credit_lots_source CHECK (source IN ('plan', 'promo', 'pack', 'admin', 'house')),
    CONSTRAINT ck_credit_lots_available CHECK (available_credits >= 0),
    CONSTRAINT ck_credit_lots_held CHECK (held_credits >= 0),
    CONSTRAINT ck_credit_lots_issued CHECK (issued_credits <= 0),
    CONSTRAINT ck_credit_lots_earned CHECK (earned_credits >= 0),
    CONSTRAINT ck_credit_lots_refunded CHECK (refunded_credits BETWEEN -earned_credits AND 0),
    CONSTRAINT ck_credit_lots_expired CHECK (expired_credits >= 0),
    CONSTRAINT ck_credit_lots_zero CHECK (available_credits + held_credits + issued_credits + earned_credits
        + refunded_credits + expired_credits = 0)
) WITH (fillfactor = 80);
CREATE INDEX ix_credit_lots_spendable ON credit_lots (team_id) WHERE available_credits > 0;
CREATE INDEX ix_credit_lots_expires_at ON credit_lots (expires_at) WHERE available_credits > 0;

CREATE TABLE ledger_entries (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    job_id uuid,
    step_key text,
    paid_for jsonb NOT NULL DEFAULT '[]',
    reason text NOT NULL DEFAULT '',
    made_by uuid,
    at timestamptz NOT NULL,
    CONSTRAINT uq_ledger_entries_key UNIQUE (key),
    CONSTRAINT ck_ledger_entries_kind CHECK (kind IN
        ('grant', 'hold', 'capture', 'release', 'expire', 'refund', 'take_back')),
    CONSTRAINT ck_ledger_entries_paid_for CHECK (kind <> 'capture' OR (job_id IS NOT NULL AND step_key IS NOT NULL))
);
CREATE INDEX ix_ledger_entries_team_id_id ON ledger_entries (team_id, id);
CREATE INDEX ix_ledger_entries_job_id ON ledger_entries (job_id) WHERE job_id IS NOT NULL;

CREATE TABLE ledger_lines (
    entry_id uuid NOT NULL REFERENCES ledger_entries (id),
    position integer NOT NULL,
    team_id uuid NOT NULL,
    lot_id uuid NOT NULL REFERENCES credit_lots (id),
    account text NOT NULL,
    amount_credits bigint NOT NULL,
    PRIMARY KEY (entry_id, position),
    CONSTRAINT ck_ledger_lines_account CHECK (account IN
        ('available', 'held', 'issued', 'earned', 'refunded', 'expired')),
    CONSTRAINT ck_ledger_lines_amount CHECK (amount_credits <> 0)
);
CREATE INDEX ix_ledger_lines_lot_id ON ledger_lines (lot_id);

CREATE TABLE job_holds (
    job_id uuid PRIMARY KEY,
    team_id uuid NOT NULL,
    quote_credits bigint NOT NULL,
    held_credits bigint NOT NULL,
    captured_credits bigint NOT NULL DEFAULT 0,
    released_credits bigint NOT NULL DEFAULT 0,
    refunded_credits bigint NOT NULL DEFAULT 0,
    parts jsonb NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT ck_job_holds_held CHECK (held_credits >= 0),
    CONSTRAINT ck_job_holds_captured CHECK (captured_credits >= 0),
    CONSTRAINT ck_job_holds_released CHECK (released_credits >= 0),
    CONSTRAINT ck_job_holds_quote CHECK (held_credits + captured_credits + released_credits = quote_credits),
    CONSTRAINT ck_job_holds_refunded CHECK (refunded_credits BETWEEN 0 AND captured_credits)
) WITH (fillfactor = 80);
CREATE INDEX ix_job_holds_team_id ON job_holds (team_id);
CREATE INDEX ix_job_holds_open ON job_holds (made_at) WHERE held_credits > 0;

CREATE TABLE usage_days (
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    day date NOT NULL,
    jobs bigint NOT NULL DEFAULT 0,
    credits bigint NOT NULL DEFAULT 0,
    storage_bytes bigint,
    PRIMARY KEY (team_id, day),
    CONSTRAINT ck_usage_days_jobs CHECK (jobs >= 0),
    CONSTRAINT ck_usage_days_credits CHECK (credits >= 0)
) WITH (fillfactor = 80);

CREATE TABLE subscriptions (
    team_id uuid PRIMARY KEY REFERENCES teams (id) ON DELETE CASCADE,
    provider text NOT NULL,
    customer_id text NOT NULL,
    subscription_id text,
    plan text,
    plan_version integer,
    status text NOT NULL DEFAULT 'none',
    period_start timestamptz,
    period_end timestamptz,
    ends_at_period_end boolean NOT NULL DEFAULT false,
    next_plan text,
    past_due_since timestamptz,
    latest_invoice_id text,
    turns integer NOT NULL DEFAULT 0,
    doubled_id text,
    trial_at timestamptz,
    trial_told_at timestamptz,
    updated_at timestamptz NOT NULL,
    CONSTRAINT uq_subscriptions_customer_id UNIQUE (provider, customer_id),
    CONSTRAINT uq_subscriptions_subscription_id UNIQUE (provider, subscription_id),
    CONSTRAINT ck_subscriptions_status CHECK
        (status IN ('none', 'trialing', 'active', 'past_due', 'unpaid', 'cancelled'))
);
CREATE INDEX ix_subscriptions_past_due ON subscriptions (past_due_since) WHERE past_due_since IS NOT NULL;
CREATE INDEX ix_subscriptions_period_end ON subscriptions (period_end) WHERE plan IS NOT NULL;

CREATE TABLE trials (
    mark bytea PRIMARY KEY,
    team_id uuid NOT NULL,
    offered_at timestamptz NOT NULL,
    begun_at timestamptz
);
CREATE INDEX ix_trials_team_id ON trials (team_id);

CREATE TABLE checkouts (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    provider text NOT NULL,
    key text NOT NULL,
    is_monthly boolean NOT NULL,
    opened_by uuid NOT NULL,
    page_id text,
    made_at timestamptz NOT NULL,
    due_at timestamptz,
    sent_at timestamptz,
    CONSTRAINT uq_checkouts_key UNIQUE (team_id, provider, key),
    CONSTRAINT uq_checkouts_page_id UNIQUE (provider, page_id)
);
CREATE INDEX ix_checkouts_due_at ON checkouts (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_checkouts_made_at ON checkouts (made_at);

CREATE TABLE invoices (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL,
    provider text NOT NULL,
    invoice_id text NOT NULL,
    charge_id text,
    description text NOT NULL,
    state text NOT NULL,
    amount_cents bigint NOT NULL,
    refunded_cents bigint NOT NULL DEFAULT 0,
    currency text NOT NULL,
    credits bigint NOT NULL DEFAULT 0,
    lot_id uuid,
    subscription_id text,
    period_end timestamptz,
    dispute text NOT NULL DEFAULT 'none',
    disputed_cents bigint NOT NULL DEFAULT 0,
    taken_credits bigint NOT NULL DEFAULT 0,
    owed_credits bigint NOT NULL DEFAULT 0,
    dispute_told text NOT NULL DEFAULT 'none',
    tell_person uuid,
    turns integer NOT NULL DEFAULT 0,
    url text,
    made_at timestamptz NOT NULL,
    paid_at timestamptz,
    CONSTRAINT uq_invoices_invoice_id UNIQUE (provider, invoice_id),
    CONSTRAINT ck_invoices_state CHECK (state IN ('open', 'sent', 'paid', 'failed', 'refunded')),
    CONSTRAINT ck_invoices_amounts CHECK (amount_cents >= 0 AND refunded_cents BETWEEN 0 AND amount_cents),
    CONSTRAINT ck_invoices_dispute CHECK (dispute IN ('none', 'open', 'won', 'lost') AND disputed_cents >= 0),
    CONSTRAINT ck_invoices_taken CHECK (taken_credits BETWEEN 0 AND credits AND owed_credits >= 0)
);
CREATE INDEX ix_invoices_team_id_id ON invoices (team_id, id);
CREATE INDEX ix_invoices_charge_id ON invoices (provider, charge_id) WHERE charge_id IS NOT NULL;
CREATE INDEX ix_invoices_sent ON invoices (id) WHERE state = 'sent';
CREATE INDEX ix_invoices_untold ON invoices (provider) WHERE dispute <> dispute_told;
CREATE INDEX ix_invoices_tell_person ON invoices (tell_person) WHERE tell_person IS NOT NULL;
CREATE INDEX ix_invoices_gone ON invoices (provider) WHERE refunded_cents > 0 OR dispute <> 'none';

CREATE TABLE payment_events (
    provider text NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    object_id text NOT NULL,
    body bytea NOT NULL,
    received_at timestamptz NOT NULL,
    due_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    processed_at timestamptz,
    error text,
    PRIMARY KEY (provider, event_id)
);
CREATE INDEX ix_payment_events_due_at ON payment_events (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_payment_events_received_at ON payment_events (received_at);

CREATE TABLE payment_looks (
    provider text PRIMARY KEY,
    looked_until timestamptz NOT NULL
);

CREATE TABLE till_objects (
    id text PRIMARY KEY,
    kind text NOT NULL,
    customer_id text,
    data jsonb NOT NULL,
    due_at timestamptz,
    made_at timestamptz NOT NULL
);
CREATE INDEX ix_till_objects_due_at ON till_objects (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_till_objects_customer_id ON till_objects (customer_id, kind) WHERE customer_id IS NOT NULL;
"""

# What new installations begin with; site admins add versions. 9007199254740991 is "unlimited": a value, not NULL.
PLANS = """
INSERT INTO plans (key, version, name, daily_jobs, monthly_credits, storage_bytes, weight, features, price_cents,
                   currency, is_offered) VALUES
    ('own', 1, 'Own installation', 9007199254740991, 0, 9007199254740991, 1,
     '["print", "audio", "export", "members"]', 0, 'usd', false),
    ('guest', 1, 'Guest', 1, 150, 200000000, 1, '[]', 0, 'usd', false),
    ('free', 1, 'Free', 5, 300, 1000000000, 1, '["export", "members"]', 0, 'usd', true),
    ('pro', 1, 'Pro', 50, 3000, 20000000000, 3, '["print", "audio", "export", "members"]', 1000, 'usd', true),
    ('team', 1, 'Team', 9007199254740991, 10000, 100000000000, 6, '["print", "audio", "export", "members"]', 3000,
     'usd', true),
    ('enterprise', 1, 'Enterprise', 9007199254740991, 100000, 9007199254740991, 10,
     '["print", "audio", "export", "members"]', 0, 'usd', false)
"""

# Bodies hold semicolons, so each stands alone.
TRIGGERS = (
    """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what stands in % is never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
""",
    *(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {each} EXECUTE FUNCTION refuse_change()"
        for table in ("ledger_lines", "ledger_entries")
        for name, event, each in (
            ("append_only", "UPDATE OR DELETE", "FOR EACH ROW"),
            ("never_emptied", "TRUNCATE", "FOR EACH STATEMENT"),
        )
    ),
    # One update a statement, however many lines; the checks on the lot's row then hold for all of them.
    """
CREATE FUNCTION move_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved bigint;
BEGIN
    UPDATE credit_lots l SET
        available_credits = l.available_credits + m.available, held_credits = l.held_credits + m.held,
        issued_credits = l.issued_credits + m.issued, earned_credits = l.earned_credits + m.earned,
        refunded_credits = l.refunded_credits + m.refunded, expired_credits = l.expired_credits + m.expired
    FROM (SELECT lot_id, team_id,
              COALESCE(sum(amount_credits) FILTER (WHERE account = 'available'), 0) AS available,
              COALESCE(sum(amount_credits) FILTER (WHERE account = 'held'), 0) AS held,
              COALESCE(sum(amount_credits) FILTER (WHERE account = 'issued'), 0) AS issued,
              COALESCE(sum(amount_credits) FILTER (WHERE account = 'earned'), 0) AS earned,
              COALESCE(sum(amount_credits) FILTER (WHERE account = 'refunded'), 0) AS refunded,
              COALESCE(sum(amount_credits) FILTER (WHERE account = 'expired'), 0) AS expired
          FROM written GROUP BY lot_id, team_id) AS m
    WHERE l.id = m.lot_id AND l.team_id = m.team_id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> (SELECT count(DISTINCT (lot_id, team_id)) FROM written) THEN
        RAISE EXCEPTION 'a line of the ledger is of another team than its lot' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
""",
    "CREATE TRIGGER move_balances AFTER INSERT ON ledger_lines REFERENCING NEW TABLE AS written "
    "FOR EACH STATEMENT EXECUTE FUNCTION move_balances()",
    # Depth 0: not by the trigger above.
    """
CREATE FUNCTION refuse_moving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'balances are moved by lines of the ledger alone' USING ERRCODE = 'restrict_violation';
END $$
""",
    "CREATE TRIGGER moved_by_lines BEFORE UPDATE OF id, team_id, available_credits, held_credits, issued_credits, "
    "earned_credits, refunded_credits, expired_credits ON credit_lots FOR EACH ROW WHEN (pg_trigger_depth() = 0) "
    "EXECUTE FUNCTION refuse_moving()",
    "CREATE TRIGGER made_empty BEFORE INSERT ON credit_lots FOR EACH ROW WHEN (NEW.available_credits <> 0 "
    "OR NEW.held_credits <> 0 OR NEW.earned_credits <> 0 OR NEW.expired_credits <> 0) EXECUTE FUNCTION refuse_moving()",
    """
CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry uuid;
    lines bigint;
    total bigint;
BEGIN
    IF TG_TABLE_NAME = 'ledger_lines' THEN entry := NEW.entry_id; ELSE entry := NEW.id; END IF;
    SELECT count(*), COALESCE(sum(amount_credits), 0) INTO lines, total FROM ledger_lines WHERE entry_id = entry;
    IF lines < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'ledger entry % has % lines that sum to %', entry, lines, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
""",
    "CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced()",
    "CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON ledger_lines DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced()",
)

# What the app role may do in its team, and what the system role may do in all.
TENANT = {
    "purses": ("SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE"),  # guests come and register without a team
    "credit_lots": ("SELECT, INSERT, UPDATE", "SELECT"),
    "ledger_entries": ("SELECT, INSERT", "SELECT"),
    "ledger_lines": ("SELECT, INSERT", "SELECT"),
    "job_holds": ("SELECT, INSERT, UPDATE", "SELECT"),
    "usage_days": ("SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE"),
    "subscriptions": ("SELECT, INSERT, UPDATE", "SELECT"),
    "checkouts": ("SELECT, INSERT, UPDATE, DELETE", "SELECT, DELETE"),
    "invoices": ("SELECT, INSERT, UPDATE", "SELECT"),
}

# Tables without a tenant: (app, system).
SHARED = {
    "plans": ("SELECT", "SELECT, INSERT"),
    "trials": ("", "SELECT, INSERT, UPDATE, DELETE"),
    "payment_events": ("", "SELECT, INSERT, UPDATE, DELETE"),
    "payment_looks": ("", "SELECT, INSERT, UPDATE"),
    "till_objects": ("", "SELECT, INSERT, UPDATE, DELETE"),
}

TEAM = "NULLIF(current_setting('overprint.team_id', true), '')::uuid"


def upgrade() -> None:
    config = op.get_context().config
    assert config is not None
    app, system = config.attributes["app_role"], config.attributes["system_role"]
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    op.execute(PLANS)
    for statement in TRIGGERS:
        op.execute(statement)
    for table, (app_may, system_may) in SHARED.items():
        _grant(table, app, app_may)
        _grant(table, system, system_may)
    for table, (app_may, system_may) in TENANT.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        _grant(table, app, app_may)
        _grant(table, system, system_may)
        op.execute(f'CREATE POLICY team ON {table} TO "{app}" USING (team_id = {TEAM}) WITH CHECK (team_id = {TEAM})')
        op.execute(f'CREATE POLICY system ON {table} TO "{system}" USING (true) WITH CHECK (true)')


def _grant(table: str, role: str, rights: str) -> None:
    if rights:
        op.execute(f'GRANT {rights} ON {table} TO "{role}"')
