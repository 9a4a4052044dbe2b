"""Storing what a work brought, between the two transactions that expect and keep it."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from overprint.core.principal import Principal
from overprint.features.library import Library


async def store_arrived(
    library: Library, principal: Principal, stored: Mapping[str, tuple[str, str]], read: Callable[[str], bytes]
) -> datetime | None:
    """Store files, each read by its SHA-256, under their keys and as what they are; answers when that was begun, by the
    database's clock: None where there is none.

    Raises ``ProviderError``.
    """
    began: datetime | None = None
    for content_hash, (key, media_type) in sorted(stored.items()):
        data = await asyncio.to_thread(read, content_hash)
        stored_at = await library.store_file(principal.team_id, key, data, media_type)
        began = began or stored_at
    return began
