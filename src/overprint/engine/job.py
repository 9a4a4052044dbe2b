"""States of jobs and steps, and which may follow which."""

from enum import StrEnum


class JobState(StrEnum):
    """The union of the source documents' states."""

    PENDING = "pending"
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


JOB_ENDED = frozenset({JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED})
STEP_DELIVERED = frozenset({StepState.COMPLETED, StepState.REUSED})
STEP_ENDED = STEP_DELIVERED | {StepState.FAILED, StepState.CANCELLED, StepState.SKIPPED}

_STEP_MOVES: dict[StepState, frozenset[StepState]] = {
    StepState.PENDING: frozenset(
        {
            StepState.READY,
            StepState.REUSED,
            StepState.COMPLETED,
            StepState.SKIPPED,
            StepState.CANCELLED,
            StepState.FAILED,
        }
    ),
    StepState.READY: frozenset({StepState.RUNNING, StepState.CANCELLED}),
    StepState.RUNNING: frozenset(
        {StepState.RUNNING, StepState.READY, StepState.COMPLETED, StepState.FAILED, StepState.CANCELLED}
    ),
}


def may_move(before: StepState, after: StepState) -> bool:
    """Whether a step may go from one state to the other. Ended steps stay as they are.

    RUNNING to RUNNING is a take-over: another worker claims what a dead one left.
    """
    return after in _STEP_MOVES.get(before, frozenset())


def outcome(steps: list[StepState], *, cancel_requested: bool) -> JobState | None:
    """The state a job ends in, or None while something is still to do."""
    if any(step not in STEP_ENDED for step in steps):
        return None
    if cancel_requested and any(step is StepState.CANCELLED for step in steps):
        return JobState.CANCELLED
    if all(step in STEP_DELIVERED for step in steps):
        return JobState.COMPLETED
    return JobState.FAILED
