"""One transaction a request, opened and committed here and nowhere else. What waits for storage has two."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.openapi.models import HTTPBase
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from overprint.core.principal import Principal
from overprint.core.problems import Problem
from overprint.db.database import Database, Transaction, is_passing
from overprint.http.forms import hold_body
from overprint.http.rates import Rates


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, and the transaction in which it is answered."""

    principal: Principal
    transaction: Transaction


# Raises ``NotSignedIn`` for who has not shown who they are.
Identify = Callable[[HTTPConnection], Awaitable[Principal]]


def always(principal: Principal) -> Identify:
    """Whoever asks is this one: the owner of this machine, who alone can reach a loopback address."""

    async def identify(_: HTTPConnection) -> Principal:
        return principal

    return identify


async def principal_of(connection: HTTPConnection) -> Principal:
    """Who asks, as ``app.state.identify`` finds out. Raises ``TooOften`` for who asks too often."""
    identify: Identify = connection.app.state.identify
    return count_asking(connection, await identify(connection))


def count_asking(connection: HTTPConnection, principal: Principal) -> Principal:
    """One request more of theirs. Raises ``TooOften``."""
    rates: Rates | None = getattr(connection.app.state, "rates", None)
    if rates is not None:
        rates.count_principal(connection, principal)
    return principal


async def is_still(connection: HTTPConnection, principal: Principal) -> bool:
    """Whether who asked still may, in the same team: for what goes on for longer than a request."""
    identify: Identify = connection.app.state.identify
    try:
        return (await identify(connection)).team_id == principal.team_id
    except Problem:
        return False
    except Exception as error:
        if not is_passing(error):
            raise
        return True  # while the database is away there is nothing to tell either; it is asked again


_FOUND = "overprint.principal"


class _SignedIn(SecurityBase):
    """``principal_of``, in the form in which the API's description tells of it, and before a body is read."""

    model = HTTPBase(scheme="bearer")
    scheme_name = "bearer"

    async def before_body(self, connection: HTTPConnection) -> None:
        connection.scope[_FOUND] = await principal_of(connection)

    async def __call__(self, connection: HTTPConnection) -> Principal:
        found: Principal | None = connection.scope.pop(_FOUND, None)
        return found or await principal_of(connection)


# Found once a request, however many parts of a route ask.
Who = Annotated[Principal, Depends(_SignedIn())]


async def _open_scope(request: HTTPConnection, principal: Who) -> AsyncIterator[Scope]:
    if request.scope.get("method", "GET") not in ("GET", "HEAD"):  # a socket has no method
        await hold_body(request.scope)
    database: Database = request.app.state.database
    async with database.transaction(principal.team_id) as transaction:
        yield Scope(principal, transaction)


class Scopes:
    """Who asks, and transactions one after the other.

    For who waits for something slow between them: a transaction that waits keeps one of the few connections.
    """

    def __init__(self, request: HTTPConnection, principal: Who) -> None:
        self.principal = principal
        self._database: Database = request.app.state.database

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        return self._database.transaction(self.principal.team_id)


# scope="function": committed before the answer is sent, so that an answer is never a promise.
InScope = Annotated[Scope, Depends(_open_scope, scope="function")]
InScopes = Annotated[Scopes, Depends(Scopes)]
