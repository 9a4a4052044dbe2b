"""``overprint backup``, ``restore`` and ``upgrade``.

A backup is one tar: ``manifest.json`` first, the database as ``pg_dump`` wrote it, the signing secret, and every local
file. The dump is one consistent moment, and the files are copied after it, so the archive holds every file that the
dump names, but for those that somebody deleted while it was being written: these are gone in the copy too.

A restore makes the whole folder beside the one it is for, and gives it its name at the end. When it fails, that folder
is thrown away; when it is killed, ``<data>.restoring-<pid>`` is left over and may be deleted.
"""

import asyncio
import contextlib
import errno
import fcntl
import io
import json
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from overprint import __version__
from overprint.core.problems import Conflict, Invalid, Unavailable
from overprint.db.embedded import DatabaseUrls, DataLayout, attach, find_binaries
from overprint.db.migrate import current_revision
from overprint.main.exits import Exit
from overprint.main.home import bring_up_to_date, open_urls, read_settings
from overprint.settings import Settings

FORMAT = 1
MANIFEST, DUMP, SECRET, OBJECTS = "manifest.json", "database.dump", "secrets/signing", "objects"
KEPT_OBJECTS = ("objects/blobs", "objects/about")
"""What the local store keeps; its drafts and locks, which lie beside these, mean nothing to anybody else."""
OWN_FILES = {"ENVIRONMENT", "overprint.toml"}
"""What a folder may hold before anything is restored into it: it stays."""
MANIFEST_MAX_BYTES = 100_000
TOOL_TIMEOUT_SECONDS = 3600
STOP_TIMEOUT_SECONDS = 60.0
_POLL_SECONDS = 0.05


async def back_up(data: Path | None, to: Path) -> int:
    settings = read_settings(data, log_level="ERROR")
    _only_embedded(settings)
    if to.exists():
        raise Conflict(f"{to} is there already.", "Choose another name; backups are never overwritten.")
    place = to.absolute().parent
    if not place.is_dir():
        raise Invalid(f"There is no folder {place}.", "Make it, or choose another place.")
    async with open_urls(settings) as urls:
        revision = await current_revision(urls.owner)
        with _telling_of_disk(to), tempfile.TemporaryDirectory(dir=place, prefix=".overprint-") as folder:
            dump = Path(folder) / DUMP
            await _tool("pg_dump", urls, "--format=custom", "--no-owner", f"--file={dump}")
            await asyncio.to_thread(_write_archive, settings, dump, to, revision)
    print(f"{to} ({to.stat().st_size / 1e6:.1f} MB)")
    return Exit.OK


