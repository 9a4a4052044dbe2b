"""Whether the books are right after a paid chaos run: the database beside what the provider knows was paid.

Each check is named by what it promises, and answers what is wrong, in words.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import asyncpg

from overprint.db.database import open_database
from overprint.db.embedded import DatabaseUrls
from overprint.features.audit import Audit
from overprint.features.billing.rules.paying import packs
from overprint.features.billing.store.history import find_drift
from tests.support.paid_chaos_orders import END_CREDITS, PACK, PART_CREDITS
from tests.support.paid_chaos_town import Provider

PLAN, PLAN_CREDITS, FREE_CREDITS, PLAN_JOBS = "pro", 3000, 300, 50

Connection: TypeAlias = asyncpg.Connection
Check: TypeAlias = Callable[[Connection, Provider], Awaitable[list[str]]]


async def examine(urls: DatabaseUrls, provider: Provider, jobs: int, teams: int) -> tuple[dict[str, int], list[str]]:
    """What there is, by name, and every broken promise. The connection is the superuser's: it sees all teams."""
    connection = await asyncpg.connect(urls.superuser)
    try:
        wrong: list[str] = []
        for check in (_balances, _holds, _captures, _grants, _refunds, _plans, _usage, _leftovers, _bytes):
            wrong += await check(connection, provider)
        counts = await _counts(connection)
        if counts["jobs"] != jobs:
            wrong.append(f"{counts['jobs']} jobs are stored, not {jobs}")
        wrong += await _log(connection, urls, counts["jobs"])
        if await connection.fetchval("SELECT count(*) FROM purses") < teams:
            wrong.append("a team has no purse")
    finally:
        await connection.close()
    return counts, wrong


async def _counts(connection: Connection) -> dict[str, int]:
    counts = {"jobs": await connection.fetchval("SELECT count(*) FROM jobs")}
    for row in await connection.fetch("SELECT state, count(*) AS n FROM jobs GROUP BY 1"):
        counts[f"jobs {row['state']}"] = row["n"]
    for row in await connection.fetch(
        "SELECT COALESCE(origin, state) AS name, count(*) AS n FROM steps GROUP BY 1 ORDER BY 1"
    ):
        counts[f"steps {row['name']}"] = row["n"]
    for row in await connection.fetch("SELECT kind, count(*) AS n FROM ledger_entries GROUP BY 1 ORDER BY 1"):
        counts[f"ledger {row['kind']}"] = row["n"]
    counts["refused by banks"] = await connection.fetchval("SELECT count(*) FROM invoices WHERE state = 'failed'")
    counts["news kept"] = await connection.fetchval("SELECT count(*) FROM payment_events")
    return counts


async def _balances(connection: Connection, provider: Provider) -> list[str]:
    """Every entry, every lot and the ledger sum to zero; kept balances are the derived ones; nothing is negative."""
    wrong = []
    for what, column in (("entry", "entry_id"), ("lot", "lot_id")):
        sums = f"SELECT {column} FROM ledger_lines GROUP BY 1 HAVING sum(amount_credits) <> 0"
        wrong += [f"the {what} {row[column]} does not sum to zero" for row in await connection.fetch(sums)]
    if await connection.fetchval("SELECT sum(amount_credits) FROM ledger_lines"):
        wrong.append("the ledger does not sum to zero")
    wrong += [f"{drift.what} drifted" for drift in await find_drift(connection)]
    low = "SELECT id FROM credit_lots WHERE available_credits < 0 OR held_credits < 0"
    return wrong + [f"the lot {row['id']} is below zero" for row in await connection.fetch(low)]


