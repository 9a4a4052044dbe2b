"""A folder to work in: for one at a time, and cleared of what a killed one left."""

import asyncio
import threading
from pathlib import Path

import pytest

from overprint.core.problems import Conflict
from overprint.main.workplace import in_thread, is_worked_in, workplace


async def test_it_is_for_one_at_a_time_and_gone_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    async with workplace(folder, "Somebody works there."):
        (folder / "draft").touch()
        assert is_worked_in(folder)
        with pytest.raises(Conflict, match="Somebody works there"):
            async with workplace(folder, "Somebody works there."):
                pass
        assert (folder / "draft").exists()
    assert not folder.exists()


async def test_what_a_killed_one_left_is_cleared_first(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    (folder / "deep").mkdir(parents=True)
    assert not is_worked_in(folder)
    async with workplace(folder, "busy"):
        assert list(folder.iterdir()) == []
        assert is_worked_in(folder)


async def test_it_is_gone_after_a_failure_too(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with workplace(tmp_path / "work", "busy"):
            raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


async def test_a_cancelled_thread_is_told_and_waited_for() -> None:
    begun, ended = threading.Event(), threading.Event()

    def work(stop: threading.Event) -> None:
        begun.set()
        assert stop.wait(10)
        ended.set()

    task = asyncio.create_task(in_thread(work))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
