"""``/admin/plans``: what there is, what it was, and a change that says first what it means for whom."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.principal import Principal
from overprint.core.problems import Invalid, NotConfirmed, Problem
from overprint.features.admin.service import HousePlans, Weighed
from overprint.features.admin.web.forms import Said, fields_of, page
from overprint.features.billing import UNLIMITED, Feature, Plan
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.wording import N_

KEY_MAX_CHARACTERS = 40
_NUMBERS = ("daily_jobs", "monthly_credits", "storage_bytes", "weight", "price_cents", "trial_days")
_FIELDS = {
    "name": N_("Name"),
    "daily_jobs": N_("Works a day"),
    "monthly_credits": N_("Credits a month"),
    "storage_bytes": N_("Bytes of files"),
    "weight": N_("Weight in the queue"),
    "features": N_("What it has"),
    "price_cents": N_("Price a month, in cents"),
    "currency": N_("Currency"),
    "is_offered": N_("Offered to everybody"),
    "trial_days": N_("Days for nothing"),
}
_FEATURES = {
    Feature.PRINT: N_("Print editions, checked for your printer"),
    Feature.AUDIO: N_("Read-aloud e-books and audiobooks"),
    Feature.EXPORT: N_("Take books and films along whole, as one file"),
    Feature.MEMBERS: N_("Invite other people into your team"),
}


def router(plans: HousePlans) -> APIRouter:
    """Pages over ``plans``."""
    web = Router(include_in_schema=False, prefix="/admin/plans")

    @web.get("")
    async def show_plans(who: Who) -> Response:
        return page("plans_of_all.html", tab="plans", rows=await plans.list_plans(who))

    async def plan(
        who: Principal,
        key: str,
        problem: Problem | None = None,
        said: str = "",
        form: Mapping[str, str] | None = None,
        weighed: Weighed | None = None,
    ) -> Response:
        versions = await plans.get_versions(who, key[:KEY_MAX_CHARACTERS])
        asked = dict(form) if form is not None else _asked_of(versions[0]["plan"])
        words = {"fields": _FIELDS, "features": _FEATURES, "unlimited": UNLIMITED}
        shown = {"versions": versions, "plan": versions[0]["plan"], "asked": asked, "weighed": weighed}
        return page("plan_of_all.html", problem, said, tab="plans", **words, **shown)

    @web.get("/{key}")
    async def show_plan(who: Who, key: str, said: Said = "") -> Response:
        return await plan(who, key, said=said)

    @web.post("/{key}")
    async def change_plan(request: Request, who: Who, key: str) -> Response:
        form, here = await fields_of(request), f"/admin/plans/{key[:KEY_MAX_CHARACTERS]}"
        try:
            plans.upkeep.permit(who)
            wanted = _plan_of(key[:KEY_MAX_CHARACTERS], form)
            if form.get("act") != "change":
                return await plan(who, key, form=form, weighed=await plans.weigh(who, wanted))
            await plans.change(who, wanted, form.get("reason", ""))
        except NotConfirmed:
            return RedirectResponse("/confirm?next=/admin/plans", status_code=303)
        except Problem as problem:
            return await plan(who, key, problem, form=form)
        return RedirectResponse(f"{here}?said=changed", status_code=303)

    return web


def _asked_of(plan: Plan) -> dict[str, str]:
    """A plan as its form has it: what has no limit is empty, what is not ticked is not there."""
    given: dict[str, Any] = asdict(plan)
    asked = {name: "" if given[name] >= UNLIMITED else str(given[name]) for name in _NUMBERS}
    ticked = {f"feature_{name}": "on" for name in plan.features} | ({"is_offered": "on"} if plan.is_offered else {})
    return {**asked, **ticked, "name": plan.name, "currency": plan.currency, "version": str(plan.version)}


def _plan_of(key: str, form: Mapping[str, str]) -> Plan:
    """Raises ``Invalid``. The rules check the rest."""
    return Plan(
        key=key,
        version=_number(form, "version"),
        name=" ".join(form.get("name", "").split()),
        features=tuple(feature.value for feature in Feature if f"feature_{feature.value}" in form),
        currency=form.get("currency", "").strip(),
        is_offered="is_offered" in form,
        **{name: _number(form, name) for name in _NUMBERS},
    )


def _number(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "").strip()
    if not text and name in ("daily_jobs", "storage_bytes"):
        return UNLIMITED
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(UNLIMITED))):
        raise Invalid(f"{name} is a whole number.", "Write digits only.", field=name)
    return int(text)
