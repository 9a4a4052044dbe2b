"""What others may do inside the engine's transactions.

Billing captures and releases, the library writes assets, each product writes its own rows: by fulfilling this
protocol, in the very transaction that records what happened. Nothing here may call the outside world.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from overprint.core.codec import Json
from overprint.core.files import StoredFile
from overprint.db.database import Transaction
from overprint.engine.job import JobState, Origin


@dataclass(frozen=True, slots=True)
class JobInfo:
    """The job, as participants see it. ``lineage`` is the thing all jobs of one book share; ``terms`` are what was
    agreed when it was submitted, which only the participants understand."""

    id: UUID
    team_id: UUID
    kind: str
    lineage: UUID
    project_id: UUID | None
    request: Json
    created_by: UUID | None
    terms: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepDone:
    """A delivered step. ``price_credits`` is what it was to cost by its job's terms; 0 unless it ran. ``recipe`` is
    empty for an imported one: what it was made by is not known here."""

    job: JobInfo
    key: str
    kind: str
    input: Json
    output: Json
    files: tuple[StoredFile, ...]
    origin: Origin
    recipe: str
    seed: int
    price_credits: int


class Participant(Protocol):
    """Joins the submit, complete and end transactions."""

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None: ...

    async def completed(self, transaction: Transaction, steps: Sequence[StepDone]) -> None:
        """All that the transaction delivers, told once, at its end: rows that others wait for are held briefly."""
        ...

    async def ended(self, transaction: Transaction, job: JobInfo, state: JobState) -> None: ...


Participants = Sequence[Participant]