async def _holds(connection: Connection, provider: Provider) -> list[str]:
    """Each job held its quote once; when it ended, what it had not captured was released. The ledger says the same."""
    rows = await connection.fetch(
        "SELECT j.id, j.state, j.ended_at, (j.request ->> 'width')::int AS width, h.*,"
        " (SELECT count(*) FROM ledger_entries e WHERE e.key = 'hold:job:' || j.id) AS times,"
        " (SELECT COALESCE(sum(amount_credits), 0) FROM ledger_entries e JOIN ledger_lines l ON l.entry_id = e.id"
        "  WHERE e.job_id = j.id AND e.kind = 'capture' AND l.account = 'earned') AS earned_credits"
        " FROM jobs j LEFT JOIN job_holds h ON h.job_id = j.id"
    )
    wrong = []
    for row in rows:
        quote = row["width"] * PART_CREDITS + END_CREDITS
        if row["ended_at"] is None:
            wrong.append(f"job {row['id']} has not ended: {row['state']}")
        if row["job_id"] is None or row["times"] != 1 or row["quote_credits"] != quote:
            wrong.append(f"job {row['id']} held {row['quote_credits']} credits {row['times']} times, not {quote} once")
        elif row["captured_credits"] != row["earned_credits"]:
            wrong.append(
                f"job {row['id']} captured {row['captured_credits']} credits, and {row['earned_credits']} came"
            )
        elif row["held_credits"] or row["captured_credits"] + row["released_credits"] != quote:
            wrong.append(
                f"job {row['id']} is not settled: of {quote} credits {row['captured_credits']} were captured,"
                f" {row['released_credits']} released, {row['held_credits']} are held"
            )
    return wrong


_DELIVERED = f"""
SELECT job_id || ':' || key AS step, CASE kind WHEN 'paid.part@1' THEN {PART_CREDITS} ELSE {END_CREDITS} END AS credits,
       output -> 'file' ->> 'content_hash' AS hash
FROM steps WHERE state = 'completed' AND origin = 'run' AND kind <> 'paid.begin@1' AND output ->> 'file' IS NOT NULL
"""
_CAPTURED = """
SELECT e.job_id || ':' || e.step_key AS step, e.paid_for -> 0 ->> 'content_hash' AS hash,
       (SELECT sum(amount_credits) FROM ledger_lines WHERE entry_id = e.id AND account = 'earned') AS credits
FROM ledger_entries e WHERE e.kind = 'capture'
"""


async def _captures(connection: Connection, provider: Provider) -> list[str]:
    """What ran and delivered was captured once, at its price and for its file; nothing else was, and each file is an
    asset."""
    delivered = {row["step"]: row for row in await connection.fetch(_DELIVERED)}
    captured = await connection.fetch(_CAPTURED)
    times = Counter(row["step"] for row in captured)
    wrong = [f"{step} was captured {n} times" for step, n in times.items() if n != 1]
    wrong += [f"{step} delivered, and was not captured" for step in delivered if step not in times]
    for row in captured:
        made = delivered.get(row["step"])
        if made is None:
            wrong.append(f"{row['step']} was captured, and delivered nothing here")
        elif (row["credits"], row["hash"]) != (made["credits"], made["hash"]):
            wrong.append(f"{row['step']} was captured for {row['credits']} credits and the file {row['hash']}")
    known = {row["content_hash"] for row in await connection.fetch("SELECT content_hash FROM assets")}
    return wrong + [f"the file of {step} is no asset" for step, made in delivered.items() if made["hash"] not in known]


def _paid(provider: Provider) -> dict[str, int]:
    """What the provider was paid for, and the credits that each brings."""
    invoices = {one["id"]: PLAN_CREDITS for one in provider.of_kind("invoice") if one["status"] == "paid"}
    packs_paid = ("payment", "paid")
    sessions = [
        one for one in provider.of_kind("checkout.session") if (one["mode"], one["payment_status"]) == packs_paid
    ]
    return invoices | {one["id"]: packs()[PACK].credits for one in sessions}


