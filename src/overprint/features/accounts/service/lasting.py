"""What stays the same of somebody who deletes their account and opens another one."""

from uuid import UUID

import asyncpg

from overprint.features.accounts.rules import mailbox_of
from overprint.features.accounts.store.people import find_known_by


async def lasting_names(pool: asyncpg.Pool, person_id: UUID) -> tuple[str, ...]:
    """By what this person would be known again: their id, their mailbox if they have confirmed it, and who vouches for
    them. System role. Keep them as keyed hashes alone: they name people."""
    known = await find_known_by(pool, person_id)
    if known is None:
        return (f"person:{person_id}",)
    mailbox = [f"mailbox:{mailbox_of(known['email'])}"] if known["email"] else []
    return (f"person:{person_id}", *mailbox, *(f"identity:{one}" for one in known["identities"]))
