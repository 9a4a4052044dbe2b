"""Doing what a request asks for once, however often it arrives under one Idempotency-Key."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel

from overprint.core.codec import Json, digest
from overprint.core.problems import Conflict
from overprint.db.database import Transaction
from overprint.http import kept_answers
from overprint.http.responses import IdempotencyKey

Answer = TypeVar("Answer", bound=BaseModel)


class OnceOnly:
    """The key of one request, if it has one."""

    def __init__(self, request: Request, idempotency_key: IdempotencyKey = None) -> None:
        self._key = idempotency_key
        self._route = f"{request.method} {request.url.path}"

    async def answer(
        self, transaction: Transaction, kind: type[Answer], of: Json, make: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """What ``make`` answers, or answered before under this key. ``of`` is all that the request asks for.

        Raises ``Conflict`` where the key was another request's.
        """
        if not self._key:
            return await make()
        request = digest([self._route, of])
        kept = await kept_answers.claim(transaction, self._key, request)
        if kept is None:
            made = await make()
            await kept_answers.keep(transaction, self._key, made.model_dump(mode="json"))
            return made
        if kept.request != request:
            raise _used_before()
        return kind.model_validate(kept.answer)


def key_of_form(request: Request, fields: Iterable[tuple[str, object]]) -> str | None:
    """An idempotency key of what a form sends, by its field ``once``, which is another on every page that shows it.

    Sent twice, by a finger that is too quick, it has the same key; changed and sent again, another. None without it.
    """
    sent = sorted((name, value) for name, value in fields if isinstance(value, str))
    return f"form:{digest([request.url.path, sent])}" if dict(sent).get("once") else None


async def lead_once(
    transaction: Transaction,
    request: Request,
    fields: Iterable[tuple[str, object]],
    begin: Callable[[], Awaitable[str]],
) -> str:
    """Where ``begin`` leads, or led when the very same form came before (``key_of_form``).

    For forms whose work has no key of its own. What ``begin`` raises leaves nothing behind, in a savepoint or once the
    transaction is rolled back: the form may be sent again.
    """
    key = key_of_form(request, fields)
    if key is None:
        return await begin()
    kept = await kept_answers.claim(transaction, key, key)
    if kept is None:
        place = await begin()
        await kept_answers.keep(transaction, key, place)
        return place
    if kept.request != key:
        raise _used_before()
    return str(kept.answer)


def _used_before() -> Conflict:
    return Conflict("This idempotency key was used for another request.", "Use a new key.")


Once = Annotated[OnceOnly, Depends(OnceOnly)]
