"""The description of the API at ``/api/openapi.json``: what every operation has in common is said here, once."""

from typing import Any

from fastapi import FastAPI

from overprint.http.cookies import ACCESS
from overprint.http.problem_kinds import KINDS, type_of

Document = dict[str, Any]

_REFUSAL = "Problem"
_REFUSED = {
    "description": "It was refused, or did not work: a problem (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{_REFUSAL}"}}},
}
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
# What the framework says of refusals, and this house answers otherwise.
_UNTRUE_SCHEMAS = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> None:
    """Have ``app`` describe refusals as they are answered, and how to sign in."""
    describe_routes = app.openapi

    def described() -> Document:
        return _completed(describe_routes())

    app.openapi = described  # type: ignore[method-assign]


def _completed(document: Document) -> Document:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _UNTRUE_SCHEMAS:
        schemas.pop(name, None)
    schemas[_REFUSAL] = _PROBLEM
    components["securitySchemes"] = _WAYS_IN
    # Any one of them; none where there are no accounts, and where nobody has to be signed in.
    document["security"] = [{name: []} for name in _WAYS_IN] + [{}]
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _REFUSED
    return document
