"""Folders that commands write to: what is in them, and how files get there."""

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from overprint.core.codec import Json, encode
from overprint.core.files import StoredFile, file_name
from overprint.core.problems import Invalid, Unavailable
from overprint.ports.storage import BlobMissing
from overprint.wiring import House

RECIPE = "recipe.json"
RECIPE_MAX_BYTES = 10_000_000


def refuse_unwritable(out: Path) -> None:
    """Before the work rather than after it."""
    place = next(folder for folder in (out, *out.parents) if os.path.lexists(folder))
    if not place.is_dir():
        what = "a link to nowhere" if place.is_symlink() and not place.exists() else "a file"
        raise Invalid(f"{out} cannot be made: {place} is {what}.", "Choose another folder with --out.")
    try:
        tempfile.TemporaryFile(dir=place).close()
    except OSError as error:
        raise Invalid(
            f"{place} cannot be written to ({error.strerror}).", "Choose another folder with --out."
        ) from error


def refuse_data_folder(out: Path, data_dir: Path) -> None:
    """Raises ``Invalid`` for a place inside the data folder: a backup, or a restore, knows nothing of what is there."""
    if out.resolve().is_relative_to(data_dir.resolve()):
        raise Invalid(
            f"{out} is inside the data folder, which Overprint keeps for itself.", "Choose another folder with --out."
        )


def providers_told(house: House, steps: list[dict[str, Any]]) -> dict[str, Json]:
    """Who was asked by these steps, by port; what they bill is nobody's who gets the work."""
    asked = sorted({port for step in steps for port in house.rules.registry.get_kind(step["kind"]).ports})
    told = {port: encode(house.ports.providers()[port]) for port in asked}
    return {port: {name: value for name, value in one.items() if name != "lengths"} for port, one in told.items()}


def step_told(step: dict[str, Any]) -> dict[str, Any]:
    """Reused or completed is the same to whoever holds the book."""
    state = "completed" if step["state"] == "reused" else step["state"]
    return {"key": step["key"], "kind": step["kind"], "state": state, "recipe": step["recipe"]}


async def write_stored(house: House, file: StoredFile, path: Path) -> None:
    """The stored file appears at ``path`` whole or not at all, and is never held as a whole. Raises ``Unavailable``,
    also for a file that is gone."""
    try:
        with _whole(path) as draft:
            async for chunk in house.ports.storage.stream(file.key):
                await asyncio.to_thread(draft.write, chunk)
    except BlobMissing:
        raise Unavailable(
            f"{file.name} is gone from storage.", "Delete this work (its page, or the API) and run the command again."
        ) from None


def read_recipe(out: Path) -> dict[str, Any] | None:
    """What a folder says of itself; None where nothing was made."""
    path = out / RECIPE
    try:
        if path.stat().st_size > RECIPE_MAX_BYTES:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def remove_files(out: Path, names: set[str]) -> None:
    """Files of ``out`` that no longer belong there."""
    for name in names:
        path = (out / name).resolve()
        if path.is_relative_to(out.resolve()):
            with contextlib.suppress(OSError):
                path.unlink()


def stem_of(title: str) -> str:
    """A file name from a title, in any script."""
    words = "".join(letter if letter.isalnum() else " " for letter in file_name(title.lower())).split()
    return "-".join(words) or "book"


def write_whole(path: Path, data: bytes) -> None:
    """The file appears whole or not at all. Raises ``Unavailable``."""
    with _whole(path) as draft:
        draft.write(data)


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` when the block ends, if nothing was raised in it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with draft.open("wb") as file:
                yield file
            draft.replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
    except OSError as error:
        raise Unavailable(
            f"{path} could not be written ({error.strerror}).",
            "The work itself is safe: make room or choose another --out, and run the command again.",
        ) from error
