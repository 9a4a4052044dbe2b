"""Finds the frame of a request: what routers of pages depend on."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from overprint.core.principal import Principal
from overprint.http.frame import Framing, begin_frame
from overprint.http.scope import Who
from overprint.http.visitors import find_principal


async def _framed(connection: HTTPConnection, principal: Who) -> None:
    framing: Framing = connection.app.state.framing
    begin_frame(connection, await framing(principal))


async def _framed_for_anybody(
    connection: HTTPConnection, principal: Annotated[Principal | None, Depends(find_principal)]
) -> None:
    framing: Framing = connection.app.state.framing
    begin_frame(connection, await framing(principal) if principal else None)


# For pages of people who are signed in, and for pages that anybody may see.
FRAMED = Depends(_framed)
FRAMED_FOR_ANYBODY = Depends(_framed_for_anybody)
