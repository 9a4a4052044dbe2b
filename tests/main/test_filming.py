"""What ``overprint make video`` says of a film that it could not make."""

import asyncio
from typing import Any

from overprint.engine.job import JOB_ENDED, JobState
from overprint.features.videos import Source, Target
from overprint.main.beginning import Begun
from overprint.main.filming import Asked, export
from tests.features.videos.test_pipeline import BRIEF
from tests.support.database import TestDatabase
from tests.support.house import house_on


async def test_only_a_film_that_stopped_at_its_storyboard_is_said_to_have_a_scene_that_is_too_long(
    database_urls: TestDatabase, tmp_path: Any
) -> None:
    async with house_on(database_urls, tmp_path / "data") as house:
        team = house.owner.team_id
        async with house.database.transaction(team) as transaction:
            source = Source(script=("A fox sings.",))
            _, job = await house.videos.start(transaction, house.owner, BRIEF, source=source, target=Target.STORYBOARD)
        while JobState(job["state"]) not in JOB_ENDED:
            await asyncio.sleep(0.1)
            async with house.database.transaction(team) as transaction:
                job = await house.jobs.get(transaction, job["id"])
        begun, asked = Begun(job["lineage"], job, what="film"), Asked(BRIEF, (), None, None)
        for state, notes in ((JobState.COMPLETED, 1), (JobState.FAILED, 0), (JobState.CANCELLED, 0)):
            told = await export(house, begun, asked, tmp_path, state)
            assert (told.paths, len(told.notes)) == ([], notes), state
