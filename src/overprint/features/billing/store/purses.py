"""SQL about plans and purses. A team's purse is made when it is first needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.features.billing.rules.plans import Plan

Row: TypeAlias = Any

_NAMES = tuple(field.name for field in fields(Plan))
PLAN_COLUMNS = ", ".join(_NAMES)
_PLAN = ", ".join(f"plans.{name}" for name in _NAMES)


@dataclass(frozen=True, slots=True)
class Purse:
    """A team's plan, and when its monthly credits come again by themselves."""

    team_id: UUID
    plan: Plan
    renews_at: datetime | None


def plan_of(row: Row) -> Plan:
    return Plan(**{name: row[name] for name in _NAMES} | {"features": tuple(row["features"])})


_FIND = f"""
SELECT purses.team_id, purses.renews_at, {_PLAN} FROM purses JOIN plans
    ON plans.key = purses.plan AND plans.version = purses.plan_version
WHERE purses.team_id = $1
"""
_HOLD = f"{_FIND} FOR UPDATE OF purses"
_NEWEST = f"SELECT {PLAN_COLUMNS} FROM plans WHERE key = $1 ORDER BY version DESC LIMIT 1"
_OPEN = """
INSERT INTO purses (team_id, plan, plan_version, renews_at, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""


def _purse(row: Row) -> Purse:
    return Purse(row["team_id"], plan_of(row), row["renews_at"])


async def find_purse(driver: asyncpg.Connection, team_id: UUID) -> Purse | None:
    row = await driver.fetchrow(_FIND, team_id)
    return None if row is None else _purse(row)


async def list_plans_of(pool: asyncpg.Pool, team_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The plans of these teams by their keys. System role."""
    rows = await pool.fetch("SELECT team_id, plan FROM purses WHERE team_id = ANY($1)", team_ids)
    return {row["team_id"]: row["plan"] for row in rows}


async def hold_purse(driver: asyncpg.Connection, team_id: UUID, default_plan: str, now: datetime) -> Purse:
    """The team's purse, kept to this transaction until it ends; made on ``default_plan`` if there is none."""
    row = await driver.fetchrow(_HOLD, team_id)
    while row is None:
        plan = await get_newest_plan(driver, default_plan)
        renews_at = now if plan.renews_by_itself else None
        await driver.execute(_OPEN, team_id, plan.key, plan.version, renews_at, now)
        row = await driver.fetchrow(_HOLD, team_id)
    return _purse(row)


_CHANGE = """
UPDATE purses SET plan = $2, plan_version = $3, renews_at = CASE
    WHEN EXISTS (SELECT 1 FROM teams WHERE id = $1 AND closed_at IS NULL) THEN $4::timestamptz END
WHERE team_id = $1
"""


async def change_purse(driver: asyncpg.Connection, team_id: UUID, plan: Plan, renews_at: datetime | None) -> None:
    """Put the team on a plan. Nothing comes by itself to a team that is closed."""
    await driver.execute(
        _CHANGE,
        team_id,
        plan.key,
        plan.version,
        renews_at,
    )


async def end_renewal(connection: asyncpg.Connection, team_id: UUID) -> None:
    """No credits come by themselves any more."""
    await connection.execute("UPDATE purses SET renews_at = NULL WHERE team_id = $1", team_id)


async def find_newest_plan(driver: asyncpg.Connection | asyncpg.Pool, key: str) -> Plan | None:
    if not key.isprintable():  # no plan is called so, and the database takes no such text
        return None
    row = await driver.fetchrow(_NEWEST, key)
    return None if row is None else plan_of(row)


async def get_newest_plan(driver: asyncpg.Connection | asyncpg.Pool, key: str) -> Plan:
    """Raises ``LookupError`` for a plan that this installation never had."""
    plan = await find_newest_plan(driver, key)
    if plan is None:
        raise LookupError(f"there is no plan {key!r}")
    return plan


async def find_plan(driver: asyncpg.Connection, key: str, version: int) -> Plan | None:
    row = await driver.fetchrow(f"SELECT {PLAN_COLUMNS} FROM plans WHERE key = $1 AND version = $2", key, version)
    return None if row is None else plan_of(row)


