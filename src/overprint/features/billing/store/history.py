"""SQL that reads the ledger: what people are shown, and what the system role looks for across teams."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id
from overprint.features.billing.rules.looking import JobFilters

Row = dict[str, Any]
_BEYOND_ALL = UUID(int=2**128 - 1)
BATCH = 500

_ENTRIES = """
SELECT e.id, e.kind, e.at, e.job_id, e.step_key, e.paid_for, e.reason, j.lineage AS work_id, j.kind AS job_kind,
       COALESCE(w.title, j.title) AS title, s.title AS step_title, moved.*
FROM ledger_entries e LEFT JOIN jobs j ON j.id = e.job_id LEFT JOIN works w ON w.id = j.lineage
LEFT JOIN steps s ON s.job_id = e.job_id AND s.key = e.step_key
CROSS JOIN LATERAL (
    SELECT COALESCE(sum(amount_credits) FILTER (WHERE account = 'available'), 0)::bigint AS available_credits,
           COALESCE(sum(amount_credits) FILTER (WHERE account = 'held'), 0)::bigint AS held_credits
    FROM ledger_lines WHERE entry_id = e.id) AS moved
WHERE e.id < $2 AND ($3::uuid IS NULL OR e.job_id = $3) ORDER BY e.id DESC LIMIT $1
"""


async def list_entries(
    driver: asyncpg.Connection, limit: int, before: UUID | None, job_id: UUID | None = None
) -> list[Row]:
    """The newest first, each with how it moved what the team can spend and what is held."""
    return [dict(row) for row in await driver.fetch(_ENTRIES, limit, before or _BEYOND_ALL, job_id)]


_HELD = """
SELECT h.job_id, h.held_credits, COALESCE(w.title, j.title) AS title
FROM job_holds h LEFT JOIN jobs j ON j.id = h.job_id LEFT JOIN works w ON w.id = j.lineage
WHERE h.held_credits > 0 ORDER BY h.made_at DESC, h.job_id LIMIT $1
"""


async def list_held(driver: asyncpg.Connection, limit: int) -> list[Row]:
    """What is being made, the newest first, each with what is set aside for it."""
    return [dict(row) for row in await driver.fetch(_HELD, limit)]


_COSTS = """
SELECT h.job_id AS id, h.team_id, j.kind, j.state, h.made_at, h.quote_credits, h.captured_credits,
       h.refunded_credits, paid.*
FROM job_holds h LEFT JOIN jobs j ON j.id = h.job_id
CROSS JOIN LATERAL (
    SELECT COALESCE(sum(cost_microdollars), 0)::bigint AS cost_microdollars,
           COALESCE(sum(possible_cost_microdollars), 0)::bigint AS possible_cost_microdollars
    FROM steps WHERE job_id = h.job_id) AS paid
WHERE h.job_id < $2 AND ($3::uuid IS NULL OR h.team_id = $3)
  AND ($4::text IS NULL OR COALESCE(j.state, 'deleted') = $4) AND ($5::text IS NULL OR j.kind = $5)
  AND ($6::uuid IS NULL OR h.job_id >= $6) AND ($7::uuid IS NULL OR h.job_id < $7)
  AND ($8::uuid IS NULL OR h.job_id = $8)
ORDER BY h.job_id DESC LIMIT $1
"""


async def list_costs(
    pool: asyncpg.Pool, limit: int, before: UUID | None, filters: JobFilters, only: UUID | None = None
) -> list[Row]:
    """Jobs of all teams, the newest first: the credits that each brought, and what providers took for it. ``only``:
    this one. System role."""
    first, last = (_first_id(instant) if instant else None for instant in (filters.since, filters.until))
    wanted = filters.team_id, filters.state, filters.kind, first, last, only
    return [dict(row) for row in await pool.fetch(_COSTS, limit, before or _BEYOND_ALL, *wanted)]


_BY_PROVIDER = """
SELECT queue, provider, count(*) FILTER (WHERE state = 'completed') AS answers,
       max(ended_at) FILTER (WHERE state = 'completed') AS answered_at,
       max(ended_at) FILTER (WHERE state = 'failed') AS failed_at, sum(cost_microdollars)::bigint AS cost_microdollars
FROM steps WHERE job_id >= $1 AND provider IS NOT NULL GROUP BY queue, provider LIMIT 200
"""


async def by_provider(pool: asyncpg.Pool, since: datetime) -> list[Row]:
    """Of the jobs begun since then, by queue and provider: how many steps it answered, when last, when one failed
    last, and what it took. System role."""
    return [dict(row) for row in await pool.fetch(_BY_PROVIDER, _first_id(since))]


def _first_id(instant: datetime) -> UUID:
    """The least id of a job that was made then: an id begins with its time."""
    return UUID(int=new_id(max(0, int(instant.timestamp() * 1000))).int >> 80 << 80)


_INCOME = """
SELECT currency, sum(amount_cents - LEAST(amount_cents, refunded_cents
    + CASE WHEN dispute IN ('open', 'lost') THEN disputed_cents ELSE 0 END))::bigint AS cents FROM invoices
