"""What becomes of the money of teams that are closed: nothing comes any more, nothing is paid any more, and in the end
the books keep amounts and ids alone."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from overprint.engine.schedule import ScheduleContext
from overprint.features.billing.service.payments import Payments
from overprint.features.billing.store import history, ledger, payments, purses
from overprint.ports.errors import ProviderError


@dataclass(frozen=True, slots=True)
class Closings:
    """Use cases of teams that are closed."""

    payments: Payments

    @staticmethod
    async def close(connection: asyncpg.Connection, team_id: UUID) -> None:
        """In the transaction in which it is closed. What it pays by the month is ended by the schedule's next turn: no
        transaction waits for a provider."""
        await purses.end_renewal(connection, team_id)

    async def end_paying(self, context: ScheduleContext) -> None:
        """End what closed teams pay by the month. Raises the last ``ProviderError``, once all were gone through."""
        failure: ProviderError | None = None
        for team_id in await payments.closed_teams_that_pay(context.database.system, self.payments.port.name):
            try:
                await self._end(context, team_id)
            except ProviderError as error:
                failure = error
        if failure is not None:
            raise failure

    async def purge(self, context: ScheduleContext, team_id: UUID) -> bool:
        """Whether nothing is paid and nothing is held for the team any more. Its rows go with the team's own."""
        await self._end(context, team_id)
        pool, provider = context.database.system, self.payments.port.name
        return not (await payments.is_paying(pool, team_id, provider) or await history.is_holding(pool, team_id))

    async def _end(self, context: ScheduleContext, team_id: UUID) -> None:
        await self.payments.end_all(team_id)
        row = await payments.find_subscription(context.database.system, team_id)
        if row is None or row["provider"] != self.payments.port.name:
            return
        if row["subscription_id"] is not None:
            await self.payments.settling.whole_subscription(row["subscription_id"])

    @staticmethod
    async def part(connection: asyncpg.Connection, team_id: UUID) -> None:
        """After the team's row is gone: take names and words out of its books."""
        await ledger.forget_words(connection, team_id)
