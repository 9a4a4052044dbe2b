"""Problems as answers. The only place that knows which status code a problem becomes (RFC 9457)."""

import traceback
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from overprint.core import problems
from overprint.db.database import DRIVER_ERRORS, DatabaseAway, is_passing
from overprint.http.catalogues import LANGUAGES, catalogue
from overprint.http.frame import begin_frame, frame_now, language_of
from overprint.http.pages import Pages
from overprint.http.places import page_before
from overprint.http.problem_kinds import remedy_of, type_of
from overprint.http.ranges import RangeNotSatisfiable
from overprint.http.routes import methods_at
from overprint.http.wording import http_words, in_words
from overprint.observe import ids
from overprint.ports import errors as port_errors

_log = structlog.get_logger(__name__)

# The first that a problem is an instance of counts.
STATUS: dict[type[problems.Problem], int] = {
    problems.NotFound: 404,
    problems.NotSignedIn: 401,
    problems.Denied: 403,
    problems.NotConfirmed: 403,
    problems.TooOften: 429,
    problems.OutOfCredits: 402,
    problems.NotInPlan: 402,
    problems.Conflict: 409,
    problems.Outdated: 412,
    RangeNotSatisfiable: 416,
    problems.Invalid: 422,
    problems.LimitReached: 413,
    problems.Unavailable: 503,
}
_DATABASE_ERRORS = (*DRIVER_ERRORS, asyncpg.PostgresError, DBAPIError, PoolTimeoutError, DatabaseAway)
# Where people show who they are, and come back.
_DOORS: dict[type[problems.Problem], str] = {problems.NotSignedIn: "/login", problems.NotConfirmed: "/confirm"}
_MEDIA_TYPE = "application/problem+json"
_PAGES = Pages()


def answer_problems(app: FastAPI) -> None:
    """Make ``app`` answer every failure as a problem: JSON for the API, a plain page for people."""
    app.add_exception_handler(problems.Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(port_errors.ProviderError, _on_provider)
    app.add_exception_handler(ClientDisconnect, _on_departure)
    for kind in _DATABASE_ERRORS:
        app.add_exception_handler(kind, _on_database)
    app.add_exception_handler(Exception, answer_bug)


def answer(request: Request, status: int, code: str, message: str, next_step: str = "", *, field: str = "") -> Response:
    """One problem in the form that the caller reads. Without a ``next_step`` of its own, it has that of its kind."""
    message, field = _whole(message), _whole(field)
    if _wants_page(request):
        if not frame_now().is_here:
            begin_frame(request)
        told = {"number": status, "code": code, "message": message, "next_step": next_step}
        home = page_before(request) if frame_now().is_answer else request.url.path
        return _PAGES.render("problem.html", status, **told, home=home)
    asked = language_of(request)
    language = asked if asked in LANGUAGES else "en"
    retold = catalogue(language).retold
    detail = next_step or remedy_of(code)
    body: dict[str, Any] = {"type": type_of(code), "title": retold(message), "detail": retold(detail)}
    body |= {"status": status, "code": code}
    if field:
        body["field"] = field
    body["request_id"] = ids.current().get("request_id")
    headers = {"Content-Language": language, "Vary": "Accept-Language, Cookie"}
    headers |= {"Retry-After": "5"} if status == 503 else {}
    return JSONResponse(body, status_code=status, media_type=_MEDIA_TYPE, headers=headers)


def _whole(text: str) -> str:
    """A problem shows what somebody sent. JSON may send half a character, which no answer can carry."""
    return text.encode("utf-8", "replace").decode()


def status_of(problem: problems.Problem) -> int:
    """For whoever shows a problem on a page of its own."""
    return next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 500)


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, problems.Problem)
    door = next((_DOORS[kind] for kind in _DOORS if isinstance(error, kind)), "")
    if door and request.scope.get("method") == "GET" and _wants_page(request):  # a socket has no method
        asked = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return RedirectResponse(f"{door}?next={quote(asked, safe='')}", status_code=303)
    field = getattr(error, "field", "")
    response = answer(request, status_of(error), error.code, error.message, error.next_step, field=field)
    if isinstance(error, problems.TooOften):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, RangeNotSatisfiable):
        response.headers["Content-Range"] = f"bytes */{error.size_bytes}"
    return response


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0] if error.errors() else {"type": "", "loc": ()}
    if first["loc"][:1] == ("path",) and _wants_page(request):
        return answer(request, 404, "not_found", "There is no such page.", "The address may have been cut short.")
    words = in_words(first)
    return answer(request, 422, "invalid", words.message, words.next_step, field=words.field)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND and _wants_page(request):
        return answer(request, 404, "http", "There is nothing at this address.", "It may have been cut short.")
    methods = methods_at(request, request.url.path) if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else []
    words = http_words(error.status_code, request.method, methods)
    response = answer(request, error.status_code, "http", words.message, words.next_step)
    response.headers.update(error.headers or {})
    if methods:
        response.headers["Allow"] = ", ".join(methods)
    return response


async def _on_provider(request: Request, error: Exception) -> Response:
    assert isinstance(error, port_errors.ProviderError)
    return answer(request, 503, "unavailable", error.message, "Try again in a moment.")


async def _on_departure(request: Request, error: Exception) -> Response:
    """Who asked went away before all of the request had come: nobody reads this."""
    return Response(status_code=400)


async def _on_database(request: Request, error: Exception) -> Response:
    if not _is_database_away(error):
        return await answer_bug(request, error)
    _log.warning("the database did not answer", error=str(error))
    if _is_disk_full(error):
        return answer(request, 503, "unavailable", "The database's disk is full.", "Make room on it, then try again.")
    return answer(request, 503, "unavailable", "The database does not answer right now.", "Try again in a moment.")


def _is_database_away(error: Exception) -> bool:
    """Whether the database cannot answer for now. A wrong statement or a wrong value is none of that."""
    if isinstance(error, OSError):
        return _met_by_driver(error)
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or (error.orig is not None and is_passing(error.orig))
    return isinstance(error, DatabaseAway) or is_passing(error)


def _is_disk_full(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, asyncpg.DiskFullError):
        error = error.__cause__ or getattr(error, "orig", None)
    return error is not None


def _met_by_driver(error: OSError) -> bool:
    """An operating system's error says not what was asked of it: the driver's, if it passed through the driver."""
    modules = (frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(name.startswith("asyncpg.") for name in modules)


async def answer_bug(request: Request, error: Exception) -> Response:
    """What nobody expected: logged in full, told in one sentence."""
    _log.error("a request failed unexpectedly", exc_info=error)
    return answer(request, 500, "bug", "Something went wrong inside Overprint.", "It was logged; please try again.")
