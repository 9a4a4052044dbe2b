"""What site admins do about money."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, Field

from overprint.core.principal import Principal
from overprint.db.database import Database, Transaction
from overprint.features.accounts import require_confirmed
from overprint.features.billing.api.shapes import PlanOut
from overprint.features.billing.rules.features import Feature
from overprint.features.billing.rules.looking import JobFilters, JobStanding
from overprint.features.billing.rules.lots import GRANT_MAX_CREDITS, REASON_MAX_CHARACTERS, Source, check_reason
from overprint.features.billing.rules.plans import TRIAL_MAX_DAYS, UNLIMITED, Plan
from overprint.features.billing.service import Credits, Payments, Plans
from overprint.features.billing.service.credits import PAGE_MAX
from overprint.features.teams import permit_site
from overprint.http.once import Once
from overprint.http.responses import IfMatch, In, Out, etag_of, example, next_cursor, read_cursor, refuse_outdated
from overprint.http.routes import Router
from overprint.http.scope import InScope, Who

# Of money nothing is guessed: true is no 1, and "7" no 7.
Amount = Annotated[int, Field(strict=True, ge=1, le=GRANT_MAX_CREDITS)]
Reason = Annotated[str, Field(min_length=1, max_length=REASON_MAX_CHARACTERS)]
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
Kind = Annotated[str | None, Query(max_length=60, pattern=r"^[a-z_.@0-9-]+$")]
Count = Annotated[int, Field(strict=True, ge=0, le=UNLIMITED)]


class GrantIn(In):
    model_config = example(credits=500, reason="For the workshop in June.", is_promotion=True)

    credits: Amount
    reason: Reason
    is_promotion: bool = Field(False, description="Spent before what the team bought.")
    expires_at: AwareDatetime | None = None


class TakeBackIn(In):
    model_config = example(credits=20, reason="Granted twice by mistake.")

    credits: Amount
    reason: Reason


class RefundIn(In):
    """Without ``credits``, all that the job was paid."""

    model_config = example(reason="Two pages came out empty.", credits=12)

    reason: Reason
    credits: Amount | None = None


class RefundOut(Out):
    """``credits`` went back to where they came from. ``expired_credits`` of them cannot be spent, for that has expired
    since: grant others in their place if you like."""

    job_id: UUID
    credits: int
    expired_credits: int


class PlanIn(In):
    """A plan as it should be from now on. ``version`` is the one that it was read at."""

    model_config = example(
        version=1,
        name="Pro",
        daily_jobs=50,
        monthly_credits=2000,
        storage_bytes=20_000_000_000,
        weight=4,
        features=["print"],
        price_cents=1900,
        currency="usd",
        is_offered=True,
        reason="Paper has become cheaper.",
    )

    version: int = Field(ge=1)
    name: str = Field(min_length=1, max_length=120)
    daily_jobs: Count
    monthly_credits: Count
    storage_bytes: Count
    weight: int = Field(strict=True, ge=1, le=60)
    features: list[Feature] = Field(max_length=len(Feature))
    price_cents: Count
    currency: str = Field(pattern="^[a-z]{3}$")
    is_offered: bool = Field(strict=True)
    trial_days: int = Field(0, strict=True, ge=0, le=TRIAL_MAX_DAYS)
    reason: Reason


class PlanVersionOut(PlanOut):
    """``teams``: how many have this version now."""

    made_at: datetime
    teams: int


class TeamPlanIn(In):
    model_config = example(plan="team", reason="Agreed by contract.")

    plan: str = Field(min_length=1, max_length=40)
    reason: Reason


class JobCostOut(Out):
    """What a job brought in credits, next to what providers took for it. ``possible_cost_microdollars`` is what calls
    whose answers were lost may have cost; ``margin_microdollars`` is what is left after both, a credit at a US cent."""

    job_id: UUID = Field(validation_alias="id")
    team_id: UUID
    kind: str | None
    state: str | None
    made_at: datetime
    quote_credits: int
    captured_credits: int
    refunded_credits: int
    cost_microdollars: int
    possible_cost_microdollars: int
    margin_microdollars: int


class JobCostPage(Out):
    items: list[JobCostOut]
    next_cursor: str | None


class DisputeOut(Out):
    """A payment that somebody asked their bank to give back. ``owed_credits`` of what it brought were used already:
    taking them back from what else the team has is for site admins to decide."""

    invoice_id: UUID = Field(validation_alias="id")
    team_id: UUID
    provider: str
    payment_id: str | None = Field(validation_alias="charge_id")
    dispute: str
    disputed_cents: int
    amount_cents: int
    currency: str
    credits: int
    taken_credits: int
    owed_credits: int
    made_at: datetime


class DisputePage(Out):
    items: list[DisputeOut]
    next_cursor: str | None


class WithBankOut(Out):
    """A payment that somebody's bank works on: nothing of it is here yet. ``payment_id`` is at the provider, where that
    is known."""

    id: UUID
    team_id: UUID
    provider: str
    payment_id: str | None = Field(validation_alias="charge_id")
    description: str
    amount_cents: int
    currency: str
    made_at: datetime


class WithBankPage(Out):
    items: list[WithBankOut]
    next_cursor: str | None


class BalanceOut(Out):
    available_credits: int
    held_credits: int


def admin_router(plans: Plans, credits: Credits, payments: Payments) -> APIRouter:
    """What site admins do for any team. Each act has a reason, and stands in that team's audit log."""
    api = Router(prefix="/api/admin", tags=["admin"])

    def permit_change(who: Principal) -> None:
        permit_site(who)
        require_confirmed(who, plans.clock.now())

    async def balances(transaction: Transaction) -> BalanceOut:
        return BalanceOut.model_validate(await credits.balances(transaction))

    @api.get("/plans")
    async def list_all_plans(scope: InScope) -> list[PlanOut]:
        return [PlanOut.model_validate(plan) for plan in await plans.list_all(scope.principal, scope.transaction)]

    @api.get("/plans/{key}/versions")
    async def list_plan_versions(who: Who, key: str) -> list[PlanVersionOut]:
        """All that it has been, the newest first."""
        rows = await plans.list_versions(who, key[:40])
        return [PlanVersionOut(**asdict(row["plan"]), made_at=row["made_at"], teams=row["teams"]) for row in rows]

    @api.get("/billing/jobs")
    async def list_costs(
        who: Who,
        limit: Limit = 50,
        cursor: str | None = None,
        team_id: UUID | None = None,
        state: JobStanding | None = None,
        kind: Kind = None,
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
    ) -> JobCostPage:
        """What each paid job brought and cost, of all teams or of one, the newest first. ``since`` counts itself,
        ``until`` does not."""
        filters = JobFilters(team_id, state, kind, since, until)
        rows = await credits.list_costs(who, filters, limit=limit, before=read_cursor(cursor))
        return JobCostPage(items=[JobCostOut.model_validate(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.get("/billing/disputes")
    async def list_disputes(who: Who, limit: Limit = 50, cursor: str | None = None) -> DisputePage:
        """Disputed payments of all teams, the newest first."""
        rows = await payments.list_disputed(who, limit, read_cursor(cursor))
        return DisputePage(items=[DisputeOut.model_validate(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.get("/billing/with-banks")
    async def list_with_banks(who: Who, limit: Limit = 50, cursor: str | None = None) -> WithBankPage:
        """Payments of all teams that banks work on, the newest first."""
        rows = await payments.list_with_banks(who, limit, read_cursor(cursor))
        items = [WithBankOut.model_validate(row) for row in rows]
        return WithBankPage(items=items, next_cursor=next_cursor(rows, limit))

    @api.put("/plans/{key}")
    async def change_plan(response: Response, who: Who, key: str, changed: PlanIn, if_match: IfMatch = None) -> PlanOut:
        """Make a new version. Teams keep the version they have until they renew."""
        permit_change(who)
        refuse_outdated(if_match, await plans.newest_version(key[:40]))
        given = changed.model_dump(exclude={"version", "reason"})
        plan = Plan(key=key[:40], **given | {"version": changed.version, "features": tuple(changed.features)})
        made = await plans.change(who, plan, changed.version, check_reason(changed.reason))
        response.headers.update(etag_of(made.version))
        return PlanOut.model_validate(made)

    @api.post("/teams/{team_id}/credits", status_code=201)
    async def grant_credits(request: Request, who: Who, once: Once, team_id: UUID, grant: GrantIn) -> BalanceOut:
        permit_change(who)
        async with _of_team(request, credits, team_id) as transaction:

            async def give() -> BalanceOut:
                source = Source.PROMO if grant.is_promotion else Source.ADMIN
                await credits.grant(
                    transaction, who, grant.credits, grant.reason, source=source, expires_at=grant.expires_at
                )
                return await balances(transaction)

            return await once.answer(transaction, BalanceOut, grant.model_dump(mode="json"), give)

    @api.post("/teams/{team_id}/credits/take-back", status_code=201)
    async def take_credits_back(request: Request, who: Who, once: Once, team_id: UUID, taken: TakeBackIn) -> BalanceOut:
        permit_change(who)
        async with _of_team(request, credits, team_id) as transaction:

            async def take() -> BalanceOut:
                await credits.take_back(transaction, who, taken.credits, taken.reason)
                return await balances(transaction)

            return await once.answer(transaction, BalanceOut, taken.model_dump(mode="json"), take)

    @api.put("/teams/{team_id}/plan")
    async def give_plan(request: Request, who: Who, team_id: UUID, given: TeamPlanIn) -> PlanOut:
        permit_change(who)
        async with _of_team(request, credits, team_id) as transaction:
            return PlanOut.model_validate(await plans.put_on(transaction, who, given.plan, given.reason))

    @api.post("/jobs/{job_id}/refund", status_code=201)
    async def refund_job(request: Request, who: Who, once: Once, job_id: UUID, refund: RefundIn) -> RefundOut:
        permit_change(who)
        team_id = await credits.team_of_job(job_id)
        async with _of_team(request, credits, team_id) as transaction:

            async def give_back() -> RefundOut:
                given = await credits.refund_job(transaction, who, job_id, refund.reason, credits=refund.credits)
                return RefundOut(job_id=job_id, credits=given.credits, expired_credits=given.expired_credits)

            return await once.answer(transaction, RefundOut, refund.model_dump(mode="json"), give_back)

    return api


@asynccontextmanager
async def _of_team(request: Request, credits: Credits, team_id: UUID) -> AsyncIterator[Transaction]:
    """A transaction of another team than the caller's. Raises ``NotFound`` if there is no such team."""
    await credits.check_team(team_id)
    database: Database = request.app.state.database
    async with database.transaction(team_id) as transaction:
        yield transaction