_RENEWED = f"""
SELECT {PLAN_COLUMNS} FROM plans WHERE key = $1 AND price_cents = $2 AND currency = $3 ORDER BY version DESC LIMIT 1
"""


async def find_renewed_plan(driver: asyncpg.Connection, had: Plan) -> Plan:
    """The newest version of a plan that costs what this one does."""
    row = await driver.fetchrow(_RENEWED, had.key, had.price_cents, had.currency)
    return had if row is None else plan_of(row)


_LIST_PLANS = f"SELECT DISTINCT ON (key) {PLAN_COLUMNS} FROM plans ORDER BY key, version DESC"


async def list_plans(driver: asyncpg.Connection | asyncpg.Pool) -> list[Plan]:
    """The newest version of each, the cheapest first."""
    plans = [plan_of(row) for row in await driver.fetch(_LIST_PLANS)]
    return sorted(plans, key=lambda plan: (plan.price_cents, plan.key))


_VERSIONS = f"""
SELECT {_PLAN}, plans.made_at, people.name AS made_by_name,
       (SELECT count(*) FROM purses JOIN teams ON teams.id = purses.team_id AND teams.closed_at IS NULL
        WHERE purses.plan = plans.key AND purses.plan_version = plans.version) AS teams
FROM plans LEFT JOIN people ON people.id = plans.made_by WHERE plans.key = $1 ORDER BY plans.version DESC LIMIT $2
"""
_HOLDERS = """
SELECT plan, count(*) AS teams FROM purses JOIN teams ON teams.id = purses.team_id AND teams.closed_at IS NULL
GROUP BY plan
"""


async def list_versions(pool: asyncpg.Pool, key: str, limit: int) -> list[Row]:
    """The newest first, each with its ``plan``, how many ``teams`` have it, when it was made and by whom. System
    role."""
    rows = await pool.fetch(_VERSIONS, key, limit)
    return [{**dict(row), "plan": plan_of(row)} for row in rows]


async def count_holders(pool: asyncpg.Pool) -> dict[str, int]:
    """How many open teams have each plan, in whatever version. System role."""
    return {row["plan"]: row["teams"] for row in await pool.fetch(_HOLDERS)}


_INSERT_PLAN = f"""
INSERT INTO plans ({PLAN_COLUMNS}, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13)
ON CONFLICT DO NOTHING RETURNING version
"""


async def insert_plan(connection: asyncpg.Connection, plan: Plan, features_json: str, made_by: UUID) -> bool:
    """Whether this version is new. System role."""
    made = await connection.fetchval(
        _INSERT_PLAN,
        plan.key,
        plan.version,
        plan.name,
        plan.daily_jobs,
        plan.monthly_credits,
        plan.storage_bytes,
        plan.weight,
        features_json,
        plan.price_cents,
        plan.currency,
        plan.is_offered,
        plan.trial_days,
        made_by,
    )
    return made is not None


_DAYS = """
SELECT day, jobs, credits, storage_bytes FROM usage_days WHERE team_id = $1 AND day >= $2 ORDER BY day DESC LIMIT 400
"""


async def list_days(driver: asyncpg.Connection, team_id: UUID, since: date) -> list[Row]:
    return [dict(row) for row in await driver.fetch(_DAYS, team_id, since)]


_NOTE_STORAGE = """
INSERT INTO usage_days (team_id, day, storage_bytes)
SELECT team_id, $1, stored FROM unnest($2::uuid[], $3::bigint[]) AS n(team_id, stored) ORDER BY team_id
ON CONFLICT (team_id, day) DO UPDATE SET storage_bytes = excluded.storage_bytes
"""


async def note_storage(pool: asyncpg.Pool, day: date, stored_bytes: Mapping[UUID, int]) -> None:
    """What teams kept on a day. System role."""
    await pool.execute(_NOTE_STORAGE, day, list(stored_bytes), list(stored_bytes.values()))
