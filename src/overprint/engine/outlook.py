"""What a waiting job can expect: how many steps go first, when its own begins, and why it waits.

A handful of statements, however long the queue is.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.words import counted
from overprint.db.database import Transaction
from overprint.engine import queue
from overprint.engine.fleet import Fleet, read_fleet
from overprint.engine.graph import Rules
from overprint.engine.pauses import WAITING, place_of
from overprint.engine.queue import LINE_MAX_STEPS, Line

SOON_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Outlook:
    """``starts_in_seconds`` is an estimate from how long such steps took lately; None when nobody can tell."""

    steps_ahead: int
    starts_in_seconds: float | None
    why: str

    @property
    def words(self) -> str:
        """For people: why it waits and, where that is known and not at once, when it begins."""
        seconds = self.starts_in_seconds or 0.0
        return self.why if seconds < 1 else f"{self.why} It begins in about {_duration(seconds)}."


@dataclass(frozen=True, slots=True)
class OwnTeam:
    """The step's own team, in the same lanes: its steps that run, and those that wait before this one."""

    running: int
    ahead: int


_NEXT = """
SELECT key, kind, queue, tag, error_kind, error, not_before,
       GREATEST(0, extract(epoch FROM not_before - now()))::float8 AS delay_seconds
FROM steps WHERE job_id = $1 AND state = 'ready'
  AND NOT EXISTS (SELECT 1 FROM steps WHERE job_id = $1 AND state = 'running')
ORDER BY tag, position LIMIT 1
"""
_OWN_TEAM = """
SELECT count(*) FILTER (WHERE state = 'running') AS running,
       count(*) FILTER (WHERE state = 'ready') AS ahead
FROM (SELECT state FROM steps WHERE team_id = $1 AND queue = ANY($2) AND state IN ('ready', 'running')
        AND (state = 'running' OR tag < $3) LIMIT $4) AS own
"""
_PAUSE = "SELECT provider, reason FROM provider_pauses WHERE provider = ANY($1) ORDER BY provider LIMIT 1"


async def outlook(transaction: Transaction, rules: Rules, job_id: UUID) -> Outlook | None:
    """Of the job's step that is due next; None while one of its steps runs, or none is ready to."""
    driver = transaction.driver
    step = await driver.fetchrow(_NEXT, job_id)
    if step is None:
        return None
    fleet = await read_fleet(driver, step["queue"])
    queues = sorted(fleet.queues) or [step["queue"]]
    line = await queue.line(driver, job_id, step["key"], queues)
    own = await driver.fetchrow(_OWN_TEAM, transaction.team_id, queues, step["tag"] or 0, LINE_MAX_STEPS)
    own_team = OwnTeam(own["running"], own["ahead"])
    pause = await _find_pause(driver, rules, step["kind"])
    seconds = None if pause else starts_in_seconds(line, fleet, own_team, step["delay_seconds"] or 0.0)
    why = pause or _why_nobody(fleet, step["queue"]) or _why_later(step) or _why_full(line, fleet, own_team)
    return Outlook(sum(line.ahead.values()), seconds, why)


async def expected_seconds(transaction: Transaction, rules: Rules, counts: Mapping[str, int]) -> float | None:
    """How long so many steps of each kind take the workers that are there, by what such steps took lately; None where
    no step of the kind of which there are most has run lately."""
    steps: Counter[str] = Counter()
    for kind, count in counts.items():
        steps[rules.registry.get_kind(kind).queue] += count
    seconds = 0.0
    for name, count in steps.most_common():
        fleet = await read_fleet(transaction.driver, name)
        if name not in fleet.pace and not seconds:
            return None
        seconds += count * fleet.pace.get(name, 0.0) / max(1, min(fleet.capacity, fleet.team_limit))
    return seconds or None


async def _find_pause(driver: asyncpg.Connection, rules: Rules, kind_name: str) -> str:
    kind = rules.registry.kinds.get(kind_name)
    places = [place_of(port, provider) for port, provider in rules.providers_of(kind).items()] if kind else []
    pause = await driver.fetchrow(_PAUSE, places) if places else None
    if pause is None:
        return ""
    name = pause["provider"].partition(":")[2]
    return f"The provider {name} is paused until its settings are mended: {pause['reason']}"


def starts_in_seconds(line: Line, fleet: Fleet, own_team: OwnTeam, delay_seconds: float) -> float | None:
    """Until enough of those before it have ended, in its lanes and in its team's share, at their usual pace."""
    ahead = sum(line.ahead.values())
    if not fleet.capacity or ahead >= LINE_MAX_STEPS:
        return None
    lane_ends = ahead + sum(line.running.values()) + 1 - fleet.capacity
    team_ends = own_team.ahead + own_team.running + 1 - fleet.team_limit
    if lane_ends <= 0 and team_ends <= 0:
        return round(delay_seconds, 1)
    step_seconds = _typical_seconds(line, fleet.pace)
    if step_seconds is None:
        return None
    share = min(fleet.capacity, fleet.team_limit)
    until = max(lane_ends * step_seconds / fleet.capacity, team_ends * step_seconds / max(1, share))
    return round(max(delay_seconds, until), 1)


def _typical_seconds(line: Line, pace: Mapping[str, float]) -> float | None:
    """Of the steps that run and go ahead, each as its queue usually takes; None if that is known of no queue."""
    steps = Counter(line.ahead) + Counter(line.running)
    known = {name: count for name, count in steps.items() if name in pace}
    return sum(pace[name] * count for name, count in known.items()) / sum(known.values()) if known else None


def _why_nobody(fleet: Fleet, queue_name: str) -> str:
    if not fleet.workers:
        return "No worker is running. Start one with `overprint up` or `overprint worker`."
    return "" if fleet.capacity else f"None of the workers that are running takes steps of the queue {queue_name}."


def _why_later(step: Mapping[str, Any]) -> str:
    if (step["delay_seconds"] or 0.0) < SOON_SECONDS:
        return ""
    at = f"{step['not_before']:%H:%M:%S} UTC"
    if step["error_kind"] == WAITING:
        return f"Its provider was paused, and is asked again at {at}."
    if step["error_kind"] == "busy":
        return f"The provider asks us to wait until {at}."
    return f"It did not work the last time, and is tried again at {at}. {step['error'] or ''}".strip()


def _why_full(line: Line, fleet: Fleet, own_team: OwnTeam) -> str:
    ahead = sum(line.ahead.values())
    if own_team.running >= fleet.team_limit:
        return f"Your team already runs {counted(own_team.running, 'step')} like it, as many as it may at a time."
    if ahead >= LINE_MAX_STEPS:
        return f"At least {counted(ahead, 'step')} go before yours."
    if ahead:
        return _who_goes_first(min(ahead, own_team.ahead), ahead)
    if sum(line.running.values()) >= fleet.capacity:
        return "Yours is next, as soon as a step that runs now has ended."
    return "It is about to begin."


def _who_goes_first(own: int, ahead: int) -> str:
    ours, theirs = counted(own, "step"), counted(ahead - own, "step")
    if own == ahead:
        return f"First comes what your team asked for before: {ours}."
    if not own:
        return f"First comes what other teams asked for before: {theirs}."
    return f"First comes what was asked for before: {ours} of your team and {theirs} of other teams."


def _duration(seconds: float) -> str:
    if seconds < 90:
        return counted(round(seconds), "second")
    return counted(round(seconds / 60), "minute") if seconds < 5400 else counted(round(seconds / 3600), "hour")
