"""Storing what a work brought, between the two transactions that expect and keep it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from overprint.core.principal import Principal
from overprint.features.library import Library


async def store_arrived(
    library: Library, principal: Principal, stored: Mapping[str, tuple[str, str]], folder: Path
) -> datetime | None:
    """Store files, each of which lies in ``folder`` by its SHA-256, under their keys and as what they are; answers when
    that was begun, by the database's clock: None where there is none.

    Raises ``ProviderError``.
    """
    began: datetime | None = None
    for content_hash, (key, media_type) in sorted(stored.items()):
        path = folder / content_hash
        stored_at = await library.store_file(principal.team_id, key, path, media_type, content_hash)
        began = began or stored_at
    return began
