"""What things cost, what a team has, and what became of it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from overprint.db.database import Transaction
from overprint.features.billing.api.shapes import PlanOut
from overprint.features.billing.rules.features import Feature
from overprint.features.billing.service import Credits, Plans, Quotes
from overprint.features.billing.service.credits import PAGE_MAX, USAGE_DAYS_MAX
from overprint.features.teams import Action, permit
from overprint.http.responses import In, Out, example, next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import InScope

StoredBytes: TypeAlias = Callable[[Transaction], Awaitable[int]]


class QuoteIn(In):
    """What would be submitted as a job. With ``lineage``, the id of a work that was made before (a book's id), it is
    quoted for what is not there already."""

    model_config = example(kind="books.make@1", request={"brief": {"premise": "Mira the fox looks for the lost moon"}})

    kind: str = Field(max_length=80)
    request: dict[str, Any]
    lineage: UUID | None = None


class QuoteLineOut(Out):
    kind: str
    count: int
    price_credits: int


class LackingOut(Out):
    """What it needs and the team's plan does not have, and the plans that have it."""

    feature: Feature
    words: str
    plans: list[str]


class QuoteOut(Out):
    """``credits`` is the most it can cost; what is not delivered is given back. ``lines`` say what that is made of. It
    is refused while anything is ``lacking``."""

    credits: int
    lines: list[QuoteLineOut]
    available_credits: int
    price_list: int
    lacking: list[LackingOut]


class LotOut(Out):
    id: UUID
    source: str
    expires_at: datetime | None
    available_credits: int
    held_credits: int


class EntryOut(Out):
    """``available_credits`` and ``held_credits`` are how it moved them. A capture names its step, and the files that it
    paid for. ``work_id`` is the work (a book's id) that the job is of, ``title`` how the job is called."""

    id: UUID
    kind: str
    at: datetime
    job_id: UUID | None
    work_id: UUID | None
    title: str | None
    step_key: str | None
    paid_for: list[dict[str, Any]]
    reason: str
    available_credits: int
    held_credits: int


class CreditsOut(Out):
    """What can be spent and what is held for jobs, by lot; and the ledger, the newest entries first."""

    available_credits: int
    held_credits: int
    lots: list[LotOut]
    entries: list[EntryOut]
    next_cursor: str | None


class DayOut(Out):
    """A day in UTC. ``credits`` were captured on it; ``storage_bytes`` is what was kept, as it was last looked at."""

    day: date
    jobs: int
    credits: int
    storage_bytes: int | None


class UsageOut(Out):
    """``days`` that used anything, the newest first."""

    jobs_today: int
    daily_jobs: int
    storage_bytes: int
    storage_limit_bytes: int
    days: list[DayOut]


def router(
    plans: Plans, quotes: Quotes, credits: Credits, stored_bytes: StoredBytes, otherwise_bytes: int
) -> APIRouter:
    """What a team sees of its money. ``stored_bytes`` tells what it keeps, ``otherwise_bytes`` what it may where its
    plan sets no limit."""
    api = Router(prefix="/api/billing", tags=["billing"])

    @api.get("/plans")
    async def list_plans(scope: InScope) -> list[PlanOut]:
        return [PlanOut.model_validate(plan) for plan in await plans.list_offered(scope.transaction)]

    @api.post("/credits/quote")
    async def quote_job(scope: InScope, asked: QuoteIn) -> QuoteOut:
        """What a job would cost at most. Nothing is begun."""
        permit(scope.principal, Action.MAKE_WORK)
        quote = await quotes.quote(scope.transaction, asked.kind, asked.request, lineage=asked.lineage)
        balances = await credits.balances(scope.transaction)
        wanted = quotes.rules.registry.features(asked.kind, asked.request)
        lacking = await plans.lacking(scope.transaction, await plans.of_team(scope.transaction), wanted)
        return QuoteOut(
            credits=quote.credits,
            lines=[QuoteLineOut.model_validate(line) for line in quote.lines],
            available_credits=balances["available_credits"],
            price_list=quote.terms.prices,
            lacking=[LackingOut.model_validate(one) for one in lacking],
        )

    @api.get("/credits")
    async def list_credits(
        scope: InScope,
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
        cursor: str | None = None,
        job_id: UUID | None = None,
    ) -> CreditsOut:
        permit(scope.principal, Action.SEE_BILLING)
        balances = await credits.balances(scope.transaction)
        rows = await credits.list_entries(scope.transaction, limit=limit, before=read_cursor(cursor), job_id=job_id)
        return CreditsOut.model_validate({**balances, "entries": rows, "next_cursor": next_cursor(rows, limit)})

    @api.get("/usage")
    async def get_usage(scope: InScope, days: Annotated[int, Query(ge=1, le=USAGE_DAYS_MAX)] = 30) -> UsageOut:
        permit(scope.principal, Action.SEE_BILLING)
        plan = await plans.of_team(scope.transaction)
        rows = await credits.usage(scope.transaction, days)
        today = credits.books.clock.now().date()
        return UsageOut(
            jobs_today=next((row["jobs"] for row in rows if row["day"] == today), 0),
            daily_jobs=plan.daily_jobs,
            storage_bytes=await stored_bytes(scope.transaction),
            storage_limit_bytes=await plans.storage_limit_bytes(scope.transaction, otherwise_bytes),
            days=[DayOut.model_validate(row) for row in rows],
        )

    return api
