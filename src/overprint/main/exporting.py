"""Writing a book to a folder. Every file appears whole or not at all; ``recipe.json`` says what belongs to it."""

import asyncio
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from overprint import __version__
from overprint.core.codec import decode, encode
from overprint.core.files import StoredFile
from overprint.core.problems import Invalid
from overprint.core.story import Brief
from overprint.engine.job import JobState
from overprint.features.books import AUDIOBOOK, FIXED, READ_ALOUD, READ_ALOUD_FIXED
from overprint.main.folders import (
    RECIPE,
    providers_told,
    read_recipe,
    refuse_unwritable,
    remove_files,
    stem_of,
    step_told,
    write_stored,
    write_whole,
)
from overprint.wiring import House

_NAMED = {
    FIXED: "-fixed-pages.epub",
    READ_ALOUD: "-read-aloud.epub",
    READ_ALOUD_FIXED: "-read-aloud-fixed-pages.epub",
    AUDIOBOOK: ".m4b",
}


def look_into(out: Path, brief: Brief) -> int | None:
    """The dots per inch of the pictures that ``out`` holds of this very book; None when it is new or empty.

    Raises ``Invalid`` for a place that a book cannot be written to, or that holds something else.
    """
    try:
        if out.exists() and not out.is_dir():
            raise Invalid(f"{out} is a file.", "Choose a folder with --out.")
        if not out.exists() or not any(out.iterdir()):
            refuse_unwritable(out)
            return None
    except OSError as error:
        raise Invalid(f"{out} cannot be used ({error.strerror}).", "Choose another folder with --out.") from error
    known = read_recipe(out)
    if known is None:
        raise Invalid(f"{out} is not empty.", "Choose a new folder with --out.")
    request = known.get("request")
    if not isinstance(request, dict) or not _is_alike(request, brief):
        title = str(known.get("title"))[:80]
        raise Invalid(f"{out} holds another book, “{title}”.", "Choose another folder with --out, or delete that one.")
    refuse_unwritable(out)
    held = request.get("picture_dpi")
    return held if isinstance(held, int) else None


def _is_alike(request: dict[str, Any], brief: Brief) -> bool:
    """Whether the same was asked for, however fine the pictures."""
    try:
        return replace(decode(Brief, request), picture_dpi=brief.picture_dpi) == brief
    except Invalid:
        return False


def read_brief(folder: Path) -> Brief | None:
    """What the book in a folder was asked to be, if there is one."""
    known = read_recipe(folder) or {}
    try:
        return decode(Brief, known.get("request"))
    except Invalid:
        return None


@dataclass(frozen=True, slots=True)
class Exported:
    """``paths`` of all files in the folder; none where nothing could be made. ``notes``: what to know of them."""

    paths: list[Path]
    notes: list[str]


async def export(house: House, book_id: UUID, job_id: UUID, brief: Brief, out: Path) -> Exported:
    """Write what was made. Files of an earlier run that no longer belong to the book go once it is whole again; where
    nothing could be made nothing is touched."""
    async with house.database.transaction(house.owner.team_id) as transaction:
        book = await house.books.get(transaction, book_id)
        parts = await house.books.get_parts(transaction, book_id)
        steps = await house.jobs.list_steps(transaction, job_id)
        job = await house.jobs.get(transaction, job_id)
    stem = stem_of(book["title"])
    placed = {_place(stem, row["slot"], decode(StoredFile, row["file"])): row for row in parts["files"]}
    if not placed:
        return Exported([], book["notes"])
    given = {name: decode(StoredFile, row["signed"] or row["file"]) for name, row in placed.items()}
    before = (read_recipe(out) or {}).get("files", {})
    held = {} if job["state"] == JobState.COMPLETED else before
    recipe = {
        "overprint": __version__,
        "title": book["title"],
        "request": encode(brief),
        "providers": providers_told(house, steps),
        "steps": sorted((step_told(step) for step in steps), key=lambda step: str(step["key"])),
        "files": held | {name: _file(given[name], row) for name, row in placed.items()},
    }
    text = json.dumps(recipe, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    await asyncio.to_thread(write_whole, out / RECIPE, text.encode())
    for name, file in given.items():
        await write_stored(house, file, out / name)
    remove_files(out, set(before) - set(recipe["files"]))
    return Exported([*(out / name for name in placed), out / RECIPE], book["notes"])


def _file(given: StoredFile, row: dict[str, Any]) -> dict[str, str]:
    """``sha256`` is of what stands in the folder; ``unsigned_sha256`` of the same before it was signed, which every
    rebuild has again."""
    return {
        "sha256": given.content_hash,
        "unsigned_sha256": row["unsigned_hash"],
        "media_type": given.media_type,
    }


def _place(stem: str, slot: str, file: StoredFile) -> str:
    extension = file.key.rpartition(".")[2]
    if slot.startswith("picture/"):
        numbers = slot.split("/")[1:]
        return f"pictures/{'-'.join(number.zfill(2) for number in numbers)}.{extension}"
    if slot in _NAMED:
        return f"{stem}{_NAMED[slot]}"
    part = slot.partition("/")[2]
    return f"{stem}-print-{part}.{extension}" if part else f"{stem}.{extension}"
