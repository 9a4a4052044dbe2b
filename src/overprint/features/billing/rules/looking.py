"""What site admins look for among the jobs of all teams. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from overprint.features.billing.rules.prices import CREDIT_MICRODOLLARS


class JobStanding(StrEnum):
    """A job's state, or that it was deleted: then only what it brought is still known."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class JobFilters:
    """All of them hold; None holds of every job. Times are of its beginning: from, and before."""

    team_id: UUID | None = None
    state: JobStanding | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def margin_microdollars(credits: int, cost_microdollars: int) -> int:
    """What is left of the credits that a job brought once providers were paid."""
    return credits * CREDIT_MICRODOLLARS - cost_microdollars
