"""Ids follow the work, not the thread of the program."""

import asyncio
from uuid import UUID

from overprint.observe import ids


def test_ids_are_bound_inside_the_block_only() -> None:
    with ids.bound(request_id="r1", team_id=UUID(int=7)):
        with ids.bound(job_id="j1", request_id="r2"):
            assert ids.current() == {"request_id": "r2", "job_id": "j1", "team_id": str(UUID(int=7))}
        assert ids.current()["request_id"] == "r1"
    assert ids.current() == {}


def test_work_that_outlives_its_request_carries_no_ids() -> None:
    with ids.bound(request_id="r1"), ids.unbound():
        assert ids.current() == {}


async def test_tasks_side_by_side_keep_their_own_ids() -> None:
    async def one(name: str) -> str:
        with ids.bound(job_id=name):
            await asyncio.sleep(0.001)
            return ids.current()["job_id"]

    names = [f"job-{number}" for number in range(20)]
    assert await asyncio.gather(*(one(name) for name in names)) == names


def test_an_id_from_outside_is_cut() -> None:
    with ids.bound(request_id="x" * 10_000):
        assert len(ids.current()["request_id"]) == ids.VALUE_MAX_CHARACTERS
