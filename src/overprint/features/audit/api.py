"""JSON API of the audit log: /api/audit and its export. Owners see their team's chain, site admins all."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from overprint.core.principal import Principal
from overprint.features.audit.rules import SITE, Actor, Link, Of
from overprint.features.audit.service import PAGE_MAX, Audit, Filters, Opens, record, record_by_system
from overprint.http.responses import UNKEPT, Out, cursor_after, read_cursor, saved_as, sends
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Scopes

# Raises ``Denied`` for who may not see it.
Permits = Callable[[Principal], None]
_SEQUENCE_MAX = 2**63 - 1


class LineOut(Out):
    """``seq`` is its number in its chain, whose hashes ``overprint audit verify`` proves. ``team_id`` of zeros: the
    line belongs to no team."""

    seq: int
    id: UUID
    team_id: UUID
    at: datetime
    actor_id: UUID | None
    via: str | None
    session_id: UUID | None
    address: str
    action: str
    subject_kind: str
    subject_id: UUID | None
    detail: dict[str, Any]
    request_id: str | None
    previous_hash: str
    hash: str


class LinePage(Out):
    items: list[LineOut]
    next_cursor: str | None


Action = Annotated[
    str | None,
    Query(max_length=100, pattern=r"^[a-z_.]+$", description="Itself, or all that begin with it and a dot: `job`."),
]


def router(audit: Audit, permit: Permits, permit_all: Permits) -> APIRouter:
    """Routes over ``audit``; the two say who may see their team's lines, and who all."""
    api = Router(prefix="/api", tags=["audit"])

    @api.get("/audit")
    async def list_audit_lines(
        scope: InScope,
        of: Of = Of.TEAM,
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
        cursor: str | None = None,
        action: Action = None,
        actor: UUID | None = None,
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
    ) -> LinePage:
        """The newest first. ``since`` counts itself, ``until`` does not."""
        filters, before, who = Filters(action, actor, since, until), read_cursor(cursor), scope.principal
        if of is Of.TEAM:
            permit(who)
            links = await audit.list_links(scope.transaction.driver, who.team_id, limit, before, filters)
        else:
            permit_all(who)
            async with audit.pool.acquire() as connection:
                links = await audit.list_links(connection, None if of is Of.ALL else SITE, limit, before, filters)
        following = cursor_after(links[-1].line.id) if len(links) == limit else None
        return LinePage(items=[_shown(link) for link in links], next_cursor=following)

    @api.get("/audit/export", response_class=StreamingResponse, responses=sends("application/jsonl"))
    async def export_audit_lines(
        scopes: InScopes, of: Of = Of.TEAM, after: Annotated[int, Query(ge=0, le=_SEQUENCE_MAX)] = 0
    ) -> StreamingResponse:
        """JSON lines with the hashes that prove them: `overprint audit verify --file` does, without a database.

        ``after`` begins behind that line, to go on with an earlier export; it does not go with ``all``.
        """
        who = scopes.principal
        (permit if of is Of.TEAM else permit_all)(who)
        await _tell(audit, scopes, of)
        parts = _all(audit) if of is Of.ALL else audit.export(*_chain(audit, scopes, of), after)
        headers = {**UNKEPT, "Content-Disposition": saved_as(f"audit-{of}.jsonl")}
        return StreamingResponse(parts, media_type="application/jsonl", headers=headers)

    return api


def _shown(link: Link) -> LineOut:
    line = {name: getattr(link.line, name) for name in link.line.__slots__}
    return LineOut(**line, seq=link.seq, previous_hash=link.previous_hash, hash=link.hash)


async def _tell(audit: Audit, scopes: Scopes, of: Of) -> None:
    """Who takes the log away is in the log."""
    who = scopes.principal
    if of is Of.TEAM:
        async with scopes.transaction() as transaction:
            await record(transaction, who, "audit.exported", "team", who.team_id)
        return
    async with audit.pool.acquire() as connection, connection.transaction():
        await record_by_system(connection, Actor.of(who), "audit.exported", "site", None, {"of": str(of)})


def _chain(audit: Audit, scopes: Scopes, of: Of) -> tuple[Opens, UUID]:
    """How the lines are read: a team's under row-level security."""

    @asynccontextmanager
    async def opens() -> AsyncIterator[asyncpg.Connection]:
        async with scopes.transaction() as transaction:
            yield transaction.driver

    return (opens, scopes.principal.team_id) if of is Of.TEAM else (_as_system(audit), SITE)


def _as_system(audit: Audit) -> Opens:
    @asynccontextmanager
    async def opens() -> AsyncIterator[asyncpg.Connection]:
        async with audit.pool.acquire() as connection:
            yield connection

    return opens


async def _all(audit: Audit) -> AsyncIterator[bytes]:
    for team_id in await audit.list_chains():
        async for part in audit.export(_as_system(audit), team_id, 0):
            yield part
