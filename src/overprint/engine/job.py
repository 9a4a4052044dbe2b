"""States of jobs and steps."""

from enum import StrEnum


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepState(StrEnum):
    PENDING = "pending"
    READY = "ready"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REUSED = "reused"
    SKIPPED = "skipped"


class Origin(StrEnum):
    """Where a step's output came from."""

    RUN = "run"
    REUSED = "reused"
    PERSON = "person"
    IMPORTED = "imported"


JOB_ENDED = frozenset({JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED})
STEP_DELIVERED = frozenset({StepState.COMPLETED, StepState.REUSED})
STEP_ENDED = STEP_DELIVERED | {StepState.FAILED, StepState.CANCELLED, StepState.SKIPPED}


def outcome(steps: list[StepState], *, cancel_requested: bool) -> JobState | None:
    """The state a job ends in, or None while something is still to do."""
    if any(step not in STEP_ENDED for step in steps):
        return None
    if cancel_requested and any(step is StepState.CANCELLED for step in steps):
        return JobState.CANCELLED
    if all(step in STEP_DELIVERED for step in steps):
        return JobState.COMPLETED
    return JobState.FAILED
