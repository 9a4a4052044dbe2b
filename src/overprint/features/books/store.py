"""SQL of the books room."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from overprint.core.codec import Json
from overprint.db.database import Transaction
from overprint.features.books.tables import book_chapters, book_characters, book_files
from overprint.features.library import WorkRows

Row = dict[str, Any]
BOOKS = WorkRows("books", frozenset({"brief", "imported", "notes"}))
list_books, change_book, delete_book = BOOKS.list_newest, BOOKS.change, BOOKS.delete


# Lean SQL for what every submission does: building these four statements anew took a quarter of its time.
_INSERT_BOOK = """
INSERT INTO books (id, team_id, project_id, title, state, brief, imported, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def insert_book(transaction: Transaction, book: Row) -> None:
    await transaction.driver.execute(
        _INSERT_BOOK,
        book["id"],
        book["team_id"],
        book.get("project_id"),
        book["title"],
        book["state"],
        json.dumps(book["brief"]),
        json.dumps(book["imported"]) if book.get("imported") is not None else None,
        book["created_by"],
    )


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


async def keep_alternative_texts(transaction: Transaction, book_id: UUID, told: Mapping[str, str]) -> None:
    """What is said of pictures to those who cannot see them, by slot. Slots that the book lacks are passed over."""
    await transaction.driver.execute(
        "UPDATE book_files SET alt = told.alt FROM unnest($2::text[], $3::text[]) AS told (slot, alt)"
        " WHERE book_id = $1 AND book_files.slot = told.slot AND book_files.alt <> told.alt",
        book_id,
        list(told),
        list(told.values()),
    )


async def delete_file(transaction: Transaction, book_id: UUID, slot: str) -> None:
    """The book has no such file any more."""
    await transaction.sql.execute(delete(book_files).where(book_files.c.book_id == book_id, book_files.c.slot == slot))


async def keep_signed(transaction: Transaction, book_id: UUID, slot: str, of: str, signed: Json) -> None:
    """Keep the signed copy of a file, as long as the file is still the one with the SHA-256 ``of``."""
    values = {"book": book_id, "slot": slot, "of": of, "signed": json.dumps(signed)}
    await transaction.sql.execute(_KEEP_SIGNED, values)


async def find_defaults(transaction: Transaction, person_id: UUID) -> dict[UUID | None, tuple[Row, int]]:
    """(what was chosen, version) for a person and, under None, for the team, as far as there is any."""
    rows = await transaction.driver.fetch(
        "SELECT person_id, chosen, version FROM book_defaults"
        " WHERE team_id = $1 AND (person_id = $2 OR person_id IS NULL)",
        transaction.team_id,
        person_id,
    )
    return {row["person_id"]: (row["chosen"], row["version"]) for row in rows}


async def hold_defaults(transaction: Transaction) -> None:
    """Let nobody else of the team change what new books begin with before this transaction ends."""
    key = f"book defaults of {transaction.team_id}"
    await transaction.driver.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)


_KEEP_DEFAULTS = """
INSERT INTO book_defaults (team_id, person_id, chosen, updated_at) VALUES ($1, $2, $3::jsonb, now())
ON CONFLICT (team_id, person_id) DO UPDATE
    SET chosen = excluded.chosen, version = book_defaults.version + 1, updated_at = now()
"""


async def keep_defaults(transaction: Transaction, person_id: UUID | None, chosen: Row) -> None:
    await transaction.driver.execute(_KEEP_DEFAULTS, transaction.team_id, person_id, json.dumps(chosen))
