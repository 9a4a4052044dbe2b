"""Samples of presets: made when they are asked for, once, and gone when nothing is like them any more."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from overprint.adapters.storage.memory import MemoryStorage
from overprint.core.clock import SystemClock
from overprint.core.pixels import picture_size
from overprint.core.problems import Unavailable
from overprint.engine.schedule import ScheduleContext
from overprint.features.presets import Presets, Samples
from overprint.features.presets.service.samples import Part, key_of
from overprint.ports.compute import ComputeLimit, Work
from tests.support.studio import Studio

ORBIT = next(row for row in Presets.as_shipped() if row["key"] == "orbit")


class Counting:
    """Makes bytes of nothing, and counts how often."""

    def __init__(self) -> None:
        self.orders: list[bytes] = []
        self.is_out_of_time = False

    async def run(self, work: Work, payload: bytes, **limits: Any) -> bytes:
        self.orders.append(payload)
        await asyncio.sleep(0)
        if self.is_out_of_time:
            raise ComputeLimit
        return b"made"


def samples() -> tuple[Samples, Counting, MemoryStorage]:
    compute, storage = Counting(), MemoryStorage()
    return Samples(compute, storage, SystemClock()), compute, storage


async def test_many_who_ask_at_once_have_it_made_once() -> None:
    opened, compute, _ = samples()
    links = await asyncio.gather(*(opened.link(ORBIT, Part.FILM) for _ in range(5)))
    assert len(compute.orders) == 1
    assert all(key_of(ORBIT, Part.FILM) in link for link in links)
    assert await opened.read(ORBIT, Part.FILM) == b"made"


async def test_no_more_samples_wait_than_there_is_room_for_and_one_team_leaves_room_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("overprint.features.presets.service.samples.WAITING_MAX", 4)
    opened, compute, _ = samples()
    theirs = [{**ORBIT, "id": UUID(int=n), "team_id": UUID(int=99)} for n in range(3)]
    ours = [{**ORBIT, "id": UUID(int=n)} for n in range(10, 13)]
    asked = [opened.link(row, Part.FILM) for row in (*theirs, *ours, ORBIT)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(answer, Unavailable) for answer in answers] == [False, False, True, False, False, True, True]
    assert len(compute.orders) == 4
    assert await opened.link(ORBIT, Part.FILM), "there is room again"


async def test_teams_take_turns_and_however_many_wait_there_is_a_place_for_one_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("overprint.features.presets.service.samples.WAITING_MAX", 8)
    opened, compute, _ = samples()
    grades = ("noir", "sepia", "cool", "warm")  # one a team, to be known by
    rows = [
        {"id": UUID(int=10 * n + each), "team_id": UUID(int=n), "config": {**ORBIT["config"], "grade": grade}}
        for n, grade in enumerate(grades)
        for each in range(6)
    ]
    answers = await asyncio.gather(*(opened.link(row, Part.FILM) for row in rows), return_exceptions=True)
    assert [sum(isinstance(one, str) for one in answers[n : n + 6]) for n in range(0, 24, 6)] == [4, 2, 1, 1]
    made = [next(grade for grade in grades if grade.encode() in order) for order in compute.orders]
    assert made == [*grades, "noir", "sepia", "noir", "noir"]


async def test_a_sample_is_made_to_its_end_for_whoever_comes_next() -> None:
    opened, compute, _ = samples()
    asked = asyncio.create_task(opened.link(ORBIT, Part.FILM))
    await asyncio.sleep(0)
    asked.cancel()
    assert await opened.link(ORBIT, Part.FILM)
    assert len(compute.orders) == 1


async def test_thumbnails_of_all_that_come_along_are_there_and_nobody_draws_them() -> None:
    opened, compute, _ = samples()
    brought = [await opened.read(row, Part.THUMBNAIL) for row in Presets.as_shipped()]
    assert compute.orders == []
    assert {picture_size(data) for data in brought} == {(384, 216)}
    assert sum(map(len, brought)) < 1_000_000
    assert len(set(brought)) == len(brought)


async def test_a_changed_preset_is_shown_anew_and_a_failure_says_when_to_try_again() -> None:
    opened, compute, _ = samples()
    changed = {**ORBIT, "config": {**ORBIT["config"], "grade": "noir"}}
    await opened.link(ORBIT, Part.FILM)
    await opened.link(changed, Part.FILM)
    await opened.link(changed, Part.THUMBNAIL)
    assert len(compute.orders) == 3
    compute.is_out_of_time = True
    with pytest.raises(Unavailable, match="Try again"):
        await opened.link({**ORBIT, "config": {**ORBIT["config"], "grade": "sepia"}}, Part.FILM)


async def test_what_shows_no_preset_any_more_is_deleted(studio: Studio) -> None:
    opened, _, storage = samples()
    changed = {**ORBIT, "config": {**ORBIT["config"], "grade": "noir"}}
    for row in (ORBIT, changed, {**ORBIT, "id": UUID(int=7)}):
        await opened.link(row, Part.FILM)
    engine = studio.engine
    await opened.tidy(ScheduleContext(engine.database, SystemClock(), 60.0))
    assert [blob.key async for blob in storage.list("presets/")] == [key_of(ORBIT, Part.FILM)]
