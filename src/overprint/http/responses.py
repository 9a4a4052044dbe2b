"""Small questions and answers that several rooms share."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Header
from pydantic import BaseModel, ConfigDict

from overprint.core.problems import Invalid

# For what shows somebody: no browser keeps it, and no cache on the way.
UNKEPT = {"Cache-Control": "private, no-store"}
IdempotencyKey = Annotated[str | None, Header(max_length=200)]


class Out(BaseModel):
    """Base of what the API answers: read from rows, never more than declared."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")


class In(BaseModel):
    """Base of what the API takes: an unknown field is an error, not a surprise."""

    model_config = ConfigDict(extra="forbid")


def cursor_after(row_id: UUID) -> str:
    """An opaque cursor that continues behind ``row_id``."""
    return base64.urlsafe_b64encode(row_id.bytes).decode().rstrip("=")


def next_cursor(rows: Sequence[dict[str, Any]], limit: int) -> str | None:
    """Where the page behind ``rows`` begins; None when they are not as many as were asked for."""
    return cursor_after(rows[-1]["id"]) if len(rows) == limit else None


def read_cursor(cursor: str | None) -> UUID | None:
    """The id in a cursor that we gave out; raises ``Invalid`` for anything else."""
    if not cursor:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise Invalid("This cursor was not given out by us.", "Start from the first page.", field="cursor") from None


def saved_as(name: str) -> str:
    """What tells a browser to save an answer under ``name``, in any script (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(name)}"
