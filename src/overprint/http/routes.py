"""Routes that are looked through when they are first asked for.

What FastAPI reads in a route (its parameters, their schemas, those of its answers) takes a millisecond. There are
hundreds, and a process that has just begun is asked for few of them.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from fastapi import APIRouter, params
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.datastructures import Headers
from starlette.routing import BaseRoute, compile_path, get_name
from starlette.types import Receive, Scope, Send

from overprint.core.problems import Invalid

# A route that is to ask for more is made again, at the same address.
_compiled = cache(compile_path)
_WITH_FILES = "multipart/form-data"


def may_have_files(headers: Headers) -> bool:
    """Whether a body says that it is a form which files may come with."""
    return headers.get("content-type", "").lower().startswith(_WITH_FILES)


class LateRoute(APIRoute):
    """Until then it knows its address and its methods, which is all that finding a route takes."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **told: Any) -> None:
        self._told: dict[str, Any] | None = told
        self.path, self.endpoint = path, endpoint
        self.name: str = told.get("name") or get_name(endpoint)
        self.path_regex, self.path_format, self.param_convertors = _compiled(path)
        self.methods = {method.upper() for method in told.get("methods") or ("GET",)}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What may be as large as files are is not read for JSON: the framework would hold it whole, whoever sends
        it."""
        if scope["method"] in (self.methods or ()) and may_have_files(Headers(scope=scope)) and self._takes_json():
            raise Invalid("This address takes JSON and no form.", "Send it with the Content-Type application/json.")
        await super().handle(scope, receive, send)

    def _takes_json(self) -> bool:
        return self.body_field is not None and not isinstance(self.body_field.field_info, params.Form)

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


def _asking(route: BaseRoute, dependencies: Sequence[params.Depends]) -> BaseRoute:
    if isinstance(route, LateRoute):
        return route.asking(dependencies)
    assert isinstance(route, APIWebSocketRoute)
    both = [*dependencies, *route.dependencies]
    return APIWebSocketRoute(route.path, route.endpoint, name=route.name, dependencies=both)
