"""Who may try a plan: a trial comes once to a team and once to whoever begins it, whichever account they open next.

What is kept of them after their account is gone are hashes under a key of the house, of their id, their mailbox and who
vouches for them. A card tells nothing here: a trial asks for none, and who gives one pays.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from overprint.core.clock import Clock
from overprint.db.database import Database
from overprint.features.accounts import lasting_names
from overprint.features.billing.rules import paying
from overprint.features.billing.store import trials


class _SomebodyElse(Exception):
    """Undoes what was claimed half."""


@dataclass(frozen=True, slots=True)
class Trials:
    """Marks are made with the first of ``secrets`` and known by any of them."""

    database: Database
    clock: Clock
    secrets: Sequence[bytes] = field(repr=False)

    async def offer(self, team_id: UUID, person_id: UUID) -> bool:
        """Whether this person may begin a trial for this team; noted, so that they begin none for another."""
        names = await lasting_names(self.database.system, person_id)
        known = [_mark(secret, name) for secret in self.secrets for name in names]
        try:
            async with self.database.system_transaction() as connection:
                if await trials.has_tried(connection, team_id) or await trials.is_known(connection, known, team_id):
                    return False
                if not await trials.claim(connection, known[: len(names)], team_id, self.clock.now()):
                    raise _SomebodyElse
        except _SomebodyElse:  # they went for one in another team at this moment
            return False
        return True

    async def forget(self) -> None:
        """What was offered and never begun, as no page is open any more; and trials of long ago."""
        now = self.clock.now()
        await trials.forget(self.database.system, now - paying.CHECKOUTS_KEPT, now - paying.TRIALS_KEPT)


def _mark(secret: bytes, name: str) -> bytes:
    return hmac.digest(secret, f"trial {name}".encode("utf-8", "replace"), hashlib.sha256)
