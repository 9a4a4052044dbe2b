"""What a group of settings is."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A group of settings: a table in the file, a part of the variable's name. Never shows what it was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


def named(variable: str) -> dict[str, Any]:
    """The extra of a field whose variable is not named after its path."""
    return {"variable": variable}
