"""Use cases of the audit log: writing, reading, proving, exporting, and cutting off what is too old."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from overprint.core.clock import SystemClock
from overprint.core.codec import canonical
from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.db.database import Transaction
from overprint.engine.schedule import ScheduleContext
from overprint.features.audit import store
from overprint.features.audit.rules import (
    CUT,
    FORMAT,
    SITE,
    START,
    Actor,
    ExportEnd,
    ExportHeader,
    Line,
    Link,
    Place,
    Proof,
    Proven,
    told_exactly,
)
from overprint.observe import ids

PAGE_MAX = 200
BATCH = 1000
EXPORT_MAX_LINES = 100_000
CUT_MAX_LINES = 5000
# A chain is cut about once a month, not every day: each cut leaves a line.
SLACK = timedelta(days=30)

# An audit line tells the machine's time, whatever clock the action itself went by.
_CLOCK = SystemClock()
_log = structlog.get_logger(__name__)

Opens = Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]


async def record(
    transaction: Transaction,
    principal: Principal | None,
    action: str,
    subject_kind: str,
    subject_id: UUID | None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """``action`` is in the past tense: ``job.submitted``, ``book.deleted``. No principal: it came about by itself.

    It is written as the last thing in the transaction: whoever writes for the same team waits from then on.
    """
    actor = Actor.of(principal) if principal else None
    line = _line(transaction.team_id, actor, action, subject_kind, subject_id, detail)
    transaction.before_commit(partial(store.append, transaction.driver, line))


async def record_by_system(
    connection: asyncpg.Connection,
    actor: Actor | None,
    action: str,
    subject_kind: str,
    subject_id: UUID | None,
    detail: Mapping[str, Any] | None = None,
    *,
    team_id: UUID = SITE,
) -> None:
    """The same in a transaction of the system role, where there is no team or another one. Let it be the last statement
    of the transaction, and of several lines the site's the last: it waits for a lock that many want."""
    await store.append(connection, _line(team_id, actor, action, subject_kind, subject_id, detail))


async def lines_of(connection: asyncpg.Connection, actor_id: UUID, limit: int) -> list[Line]:
    """What somebody did, in whatever team, the newest first. ``connection`` is of the system role."""
    return [link.line for link in await store.list_links(connection, None, limit, None, actor_id=actor_id)]


def _line(
    team_id: UUID,
    actor: Actor | None,
    action: str,
    subject_kind: str,
    subject_id: UUID | None,
    detail: Mapping[str, Any] | None,
    at: datetime | None = None,
) -> Line:
    at = at or _CLOCK.now()
    return Line(
        id=new_id(int(at.timestamp() * 1000)),
        team_id=team_id,
        at=at,
        actor_id=actor.person_id if actor else None,
        via=str(actor.via) if actor else None,
        session_id=actor.session_id if actor else None,
        address=actor.address if actor else "",
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=told_exactly(detail or {}),
        request_id=ids.current().get("request_id"),
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """``action``: itself, or all that begin with it and a dot (``job``: ``job.submitted``). Times: from, and before."""

    action: str | None = None
    actor_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """``pool`` is of the system role."""

    pool: asyncpg.Pool

    async def list_links(
        self, connection: asyncpg.Connection, team_id: UUID | None, limit: int, before: UUID | None, filters: Filters
    ) -> list[Link]:
        """The newest first, of one chain or (as the system role) of all."""
        first, last = (_first_id(instant) for instant in (filters.since, filters.until))
        limit = max(1, min(PAGE_MAX, limit))
        return await store.list_links(
            connection, team_id, limit, before, action=filters.action, actor_id=filters.actor_id, first=first, last=last
        )

    async def list_chains(self) -> list[UUID]:
        return await store.list_chains(self.pool)

    async def prove(self, team_id: UUID) -> Proven:
        """Walk along the whole chain."""
        async with store.snapshot(self.pool) as connection:
            begin, end = await store.find_ends(connection, team_id) or (START, START)
            proof, fault = Proof(team_id, begin), None
            while fault is None and (links := await store.read_links(connection, team_id, proof.last.seq, BATCH)):
                fault = next(filter(None, map(proof.take, links)), None)
        return proof.proven(fault or proof.end(end))

    async def export(self, opens: Opens, team_id: UUID, after_seq: int) -> AsyncIterator[bytes]:
        """A chain's lines as JSON lines, with what proves them before and behind; ``opens`` gives connections that see
        it. Where ``EXPORT_MAX_LINES`` were not enough, the end says so; the next part begins behind its ``seq``."""
        async with opens() as connection:
            cut, head = await store.find_ends(connection, team_id) or (START, START)
            begin = cut if after_seq <= cut.seq else await _place(connection, team_id, min(after_seq, head.seq))
        yield _json(ExportHeader(FORMAT, team_id, begin, is_cut=begin == cut != START))
        last, stop = begin, min(head.seq, begin.seq + EXPORT_MAX_LINES)
        while last.seq < stop:
            async with opens() as connection:
                links = await store.read_links(connection, team_id, last.seq, min(BATCH, stop - last.seq))
            if not links:
                last = head  # lines that should be there are not: said like this, whoever proves the export finds it
                break
            yield b"".join(_json(link) for link in links)
            last = Place(links[-1].seq, links[-1].hash)
        yield _json(ExportEnd(last, is_complete=last.seq >= head.seq))

    async def cut_old(self, context: ScheduleContext, kept: timedelta) -> None:
        """Cut off the front of each chain what is older than ``kept``; a line tells of it."""
        now = context.clock.now()
        while context.has_time and (teams := await store.list_old_chains(self.pool, now - kept - SLACK, BATCH)):
            for team_id in teams:
                while context.has_time and await self._cut(team_id, now, now - kept):
                    pass

    async def _cut(self, team_id: UUID, now: datetime, before: datetime) -> bool:
        async with self.pool.acquire() as connection, connection.transaction():
            place = await store.cut(connection, team_id, before, CUT_MAX_LINES)
            if place is None:
                return False
            told = {"seq": place.seq, "hash": place.hash, "older_than": before.isoformat()}
            await store.append(connection, _line(team_id, None, CUT, "team", team_id, told, now))
        _log.info("old lines of the audit log were cut off", team_id=str(team_id), up_to=place.seq)
        return True


async def _place(connection: asyncpg.Connection, team_id: UUID, seq: int) -> Place:
    links = await store.read_links(connection, team_id, seq - 1, 1)
    return Place(links[0].seq, links[0].hash) if links else START


def _first_id(instant: datetime | None) -> UUID | None:
    """The least id that can be made at that instant."""
    if instant is None:
        return None
    milliseconds = max(0, min((1 << 48) - 1, int(instant.timestamp() * 1000)))
    return UUID(int=milliseconds << 80)


def _json(value: object) -> bytes:
    return canonical(value) + b"\n"
