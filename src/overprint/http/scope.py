"""One transaction a request, opened and committed here and nowhere else."""

from collections.abc import AsyncIterator
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


# scope="function": committed before the answer is sent, so that an answer is never a promise.
InScope = Annotated[Scope, Depends(_open_scope, scope="function")]
