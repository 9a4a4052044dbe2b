"""The description of the API at ``/api/openapi.json``: what every operation has in common is said here, once."""

from functools import cache
from typing import Any

from fastapi import FastAPI

from overprint.http.cookies import ACCESS
from overprint.http.problem_kinds import KINDS, type_of
from overprint.http.problems import STATUS

Document = dict[str, Any]

_REFUSAL = "Problem"
_CONTENT = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{_REFUSAL}"}}}
_OTHERWISE = {"description": "It was refused, or did not work: a problem (RFC 9457).", "content": _CONTENT}
_EXAMPLE = {
    "type": type_of("not_found"),
    "title": "There is no such book.",
    "detail": "GET /api/books lists the books there are.",
    "status": 404,
    "code": "not_found",
    "request_id": "0b9f3f4f6c0e4c5b8f0e4f8f5d1c2a37",
}
_PROBLEM = {
    "title": _REFUSAL,
    "description": "What went wrong, in plain words, and what to do next.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "description": "A page that explains this kind of problem."},
        "title": {"type": "string", "description": "What happened."},
        "detail": {"type": "string", "description": "What to do next."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "enum": sorted(KINDS)},
        "field": {"type": "string", "description": "The part of the request that is to blame, if it is one part."},
        "request_id": {"type": ["string", "null"], "description": "The server's log has it, too."},
    },
    "required": ["type", "title", "detail", "status", "code", "request_id"],
    "additionalProperties": False,
    "examples": [_EXAMPLE],
}
_WAYS_IN = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or an access token of /api/auth/login."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": ACCESS, "description": "A browser's, since it signed in."},
}
# Not said of each operation: any file may be asked for a part that it has not, and anything may be away.
_RARE = {416, 503}
# What the framework says of refusals, and this house answers otherwise.
_UNTRUE_SCHEMAS = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> None:
    """Have ``app`` describe refusals as they are answered, and how to sign in."""
    describe_routes = app.openapi

    @cache  # the framework keeps its own, and what is completed twice would tell of sign-in where none is asked for
    def described() -> Document:
        return _completed(describe_routes())

    app.openapi = described  # type: ignore[method-assign]  # as FastAPI says to


def _completed(document: Document) -> Document:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _UNTRUE_SCHEMAS:
        schemas.pop(name, None)
    schemas[_REFUSAL] = _PROBLEM
    components["securitySchemes"] = _WAYS_IN
    components["responses"] = {_name(status): _refusal(status) for status in sorted(set(STATUS.values()) - _RARE)}
    for path in document["paths"].values():
        for method, operation in path.items():
            operation["security"] = _ways_in(operation)
            operation["responses"].pop("422", None)
            refusals = {str(status): _refers_to(status) for status in sorted(_refused_with(method, operation))}
            operation["responses"] |= {**refusals, "default": _OTHERWISE}
    return document


def _ways_in(operation: Document) -> list[Document]:
    """Any one of them; none where there are no accounts. What asks nobody who they are is open to everybody."""
    return [{name: []} for name in _WAYS_IN] + [{}] if "security" in operation else []


def _refused_with(method: str, operation: Document) -> set[int]:
    """The statuses that an operation can be expected to refuse with, by what it asks for. Others are rare."""
    asked = {(one["in"], one["name"].lower()) for one in operation.get("parameters", ())}
    places = {place for place, _ in asked}
    found = {401, 403, 429} if operation["security"] else set()
    found |= {404} if "path" in places else set()
    found |= {422} if asked or "requestBody" in operation else set()
    found |= {413} if "requestBody" in operation else set()
    found |= {409} if method in ("put", "patch", "delete") or ("header", "idempotency-key") in asked else set()
    found |= {412} if ("header", "if-match") in asked else set()
    found |= {402} if ("header", "idempotency-key") in asked and "202" in operation["responses"] else set()
    return found


def _name(status: int) -> str:
    return next(kind.__name__ for kind, its in STATUS.items() if its == status)


def _refers_to(status: int) -> Document:
    return {"$ref": f"#/components/responses/{_name(status)}"}


def _refusal(status: int) -> Document:
    """What a status means here: the kinds of problems that have it."""
    codes = [kind.code for kind, its in STATUS.items() if its == status]
    told = " ".join(f"{KINDS[code].title} (`{code}`)." for code in codes)
    return {"description": told, "content": _CONTENT}
