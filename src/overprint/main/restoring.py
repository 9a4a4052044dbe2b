"""``overprint restore``.

The whole data folder is built beside the one it is for, as ``<data>.restoring``, and takes its name at the end. When
that fails, it is thrown away. When it is killed, it is left over: the doctor tells, and the next restore clears it.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from overprint.core.problems import Conflict, Unavailable
from overprint.db.embedded import DatabaseUrls, DataLayout, attach
from overprint.db.embedded.linux import exchange, flush_file_system
from overprint.main.archive import DUMP, SECRETS, unpack
from overprint.main.exits import Exit
from overprint.main.home import bring_up_to_date, read_settings
from overprint.main.keeping import refuse_foreign_database, telling_of_disk
from overprint.main.pg_tools import run_tool
from overprint.main.workplace import in_thread, workplace
from overprint.settings import claim_data_dir

OWN_FILES = ("ENVIRONMENT", "overprint.toml")
"""What a folder may hold before anything is restored into it: it stays."""
OBJECTS = "objects"
STOP_TIMEOUT_SECONDS = 60.0
_POLL_SECONDS = 0.05


def staging_of(data_dir: Path) -> Path:
    """Where a restore into this folder works."""
    target = data_dir.resolve()
    return target.with_name(f"{target.name}.restoring")


async def bring_back(data: Path | None, archive: Path) -> int:
    """Restore ``archive`` into a data folder that holds nothing yet."""
    settings = read_settings(data, log_level="ERROR", claims=False)
    refuse_foreign_database(settings)
    target = settings.data_dir.resolve()
    staging = staging_of(target)
    with telling_of_disk(staging), _leaving_nothing(target):
        _refuse_used(target)
        busy = f"Another restore into {target} is running."
        async with workplace(staging, busy, lambda left: _clear(left, target)):
            await _build(archive, staging, settings.storage.kind)
            await asyncio.to_thread(_give_name, staging, target)
        claim_data_dir(settings)
    print(f"{archive} was restored into {settings.data_dir}")
    return Exit.OK


@contextmanager
def _leaving_nothing(target: Path) -> Iterator[None]:
    """Have the folder that ``target`` lies in; after a failure, no folder is there that was not there before."""
    missing = [place for place in (target, *target.parents) if not place.exists()]
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        yield
    except BaseException:
        for place in missing:
            with contextlib.suppress(OSError):
                place.rmdir()
        raise


async def _build(archive: Path, staging: Path, storage: str) -> None:
    """A whole data folder out of an archive; nothing runs in it any more when this returns."""
    unpacked = staging / "unpacked"
    manifest = await in_thread(lambda stop: unpack(archive, unpacked, stop))
    if manifest.get("storage") != storage:
        raise Conflict(
            f"The files of {archive} are kept in {str(manifest.get('storage'))[:20]} storage; yours is {storage}.",
            "Set OVERPRINT_STORAGE_KIND, and its bucket, to what they were when the backup was written.",
        )
    async with _own_database(staging) as urls:
        # As the owner, who is no superuser: an archive of a stranger may hold any SQL.
        await run_tool("pg_restore", urls.owner, "--exit-on-error", "--no-owner", str(unpacked / DUMP))
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


def _put_back(folder: Path, unpacked: Path) -> None:
    """Move what was unpacked to where it belongs, and drop what only this run needed."""
    for name in SECRETS:
        if (unpacked / name).exists():
            (unpacked / name).replace(folder / name)
    if (unpacked / OBJECTS).exists():
        (unpacked / OBJECTS).replace(folder / OBJECTS)
        for kept, _, _ in os.walk(folder / OBJECTS):
            Path(kept).chmod(0o700)
    shutil.rmtree(unpacked)
    shutil.rmtree(DataLayout.of(folder).run)


def _give_name(staging: Path, target: Path) -> None:
    """Put the finished folder in the place of the empty one, with what the empty one held."""
    _refuse_used(target)  # somebody may have begun to use it meanwhile
    target.mkdir(mode=0o700, exist_ok=True)
    for name in OWN_FILES:
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(target / name, staging / name)
    flush_file_system(staging)
    if exchange(staging, target):
        return
    # Not in one step here. Killed in the middle, the next restore finds these files in the folder that was left over.
    for name in OWN_FILES:
        (target / name).unlink(missing_ok=True)
    staging.rename(target)


def _clear(staging: Path, target: Path) -> None:
    """Take away what is left of a restore, but for files of the target that it was about to put back."""
    layout = DataLayout.of(staging)
    if layout.holder_lock.exists():
        _wait_for_end(layout)
    for name in OWN_FILES:
        if (staging / name).exists() and target.exists() and not (target / name).exists():
            shutil.copy2(staging / name, target / name)
    shutil.rmtree(staging)


def _refuse_used(folder: Path) -> None:
    """Also refuses a mount point, which cannot be replaced by another folder."""
    if not folder.exists():
        return
    if os.path.ismount(folder):
        raise Conflict(
            f"{folder} is a mount point, which a restored folder cannot replace.",
            "Restore into a new folder inside of it: --data NEW.",
        )
    if any(path.name not in OWN_FILES for path in folder.iterdir()):
        raise Conflict(f"{folder} is in use already.", "Restore into an empty folder: --data NEW.")
