"""SQL of the credits ledger. Everything here is asked by who holds the team's purse, so nothing changes meanwhile."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id
from overprint.features.billing.rules.lots import Entry, Grant, Hold, Lot, Source

Row: TypeAlias = Any

_SPENDABLE = """
SELECT today.jobs, l.id, l.source, l.expires_at, l.available_credits
FROM (SELECT (SELECT jobs FROM usage_days WHERE team_id = $1 AND day = $2) AS jobs) AS today
LEFT JOIN credit_lots l ON l.team_id = $1 AND l.available_credits > 0
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a team can spend, and how many jobs it began on a day."""

    lots: tuple[Lot, ...]
    jobs: int


async def standing(driver: asyncpg.Connection, team_id: UUID, day: date) -> Standing:
    rows = await driver.fetch(_SPENDABLE, team_id, day)
    lots = tuple(_lot(row) for row in rows if row["id"] is not None)
    return Standing(lots, rows[0]["jobs"] or 0)


async def jobs_begun(driver: asyncpg.Connection, kind: str, since: datetime) -> int:
    """How many jobs of a kind the team began since then."""
    found: int = await driver.fetchval("SELECT count(*) FROM jobs WHERE kind = $1 AND created_at >= $2", kind, since)
    return found


def _lot(row: Row) -> Lot:
    return Lot(row["id"], Source(row["source"]), row["expires_at"], row["available_credits"])


async def find_house_lot(driver: asyncpg.Connection, team_id: UUID, now: datetime) -> UUID:
    """The lot that the house lends to this team from; made the first time."""
    found: UUID | None = await driver.fetchval(
        "SELECT id FROM credit_lots WHERE team_id = $1 AND granted_by = 'house'", team_id
    )
    if found is not None:
        return found
    made = new_id()
    await driver.execute(
        "INSERT INTO credit_lots (id, team_id, source, granted_by, made_at) VALUES ($1, $2, 'house', 'house', $3)",
        made,
        team_id,
        now,
    )
    return made


_HOLDS = """
SELECT h.job_id, h.quote_credits, h.captured_credits, h.released_credits, h.refunded_credits, h.parts
FROM job_holds h WHERE h.job_id = ANY($1)
"""


async def find_holds(driver: asyncpg.Connection, job_ids: Sequence[UUID]) -> dict[UUID, Hold]:
    """What stands aside for these jobs."""
    return {row["job_id"]: hold_of(row) for row in await driver.fetch(_HOLDS, list(job_ids))}


def hold_of(row: Row) -> Hold:
    return Hold(
        row["job_id"],
        row["quote_credits"],
        {UUID(lot_id): credits for lot_id, credits in row["parts"]},
        row["captured_credits"],
        row["released_credits"],
        row["refunded_credits"],
    )


async def house_lots(driver: asyncpg.Connection, lot_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of them that the house lent."""
    rows = await driver.fetch("SELECT id FROM credit_lots WHERE id = ANY($1) AND source = 'house'", list(lot_ids))
    return frozenset(row["id"] for row in rows)


_CAPTURED = """
SELECT l.lot_id, lot.expires_at, sum(l.amount_credits)::bigint AS credits
FROM ledger_entries e JOIN ledger_lines l ON l.entry_id = e.id JOIN credit_lots lot ON lot.id = l.lot_id
WHERE e.job_id = $1 AND l.account IN ('earned', 'refunded')
GROUP BY l.lot_id, lot.expires_at HAVING sum(l.amount_credits) > 0 ORDER BY lot.expires_at DESC NULLS FIRST, l.lot_id
"""


async def captured_of(driver: asyncpg.Connection, job_id: UUID) -> list[Row]:
    """From which lots a job's captures took what is not refunded yet; what lasts longest first."""
    return list(await driver.fetch(_CAPTURED, job_id))


async def last_month_until(driver: asyncpg.Connection, team_id: UUID) -> datetime | None:
    """When the last month ends whose credits came without anybody paying; None if none ever did."""
    found: datetime | None = await driver.fetchval(
        "SELECT max(expires_at) FROM credit_lots WHERE team_id = $1 AND granted_by LIKE 'grant:plan:%'", team_id
    )
    return found


async def known_keys(driver: asyncpg.Connection, keys: Sequence[str]) -> set[str]:
    """Those business keys that happened already."""
    rows = await driver.fetch("SELECT key FROM ledger_entries WHERE key = ANY($1)", list(keys))
    return {row["key"] for row in rows}


