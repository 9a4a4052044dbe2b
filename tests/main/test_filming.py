"""What ``overprint make video`` says of a film that it could not make, and how it goes on with it."""

import asyncio
from typing import Any

from overprint.engine.job import JOB_ENDED, JobState
from overprint.features.videos import Film, Target
from overprint.main.filming import Asked, begin, export, notes_of
from overprint.main.making import working
from tests.features.videos.test_pipeline import BRIEF
from tests.support.database import TestDatabase
from tests.support.house import house_on

# As if the scene of the storyboard had been too long to be filmed at once.
_STOPPED = """UPDATE jobs SET request = jsonb_set(request, '{target}', '"film"') WHERE id = $1"""


async def test_a_film_that_stopped_at_its_storyboard_says_so_and_is_gone_on_with_when_it_is_asked_for_again(
    database_urls: TestDatabase, tmp_path: Any
) -> None:
    async with house_on(database_urls, tmp_path / "data", works=False) as house:
        asked = Asked(BRIEF, ("A fox sings.",), None, None)
        begun = await begin(house, asked, Target.STORYBOARD)
        state = JobState(begun.job["state"])
        async with working(house):
            while state not in JOB_ENDED:
                await asyncio.sleep(0.1)
                async with house.database.transaction(house.owner.team_id) as transaction:
                    state = JobState((await house.jobs.get(transaction, begun.job["id"]))["state"])
        for ended, notes in ((JobState.COMPLETED, 1), (JobState.FAILED, 0), (JobState.CANCELLED, 0)):
            told = await export(house, begun, asked, tmp_path, ended)
            assert (told.paths, len(told.notes)) == ([], notes), ended
        await house.database.system.execute(_STOPPED, begun.job["id"])
        again = [await begin(house, asked, target) for target in (Target.STORYBOARD, Target.FILM, Target.FILM)]
        assert begun.job["id"] == again[0].job["id"] != again[1].job["id"] == again[2].job["id"]
        assert begun.work_id == again[1].work_id


def test_only_whoever_asked_for_a_storyboard_alone_is_told_how_to_go_on_from_one() -> None:
    film = Film(None, {}, None)
    assert "--storyboard-only" in notes_of(30, film, JobState.COMPLETED)[0]
    for ended in (JobState.FAILED, JobState.CANCELLED):
        assert [("--storyboard-only" in note, "no film yet" in note) for note in notes_of(30, film, ended)] == [
            (False, True)
        ]
