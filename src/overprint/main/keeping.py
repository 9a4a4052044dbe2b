"""``overprint backup`` and ``upgrade``.

A backup is consistent while everything goes on working. Files are copied first, then the database as it is in one
moment, then the files that are new since: what the database names in that moment was there before it or is there after.
Files only come and go whole, and are never changed. Missing can be only what lived for less than the backup took.
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import asyncpg

from overprint import __version__
from overprint.adapters.storage.folders import sync_folder
from overprint.core.problems import Conflict, Invalid, Unavailable
from overprint.db.embedded import DatabaseUrls, DataLayout, find_binaries
from overprint.db.revision import current_revision
from overprint.main.archive import ABOUT, BLOBS, DUMP, SECRETS, ArchiveWriter
from overprint.main.exits import Exit
from overprint.main.home import bring_up_to_date, open_urls, read_made_settings
from overprint.main.pg_tools import run_tool
from overprint.main.workplace import in_thread, workplace
from overprint.settings import Settings

_KEYS = "SELECT storage_key FROM assets UNION SELECT thumbnail_key FROM assets WHERE thumbnail_key IS NOT NULL"


async def back_up(data: Path | None, to: Path) -> int:
    """Write the archive ``to``, whole or not at all."""
    settings = read_made_settings(data)
    refuse_foreign_database(settings)
    _refuse_place(to)
    mark = hashlib.sha256(bytes(settings.data_dir.resolve())).hexdigest()[:12]
    place = to.absolute().parent / f".overprint-backup-{mark}"
    async with open_urls(settings) as urls:
        with telling_of_disk(to):
            async with workplace(place, f"Another backup of {settings.data_dir} is being written to this place."):
                missing = await _write(settings, urls, place)
                _refuse_place(to)
                (place / "archive").replace(to)
                sync_folder(to.absolute().parent)
    print(f"{to} ({to.stat().st_size / 1e6:.1f} MB)")
    _tell_what_is_not_in_it(settings, missing)
    return Exit.OK


async def _write(settings: Settings, urls: DatabaseUrls, place: Path) -> int:
    """Write ``place/archive``; answers how many files the database names and the archive lacks."""
    is_local = settings.storage.kind == "local"
    revision = await current_revision(urls.owner)
    manifest = {"overprint": __version__, "schema": revision, "storage": settings.storage.kind}

    def add_files(stop: Event) -> ArchiveWriter:
        writer = ArchiveWriter(place / "archive", manifest, stop)
        for name in SECRETS:
            writer.add_file(name, settings.data_dir / name)
        if is_local:
            _add_new_files(writer, settings)
        return writer

    def finish(stop: Event) -> None:
        writer.stop = stop
        writer.add_file(DUMP, place / DUMP)
        if is_local:
            _add_new_files(writer, settings)
        writer.close()

    writer = await in_thread(add_files)
    try:
        named = await _named_keys(urls) if is_local and revision is not None else []
        await run_tool("pg_dump", urls.superuser, "--format=custom", "--no-owner", f"--file={place / DUMP}")
        await in_thread(finish)
    finally:
        writer.abandon()
    return sum(f"{BLOBS}/{key}" not in writer.names for key in named)


def _add_new_files(writer: ArchiveWriter, settings: Settings) -> None:
    for name in (BLOBS, ABOUT):
        writer.add_new_files(name, settings.data_dir / name)


async def _named_keys(urls: DatabaseUrls) -> list[str]:
    connection = await asyncpg.connect(urls.superuser)
    try:
        return [row[0] for row in await connection.fetch(_KEYS)]
    finally:
        await connection.close()


def _tell_what_is_not_in_it(settings: Settings, missing: int) -> None:
    if settings.storage.kind != "local":
        print(
            f"overprint: the files are in the bucket {settings.storage.bucket}, not in this archive. "
            "Back them up with the store's own tools.",
            file=sys.stderr,
        )
    if missing:
        files = "1 file that the database names is" if missing == 1 else f"{missing} files that the database names are"
        print(f"overprint: {files} not in it: deleted meanwhile, or missing before.", file=sys.stderr)


def _refuse_place(to: Path) -> None:
    if to.exists() or to.is_symlink():
        raise Conflict(f"{to} is there already.", "Choose another name; backups are never overwritten.")
    if not to.absolute().parent.is_dir():
        raise Invalid(f"There is no folder {to.absolute().parent}.", "Make it, or choose another place.")


def refuse_foreign_database(settings: Settings) -> None:
    """Raises ``Conflict`` unless the database is the one we bring along."""
    if settings.database.is_embedded:
        return
    files = (
        f"the folder {settings.data_dir / 'objects'}"
        if settings.storage.kind == "local"
        else f"the bucket {settings.storage.bucket}"
    )
    raise Conflict(
        "This command keeps the embedded database; yours is a PostgreSQL of your own.",
        f"Back it up with pg_dump first, then {files}: in that order no file is missing that the database names.",
    )


@contextmanager
def telling_of_disk(place: Path) -> Iterator[None]:
    """Turns what the operating system says against ``place`` into ``Unavailable``."""
    try:
        yield
    except OSError as error:
        said = f"{error.filename} cannot be used" if error.filename else f"{place} could not be written"
        raise Unavailable(f"{said} ({error.strerror or error}).", "Make room, or choose another place.") from error


async def upgrade(data: Path | None) -> int:
    """Bring an older data folder up to this version."""
    settings = read_made_settings(data)
    if settings.database.is_embedded:
        DataLayout.of(settings.data_dir).check_major(find_binaries().major)
    async with open_urls(settings) as urls:
        done = await bring_up_to_date(urls)
    print(
        f"Schema {done.after}; nothing more to do."
        if done.before == done.after
        else f"Schema {done.before} → {done.after}."
    )
    return Exit.OK