WHERE paid_at >= $1 GROUP BY currency ORDER BY currency LIMIT 20
"""
_SPENT = "SELECT COALESCE(sum(cost_microdollars), 0)::bigint FROM steps WHERE job_id >= $1"


async def month_since(pool: asyncpg.Pool, since: datetime) -> tuple[dict[str, int], int]:
    """Cents that were paid since then and are here, neither given back nor disputed, by currency; and microdollars that
    providers took for jobs begun since then. System role."""
    income = await pool.fetch(_INCOME, since)
    return {row["currency"]: row["cents"] for row in income}, await pool.fetchval(_SPENT, _first_id(since))


_LOTS = """
SELECT id, source, expires_at, available_credits, held_credits FROM credit_lots
WHERE available_credits > 0 OR held_credits > 0 ORDER BY expires_at NULLS LAST, id LIMIT 500
"""


async def list_lots(driver: asyncpg.Connection) -> list[Row]:
    return [dict(row) for row in await driver.fetch(_LOTS)]


_EXPIRED = """
SELECT DISTINCT l.team_id FROM credit_lots l JOIN teams ON teams.id = l.team_id
WHERE l.expires_at <= $1 AND l.available_credits > 0 LIMIT $2
"""


async def teams_with_expired_lots(pool: asyncpg.Pool, now: datetime) -> list[UUID]:
    """System role."""
    return [row["team_id"] for row in await pool.fetch(_EXPIRED, now, BATCH)]


_RENEWING = "SELECT team_id FROM purses WHERE renews_at <= $1 LIMIT $2"


async def teams_that_renew(pool: asyncpg.Pool, now: datetime) -> list[UUID]:
    """Teams whose monthly credits are due. System role."""
    return [row["team_id"] for row in await pool.fetch(_RENEWING, now, BATCH)]


_ORPHANS = """
SELECT h.team_id, h.job_id FROM job_holds h JOIN teams ON teams.id = h.team_id LEFT JOIN jobs j ON j.id = h.job_id
WHERE h.held_credits > 0 AND (j.id IS NULL OR j.ended_at IS NOT NULL) LIMIT $1
"""


async def holds_without_job(pool: asyncpg.Pool) -> list[tuple[UUID, UUID]]:
    """(team, job) of holds whose job has ended, or is deleted. System role."""
    return [(row["team_id"], row["job_id"]) for row in await pool.fetch(_ORPHANS, BATCH)]


async def team_of_job(pool: asyncpg.Pool, job_id: UUID) -> UUID | None:
    """Whose job that was, if anything was held for it. System role."""
    found: UUID | None = await pool.fetchval("SELECT team_id FROM job_holds WHERE job_id = $1", job_id)
    return found


async def is_holding(pool: asyncpg.Pool, team_id: UUID) -> bool:
    """Whether anything is held for a job of the team. System role."""
    return bool(
        await pool.fetchval("SELECT EXISTS (SELECT FROM job_holds WHERE team_id = $1 AND held_credits > 0)", team_id)
    )


async def is_team(pool: asyncpg.Pool, team_id: UUID) -> bool:
    """System role."""
    return bool(await pool.fetchval("SELECT EXISTS (SELECT FROM teams WHERE id = $1)", team_id))


@dataclass(frozen=True, slots=True)
class Drift:
    """A difference between what the ledger's lines say and a balance that is kept beside them."""

    team_id: UUID
    what: str
    derived_credits: int
    kept_credits: int


_DRIFT = """
WITH derived AS (
    SELECT lot_id, account, sum(amount_credits)::bigint AS credits FROM ledger_lines GROUP BY lot_id, account),
kept AS (
    SELECT l.team_id, l.id AS lot_id, k.account, k.credits FROM credit_lots l CROSS JOIN LATERAL (VALUES
        ('available', available_credits), ('held', held_credits), ('issued', issued_credits),
        ('earned', earned_credits), ('refunded', refunded_credits), ('expired', expired_credits)
    ) AS k(account, credits)),
held AS (
    SELECT team_id, sum(held_credits)::bigint AS credits FROM credit_lots GROUP BY team_id),
aside AS (
    SELECT team_id, sum(held_credits)::bigint AS credits FROM job_holds GROUP BY team_id)
SELECT kept.team_id, 'lot ' || kept.lot_id || ', ' || kept.account AS what,
       COALESCE(derived.credits, 0) AS derived, kept.credits AS kept
FROM kept LEFT JOIN derived USING (lot_id, account) WHERE COALESCE(derived.credits, 0) <> kept.credits
UNION ALL
SELECT COALESCE(held.team_id, aside.team_id), 'held for jobs', COALESCE(held.credits, 0), COALESCE(aside.credits, 0)
FROM held FULL JOIN aside USING (team_id) WHERE COALESCE(held.credits, 0) <> COALESCE(aside.credits, 0)
LIMIT 100
"""


async def find_drift(pool: asyncpg.Pool | asyncpg.Connection) -> list[Drift]:
    """At most a hundred differences, all from one moment. System role."""
    rows = await pool.fetch(_DRIFT)
    return [Drift(row["team_id"], row["what"], row["derived"], row["kept"]) for row in rows]
