"""SQL of the books room."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from overprint.core.codec import Json
from overprint.db.database import Transaction
from overprint.features.books.tables import book_chapters, book_characters, book_files, books

Row = dict[str, Any]


async def insert_book(transaction: Transaction, book: Row) -> None:
    await transaction.sql.execute(insert(books).values(book))


async def find_book(transaction: Transaction, book_id: UUID) -> Row | None:
    row = (await transaction.sql.execute(select(books).where(books.c.id == book_id))).mappings().first()
    return dict(row) if row else None


async def list_books(transaction: Transaction, limit: int, before: UUID | None) -> list[Row]:
    query = select(books).order_by(books.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(books.c.id < before)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def change_book(transaction: Transaction, book_id: UUID, **values: Any) -> bool:
    """Whether there is such a book."""
    change = update(books).where(books.c.id == book_id).values(updated_at=func.now(), **values)
    return (await transaction.sql.execute(change)).rowcount > 0


async def delete_book(transaction: Transaction, book_id: UUID) -> None:
    await transaction.sql.execute(delete(books).where(books.c.id == book_id))


async def list_chapters(transaction: Transaction, book_id: UUID) -> list[Row]:
    query = select(book_chapters).where(book_chapters.c.book_id == book_id).order_by(book_chapters.c.number)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def list_characters(transaction: Transaction, book_id: UUID) -> list[Row]:
    query = select(book_characters).where(book_characters.c.book_id == book_id).order_by(book_characters.c.position)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def list_files(transaction: Transaction, book_id: UUID) -> list[Row]:
    query = select(book_files).where(book_files.c.book_id == book_id).order_by(book_files.c.slot)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def keep_plan(
    transaction: Transaction, book_id: UUID, team_id: UUID, titles: Sequence[str], cast: list[Row]
) -> None:
    """The chapters and characters of a new plan. Chapters keep the words they have."""
    rows = [{"book_id": book_id, "team_id": team_id, "number": n, "title": t} for n, t in enumerate(titles, 1)]
    statement = upsert(book_chapters).values(rows)
    await transaction.sql.execute(
        statement.on_conflict_do_update(index_elements=["book_id", "number"], set_={"title": statement.excluded.title})
    )
    await transaction.sql.execute(
        delete(book_chapters).where(book_chapters.c.book_id == book_id, book_chapters.c.number > len(titles))
    )
    await transaction.sql.execute(delete(book_characters).where(book_characters.c.book_id == book_id))
    await transaction.sql.execute(
        insert(book_characters).values([{**row, "book_id": book_id, "team_id": team_id} for row in cast])
    )


async def keep_chapter(
    transaction: Transaction, book_id: UUID, number: int, pages: Json, *, state: str, is_edited: bool
) -> None:
    await transaction.sql.execute(
        update(book_chapters)
        .where(book_chapters.c.book_id == book_id, book_chapters.c.number == number)
        .values(pages=pages, state=state, is_edited=is_edited)
    )


async def keep_title(transaction: Transaction, book_id: UUID, number: int, title: str) -> None:
    """A person's title for a chapter, which is stale until the book is made again."""
    chapter = update(book_chapters).where(book_chapters.c.book_id == book_id, book_chapters.c.number == number)
    await transaction.sql.execute(chapter.values(title=title, state="stale"))


async def keep_sheet(transaction: Transaction, book_id: UUID, character_id: str, sheet: Json) -> None:
    await transaction.sql.execute(
        update(book_characters)
        .where(book_characters.c.book_id == book_id, book_characters.c.id == character_id)
        .values(sheet=sheet)
    )


_KEEP_FILE = text(
    "INSERT INTO book_files (book_id, slot, team_id, file, alt)"
    " VALUES (:book, :slot, :team, CAST(:file AS jsonb), :alt)"
    " ON CONFLICT (book_id, slot) DO UPDATE SET file = excluded.file, alt = excluded.alt, made_at = now(), signed ="
    " CASE WHEN book_files.file ->> 'content_hash' = excluded.file ->> 'content_hash' THEN book_files.signed END"
)
_KEEP_SIGNED = text(
    "UPDATE book_files SET signed = CAST(:signed AS jsonb)"
    " WHERE book_id = :book AND slot = :slot AND file ->> 'content_hash' = :of"
)


async def keep_file(transaction: Transaction, book_id: UUID, team_id: UUID, slot: str, file: Json, alt: str) -> None:
    """Keep a file of the book. A signed copy of another file that was there before is none of it."""
    values = {"book": book_id, "slot": slot, "team": team_id, "file": json.dumps(file), "alt": alt}
    await transaction.sql.execute(_KEEP_FILE, values)


async def delete_file(transaction: Transaction, book_id: UUID, slot: str) -> None:
    """The book has no such file any more."""
    await transaction.sql.execute(delete(book_files).where(book_files.c.book_id == book_id, book_files.c.slot == slot))


async def keep_signed(transaction: Transaction, book_id: UUID, slot: str, of: str, signed: Json) -> None:
    """Keep the signed copy of a file, as long as the file is still the one with the SHA-256 ``of``."""
    values = {"book": book_id, "slot": slot, "of": of, "signed": json.dumps(signed)}
    await transaction.sql.execute(_KEEP_SIGNED, values)
