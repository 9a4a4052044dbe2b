"""What all use cases of people need, and what they ask of the rooms above."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.principal import Via, Visitor
from overprint.core.problems import TooOften
from overprint.db.database import Database
from overprint.features.accounts.rules import Mode
from overprint.features.accounts.service.letters import Letters
from overprint.features.accounts.service.passwords import Passwords
from overprint.features.accounts.service.sealing import Seals
from overprint.features.accounts.service.tokens import Tokens
from overprint.features.accounts.store import letters, people, sessions
from overprint.features.audit import Actor, record_by_system

EVEN_SECONDS = 0.1


class PersonalTeams(Protocol):
    """What the teams room does for people, inside their own transaction (of the system role)."""

    async def make(self, connection: asyncpg.Connection, person_id: UUID, name: str, *, is_guest: bool) -> UUID:
        """A team of one, which the person owns."""
        ...

    async def settle(self, connection: asyncpg.Connection, person_id: UUID, name: str) -> UUID:
        """The guest whose team it is has registered. Answers which team it is."""
        ...

    async def part(self, connection: asyncpg.Connection, person_id: UUID) -> None:
        """They leave all teams for good. Raises ``Conflict`` while others need them as a team's only owner."""
        ...

    async def is_invited(self, connection: asyncpg.Connection, email: str) -> bool:
        """Whether an invitation to this address is open."""
        ...


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, and one more each ``seconds``."""

    burst: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Office:
    """``poke_mail`` is told that a mail was written, once it is committed. ``admin_second_factor``: whoever runs the
    house has to show one besides the password."""

    database: Database
    clock: Clock
    passwords: Passwords
    tokens: Tokens
    letters: Letters
    seals: Seals
    teams: PersonalTeams
    mode: Mode
    admin_second_factor: bool
    poke_mail: Callable[[], None] = field(default=lambda: None)

    async def post(
        self,
        connection: asyncpg.Connection,
        kind: str,
        recipient: str,
        *,
        language: str = "",
        link: str = "",
        **values: Any,
    ) -> None:
        """Write a mail and put it on its way; where no ``language`` is given, in that of whose address it is."""
        language = language or await people.find_language(connection, recipient)
        mail = self.letters.write(kind, recipient, language=language, link=link, **values)
        await letters.post(connection, kind, mail, self.clock.now())

    async def limit(self, what: str, who: str, rate: Rate) -> None:
        """Count one more try. Raises ``TooOften``."""
        name = f"{what}:{who}"
        if not await sessions.take_turn(self.database.system, name, rate.burst, 1 / rate.seconds, self.clock.now()):
            raise TooOften(
                "That was tried too many times.",
                "Wait a little, then try once more.",
                retry_after_seconds=round(rate.seconds),
            )


@asynccontextmanager
async def in_even_time() -> AsyncIterator[None]:
    """Around what takes longer where somebody has an address than where nobody has: it takes ``EVEN_SECONDS``."""
    began = time.monotonic()
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, began + EVEN_SECONDS - time.monotonic()))


async def note(
    connection: asyncpg.Connection,
    visitor: Visitor,
    action: str,
    person_id: UUID | None,
    *,
    via: Via = Via.SESSION,
    session_id: UUID | None = None,
    **detail: Any,
) -> None:
    """An audit line on a person, of the site's chain. The last statement of its transaction."""
    actor = Actor(person_id, via, session_id or visitor.session_id, visitor.address)
    told = {**detail, "agent": visitor.agent}
    await record_by_system(connection, actor, action, "person", person_id, told)
