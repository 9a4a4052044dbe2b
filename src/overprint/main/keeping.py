"""``overprint backup``, ``restore`` and ``upgrade``.

A backup is one tar: ``manifest.json`` first, the database as ``pg_dump`` wrote it, the signing secret, and every local
file. The dump is one consistent moment; files are only ever added under their hash, so copying them afterwards holds
everything that the dump names.
"""

import asyncio
import io
import json
import os
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from overprint import __version__
from overprint.core.problems import Conflict, Invalid, Unavailable
from overprint.db.embedded import DatabaseUrls, DataLayout, find_binaries
from overprint.db.migrate import newest_revision
from overprint.main.exits import Exit
from overprint.main.home import bring_up_to_date, open_urls, read_settings
from overprint.settings import Settings

FORMAT = 1
MANIFEST, DUMP, SECRET, OBJECTS = "manifest.json", "database.dump", "secrets/signing", "objects"
MANIFEST_MAX_BYTES = 100_000
TOOL_TIMEOUT_SECONDS = 3600


async def back_up(data: Path | None, to: Path) -> int:
    settings = read_settings(data, log_level="ERROR")
    _only_embedded(settings)
    if to.exists():
        raise Conflict(f"{to} is there already.", "Choose another name; backups are never overwritten.")
    async with open_urls(settings) as urls:
        await bring_up_to_date(urls)
        with tempfile.TemporaryDirectory(prefix="overprint-backup-") as folder:
            dump = Path(folder) / DUMP
            await _tool("pg_dump", urls, "--format=custom", "--no-owner", f"--file={dump}")
            await asyncio.to_thread(_write_archive, settings, dump, to)
    print(f"{to} ({to.stat().st_size / 1e6:.1f} MB)")
    return Exit.OK


def _write_archive(settings: Settings, dump: Path, to: Path) -> None:
    draft = to.with_name(f".{to.name}.{os.getpid()}.part")
    manifest = {"format": FORMAT, "overprint": __version__, "schema": newest_revision()}
    try:
        with tarfile.open(draft, "w") as archive:
            draft.chmod(0o600)
            _add_bytes(archive, MANIFEST, json.dumps(manifest).encode())
            archive.add(dump, DUMP)
            if settings.signing_secret_file.exists():
                archive.add(settings.signing_secret_file, SECRET)
            if (settings.data_dir / OBJECTS).exists():
                archive.add(settings.data_dir / OBJECTS, OBJECTS)
        draft.replace(to)
    except OSError as error:
        raise Unavailable(
            f"{to} could not be written ({error.strerror}).", "Make room, or choose another place."
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


async def bring_back(data: Path | None, archive: Path) -> int:
    settings = read_settings(data, log_level="ERROR")
    _only_embedded(settings)
    _refuse_used(settings)
    with tempfile.TemporaryDirectory(prefix="overprint-restore-") as folder:
        unpacked = Path(folder)
        await asyncio.to_thread(_unpack, archive, unpacked)
        async with open_urls(settings) as urls:
            await _tool(
                "pg_restore", urls, "--exit-on-error", "--role=overprint_owner", "--no-owner", str(unpacked / DUMP)
            )
            await bring_up_to_date(urls)
        await asyncio.to_thread(_put_back, settings, unpacked)
    print(f"{archive} was restored into {settings.data_dir}")
    return Exit.OK


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive of ours; anything else, or one that reaches outside the folder, is refused."""
    try:
        with tarfile.open(archive) as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST or first.size > MANIFEST_MAX_BYTES:
                raise Invalid(f"{archive} was not written by `overprint backup`.")
            manifest = _manifest(tar, first)
            if manifest.get("format") != FORMAT:
                raise Invalid(
                    f"{archive} was written by another version of Overprint.",
                    f"Use version {manifest.get('overprint')}.",
                )
            tar.extractall(folder, filter="data")
    except (tarfile.TarError, OSError, ValueError) as error:
        raise Invalid(f"{archive} cannot be read: {error}.", "Is it a whole backup?") from error


def _manifest(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> dict[str, Any]:
    file = tar.extractfile(entry)
    loaded = json.loads(file.read()) if file else None
    return loaded if isinstance(loaded, dict) else {}


def _put_back(settings: Settings, unpacked: Path) -> None:
    if (unpacked / SECRET).exists():
        settings.signing_secret_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(unpacked / SECRET, settings.signing_secret_file)
        settings.signing_secret_file.chmod(0o600)
    if (unpacked / OBJECTS).exists():
        shutil.move(unpacked / OBJECTS, settings.data_dir / OBJECTS)


def _refuse_used(settings: Settings) -> None:
    used = [name for name in ("pg", OBJECTS) if (settings.data_dir / name).exists()]
    if used:
        raise Conflict(f"{settings.data_dir} is in use already.", "Restore into an empty folder: --data NEW.")


def _only_embedded(settings: Settings) -> None:
    if not settings.database.is_embedded or settings.storage.kind != "local":
        raise Conflict(
            "This command keeps the embedded database and local files; yours are elsewhere.",
            "Back up your own PostgreSQL (pg_dump) and your bucket with their own tools.",
        )


async def _tool(name: str, urls: DatabaseUrls, *arguments: str) -> None:
    """Run one of PostgreSQL's programs against the database; the password travels in the environment."""
    program = find_binaries().get_tool(name)
    process = await asyncio.create_subprocess_exec(
        str(program),
        "--dbname",
        urls.superuser.replace(_password(urls.superuser), "", 1),
        *arguments,
        env={"PATH": os.environ.get("PATH", ""), "PGPASSWORD": _password(urls.superuser)[1:]},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), TOOL_TIMEOUT_SECONDS)
    except TimeoutError:
        process.kill()
        raise Unavailable(f"{name} did not end within an hour.") from None
    if process.returncode != 0:
        words = said.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise Unavailable(f"{name} failed: {words[0]}", "Nothing was changed that a second try would not put right.")


def _password(url: str) -> str:
    """``:password`` of a URL of our own making."""
    return ":" + url.partition("://")[2].partition("@")[0].partition(":")[2]


async def convert(data: Path | None) -> int:
    """Bring an older data folder up to this version."""
    settings = read_settings(data, log_level="ERROR")
    if settings.database.is_embedded:
        recorded = DataLayout.of(settings.data_dir).recorded_major()
        ours = find_binaries().major
        if recorded is not None and recorded != ours:
            raise Conflict(
                f"The database in {settings.data_dir} belongs to PostgreSQL {recorded}; this version brings {ours}.",
                "With the Overprint that made it: `overprint backup old.tar`. With this one: "
                "`overprint restore old.tar --data NEW`. The old folder stays as it is.",
            )
    async with open_urls(settings) as urls:
        done = await bring_up_to_date(urls)
    print(
        f"Schema {done.after}; nothing more to do."
        if done.before == done.after
        else f"Schema {done.before} → {done.after}."
    )
    return Exit.OK
