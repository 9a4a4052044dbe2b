"""How works that come in from elsewhere are asked about and answered, the same for all products."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Protocol

from fastapi import Form

from overprint.http.guard import BODY_MAX_BYTES
from overprint.http.responses import Out

CREDITS_MAX = 1_000_000_000
FORM_MAX_MB = BODY_MAX_BYTES // 1_000_000
MostCredits = Annotated[
    int | None,
    Form(
        ge=0,
        le=CREDITS_MAX,
        description="What it may cost at most. Without it, it comes in only if that costs nothing and makes nothing.",
    ),
]


class Looked(Protocol):
    """A first look at a work that comes in."""

    @property
    def title(self) -> str: ...

    @property
    def runs(self) -> Sequence[str]: ...

    @property
    def credits(self) -> int: ...

    @property
    def left_out(self) -> Sequence[str]: ...

    @property
    def counted(self) -> tuple[Mapping[str, int], Mapping[str, int]]: ...


class ArrivalOut(Out):
    """What a work brings that comes in (``brought``), and what could have come along and would be made instead
    (``missing``): texts, pictures, voices, motions and clips. ``steps``: all that would run, by their keys, as far as
    it is known; ``quote_credits``: the most that they cost. ``left_out``: what the team's plan does not have."""

    title: str
    brought: Mapping[str, int]
    missing: Mapping[str, int]
    steps: Sequence[str]
    quote_credits: int
    left_out: Sequence[str]


def arrival_out(look: Looked) -> ArrivalOut:
    brought, missing = look.counted
    return ArrivalOut(
        title=look.title,
        brought=brought,
        missing=missing,
        steps=look.runs,
        quote_credits=look.credits,
        left_out=look.left_out,
    )
