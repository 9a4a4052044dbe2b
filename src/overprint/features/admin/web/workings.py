"""``/admin/settings`` and ``/admin/providers``: what the house was set up with, and who does what for it."""

from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import Response

from overprint.features.admin.service import Workings
from overprint.features.admin.web.forms import page
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.wording import N_

_PORTS = {
    "text": N_("Words"),
    "image": N_("Pictures"),
    "speech": N_("Voices"),
    "video": N_("Moving pictures"),
    "database": N_("Database"),
    "storage": N_("Files"),
    "mail": N_("Mail"),
    "payments": N_("Payments"),
    "credentials": N_("Content credentials"),
    "identity": N_("Signing in"),
}
_ORIGINS = {
    "environment": N_("the environment"),
    "file": N_("the settings file"),
    "start": N_("the start"),
    "default": N_("as it comes"),
}


def router(workings: Workings) -> APIRouter:
    """Pages over ``workings``. They change nothing: settings are read at the start."""
    web = Router(include_in_schema=False, prefix="/admin")

    @web.get("/settings")
    async def show_settings(who: Who) -> Response:
        sections = groupby(workings.list_settings(who), key=lambda setting: setting.section)
        shown = [(name, list(settings)) for name, settings in sections]
        return page("settings_in_force.html", tab="settings", sections=shown, origins=_ORIGINS)

    @web.get("/providers")
    async def show_providers(who: Who) -> Response:
        return page("providers.html", tab="providers", rows=await workings.list_ports(who), ports=_PORTS)

    return web