@dataclass(frozen=True, slots=True)
class Posting:
    """What one statement writes: new lots, entries, the holds as they stand afterwards, and what a day used."""

    at: datetime
    entries: Sequence[Entry] = ()
    grants: Sequence[Grant] = ()
    holds: Sequence[Hold] = ()
    jobs: int = 0
    credits: int = 0


_POST = """
WITH lot AS (
    INSERT INTO credit_lots (id, team_id, source, granted_by, expires_at, made_at)
    SELECT id, $1, source, granted_by, expires_at, $2
    FROM unnest($3::uuid[], $4::text[], $5::text[], $6::timestamptz[]) AS n(id, source, granted_by, expires_at)),
entry AS (
    INSERT INTO ledger_entries (id, team_id, key, kind, job_id, step_key, paid_for, reason, made_by, at)
    SELECT id, $1, key, kind, job_id, step_key, paid_for::jsonb, reason, made_by, $2
    FROM unnest($7::uuid[], $8::text[], $9::text[], $10::uuid[], $11::text[], $12::text[], $13::text[], $14::uuid[])
        AS n(id, key, kind, job_id, step_key, paid_for, reason, made_by)),
hold AS (
    INSERT INTO job_holds (job_id, team_id, quote_credits, held_credits, captured_credits, released_credits,
                           refunded_credits, parts, made_at)
    SELECT job_id, $1, quote, held, captured, released, refunded, parts::jsonb, $2
    FROM unnest($15::uuid[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::text[])
        AS n(job_id, quote, held, captured, released, refunded, parts)
    ON CONFLICT (job_id) DO UPDATE SET held_credits = excluded.held_credits, parts = excluded.parts,
        captured_credits = excluded.captured_credits, released_credits = excluded.released_credits,
        refunded_credits = excluded.refunded_credits),
used AS (
    INSERT INTO usage_days (team_id, day, jobs, credits)
    SELECT $1, $22::date, $23::bigint, $24::bigint WHERE $23 > 0 OR $24 > 0
    ON CONFLICT (team_id, day) DO UPDATE SET
        jobs = usage_days.jobs + excluded.jobs, credits = usage_days.credits + excluded.credits)
INSERT INTO ledger_lines (entry_id, position, team_id, lot_id, account, amount_credits)
SELECT entry_id, position, $1, lot_id, account, amount
FROM unnest($25::uuid[], $26::int[], $27::uuid[], $28::text[], $29::bigint[])
    AS n(entry_id, position, lot_id, account, amount)
"""


async def post(driver: asyncpg.Connection, team_id: UUID, posting: Posting) -> None:
    """Write it down, in one statement however much it is. The lots' balances follow from the lines."""
    entries = [*(grant.entry() for grant in posting.grants), *posting.entries]
    made = [(new_id(), entry) for entry in entries]
    lines = [(made_id, n, line) for made_id, entry in made for n, line in enumerate(entry.lines, 1)]
    grants, holds = posting.grants, posting.holds
    await driver.execute(
        _POST,
        team_id,
        posting.at,
        [grant.id for grant in grants],
        [str(grant.source) for grant in grants],
        [grant.key for grant in grants],
        [grant.expires_at for grant in grants],
        [made_id for made_id, _ in made],
        [entry.key for entry in entries],
        [str(entry.kind) for entry in entries],
        [entry.job_id for entry in entries],
        [entry.step_key for entry in entries],
        [json.dumps(entry.paid_for) for entry in entries],
        [entry.reason for entry in entries],
        [entry.made_by for entry in entries],
        [hold.job_id for hold in holds],
        [hold.quote_credits for hold in holds],
        [hold.held_credits for hold in holds],
        [hold.captured_credits for hold in holds],
        [hold.released_credits for hold in holds],
        [hold.refunded_credits for hold in holds],
        [json.dumps([[str(lot_id), credits] for lot_id, credits in hold.parts.items()]) for hold in holds],
        posting.at.date(),
        posting.jobs,
        posting.credits,
        [made_id for made_id, _, _ in lines],
        [n for _, n, _ in lines],
        [line.lot_id for _, _, line in lines],
        [str(line.account) for _, _, line in lines],
        [line.amount_credits for _, _, line in lines],
    )


async def forget_words(connection: asyncpg.Connection, team_id: UUID) -> None:
    """Names of files and reasons of a team that is gone. Amounts stay. System role."""
    await connection.execute("UPDATE ledger_entries SET paid_for = '[]', reason = '' WHERE team_id = $1", team_id)
