"""What the API says of a job and its steps."""

from datetime import datetime
from uuid import UUID

from overprint.http.responses import Out


class StepOut(Out):
    """``possible_cost_microdollars``: what lost calls may have cost, of which nobody knows whether they were billed."""

    key: str
    kind: str
    title: str
    queue: str
    state: str
    attempt: int
    origin: str | None
    progress: float
    note: str
    error_kind: str | None
    error: str | None
    price_credits: int
    provider: str | None
    input_tokens: int
    output_tokens: int
    cost_microdollars: int
    possible_cost_microdollars: int
    started_at: datetime | None
    ended_at: datetime | None


class JobOut(Out):
    """``last_seq`` is the sequence of the newest event. ``quote_credits`` is the most it can cost. ``paused_at``: since
    when nothing more of it begins, until somebody goes on."""

    id: UUID
    kind: str
    title: str
    state: str
    progress: float
    error: str | None
    lineage: UUID
    project_id: UUID | None
    rerun_of: UUID | None
    steps_total: int
    steps_ended: int
    quote_credits: int
    last_seq: int
    created_at: datetime
    started_at: datetime | None
    paused_at: datetime | None
    ended_at: datetime | None


class OutlookOut(Out):
    """``starts_in_seconds`` is an estimate from how long such steps took lately; null when nobody can tell.

    ``words`` says both to people.
    """

    steps_ahead: int
    starts_in_seconds: float | None
    why: str
    words: str


class JobDetail(JobOut):
    """``waiting`` says what to expect while none of the job's steps runs.

    ``request_id`` and ``traceparent`` (W3C) are of the request that submitted it; logs and spans of its steps carry
    them. ``currentStep`` and the links to what a film's job came to are as in the WebSocket's messages.
    """

    request_id: str | None
    traceparent: str | None
    waiting: OutlookOut | None
    steps: list[StepOut]
    currentStep: str | None = None
    imageUrl: str | None = None
    videoUrl: str | None = None
    thumbnailUrl: str | None = None
