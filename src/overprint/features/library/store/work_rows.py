"""SQL that the tables of all products' works share: what a work is called, where it lies, whether it is thrown away.

Each product has a table of its own with the columns ``id``, ``title``, ``state``, ``project_id``, ``job_id``,
``updated_at`` and ``discarded_at``; the view ``works`` shows them together.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from overprint.db.database import Transaction
from overprint.features.library.store.assets import Row

BEYOND_ALL = UUID(int=2**128 - 1)
"""Behind every id."""


@dataclass(frozen=True, slots=True)
class WorkRows:
    """The rows of ``table``; ``documents`` are its columns of JSON."""

    table: str
    documents: frozenset[str]

    async def find(self, transaction: Transaction, work_id: UUID) -> Row | None:
        row = await transaction.driver.fetchrow(f"SELECT * FROM {self.table} WHERE id = $1", work_id)
        return dict(row) if row else None

    async def list_newest(self, transaction: Transaction, limit: int, before: UUID | None) -> list[Row]:
        """The newest first, behind ``before``; none that is in the trash."""
        query = f"SELECT * FROM {self.table} WHERE discarded_at IS NULL AND id < $2 ORDER BY id DESC LIMIT $1"
        return [dict(row) for row in await transaction.driver.fetch(query, limit, before or BEYOND_ALL)]

    async def change(self, transaction: Transaction, work_id: UUID, **values: Any) -> bool:
        """Whether there is such a work. ``values`` by column."""
        changes = ", ".join(f"{column} = ${n}" for n, column in enumerate(values, 2))
        changed = f"UPDATE {self.table} SET updated_at = now(), {changes} WHERE id = $1 RETURNING true"
        plain = [json.dumps(value) if column in self.documents else value for column, value in values.items()]
        return await transaction.driver.fetchval(changed, work_id, *plain) is not None

    async def discard(self, transaction: Transaction, work_id: UUID) -> None:
        """The moment is the transaction's, so what is thrown away together is known by it."""
        await transaction.driver.execute(f"UPDATE {self.table} SET discarded_at = now() WHERE id = $1", work_id)

    async def delete(self, transaction: Transaction, work_id: UUID) -> None:
        await transaction.driver.execute(f"DELETE FROM {self.table} WHERE id = $1", work_id)

    async def delete_some(self, transaction: Transaction, limit: int) -> bool:
        """Delete some of the team's; whether there were any."""
        some = f"DELETE FROM {self.table} WHERE id IN (SELECT id FROM {self.table} LIMIT $1)"
        return bool(await transaction.driver.execute(some, limit) != "DELETE 0")
