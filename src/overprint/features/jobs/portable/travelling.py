"""Works that travel, whatever product they are of. What a product says of its own is ``Portables``; all that products
would say twice is here."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Generic, Protocol, TypeAlias, TypeVar
from uuid import UUID

from overprint.core.principal import Principal
from overprint.db.database import Transaction
from overprint.features.jobs.portable.archive import Portable
from overprint.features.jobs.portable.looking import FirstLook
from overprint.features.jobs.portable.opening import opened_archive
from overprint.features.jobs.portable.sending import Parcel
from overprint.features.jobs.portable.waiting import hash_of, let_wait
from overprint.features.jobs.service import Jobs
from overprint.features.library import Library, Transactions

A = TypeVar("A")
S = TypeVar("S")
Keep: TypeAlias = Callable[[], Awaitable[dict[str, Any]]]
"""Makes a work of what arrived and sets it going; answers its job, whose ``lineage`` is the work."""


class Portables(Protocol[A, S]):
    """Works of one product that leave for another installation, or come from one as an ``A``. A product that is to
    travel needs no more than this. ``S``: what is known of its files once they are stored."""

    @property
    def jobs(self) -> Jobs: ...

    @property
    def library(self) -> Library: ...

    async def pack(self, transaction: Transaction, work_id: UUID) -> Parcel[Any]:
        """All of a work but the bytes of its files; then ``send_parcel``. Raises ``NotInPlan``, and ``Conflict`` while
        it is being made."""
        ...

    async def unpack(self, principal: Principal, archive: Portable, folder: Path) -> A:
        """All of a work, looked at, with its files in ``folder``. Takes a while for a long one; nothing is stored yet.

        Raises ``Invalid``, ``LimitReached`` and ``Unavailable``.
        """
        ...

    async def look(self, transaction: Transaction, principal: Principal, arrived: A) -> FirstLook:
        """What it brings, and what would be made, if there is room for it. Raises ``LimitReached``."""
        ...

    async def store_files(self, principal: Principal, arrived: A) -> S:
        """Raises ``ProviderError``."""
        ...

    async def keep(
        self, transaction: Transaction, principal: Principal, arrived: A, stored: S, look: FirstLook
    ) -> dict[str, Any]:
        """Make a work of it and set it going from what it brought; answers the job. Raises ``Conflict`` where that is
        dearer than it was when it was looked at."""
        ...


@dataclass(frozen=True, slots=True)
class Arriving(Generic[A, S]):
    """A work that was opened and looked at, for as long as its block lasts. Coming in takes several calls, as an upload
    does: no transaction waits for storage."""

    portables: Portables[A, S]
    principal: Principal
    transactions: Transactions
    file: BinaryIO
    arrived: A
    look: FirstLook

    async def content_hash(self) -> str:
        """SHA-256 of the whole file."""
        return await hash_of(self.file)

    async def wait(self) -> str:
        """Let its file wait until somebody agrees; answers as what ``brought_archive`` finds it. Raises as
        ``let_wait``."""
        return await let_wait(self.portables.library, self.principal, self.transactions, self.file)

    @asynccontextmanager
    async def stored(self, most_credits: int | None) -> AsyncIterator[tuple[Transaction, Keep]]:
        """Its files in storage, and a transaction in which it may be kept. Raises as ``FirstLook.agreed``, and
        ``ProviderError``."""
        self.look.agreed(most_credits)
        stored = await self.portables.store_files(self.principal, self.arrived)
        async with self.transactions() as after:
            yield after, partial(self.portables.keep, after, self.principal, self.arrived, stored, self.look)


@asynccontextmanager
async def arriving(
    portables: Portables[A, S], principal: Principal, transactions: Transactions, file: BinaryIO
) -> AsyncIterator[Arriving[A, S]]:
    """A portable work, opened and looked at for the block. Raises as ``opened_archive``, ``Portables.unpack`` and
    ``Portables.look``; nothing is stored yet."""
    async with opened_archive(portables.jobs, portables.library, principal, file, transactions) as (archive, folder):
        arrived = await portables.unpack(principal, archive, folder)
        async with transactions() as before:
            look = await portables.look(before, principal, arrived)
        yield Arriving(portables, principal, transactions, file, arrived, look)
