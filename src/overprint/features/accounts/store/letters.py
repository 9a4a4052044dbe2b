"""SQL about links in mails, and about mail on its way."""

import json
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from overprint.ports.mail import Mail

Row = dict[str, Any]


class Post(Protocol):
    """Writes a mail and puts it on its way, in the caller's transaction. ``link`` is a path of ours; ``language`` that
    of who gets it, English if it is empty."""

    async def __call__(
        self,
        connection: asyncpg.Connection,
        kind: str,
        recipient: str,
        *,
        language: str = "",
        link: str = "",
        **values: Any,
    ) -> None: ...


_LINK = """
INSERT INTO mail_links (hash, purpose, person_id, email, detail, made_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


async def add_link(
    connection: asyncpg.Connection,
    token_hash: bytes,
    purpose: str,
    person_id: UUID | None,
    email: str,
    detail: Row,
    *,
    now: datetime,
    expires_at: datetime,
) -> None:
    await connection.execute(_LINK, token_hash, purpose, person_id, email, json.dumps(detail), now, expires_at)


_USE = """
UPDATE mail_links SET used_at = $3 WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
RETURNING person_id, email, detail
"""


_FIND = """
SELECT person_id, email, detail FROM mail_links WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
"""


async def find_link(
    connection: asyncpg.Connection | asyncpg.Pool, token_hash: bytes, purpose: str, now: datetime
) -> Row | None:
    """What ``use_link`` would answer now; the link stays good."""
    row = await connection.fetchrow(_FIND, token_hash, purpose, now)
    return dict(row) if row else None


async def use_link(connection: asyncpg.Connection, token_hash: bytes, purpose: str, now: datetime) -> Row | None:
    """What the link stands for; None when there is no such link, or it was used, or it is too old.

    Whoever changes its person holds them first: one of two links of a person that are opened at once deletes the other.
    """
    row = await connection.fetchrow(_USE, token_hash, purpose, now)
    return dict(row) if row else None


async def drop_links(connection: asyncpg.Connection, person_id: UUID) -> None:
    """None of the links that were sent to this person leads anywhere any more."""
    await connection.execute("DELETE FROM mail_links WHERE person_id = $1", person_id)


_POST = """
INSERT INTO outgoing_mail (id, kind, recipient, subject, text, html, made_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
"""


async def post(connection: asyncpg.Connection, kind: str, mail: Mail, now: datetime) -> None:
    """Put it on its way, in the transaction of what it tells of. The app role may do this too."""
    await connection.execute(_POST, mail.id, kind, mail.recipient, mail.subject, mail.text, mail.html, now)


_CLAIM = """
UPDATE outgoing_mail SET due_at = $1::timestamptz + $2::interval, tries = tries + 1
WHERE id IN (SELECT id FROM outgoing_mail WHERE due_at <= $1 AND failed_at IS NULL
             ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, recipient, subject, text, html, tries
"""


async def claim_mail(pool: asyncpg.Pool, now: datetime, lease: timedelta, limit: int) -> list[tuple[Mail, str, int]]:
    """Mails that are due, each with its kind and how often it was tried, this time included. Others leave them alone
    until ``lease`` is over."""
    rows = await pool.fetch(_CLAIM, now, lease, limit)
    fields = ("id", "recipient", "subject", "text", "html")
    return [(Mail(*(row[field] for field in fields)), row["kind"], row["tries"]) for row in rows]


async def end_mail(pool: asyncpg.Pool, mail_id: UUID) -> None:
    """It was handed over: nothing of it stays here, for it may hold a key to an account."""
    await pool.execute("DELETE FROM outgoing_mail WHERE id = $1", mail_id)


async def put_off_mail(pool: asyncpg.Pool, mail_id: UUID, error: str, due_at: datetime) -> None:
    await pool.execute("UPDATE outgoing_mail SET due_at = $2, error = $3 WHERE id = $1", mail_id, due_at, error)


async def fail_mail(pool: asyncpg.Pool, mail_id: UUID, error: str, now: datetime) -> None:
    """It is not tried again. What it said is forgotten; that it failed is shown to site admins."""
    await pool.execute(
        "UPDATE outgoing_mail SET failed_at = $2, error = $3, text = '', html = '' WHERE id = $1", mail_id, now, error
    )


_STANDING = """
SELECT (SELECT count(*) FROM outgoing_mail WHERE failed_at IS NULL) AS waiting,
       (SELECT error FROM outgoing_mail WHERE failed_at IS NULL AND error IS NOT NULL ORDER BY id DESC LIMIT 1)
           AS waiting_error,
       last.failed_at, last.error
FROM (VALUES (1)) AS one LEFT JOIN LATERAL (
    SELECT failed_at, error FROM outgoing_mail WHERE failed_at IS NOT NULL ORDER BY failed_at DESC LIMIT 1
) AS last ON true
"""


async def find_standing(pool: asyncpg.Pool) -> Row:
    """How many mails wait and why, and why one was given up last."""
    row = await pool.fetchrow(_STANDING)
    assert row is not None  # there is always one
    return dict(row)


_KEPT = """
SELECT id, recipient, subject, text, sent_at FROM kept_mail WHERE $2::uuid IS NULL OR id < $2 ORDER BY id DESC LIMIT $1
"""
_WAITING = """
SELECT id, kind, recipient, subject, made_at, tries, failed_at, error FROM outgoing_mail ORDER BY id DESC LIMIT $1
"""


async def list_kept(pool: asyncpg.Pool, limit: int, before: UUID | None) -> list[Row]:
    """Mails that the embedded adapter keeps, the newest first."""
    return [dict(row) for row in await pool.fetch(_KEPT, limit, before)]


async def list_waiting(pool: asyncpg.Pool, limit: int) -> list[Row]:
    """Mails not yet handed over, without what they say."""
    return [dict(row) for row in await pool.fetch(_WAITING, limit)]
