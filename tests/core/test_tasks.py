"""Background tasks: their death is noticed, and what it endangered is stopped."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from overprint.core.tasks import Background, TaskDied


@pytest.fixture
async def background() -> AsyncIterator[Background]:
    async with Background() as opened:
        yield opened


async def _break(after_seconds: float = 0.0) -> None:
    await asyncio.sleep(after_seconds)
    raise RuntimeError("broken")


async def _for_ever() -> None:
    await asyncio.Event().wait()


async def test_guarded_work_gives_its_answer_and_its_own_error(background: Background) -> None:
    background.begin("The ticker", _for_ever())
    assert await background.guard(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(RuntimeError, match="broken"):
        await background.guard(_break())


async def test_guarded_work_is_cancelled_when_a_background_task_dies(background: Background) -> None:
    background.begin("The ticker", _break())
    cancelled: list[bool] = []

    async def work() -> None:
        try:
            await _for_ever()
        finally:
            cancelled.append(True)

    with pytest.raises(TaskDied, match="The ticker ended unexpectedly") as death:
        await asyncio.wait_for(background.guard(work()), 5)
    assert (cancelled, str(death.value.__cause__)) == ([True], "broken")


async def test_work_that_can_stop_gently_is_let_to_end(background: Background) -> None:
    background.begin("The ticker", _break())
    stopping = asyncio.Event()
    ended: list[str] = []

    async def work() -> None:
        await stopping.wait()
        ended.append("gently")

    with pytest.raises(TaskDied):
        await asyncio.wait_for(background.guard(work(), stopping.set), 5)
    assert ended == ["gently"]


async def test_a_task_that_just_ends_is_missed_as_well(background: Background) -> None:
    background.begin("The ticker", asyncio.sleep(0))
    with pytest.raises(TaskDied):
        await asyncio.wait_for(background.guard(_for_ever()), 5)


async def test_a_task_that_was_ended_on_purpose_is_not_missed(background: Background) -> None:
    task = background.begin("The ticker", _for_ever())
    await background.end(task)
    assert await background.guard(asyncio.sleep(0.05, "done")) == "done"


async def test_a_cancel_of_who_guards_reaches_the_work(background: Background) -> None:
    cancelled: list[bool] = []

    async def work() -> None:
        try:
            await _for_ever()
        finally:
            cancelled.append(True)

    guarding = asyncio.create_task(background.guard(work()))
    await asyncio.sleep(0.01)
    guarding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await guarding
    assert cancelled == [True]
