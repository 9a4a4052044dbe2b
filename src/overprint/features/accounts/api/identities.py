"""``/api/auth/oidc`` and ``/api/auth/identities``: whom people may sign in with, and who vouches for oneself."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from overprint.core.principal import Via
from overprint.core.problems import Denied
from overprint.features.accounts import rules
from overprint.features.accounts.service.counter import Counter
from overprint.http.cookies import ROUND, SessionCookies
from overprint.http.responses import UNKEPT, In, Out, example
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.visitors import visitor_of


class ProviderOut(Out):
    """``start`` is where a browser goes to sign in there; ``?next=`` is the page that it comes back to in the end."""

    name: str
    label: str
    start: str


class ProvidersOut(Out):
    items: list[ProviderOut]


class IdentityOut(Out):
    """``email``: the address that the provider says is theirs, empty if it says none."""

    id: UUID
    provider: str
    label: str
    issuer: str
    email: str
    made_at: datetime
    used_at: datetime


class IdentitiesOut(Out):
    items: list[IdentityOut]


class LinkIn(In):
    model_config = example(token="mQ2vTz0eYb1lJ3yGk9wXnR7cUo5aHs4dPf8iVt6KxLE")

    token: Annotated[str, Field(min_length=1, max_length=rules.TOKEN_MAX_CHARACTERS)]


def router(counter: Counter, cookies: SessionCookies) -> APIRouter:
    """Routes over ``counter``."""
    api = Router(prefix="/api/auth", tags=["auth"])

    @api.get("/oidc")
    async def list_providers() -> ProvidersOut:
        """Whom people may sign in with here."""
        offered = counter.providers.offered()
        return ProvidersOut(
            items=[
                ProviderOut(name=name, label=label, start=f"/api/auth/oidc/{name}/start")
                for name, label in offered.items()
            ]
        )

    @api.get("/identities")
    async def list_identities(who: Who, response: Response) -> IdentitiesOut:
        """Who vouches for you."""
        response.headers.update(UNKEPT)
        if who.via is Via.API_KEY:
            raise Denied("An API key is of a team, and no person.", "Sign in as a person.")
        rows = await counter.identities.list_identities(who.person_id)
        return IdentitiesOut(items=[IdentityOut.model_validate(row) for row in rows])

    @api.post("/identities", status_code=204, response_class=Response)
    async def link(request: Request, who: Who, given: LinkIn) -> Response:
        """Say yes to what a provider told of you: it is a way into your account from now on. The token is in the
        address of the page that the way back from the provider led to, and good in that browser alone."""
        await counter.identities.link(given.token, cookies.lent(request, ROUND), who, visitor_of(request, who))
        return Response(status_code=204)

    @api.delete("/identities/{identity_id}", status_code=204, response_class=Response)
    async def unlink(request: Request, who: Who, identity_id: UUID) -> Response:
        """It leads into your account no more. The last way in stays."""
        await counter.identities.unlink(identity_id, who, visitor_of(request, who))
        return Response(status_code=204)

    return api
