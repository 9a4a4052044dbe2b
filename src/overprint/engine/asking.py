"""Asking a provider for a step: through the call ledger, within its limits, and not while it is paused."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from overprint.engine import ledger, limits, pauses
from overprint.engine.claims import Claim
from overprint.engine.spec import InDoubt
from overprint.ports.errors import Misconfigured
from overprint.ports.provider import Provider

EMBEDDED = "embedded"

Ask = Callable[[ledger.RememberTask], Awaitable[ledger.Answered]]
Resume = Callable[[str], Awaitable[ledger.Answered]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, for which step. ``port`` is what the provider does for us: ``text``, ``image``, ``speech``,
    ``video``."""

    pool: asyncpg.Pool
    claim: Claim
    port: str
    provider: Provider
    in_doubt: InDoubt
    limits: limits.ProviderLimits

    @property
    def is_free(self) -> bool:
        """Whether it is in the box: repeatable, and billed by nobody."""
        return self.provider.name == EMBEDDED

    async def call(self, key: str, ask: Ask, resume: Resume | None = None) -> ledger.Answered:
        """Embedded providers are free and repeatable: no ledger, no limits. All others get both.

        What the ledger holds, an answer or a task that was accepted, waits for no pause and no limit.
        """
        if self.is_free:
            return await ask(_forget)
        call = ledger.Call(key, self.provider.name, self.provider.is_idempotent, self.in_doubt)
        return await ledger.call_once(self.pool, self.claim, call, ask, resume, self._turn)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Around a new call. Raises ``Paused``, or ``Busy`` when there is no room for it soon."""
        place = pauses.place_of(self.port, self.provider)
        await self.refuse_paused()
        holder = f"{self.claim.attempt}@{self.claim.job.id}:{self.claim.key}"
        async with limits.provider_slot(self.pool, place, holder, self.limits):
            await limits.wait_for_rate(self.pool, place, self.limits)
            yield

    async def refuse_paused(self) -> None:
        """Raises ``Paused`` while nobody may ask. Embedded providers are never paused."""
        if self.is_free:
            return
        reason = await pauses.find_reason(self.pool, pauses.place_of(self.port, self.provider))
        if reason is not None:
            raise pauses.Paused(reason, provider=self.provider.name)

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """Around what the provider itself does. If that says it is not set up, the provider is paused.

        What else may be needed for an answer, storage above all, must stay outside: that is not the provider's fault.
        """
        try:
            yield
        except Misconfigured as error:
            if self.is_free:
                raise
            await pauses.begin(self.pool, pauses.place_of(self.port, self.provider), error.message)
            raise pauses.Paused(error.message, provider=self.provider.name, usage=error.usage) from error


async def _forget(_: str) -> None:
    """An embedded provider draws at once; there is no task to remember."""


def by_task(
    asked: Asked, submit: Callable[[], Awaitable[str]], collect: Callable[[str], Awaitable[ledger.Answered]]
) -> tuple[Ask, Resume]:
    """For ``Asked.call``, of a provider that accepts tasks.

    The task's id is kept before the answer is waited for: after a crash it is collected, not ordered again.
    """

    async def order(remember: ledger.RememberTask) -> ledger.Answered:
        async with asked.answering():
            task_id = await submit()
        await remember(task_id)
        return await collect(task_id)

    return order, collect
