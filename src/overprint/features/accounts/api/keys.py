"""``/api/keys``: keys for programs, each for one team."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from overprint.core.problems import Denied
from overprint.features.accounts import rules
from overprint.features.accounts.rules import Mode
from overprint.features.accounts.service.counter import Counter
from overprint.http.responses import UNKEPT, In, Out, example, next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import InScope


class KeyIn(In):
    """``days``: how long it is good; without, until it is revoked."""

    model_config = example(name="build server", scopes=["work:read", "work:write"], days=90)

    name: Annotated[str, Field(min_length=1, max_length=rules.NAME_MAX_CHARACTERS, examples=["build server"])]
    scopes: Annotated[frozenset[str], Field(min_length=1, max_length=20, examples=[["work:read", "work:write"]])]
    days: Annotated[int | None, Field(ge=1, le=rules.KEY_LIFETIME_MAX_DAYS)] = None


class KeyOut(Out):
    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    person_id: UUID
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class NewKeyOut(KeyOut):
    """``key`` is shown this once."""

    key: str


class KeyPage(Out):
    items: list[KeyOut]
    next_cursor: str | None


def router(counter: Counter) -> APIRouter:
    """Routes over the team's keys."""
    api = Router(prefix="/api/keys", tags=["keys"])

    @api.get("")
    async def list_keys(
        scope: InScope, limit: Annotated[int, Query(ge=1, le=rules.KEYS_MAX)] = 50, cursor: str | None = None
    ) -> KeyPage:
        rows = await counter.keys.list_keys(scope.transaction, scope.principal, limit=limit, before=read_cursor(cursor))
        return KeyPage(items=[KeyOut.model_validate(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.post("", status_code=201)
    async def make_key(scope: InScope, given: KeyIn, response: Response) -> NewKeyOut:
        """Make a key. It is answered this once; only its hash is kept."""
        if counter.office.mode is Mode.LOCAL:
            raise Denied("This house has no accounts, so it needs no keys.", "Set OVERPRINT_ACCOUNTS.")
        row, key = await counter.keys.make(scope.transaction, scope.principal, given.name, given.scopes, given.days)
        response.headers.update(UNKEPT)
        return NewKeyOut.model_validate({**row, "key": key})

    @api.delete("/{key_id}", status_code=204, response_class=Response)
    async def revoke_key(scope: InScope, key_id: UUID) -> Response:
        await counter.keys.revoke(scope.transaction, scope.principal, key_id)
        return Response(status_code=204)

    return api
