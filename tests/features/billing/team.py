"""A team with a purse, and jobs that are nothing but terms: what billing sees of the engine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from overprint.core.codec import encode
from overprint.core.files import FileKind, StoredFile
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.db.database import Database, Transaction
from overprint.engine.job import JobState, Origin
from overprint.engine.participants import JobInfo, StepDone
from overprint.features.billing import FREE, BillingProjection, Credits, Plans, Terms
from tests.support.clock import SetClock


@dataclass
class Team:
    """Billing of one team, on a clock that tests move."""

    database: Database
    plan: str = FREE
    clock: SetClock = field(default_factory=SetClock)
    id: UUID = field(default_factory=new_id)

    def __post_init__(self) -> None:
        self.books = BillingProjection(self.clock, self.plan)
        self.credits = Credits(self.books, self.database.system)
        self.plans = Plans(self.clock, self.database.system, self.plan)
        self.admin = Principal(new_id(), self.id, Role.OWNER, is_site_admin=True)
        self.owner = Principal(new_id(), self.id, Role.OWNER)

    async def found(self) -> "Team":
        await self.database.system.execute(
            "INSERT INTO teams (id, name, slug) VALUES ($1, 'Test', $2)", self.id, str(self.id)
        )
        return self

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self.database.transaction(self.id) as transaction:
            yield transaction

    def job(self, quote_credits: int) -> JobInfo:
        return JobInfo(new_id(), self.id, "toy.make@1", new_id(), None, {}, None, encode(Terms(1, (), quote_credits)))

    async def begin(self, quote_credits: int) -> JobInfo:
        job = self.job(quote_credits)
        async with self.transaction() as transaction:
            await self.books.submitted(transaction, job)
        return job

    async def deliver(self, *steps: StepDone) -> None:
        async with self.transaction() as transaction:
            await self.books.completed(transaction, steps)

    async def end(self, job: JobInfo, state: JobState = JobState.COMPLETED) -> None:
        async with self.transaction() as transaction:
            await self.books.ended(transaction, job, state)

    async def grant(self, credits: int, **options: Any) -> None:
        async with self.transaction() as transaction:
            await self.credits.grant(transaction, self.admin, credits, "A present", **options)

    async def balances(self) -> dict[str, Any]:
        async with self.transaction() as transaction:
            return await self.credits.balances(transaction)

    async def spendable(self) -> int:
        return int((await self.balances())["available_credits"])

    async def expire(self) -> None:
        async with self.transaction() as transaction:
            await self.credits.expire(transaction)

    async def hold(self, job: JobInfo) -> dict[str, Any]:
        row = await self.database.system.fetchrow("SELECT * FROM job_holds WHERE job_id = $1", job.id)
        return dict(row)


def step(
    job: JobInfo, key: str, price_credits: int, *, origin: Origin = Origin.RUN, output: Any = None, files: int = 1
) -> StepDone:
    made = tuple(
        StoredFile(f"k/{key}/{n}", f"{n:064x}", 1, "image/png", FileKind.IMAGE, f"{key}-{n}.png") for n in range(files)
    )
    told = {"text": key} if output is None else output
    return StepDone(job, key, "toy.step@1", {}, told, made, origin, f"recipe {key}", 0, price_credits)
