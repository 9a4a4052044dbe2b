"""Editions: what names the state of something that people edit, another one as soon as it was edited."""

from collections.abc import Callable
from typing import Any, TypeAlias

from overprint.core.codec import digest

# Raises ``Outdated`` for an edition that the edit was not made on.
CheckEdition: TypeAlias = Callable[[str], None]


def edition_of(*parts: Any) -> str:
    """Of all that people can edit of it, as JSON."""
    return digest(list(parts))[:32]


def any_edition(edition: str) -> None:
    """For an edit that does not say what it was made on."""
