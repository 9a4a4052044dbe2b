"""Works, of whichever product, and what of them is in the trash. What is done with a work is its product's to know."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg

from overprint.core.problems import Conflict
from overprint.db.database import Transaction
from overprint.features.library import store
from overprint.features.library.rules import Wanted
from overprint.features.library.store import Row

PAGE_MAX = 200
TRASH_SHOWN = 200


async def list_all(
    transaction: Transaction, *, limit: int = 50, before: UUID | None = None, wanted: Wanted | None = None
) -> list[Row]:
    """The newest first."""
    return await store.list_works(transaction, max(1, min(PAGE_MAX, limit)), before, wanted or Wanted())


async def find(transaction: Transaction, work_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """By their ids those that there are, in the trash (``discarded_at``) or not."""
    return {row["id"]: row for row in await store.find_works(transaction, work_ids)}


async def find_usable(transaction: Transaction, work_id: UUID) -> Row | None:
    """The work; None of what no product knows. Raises ``Conflict`` for what is in the trash."""
    work = (await find(transaction, [work_id])).get(work_id)
    if work is not None and work["discarded_at"] is not None:
        raise Conflict("This work is in the trash.", "Take it out of the library's trash first.")
    return work


async def list_trash(transaction: Transaction) -> list[Row]:
    """What was thrown away last comes first: works and single files (``sort``), each with its size."""
    return await store.list_trash(transaction, TRASH_SHOWN)


async def list_expired(pool: asyncpg.Pool, kept: timedelta, limit: int, but: Sequence[UUID]) -> list[Row]:
    """What has been in the trash of any team for ``kept``, without those ids. System role."""
    return await store.list_expired(pool, kept, limit, but)


# The products whose works have a page of their own; of any other its job's is shown.
_WITH_PAGES = frozenset({"book", "video"})


def path_of(work: Row) -> str:
    """The page of a work, or of one in the trash."""
    return f"/{work['kind']}s/{work['id']}" if work["kind"] in _WITH_PAGES else f"/jobs/{work['job_id']}"