async def _grants(connection: Connection, provider: Provider) -> list[str]:
    """Whatever was paid was granted once, nothing else was, and nobody had a free month too many."""
    entries = await connection.fetch(
        "SELECT key, (SELECT sum(amount_credits) FROM ledger_lines WHERE entry_id = e.id AND account = 'available')"
        " AS credits FROM ledger_entries e WHERE kind = 'grant'"
    )
    # In the key as in Stripe: whatever else stands before it, the object's own id is its end.
    paid, granted = (
        _paid(provider),
        Counter(row["key"].rpartition(":")[2] for row in entries if "invoice" in row["key"]),
    )
    wrong = [f"{name} was paid, and brought credits {granted[name]} times" for name in paid if granted[name] != 1]
    wrong += [f"{name} brought credits, and was not paid" for name in granted if name not in paid]
    for row in entries:
        wanted = paid.get(row["key"].rpartition(":")[2], FREE_CREDITS)
        if row["credits"] != wanted:
            wrong.append(f"{row['key']} brought {row['credits']} credits, not {wanted}")
    kept = Counter(row["invoice_id"] for row in await connection.fetch("SELECT invoice_id FROM invoices"))
    wrong += [f"there are {kept[name]} receipts of {name}" for name in paid if kept[name] != 1]
    # Whose subscription ended has a month of the plan that costs nothing once more.
    times = Counter(row["key"].split(":")[2] for row in entries if row["key"].startswith("grant:plan:"))
    ended = {
        str(row["team_id"]) for row in await connection.fetch("SELECT team_id FROM subscriptions WHERE plan IS NULL")
    }
    return wrong + [f"the team {name} had {n} free months" for name, n in times.items() if n > 1 + (name in ended)]


async def _refunds(connection: Connection, provider: Provider) -> list[str]:
    """What was given back stands on the receipt and took its credits along, as far as they were there; never more went
    than that payment had brought."""
    given = {one["payment_intent"]: one["amount_refunded"] for one in provider.of_kind("charge")}
    rows = await connection.fetch("SELECT invoice_id, charge_id, refunded_cents, credits FROM invoices")
    wrong = [
        f"of {row['invoice_id']} {row['refunded_cents']} cents are noted as given back, not {given[row['charge_id']]}"
        for row in rows
        if row["charge_id"] in given and row["refunded_cents"] != given[row["charge_id"]]
    ]
    spendable = await connection.fetch(
        "SELECT i.invoice_id, i.credits * i.refunded_cents / i.amount_cents AS lost, i.taken_credits, (SELECT"
        "  -COALESCE(sum(l.amount_credits), 0) FROM ledger_entries e JOIN ledger_lines l ON l.entry_id = e.id"
        "  WHERE l.lot_id = i.lot_id AND e.kind = 'take_back' AND l.account = 'available') AS went, c.available_credits"
        " FROM invoices i JOIN credit_lots c ON c.id = i.lot_id WHERE i.refunded_cents > 0"
    )
    for row in spendable:
        if row["went"] != row["taken_credits"] or (row["went"] < row["lost"] and row["available_credits"]):
            wrong.append(
                f"of {row['invoice_id']} {row['lost']} credits went with the money, and {row['went']} of them did"
            )
    taken = await connection.fetch(
        "SELECT lot_id, -sum(amount_credits) AS credits FROM ledger_lines l JOIN ledger_entries e ON e.id = l.entry_id"
        " WHERE e.kind = 'take_back' AND account = 'available' GROUP BY 1"
    )
    most: Mapping[Any, int] = {
        row["lot_id"]: row["credits"] for row in await connection.fetch("SELECT lot_id, credits FROM invoices")
    }
    over = [row for row in taken if row["credits"] > most.get(row["lot_id"], 0)]
    return wrong + [f"{row['credits']} credits were taken back of the lot {row['lot_id']}" for row in over]


async def _plans(connection: Connection, provider: Provider) -> list[str]:
    """Each team has the plan of its subscription as the provider knows it."""
    standing = {one["customer"]: one["status"] for one in provider.of_kind("subscription")}
    rows = await connection.fetch("SELECT s.customer_id, p.plan FROM subscriptions s JOIN purses p USING (team_id)")
    wrong = [] if standing else ["nobody subscribed"]
    for row in rows:
        wanted = PLAN if standing.get(row["customer_id"]) == "active" else "free"
        if row["plan"] != wanted:
            wrong.append(f"the team of {row['customer_id']} has the plan {row['plan']}, not {wanted}")
    return wrong


