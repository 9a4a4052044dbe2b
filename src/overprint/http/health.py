"""Is it alive, is it ready, what does it measure."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from overprint.core.principal import is_near
from overprint.core.problems import Denied, Problem
from overprint.http.cookies import address_of
from overprint.http.routes import Router
from overprint.observe.metrics import CONTENT_TYPE

Check = Callable[[], Awaitable[None]]


def health_router(checks: Mapping[str, Check], metrics: Callable[[], Awaitable[bytes]], version: str) -> APIRouter:
    """``checks`` raise when something that requests need does not work."""
    router = Router()

    @router.get("/api/ping", tags=["health"])
    async def ping() -> dict[str, str]:
        return {"status": "ok", "version": version}

    @router.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        """The process answers; nothing else is asked."""
        return {"status": "ok"}

    @router.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        """Everything that requests need works."""
        failed: dict[str, str] = {}
        for name, check in checks.items():
            try:
                await check()
            except Problem as problem:
                failed[name] = problem.message
            except Exception as error:
                failed[name] = type(error).__name__
        status = "ready" if not failed else "not ready"
        return JSONResponse({"status": status, "failed": failed}, status_code=503 if failed else 200)

    @router.get("/metrics", include_in_schema=False)
    async def measure(request: Request) -> Response:
        """For who runs the house: how much is made here, and what fails, is no business of the whole world."""
        if not is_near(address_of(request)):
            raise Denied("What is measured here is told to this machine and its network alone.")
        return Response(await metrics(), media_type=CONTENT_TYPE)

    return router
