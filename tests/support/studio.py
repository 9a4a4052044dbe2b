"""Rooms over a real database with everything slow or far away left out: pictures of one colour, files in memory."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from overprint.adapters.image.fake import FakeImages
from overprint.adapters.speech.fake import FakeSpeech
from overprint.adapters.storage.memory import MemoryStorage
from overprint.adapters.text.embedded import EmbeddedWriter
from overprint.core.clock import Clock, SystemClock
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.core.story import Brief
from overprint.db.database import Database, Transaction
from overprint.engine.context import Ports
from overprint.engine.job import JOB_ENDED, JobState
from overprint.engine.limits import ProviderLimits
from overprint.engine.pipeline import Pipeline
from overprint.engine.schedule import ScheduleContext
from overprint.features.billing import OWN, BillingProjection, Credits, Plans, Prices, Quotes, pricing, shipped_prices
from overprint.features.books import Books
from overprint.features.books import room as books_room
from overprint.features.jobs import Jobs
from overprint.features.library import Library, LibraryProjection
from overprint.features.photos import Handling, Photos, consent_to
from overprint.ports.credentials import CredentialsPort
from overprint.ports.storage import BlobInfo
from tests.support.compute import RememberingCompute
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine

BRIEF = Brief("Mira the girl and her cat Soot look for an echo", pages=6, chapters=2, picture_dpi=72)
QUOTA_BYTES = 50_000_000
GRACE = timedelta(hours=24)
PHOTOS_KEPT = timedelta(hours=24)
# The fakes count as hosted providers, which are asked ten times a second at most: a sentence after the other.
UNLIMITED = {port: ProviderLimits(per_second=1e6, burst=10**6) for port in ("text", "image", "speech", "video")}


@dataclass(frozen=True)
class Made:
    """A book and its owner, in the database ``template``, and what is stored for them."""

    template: str
    owner: Principal
    book_id: UUID
    blobs: Sequence[tuple[BlobInfo, bytes]]


@dataclass(frozen=True)
class Studio:
    """The rooms, who owns the team, and the fakes they work with."""

    engine: Engine
    jobs: Jobs
    library: Library
    books: Books
    owner: Principal
    images: FakeImages
    storage: MemoryStorage
    speech: FakeSpeech
    credits: Credits
    made: list[UUID] = field(default_factory=list)
    """Books of ``BRIEF`` that are there already, for whoever wants one made."""

    @property
    def viewer(self) -> Principal:
        return replace(self.owner, person_id=new_id(), role=Role.VIEWER)

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        return self.engine.database.transaction(self.engine.team_id)

    async def start(self, brief: Brief = BRIEF, **options: Any) -> tuple[UUID, UUID]:
        """Ids of a new book and its job; nobody works on it yet."""
        async with self.transaction() as transaction:
            book, job = await self.books.start(transaction, self.owner, brief, **options)
        return book["id"], job["id"]

    async def make(self, brief: Brief = BRIEF, **options: Any) -> UUID:
        """Id of a book, made to its end, that nobody else has."""
        if self.made and brief == BRIEF and not options:
            return self.made.pop()
        book_id, job_id = await self.start(brief, **options)
        await self.finish(job_id)
        return book_id

    async def finish(self, job_id: UUID) -> JobState:
        async with self.engine.worker(provider_limits=UNLIMITED):
            async for event in self.engine.hub.watch(job_id):
                last = event
        state = JobState(last.type.removeprefix("job."))
        assert state in JOB_ENDED
        return state

    async def book(self, book_id: UUID) -> dict[str, Any]:
        """The book as people see it, its parts with it."""
        async with self.transaction() as transaction:
            parts = await self.books.get_parts(transaction, book_id)
            return {**await self.books.get(transaction, book_id), **parts}

    async def sweep(self) -> None:
        """Remove the bytes that are nobody's, as a sweep would once its grace has passed."""
        await self.age_doomed(GRACE)
        await self.library.sweep(ScheduleContext(self.engine.database, SystemClock(), 60.0), GRACE)

    async def age_doomed(self, by: timedelta) -> None:
        """As if that time had passed since bytes were doomed. The sweep goes by the database's clock."""
        await self.engine.database.system.execute("UPDATE doomed_blobs SET doomed_at = doomed_at - $1::interval", by)

    async def count(self, table: str) -> int:
        async with self.transaction() as transaction:
            found: int = await transaction.driver.fetchval(f"SELECT count(*) FROM {table}")
        return found


async def upload(
    library: Library, transaction: Transaction, who: Principal, data: bytes, name: str, project_id: UUID | None
) -> dict[str, Any]:
    """All of an upload in one transaction."""
    expected = await library.read_upload(who, data, name, project_id)
    await library.expect_upload(transaction, expected)
    return await library.keep_upload(transaction, who, expected, await library.store_upload(expected))


@asynccontextmanager
async def open_studio(
    database: Database,
    urls: TestDatabase,
    *,
    quota_bytes: int = QUOTA_BYTES,
    pipeline: Pipeline = books_room.PIPELINES[0],
    credentials: CredentialsPort | None = None,
    plan: str = OWN,
    clock: Clock | None = None,
    prices: Prices | None = None,
    made: Made | None = None,
) -> AsyncIterator[Studio]:
    """A studio for one pipeline, with a team of its own on ``plan``. Without ``credentials`` nothing is signed.
    ``made``: what is there already, in a database that is a copy of its template."""
    clock, prices = clock or SystemClock(), prices or shipped_prices()
    images, storage, speech = FakeImages(), MemoryStorage(), FakeSpeech()
    ports = Ports(EmbeddedWriter(), images, storage, RememberingCompute(), speech, credentials)
    for info, data in made.blobs if made else ():
        await storage.put(info.key, data, media_type=info.media_type, content_hash=info.content_hash)
    ledger, plans = BillingProjection(clock, plan, books_room.UNCOUNTED), Plans(clock, database.system, plan)
    participants = (*books_room.PARTICIPANTS, ledger, LibraryProjection(quota_bytes, plans))
    async with open_engine(
        database,
        urls.system,
        pipeline,
        participants=participants,
        ports=ports,
        price=pricing(prices),
        also=books_room.PIPELINES[1:],
        team_id=made.owner.team_id if made else None,
    ) as engine:
        jobs = Jobs(engine.rules, engine.poker.poke, Quotes(engine.rules, prices), plans)
        library = Library(storage, SystemClock(), quota_bytes, database.system, plans)
        photos = Photos(storage, ports.compute, SystemClock(), database.system, PHOTOS_KEPT, consent_to(Handling()))
        owner = made.owner if made else Principal(new_id(), engine.team_id, Role.OWNER)
        credits, books = Credits(ledger, database.system), Books(jobs, library, photos)
        yield Studio(
            *(engine, jobs, library, books, owner, images, storage, speech, credits),
            made=[made.book_id] if made else [],
        )
