"""One transaction a request, opened and committed here and nowhere else. What waits for storage has two."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from overprint.core.principal import Principal
from overprint.db.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, and the transaction in which it is answered."""

    principal: Principal
    transaction: Transaction


def principal_of(request: Request) -> Principal:
    """Who asks. Until sign-in exists: the owner of this machine, who alone can reach a loopback address."""
    principal: Principal = request.app.state.principal
    return principal


async def _open_scope(request: Request) -> AsyncIterator[Scope]:
    principal = principal_of(request)
    database: Database = request.app.state.database
    async with database.transaction(principal.team_id) as transaction:
        yield Scope(principal, transaction)


class Scopes:
    """Who asks, and transactions one after the other.

    For who waits for something slow between them: a transaction that waits keeps one of the few connections.
    """

    def __init__(self, request: Request) -> None:
        self.principal = principal_of(request)
        self._database: Database = request.app.state.database

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        return self._database.transaction(self.principal.team_id)


# scope="function": committed before the answer is sent, so that an answer is never a promise.
InScope = Annotated[Scope, Depends(_open_scope, scope="function")]
InScopes = Annotated[Scopes, Depends(Scopes)]
