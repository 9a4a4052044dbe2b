"""Forms as they are read: how many fields and files they have, and how long a field may be, is said before.

A body that says it may have files is let in to the length of a large file. What is no file of it is held in memory; so
who takes none of it says so, and then no more comes in than of any other body.
"""

from typing import Protocol

from starlette.datastructures import FormData, Headers
from starlette.requests import Request
from starlette.types import Scope

BODY_MAX_BYTES = 60_000_000
# Of everything but forms with files, which go to disk as they come. JSON takes up to thirty times its length in memory.
FILELESS_MAX_BYTES = 4_000_000
FIELD_MAX_BYTES = 500_000  # the words of a page in letters that take nine bytes each as they are sent
FIELDS_MAX, FILES_MAX = 40, 1  # of forms whose fields a route names, which the framework reads
_BODY = "overprint.body"
_WITH_FILES = "multipart/form-data"


class Body(Protocol):
    """What comes in with a request."""

    most_bytes: int

    async def hold(self) -> None:
        """Wait until all of it came, unless it did; who reads it then gets it all the same. It may have no files.

        Raises ``ClientDisconnect``.
        """
        ...


def may_have_files(headers: Headers) -> bool:
    """Whether a body says that it is a form which files may come with."""
    return headers.get("content-type", "").lower().startswith(_WITH_FILES)


def bound_body(scope: Scope, body: Body) -> None:
    """Have ``expect_no_files`` and ``hold_body`` know the body of this request."""
    scope[_BODY] = body


def expect_no_files(scope: Scope) -> None:
    """From here on no more of the body comes in than a body without files may have."""
    body: Body | None = scope.get(_BODY)
    if body is not None:
        body.most_bytes = min(body.most_bytes, FILELESS_MAX_BYTES)


async def hold_body(scope: Scope) -> None:
    """Have all of a body that is still to come, before something is opened that others wait for: whoever sends it may
    take minutes over it. It is held in memory, so it has no files. Raises ``ClientDisconnect``."""
    body: Body | None = scope.get(_BODY)
    if body is not None:
        await body.hold()


async def read_form(request: Request, *, fields: int, files: int = 0, field_bytes: int = FIELD_MAX_BYTES) -> FormData:
    """A form of at most so many ``fields`` and ``files``; a field has at most so many bytes as it is sent. One that has
    more is answered 400 as soon as it has."""
    if not files:
        expect_no_files(request.scope)
    return await request.form(max_files=files, max_fields=fields, max_part_size=field_bytes)
