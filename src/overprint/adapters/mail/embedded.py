"""Mail that stays here: kept in the database, where site admins read it. A fresh install needs no mail server."""

import asyncpg

from overprint.db.database import is_passing
from overprint.ports.errors import Unavailable
from overprint.ports.mail import Mail

KEPT_MAX = 1000

_KEEP = """
INSERT INTO kept_mail (id, recipient, subject, text, html) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING
"""
_FORGET = "DELETE FROM kept_mail WHERE id IN (SELECT id FROM kept_mail ORDER BY sent_at DESC, id DESC OFFSET $1)"


class EmbeddedMail:
    """Keeps the newest mails, through a pool of the system role."""

    name = "embedded"

    def __init__(self, pool: asyncpg.Pool, *, kept_max: int = KEPT_MAX) -> None:
        self._pool = pool
        self._kept_max = kept_max

    async def send(self, mail: Mail) -> None:
        """Keep it. The same mail again changes nothing."""
        try:
            await self._pool.execute(_KEEP, mail.id, mail.recipient, mail.subject, mail.text, mail.html)
            await self._pool.execute(_FORGET, self._kept_max)
        except Exception as error:
            if not is_passing(error):
                raise
            raise Unavailable("The database does not take mail right now.", provider=self.name) from error
