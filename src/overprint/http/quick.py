"""Routes with a short way, for the few questions that are asked far more often than all others.

The framework's own way (finding what a route depends on, looking at the answer's shape twice) costs more than their
answers. The route is described as any other, and takes the ordinary way whenever the short one does not want to.
"""

from collections.abc import Awaitable, Callable
from hashlib import blake2b

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from overprint.http.responses import etag_of
from overprint.http.routes import LateRoute

_JSON = "application/json"
_TAG_BYTES = 12

Quick = Callable[[Request], Awaitable[Response | None]]


def quick_route(quickly: Quick) -> type[LateRoute]:
    """A kind of route that asks ``quickly`` first, and the framework where that answers None.

    ``quickly`` finds out by itself who asks and what they may. What it raises is answered as usual.
    """

    class QuickRoute(LateRoute):
        async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
            is_read = scope["method"] in (self.methods or ())
            answer = await quickly(Request(scope, receive, send)) if is_read else None
            if answer is None:
                await super().handle(scope, receive, send)
            else:
                await answer(scope, receive, send)

    return QuickRoute


def tagged(request: Request, body: bytes) -> Response:
    """JSON with the ETag of its content; 304 for who has it already."""
    headers = etag_of(blake2b(body, digest_size=_TAG_BYTES).hexdigest()) | {"Cache-Control": "private, no-cache"}
    known = request.headers.get("if-none-match", "")
    if headers["ETag"] in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=_JSON, headers=headers)
