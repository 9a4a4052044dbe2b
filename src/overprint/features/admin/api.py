"""``/api/admin``: how the house does, its people and its teams. What is done about money is the billing room's."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from overprint.core.principal import Principal
from overprint.features.admin.rules import PAGE_MAX, WORDS_MAX_CHARACTERS, PersonAct
from overprint.features.admin.service import HouseJobs, PortStanding, Upkeep, Workings
from overprint.features.billing import REASON_MAX_CHARACTERS
from overprint.http.responses import In, Out, example, next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import Who

Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
Words = Annotated[str, Query(max_length=WORDS_MAX_CHARACTERS, description="A part of what it is called.")]


class FindingOut(Out):
    """``advice`` says how to mend what is wrong, or how to swap what is embedded. ``is_warning``: nothing is broken,
    and yet somebody should think about it."""

    is_well: bool
    is_warning: bool
    what: str
    advice: str


class WaitingOut(Out):
    """Steps that wait in a queue; ``seconds``: for how long the oldest has."""

    queue: str
    steps: int
    seconds: float


class ConditionOut(Out):
    is_well: bool
    workers: int
    disputes: int = Field(description="Payments that are disputed and not decided yet.")
    income_cents: dict[str, int] = Field(description="What came in this month and was kept, by currency.")
    cost_microdollars: int = Field(description="What providers took for the jobs begun this month.")
    waiting: list[WaitingOut]
    findings: list[FindingOut]


class PersonOut(Out):
    """``sessions``: how many are alive. ``has_code``: they show a code besides their password."""

    id: UUID
    email: str | None
    name: str
    is_site_admin: bool
    is_guest: bool
    created_at: datetime
    closed_at: datetime | None
    seen_at: datetime | None
    sessions: int
    has_code: bool
    passkeys: int


class PersonPage(Out):
    items: list[PersonOut]
    next_cursor: str | None


class TeamOut(Out):
    """``plan`` is its key."""

    id: UUID
    name: str
    slug: str
    is_personal: bool
    created_at: datetime
    closed_at: datetime | None
    members: int
    plan: str


class TeamPage(Out):
    items: list[TeamOut]
    next_cursor: str | None


class LineOut(Out):
    at: datetime
    level: str
    message: str = Field(description="Without what it quotes.")


class HouseStepOut(Out):
    """How a step went: nothing of what it made."""

    kind: str
    queue: str
    state: str
    attempt: int
    origin: str | None
    provider: str | None
    input_tokens: int | None
    output_tokens: int | None
    price_credits: int
    cost_microdollars: int
    possible_cost_microdollars: int
    error_kind: str | None
    started_at: datetime | None
    ended_at: datetime | None
    log: list[LineOut]


class HouseJobOut(Out):
    """A paid job of any team; ``state`` is null where it was deleted. A credit counts as a US cent in the margin."""

    id: UUID
    team_id: UUID
    kind: str | None
    state: str | None
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    quote_credits: int
    captured_credits: int
    refunded_credits: int
    cost_microdollars: int
    possible_cost_microdollars: int
    margin_microdollars: int
    steps: list[HouseStepOut]


class SettingOut(Out):
    """``value`` is empty where nothing is set, and of a secret always. ``origin``: environment, file, start or
    default."""

    variable: str
    section: str
    value: str
    is_secret: bool
    is_set: bool
    origin: str


class ProviderOut(Out):
    """Who fulfils a port. Counts and costs are of the jobs begun this month; null where nobody counts them."""

    port: str
    provider: str
    model: str
    place: str
    is_embedded: bool
    paused: str | None = Field(description="Why nobody asks it until its settings are mended.")
    answers: int | None
    answered_at: datetime | None
    failed_at: datetime | None
    cost_microdollars: int | None


class ReasonIn(In):
    model_config = example(reason="Asked for by telephone, and called back.")

    reason: str = Field(min_length=1, max_length=REASON_MAX_CHARACTERS)


class AppointmentIn(ReasonIn):
    model_config = example(is_admin=True, reason="Looks after the house from October on.")

    is_admin: bool


def router(upkeep: Upkeep, jobs: HouseJobs, workings: Workings) -> APIRouter:
    """Routes over ``upkeep``."""
    api = Router(prefix="/api/admin", tags=["admin"])

    async def acted(who: Principal, person_id: UUID, act: PersonAct, given: ReasonIn) -> PersonOut:
        await upkeep.act_on_person(who, person_id, act, given.reason)
        return PersonOut.model_validate(await upkeep.get_person(who, person_id))

    @api.get("/health")
    async def examine_house(who: Who) -> ConditionOut:
        """What ``overprint doctor`` finds while the house is open; the queues and the workers."""
        return ConditionOut.model_validate(await upkeep.condition(who))

    @api.get("/people")
    async def list_people(who: Who, words: Words = "", limit: Limit = 50, cursor: str | None = None) -> PersonPage:
        """Everybody, or who has ``words`` in their name or address; the newest first."""
        rows = await upkeep.find_people(who, words, limit, read_cursor(cursor))
        return PersonPage(items=[PersonOut.model_validate(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.put("/people/{person_id}/site-admin")
    async def appoint_site_admin(who: Who, person_id: UUID, given: AppointmentIn) -> PersonOut:
        """They look after the house from now on, or do not any more. Nobody does this to themselves."""
        return await acted(who, person_id, PersonAct.APPOINT if given.is_admin else PersonAct.DISMISS, given)

    @api.post("/people/{person_id}/unlock")
    async def unlock_person(who: Who, person_id: UUID, given: ReasonIn) -> PersonOut:
        """For who lost their second factor: it is not asked for any more, their sessions end, and a mail tells them."""
        return await acted(who, person_id, PersonAct.UNLOCK, given)

    @api.post("/people/{person_id}/sign-out")
    async def sign_person_out(who: Who, person_id: UUID, given: ReasonIn) -> PersonOut:
        """All their sessions end, but not the one that asks for it."""
        return await acted(who, person_id, PersonAct.SIGN_OUT, given)

    @api.get("/teams")
    async def list_all_teams(who: Who, words: Words = "", limit: Limit = 50, cursor: str | None = None) -> TeamPage:
        """All teams, or those with ``words`` in their name or slug; the newest first."""
        rows = await upkeep.find_teams(who, words, limit, read_cursor(cursor))
        return TeamPage(items=[TeamOut.model_validate(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.get("/jobs/{job_id}")
    async def examine_job(who: Who, job_id: UUID) -> HouseJobOut:
        """How a paid job of any team went, step by step, with the logs; nothing that is in the work."""
        return HouseJobOut.model_validate(await jobs.get_job(who, job_id))

    @api.post("/jobs/{job_id}/cancel")
    async def cancel_any_job(who: Who, job_id: UUID, given: ReasonIn) -> HouseJobOut:
        """Stop it. What was delivered stays, and the rest is not paid."""
        await jobs.cancel(who, job_id, given.reason)
        return HouseJobOut.model_validate(await jobs.get_job(who, job_id))

    @api.get("/settings")
    async def list_settings_in_force(who: Who) -> list[SettingOut]:
        """What this process was set up with. Secrets are never told, only whether there is one."""
        return [SettingOut.model_validate(setting) for setting in workings.list_settings(who)]

    @api.get("/providers")
    async def list_providers(who: Who) -> list[ProviderOut]:
        """Who fulfils each port, how it does, and what it took this month."""
        return [_provider(standing) for standing in await workings.list_ports(who)]

    return api


def _provider(standing: PortStanding) -> ProviderOut:
    port, names = standing.port, ("answers", "answered_at", "failed_at", "cost_microdollars")
    return ProviderOut(
        port=port.key,
        provider=port.provider,
        model=port.model,
        place=port.place,
        is_embedded=port.is_embedded,
        paused=standing.pause[0] if standing.pause else None,
        **{name: getattr(standing, name) for name in names},
    )
