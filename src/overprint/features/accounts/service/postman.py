"""Takes mail from where actions left it to the mail port: soon, at least once, not for ever."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from overprint.core.clock import Clock
from overprint.db.database import Database, is_passing
from overprint.features.accounts.store import identities, letters, sessions, tickets
from overprint.ports.errors import ProviderError, Refused
from overprint.ports.mail import Mail, MailPort

TRIES_MAX = 10
FIRST_WAIT = timedelta(seconds=30)
WAIT_MAX = timedelta(hours=2)
LEASE = timedelta(minutes=5)
BATCH = 20
LOOK_SECONDS = 5.0
KEPT_DAYS = 30

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """``waiting``: how many mails are on the way, and why the last that was tried still is. ``failed_at``: when one was
    given up last, and why."""

    waiting: int
    waiting_error: str
    failed_at: datetime | None
    error: str


class Postman:
    """Several leave each other's mails alone. What a killed one had is taken by another after ``LEASE``."""

    def __init__(self, database: Database, clock: Clock, port: MailPort) -> None:
        self._database = database
        self._clock = clock
        self._port = port
        self._news = asyncio.Event()

    def poke(self) -> None:
        """There is new mail."""
        self._news.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.deliver()
            except Exception as error:
                if not is_passing(error):
                    _log.exception("mail cannot be looked for")
            try:
                await asyncio.wait_for(self._news.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
            self._news.clear()

    async def deliver(self) -> int:
        """Hand over what is due; how many mails were taken up."""
        taken = 0
        while claimed := await letters.claim_mail(self._database.system, self._clock.now(), LEASE, BATCH):
            for mail, kind, tries in claimed:
                await self._hand_over(mail, kind, tries)
            taken += len(claimed)
        return taken

    async def look(self) -> Standing:
        """How mail stands, for whoever runs the house."""
        row = await letters.find_standing(self._database.system)
        return Standing(row["waiting"], row["waiting_error"] or "", row["failed_at"], row["error"] or "")

    async def tidy(self) -> None:
        """Forget sessions, links and mails that are over for good."""
        await sessions.tidy(self._database.system, self._clock.now() - timedelta(days=KEPT_DAYS))
        await identities.forget_rounds(self._database.system, self._clock.now())
        await tickets.forget_tickets(self._database.system, self._clock.now())

    async def _hand_over(self, mail: Mail, kind: str, tries: int) -> None:
        pool, now = self._database.system, self._clock.now()
        try:
            await self._port.send(mail)
        except ProviderError as error:
            if isinstance(error, Refused) or tries >= TRIES_MAX:
                _log.error("a mail could not be delivered", kind=kind, mail=str(mail.id), error=error.message)
                await letters.fail_mail(pool, mail.id, error.message, now)
                return
            _log.warning("a mail waits", kind=kind, mail=str(mail.id), tries=tries, error=error.message)
            await letters.put_off_mail(pool, mail.id, error.message, now + min(FIRST_WAIT * 2 ** (tries - 1), WAIT_MAX))
            return
        await letters.end_mail(pool, mail.id)
