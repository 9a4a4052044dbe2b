"""SQL of the reading room."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from overprint.db.database import Transaction
from overprint.features.reading.tables import reading_places

Row = dict[str, Any]


async def find_place(transaction: Transaction, book_id: UUID, person_id: UUID) -> Row | None:
    kept = reading_places.c
    query = select(kept.place, kept.marks).where(kept.book_id == book_id, kept.person_id == person_id)
    row = (await transaction.sql.execute(query)).mappings().first()
    return dict(row) if row else None


async def keep_place(transaction: Transaction, place: Row, changes: Sequence[str]) -> Row:
    """Insert ``place``, or change ``changes`` of it. Answers what is kept now."""
    statement = upsert(reading_places).values(place)
    changed = {name: statement.excluded[name] for name in changes} | {"updated_at": func.now()}
    kept = reading_places.c
    made = statement.on_conflict_do_update(index_elements=["book_id", "person_id"], set_=changed)
    return dict((await transaction.sql.execute(made.returning(kept.place, kept.marks))).mappings().one())
