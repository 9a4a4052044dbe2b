"""Folders to work in: what a killed process left goes, what a living one works in stays."""

import asyncio
import errno
import sys
from pathlib import Path

import pytest

from overprint.adapters.storage.scratch import Scratch

HOLDER = """
import asyncio, sys
from pathlib import Path
from overprint.adapters.storage.scratch import Scratch

async def main():
    async with Scratch(Path(sys.argv[1])).folder() as folder:
        (folder / "film.mp4").write_bytes(b"half a film")
        print(folder, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_what_a_killed_process_left_is_swept_and_what_a_living_one_has_is_not(tmp_path: Path) -> None:
    orders = ("-c", HOLDER, str(tmp_path))
    holder = await asyncio.create_subprocess_exec(
        sys.executable, *orders, stdout=asyncio.subprocess.PIPE, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert holder.stdout is not None
    held = Path((await holder.stdout.readline()).decode().strip())
    async with Scratch(tmp_path).folder():
        assert (held / "film.mp4").read_bytes() == b"half a film"
    holder.kill()
    await holder.wait()
    async with Scratch(tmp_path).folder() as folder:
        assert {path.name for path in tmp_path.iterdir()} == {folder.name, f"{folder.name}.lock"}
    assert not any(tmp_path.iterdir())


async def test_many_at_once_disturb_nobody(tmp_path: Path) -> None:
    async def work(number: int) -> None:
        async with Scratch(tmp_path).folder() as folder:
            (folder / "a").write_text(str(number))
            await asyncio.sleep(0.01)
            assert (folder / "a").read_text() == str(number)

    await asyncio.gather(*map(work, range(40)))
    assert not any(tmp_path.iterdir())


async def test_who_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        async with Scratch(tmp_path).folder():
            await asyncio.sleep(60)

    for delay_seconds in (0.0, 0.001, 0.05):
        task = asyncio.create_task(work())
        await asyncio.sleep(delay_seconds)
        task.cancel()
        await asyncio.wait({task})
    assert not any(tmp_path.iterdir())


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_folder_that_cannot_be_swept_keeps_no_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that went read-only meanwhile."""

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    (tmp_path / "left.lock").touch()
    monkeypatch.setattr(Path, "unlink", refuse)
    before = open_files()
    for _ in range(3):
        with pytest.raises(OSError, match="Read-only"):
            async with Scratch(tmp_path).folder():
                raise AssertionError
    assert open_files() == before
