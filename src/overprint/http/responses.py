"""Small answers that several rooms give."""

import base64
import binascii
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from overprint.core.problems import Invalid


class Out(BaseModel):
    """Base of what the API answers: read from rows, never more than declared."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")


class In(BaseModel):
    """Base of what the API takes: an unknown field is an error, not a surprise."""

    model_config = ConfigDict(extra="forbid")


def cursor_after(row_id: UUID) -> str:
    """An opaque cursor that continues behind ``row_id``."""
    return base64.urlsafe_b64encode(row_id.bytes).decode().rstrip("=")


def read_cursor(cursor: str | None) -> UUID | None:
    """The id in a cursor that we gave out; raises ``Invalid`` for anything else."""
    if not cursor:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise Invalid("This cursor was not given out by us.", "Start from the first page.", field="cursor") from None
