"""SQL of the videos room."""

import json
from typing import Any
from uuid import UUID

from overprint.core.codec import Json
from overprint.db.database import Transaction
from overprint.features.library import WorkRows
from overprint.features.videos.rules.essence import essence

Row = dict[str, Any]
VIDEOS = WorkRows("videos", frozenset({"brief", "origin"}))
BOARDS_KEPT = 50
"""So many storyboards of a film can be gone back to."""

_INSERT = """
INSERT INTO videos (id, team_id, project_id, title, state, brief, origin, created_by)
VALUES ($1, $2, $3, $4, 'making', $5, $6, $7)
"""


async def insert_video(transaction: Transaction, video: Row) -> None:
    """One that is about to be made."""
    await transaction.driver.execute(
        _INSERT,
        video["id"],
        video["team_id"],
        video["project_id"],
        video["title"],
        json.dumps(video["brief"]),
        json.dumps(video["origin"]),
        video["created_by"],
    )


async def next_version(transaction: Transaction, video_id: UUID) -> int:
    """The film is another one from now on; answers its version."""
    grown = "UPDATE videos SET version = version + 1, updated_at = now() WHERE id = $1 RETURNING version"
    return int(await transaction.driver.fetchval(grown, video_id))


_KEEP_BOARD = """
INSERT INTO video_boards (video_id, version, team_id, board, is_made, made_by)
SELECT $1, $2, team_id, $3::jsonb, $4, $5 FROM videos WHERE id = $1
"""
_FORGET_OLD = """
DELETE FROM video_boards WHERE video_id = $1 AND version <= (
    SELECT version FROM video_boards WHERE video_id = $1 ORDER BY version DESC OFFSET $2 LIMIT 1)
"""


async def keep_board(
    transaction: Transaction, video_id: UUID, board: Json, *, is_made: bool, made_by: UUID | None
) -> int:
    """The storyboard from now on; answers the film's version with it. Those before it are kept, as many as may be."""
    version = await next_version(transaction, video_id)
    await transaction.driver.execute(_KEEP_BOARD, video_id, version, json.dumps(board), is_made, made_by)
    await transaction.driver.execute(_FORGET_OLD, video_id, BOARDS_KEPT)
    return version


async def mark_made(transaction: Transaction, video_id: UUID, version: int) -> None:
    """A job has used this storyboard."""
    await transaction.driver.execute(
        "UPDATE video_boards SET is_made = true WHERE video_id = $1 AND version = $2", video_id, version
    )


_BOARD = "SELECT version, board, is_made, made_by, made_at FROM video_boards WHERE video_id = $1"


_LIST_BOARDS = """
SELECT version, board ->> 'title' AS title, jsonb_array_length(board -> 'cards') AS scenes, is_made, made_by, made_at
FROM video_boards WHERE video_id = $1 ORDER BY version DESC LIMIT $2
"""


async def find_board(transaction: Transaction, video_id: UUID, version: int | None = None) -> Row | None:
    """The newest storyboard, or the one that came with this ``version`` of the film."""
    query = f"{_BOARD} AND ($2::bigint IS NULL OR version = $2) ORDER BY version DESC LIMIT 1"
    row = await transaction.driver.fetchrow(query, video_id, version)
    return dict(row) if row else None


async def list_boards(transaction: Transaction, video_id: UUID) -> list[Row]:
    """The newest first: what they are called and how many scenes they have, not the storyboards themselves."""
    rows = await transaction.driver.fetch(_LIST_BOARDS, video_id, BOARDS_KEPT)
    return [dict(row) for row in rows]


async def _essence_of(transaction: Transaction, video: Row) -> str:
    """What its film would be made of now, hashed."""
    row = await find_board(transaction, video["id"])
    brought = [video["origin"].get(name) for name in ("driving", "lut")]
    return essence(video["brief"], row["board"], *brought) if row else ""


async def note_film(transaction: Transaction, video_id: UUID) -> None:
    """There is a film of what stands now."""
    video = await VIDEOS.find(transaction, video_id)
    if video is not None:
        await VIDEOS.change(transaction, video_id, film_of=await _essence_of(transaction, video))


async def settle(transaction: Transaction, video_id: UUID, without: str | None = None) -> None:
    """Say of a film that is not being made whether it is of what stands now. ``without``: the state where there is no
    film; None leaves that as it is."""
    video = await VIDEOS.find(transaction, video_id)
    if video is None:
        return
    if video["film_of"] is None:
        state = without or video["state"]
    else:
        state = "ready" if video["film_of"] == await _essence_of(transaction, video) else "edited"
    await VIDEOS.change(transaction, video_id, state=state)


async def list_files(transaction: Transaction, video_id: UUID) -> list[Row]:
    query = "SELECT slot, file, alt, made_at FROM video_files WHERE video_id = $1 ORDER BY slot"
    return [dict(row) for row in await transaction.driver.fetch(query, video_id)]


_KEEP_FILE = """
INSERT INTO video_files (video_id, slot, team_id, file, alt) SELECT id, $2, team_id, $3::jsonb, $4 FROM videos
WHERE id = $1 ON CONFLICT (video_id, slot) DO UPDATE SET file = excluded.file, alt = excluded.alt, made_at = now()
"""


async def keep_file(transaction: Transaction, video_id: UUID, slot: str, file: Json, alt: str) -> None:
    await transaction.driver.execute(_KEEP_FILE, video_id, slot, json.dumps(file), alt)


async def delete_files(transaction: Transaction, video_id: UUID, slots: list[str]) -> None:
    """The film has no such files any more."""
    await transaction.driver.execute("DELETE FROM video_files WHERE video_id = $1 AND slot = ANY($2)", video_id, slots)