@contextmanager
def _telling_of_disk(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(
            f"{place} could not be written ({error.strerror or error}).", "Make room, or choose another place."
        ) from error


def _write_archive(settings: Settings, dump: Path, to: Path, revision: str | None) -> None:
    draft = dump.with_name("archive")
    manifest = {"format": FORMAT, "overprint": __version__, "schema": revision}
    with tarfile.open(draft, "w") as archive:
        draft.chmod(0o600)
        _add_bytes(archive, MANIFEST, json.dumps(manifest).encode())
        archive.add(dump, DUMP)
        _add_if_there(archive, settings.signing_secret_file, SECRET)
        for name in KEPT_OBJECTS:
            _add_files(archive, settings.data_dir / name, name)
    draft.replace(to)


def _add_files(archive: tarfile.TarFile, top: Path, name: str) -> None:
    """Every file below ``top``, in the order of their names."""
    for folder, inner, files in os.walk(top):
        inner.sort()
        for file in sorted(files):
            path = Path(folder, file)
            _add_if_there(archive, path, f"{name}/{path.relative_to(top).as_posix()}")


def _add_if_there(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """Add a file, unless it vanished meanwhile. One that is replaced meanwhile stays what it was when it was opened."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), path.open("rb") as file:
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), file)


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


async def bring_back(data: Path | None, archive: Path) -> int:
    settings = read_settings(data, log_level="ERROR")
    _only_embedded(settings)
    target = settings.data_dir.resolve()
    _refuse_used(target)
    staging = target.with_name(f"{target.name}.restoring-{os.getpid()}")
    try:
        with _telling_of_disk(staging):
            shutil.rmtree(staging, ignore_errors=True)  # of a killed restore whose process had our id
            staging.mkdir(mode=0o700)
            await _build(archive, staging)
            await asyncio.to_thread(_give_name, staging, target)
    finally:
        await asyncio.to_thread(shutil.rmtree, staging, ignore_errors=True)
    print(f"{archive} was restored into {settings.data_dir}")
    return Exit.OK


async def _build(archive: Path, staging: Path) -> None:
    """A whole data folder out of an archive; nothing runs in it any more when this returns."""
    unpacked = staging / "unpacked"
    await asyncio.to_thread(_unpack, archive, unpacked)
    async with _own_database(staging) as urls:
        await _tool("pg_restore", urls, "--exit-on-error", "--role=overprint_owner", "--no-owner", str(unpacked / DUMP))
        await bring_up_to_date(urls)
    await asyncio.to_thread(_put_back, staging, unpacked)


@asynccontextmanager
async def _own_database(folder: Path) -> AsyncIterator[DatabaseUrls]:
    """The database of a folder that nobody else knows; it has stopped when the block is left."""
    lease = await asyncio.to_thread(attach, folder, grace_seconds=0.0)
    try:
        yield lease.urls
    finally:
        lease.release()
        await asyncio.to_thread(_wait_for_end, DataLayout.of(folder))


def _wait_for_end(layout: DataLayout) -> None:
    """Until the holder let go of its lock, which it does by ending."""
    deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
    with layout.holder_lock.open("ab") as lock:
        while True:
            try:
                return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Unavailable(
                        f"The database in {layout.root} does not stop.", f"Details: {layout.holder_log}"
                    ) from None
            time.sleep(_POLL_SECONDS)


def _give_name(staging: Path, target: Path) -> None:
    """Put the finished folder in the place of the empty one, with what the empty one held."""
    _refuse_used(target)  # somebody may have begun to use it meanwhile
    for name in OWN_FILES:
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(target / name, staging / name)
    empty = staging.with_name(f"{staging.name}.empty")
    target.rename(empty)
    try:
        staging.rename(target)
    except OSError:
        empty.rename(target)
        raise
    shutil.rmtree(empty, ignore_errors=True)


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
            tar.extractall(folder, filter=_only_ours)
    except (tarfile.TarError, OSError, ValueError) as error:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            raise  # the folder's fault, not the archive's
        raise Invalid(f"{archive} cannot be read: {error}.", "Is it a whole backup?") from error
    if not (folder / DUMP).is_file():
        raise Invalid(f"{archive} holds no database.", "Is it a whole backup?")


def _only_ours(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """The files that a backup holds; anything else in the archive is left where it is."""
    is_known = member.name in (DUMP, SECRET) or member.name.startswith(tuple(f"{name}/" for name in KEPT_OBJECTS))
    return tarfile.data_filter(member, folder) if member.isreg() and is_known else None


def _manifest(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> dict[str, Any]:
    file = tar.extractfile(entry)
    loaded = json.loads(file.read()) if file else None
    return loaded if isinstance(loaded, dict) else {}


def _put_back(folder: Path, unpacked: Path) -> None:
    """Move what was unpacked to where it belongs, and drop what only this run needed."""
    if (unpacked / SECRET).exists():
        (unpacked / SECRET).replace(folder / SECRET)
        (folder / SECRET).chmod(0o600)
    if (unpacked / OBJECTS).exists():
        (unpacked / OBJECTS).replace(folder / OBJECTS)
        for kept, _, _ in os.walk(folder / OBJECTS):
            Path(kept).chmod(0o700)
    shutil.rmtree(unpacked)
    shutil.rmtree(DataLayout.of(folder).run)


def _refuse_used(folder: Path) -> None:
    """Also refuses a mount point, which cannot be replaced by another folder."""
    if os.path.ismount(folder):
        raise Conflict(
            f"{folder} is a mount point, which a restored folder cannot replace.",
            "Restore into a new folder inside of it: --data NEW.",
        )
    if any(path.name not in OWN_FILES for path in folder.iterdir()):
        raise Conflict(f"{folder} is in use already.", "Restore into an empty folder: --data NEW.")


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
