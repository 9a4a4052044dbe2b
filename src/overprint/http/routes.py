"""Routes that are looked through when they are first asked for.

What FastAPI reads in a route (its parameters, their schemas, those of its answers) takes a millisecond. There are
hundreds, and a process that has just begun is asked for few of them.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Protocol, runtime_checkable

from fastapi import APIRouter, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.routing import BaseRoute, Match, compile_path, get_name
from starlette.types import Receive, Scope, Send

from overprint.core.problems import Invalid
from overprint.http.forms import expect_no_files, may_have_files

# A route that is to ask for more is made again, at the same address.
_compiled = cache(compile_path)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@runtime_checkable
class AskedFirst(Protocol):
    """What a route depends on and can be found out before its body is read, such as who sends it."""

    async def before_body(self, connection: HTTPConnection) -> None:
        """Raises what the dependency would raise."""
        ...


class LateRoute(APIRoute):
    """Until then it knows its address and its methods, which is all that finding a route takes."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **told: Any) -> None:
        self._told: dict[str, Any] | None = told
        self.path, self.endpoint = path, endpoint
        self.name: str = told.get("name") or get_name(endpoint)
        self.path_regex, self.path_format, self.param_convertors = _compiled(path)
        self.methods = {method.upper() for method in told.get("methods") or ("GET",)}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The framework reads the body first, whoever sends it, and holds what is no file whole."""
        if scope["method"] in (self.methods or ()) and self.body_field is not None:
            if may_have_files(Headers(scope=scope)):
                self._bound_form(scope)
            for asked in set(_asked_first(self.dependant)):
                await asked.before_body(HTTPConnection(scope))
        await super().handle(scope, receive, send)

    def _bound_form(self, scope: Scope) -> None:
        """Raises ``Invalid`` where none is taken."""
        taken = self.body_field.field_info if self.body_field is not None else None
        if not isinstance(taken, params.Form):
            raise Invalid("This address takes JSON and no form.", "Send it with the Content-Type application/json.")
        if not isinstance(taken, params.File):  # which is a form as well
            expect_no_files(scope)

    def asking(self, dependencies: Sequence[params.Depends]) -> "LateRoute":
        """The same route, which asks for these before it asks for its own."""
        told = self._told
        if told is None:
            raise RuntimeError(f"{self.path} was read already: say what else it asks for before.")
        return LateRoute(
            self.path, self.endpoint, **{**told, "dependencies": [*dependencies, *(told.get("dependencies") or ())]}
        )

    def __getattr__(self, name: str) -> Any:
        told = self.__dict__.get("_told")
        if told is None:
            raise AttributeError(name)
        self._told = None
        try:
            super().__init__(self.path, self.endpoint, **told)
        except BaseException:
            self._told = told
            raise
        return getattr(self, name)


class Router(APIRouter):
    """A router of such routes."""

    def __init__(self, **told: Any) -> None:
        super().__init__(route_class=LateRoute, **told)


def asking(router: APIRouter, dependencies: Sequence[params.Depends]) -> list[BaseRoute]:
    """The routes of a router, each of which asks for these first. Of a router of FastAPI's own, they are read twice."""
    if not dependencies:
        return list(router.routes)
    if not all(isinstance(route, LateRoute | APIWebSocketRoute) for route in router.routes):
        holder = APIRouter()
        holder.include_router(router, dependencies=dependencies)
        return holder.routes
    return [_asking(route, dependencies) for route in router.routes]


def _asked_first(dependant: Dependant) -> Iterator[AskedFirst]:
    """At any depth; the same one as often as it is depended on."""
    for each in dependant.dependencies:
        yield from _asked_first(each)
        if isinstance(each.call, AskedFirst):
            yield each.call


def methods_at(request: Request, path: str, among: Sequence[str] = METHODS) -> list[str]:
    """What a path may be asked with, ``among`` these. The framework itself tells only of the first route that has the
    path."""
    asked = {"type": "http", "path": path, "root_path": request.scope.get("root_path", ""), "headers": []}
    return [
        method
        for method in among
        if any(route.matches({**asked, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


def _asking(route: BaseRoute, dependencies: Sequence[params.Depends]) -> BaseRoute:
    if isinstance(route, LateRoute):
        return route.asking(dependencies)
    assert isinstance(route, APIWebSocketRoute)
    both = [*dependencies, *route.dependencies]
    return APIWebSocketRoute(route.path, route.endpoint, name=route.name, dependencies=both)
