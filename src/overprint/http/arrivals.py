"""How works that leave for elsewhere and come in from there are asked about and answered, the same for all products."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from pydantic import BaseModel

from overprint.core.files import file_name
from overprint.db.database import Transaction
from overprint.http.forms import BODY_MAX_BYTES
from overprint.http.once import OnceOnly, lead_once
from overprint.http.pages import Pages
from overprint.http.responses import Out, saved_as

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
WaitingFile = Annotated[str, Form(max_length=64, description="A file that was sent before, and waits for a yes.")]
OnceField = Annotated[str, Form(max_length=40)]
Answer = TypeVar("Answer", bound=BaseModel)
_PAGES = Pages()


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

    def is_agreed(self, most_credits: int | None) -> bool: ...


class Arriving(Protocol):
    """A work that was opened and looked at, for as long as its block lasts."""

    @property
    def look(self) -> Looked: ...

    async def content_hash(self) -> str: ...

    async def wait(self) -> str:
        """Let its file wait until somebody agrees; answers its name meanwhile."""
        ...

    def stored(
        self, most_credits: int | None
    ) -> AbstractAsyncContextManager[tuple[Transaction, Callable[[], Awaitable[Mapping[str, Any]]]]]:
        """A transaction, and what keeps the work in it and answers its job. Raises ``Conflict`` where nobody agreed."""
        ...


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


def archive_of(title: str, pieces: AsyncIterator[bytes]) -> StreamingResponse:
    """A work as one file that is called by its title."""
    headers = {"Content-Disposition": saved_as(file_name(title, "overprint"))}
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


async def take_in(
    work: Arriving,
    once: OnceOnly,
    most_credits: int | None,
    kind: type[Answer],
    started: Callable[[Mapping[str, Any]], Answer],
) -> Answer:
    """Keep it, however often it arrives under one key, and answer as ``started`` tells of its job. Raises ``Conflict``
    where nobody agreed to what it may cost."""
    sent = await work.content_hash()
    async with work.stored(most_credits) as (transaction, keep):

        async def begin() -> Answer:
            return started(await keep())

        return await once.answer(transaction, kind, sent, begin)


async def lead_in(
    work: Arriving, request: Request, most_credits: int | None, once: str, *, works: str, home: str
) -> Response:
    """The page of the work, once it is kept. Where somebody has to agree first, the page that asks them, and the file
    waits meanwhile. ``works``: where the product's works are."""
    if not work.look.is_agreed(most_credits):
        waiting, action = await work.wait(), f"{works}/import"
        return _PAGES.render("arrival.html", look=work.look, waiting=waiting, once=once, action=action, home=home)
    fields = [("once", once), ("file", await work.content_hash())]
    async with work.stored(most_credits) as (transaction, keep):

        async def begin() -> str:
            return f"{works}/{(await keep())['lineage']}"

        place = await lead_once(transaction, request, fields, begin)
    return RedirectResponse(place, status_code=303)
