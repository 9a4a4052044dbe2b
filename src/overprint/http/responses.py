"""Small questions and answers that several rooms share."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, Self
from urllib.parse import quote
from uuid import UUID

from fastapi import Header, Query
from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

from overprint.core.problems import Invalid, Outdated

# For what shows somebody: no browser keeps it, and no cache on the way.
UNKEPT = {"Cache-Control": "private, no-store"}
IdempotencyKey = Annotated[str | None, Header(max_length=200)]
ForGood = Annotated[bool, Query(description="Delete it at once, instead of keeping it in the trash for a while.")]
IfMatch = Annotated[str | None, Header(max_length=100, description="The ETag that the edit was made on.")]


class Out(BaseModel):
    """Base of what the API answers: read from rows, never more than declared."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")


class In(BaseModel):
    """Base of what the API takes: an unknown field is an error, not a surprise."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="after")
    def _has_whole_characters(self) -> Self:
        """Half of a pair of UTF-16 is no text: nothing can be done with it, not even hashing."""
        for name, given in self:
            value = given.get_secret_value() if isinstance(given, SecretStr) else given
            if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
                raise Invalid(f"{name} holds half a character.", "Write it anew.", field=name)
        return self


def example(**fields: Any) -> ConfigDict:
    """The configuration of a question that shows in the description of the API what may be asked."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


def sends(media_type: str) -> dict[int | str, dict[str, Any]]:
    """What the description says of a route that answers a file of this type."""
    return {200: {"content": {media_type: {}}}}


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


def etag_of(version: int | str) -> dict[str, str]:
    """The header that says which version of a row this is."""
    return {"ETag": f'"{version}"'}


def refuse_outdated(if_match: str | None, version: int | str) -> None:
    """Raises ``Outdated`` for an edit of another version; ``Invalid`` for what is no ETag of ours."""
    if if_match is None or if_match.strip() == "*":
        return
    tags = [tag.strip().removeprefix("W/") for tag in if_match.split(",")]
    if not all(len(tag) > 2 and tag[0] == tag[-1] == '"' for tag in tags):
        raise Invalid("If-Match holds no ETag.", "Send the one that the last answer had.", field="If-Match")
    if f'"{version}"' not in tags:
        raise Outdated("Somebody else changed this since you read it.", "Read it again, then send the edit again.")


def saved_as(name: str) -> str:
    """What tells a browser to save an answer under ``name``, in any script (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(name)}"