async def _usage(connection: Connection, provider: Provider) -> list[str]:
    """Days tell as many jobs and credits as there were, and no day more jobs than the plan allows."""
    rows = await connection.fetch(
        "SELECT t.id, COALESCE((SELECT sum(jobs) FROM usage_days WHERE team_id = t.id), 0) AS told_jobs,"
        " COALESCE((SELECT sum(credits) FROM usage_days WHERE team_id = t.id), 0) AS told_credits,"
        " COALESCE((SELECT max(jobs) FROM usage_days WHERE team_id = t.id), 0) AS most,"
        " (SELECT count(*) FROM jobs WHERE team_id = t.id) AS jobs,"
        " COALESCE((SELECT sum(amount_credits) FROM ledger_lines WHERE team_id = t.id AND account = 'earned'), 0)"
        " AS credits FROM teams t"
    )
    wrong = [
        f"the days of the team {row['id']} tell of {row['told_jobs']} jobs and {row['told_credits']} credits,"
        f" not {row['jobs']} and {row['credits']}"
        for row in rows
        if (row["told_jobs"], row["told_credits"]) != (row["jobs"], row["credits"])
    ]
    return wrong + [
        f"the team {row['id']} began {row['most']} jobs in a day" for row in rows if row["most"] > PLAN_JOBS
    ]


async def _leftovers(connection: Connection, provider: Provider) -> list[str]:
    left = {
        "queue entries": "SELECT count(*) FROM pgqueuer",
        "jobs too many": "SELECT count(*) - count(DISTINCT (team_id, idempotency_key)) FROM jobs",
        "payments that banks have decided about": "SELECT count(*) FROM invoices WHERE state = 'sent'",
        "pages that wait for a bank": "SELECT count(*) FROM checkouts WHERE sent_at IS NOT NULL AND due_at IS NOT NULL",
        "news that nobody acted on": "SELECT count(*) FROM payment_events WHERE processed_at IS NULL",
    }
    found = {what: await connection.fetchval(query) for what, query in left.items()}
    return [f"{count} {what} are left" for what, count in found.items() if count]


async def _bytes(connection: Connection, provider: Provider) -> list[str]:
    """Each team's byte count is the sum of what it keeps."""
    rows = await connection.fetch(
        "SELECT team_id, used_bytes, (SELECT COALESCE(sum(size_bytes + thumbnail_size_bytes), 0) FROM assets a"
        " WHERE a.team_id = u.team_id) AS kept FROM storage_usage u"
    )
    return [
        f"the team {row['team_id']} is said to keep {row['used_bytes']} bytes, not {row['kept']}"
        for row in rows
        if row["used_bytes"] != row["kept"]
    ]


async def _log(connection: Connection, urls: DatabaseUrls, jobs: int) -> list[str]:
    """All chains of the audit log hold, and each job, each purchase and each ended plan was written down once."""
    database = await open_database(urls.app, urls.system)
    try:
        audit = Audit(database.system)
        proven = [await audit.prove(team_id) for team_id in await audit.list_chains()]
    finally:
        await database.aclose()
    wrong = [f"the chain of {one.team_id} is broken at {one.fault.seq}" for one in proven if one.fault]
    told = {
        "job.submitted": jobs,
        "credits.bought": await connection.fetchval(
            "SELECT count(*) FROM ledger_entries WHERE key LIKE 'grant:invoice:%'"
        ),
    }
    for action, wanted in told.items():
        count = await connection.fetchval("SELECT count(*) FROM audit_log WHERE action = $1", action)
        if count != wanted:
            wrong.append(f"the audit log tells of {count} × {action}, not {wanted}")
    return wrong
