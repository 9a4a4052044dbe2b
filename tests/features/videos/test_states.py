"""What is said of a film: whether there is one, and whether it is of what stands now."""

from dataclasses import replace
from typing import Any

import pytest

from overprint.core.codec import decode, encode
from overprint.core.film import FilmBrief, Output, Storyboard
from overprint.core.ids import new_id
from overprint.core.motion import Orientation
from overprint.db.database import Transaction
from overprint.engine.job import JobState, Origin
from overprint.engine.participants import JobInfo, StepDone
from overprint.features.videos import store
from overprint.features.videos.pipeline import MAKE
from overprint.features.videos.projection import VideosProjection
from overprint.features.videos.rules import boards
from overprint.features.videos.rules.boards import CardEdit
from overprint.features.videos.steps import FILM, STORYBOARD
from tests.features.conftest import studio
from tests.features.videos.test_pipeline import BOARD, BRIEF
from tests.support.studio import Studio

__all__ = ["studio"]
FILE = {"key": "teams/1/film.mp4", "content_hash": "a" * 64, "name": "film.mp4"}


class Film:
    """A film whose jobs end as a test says."""

    def __init__(self, transaction: Transaction, studio: Studio) -> None:
        self.transaction, self.id = transaction, new_id()
        self.job = JobInfo(new_id(), studio.owner.team_id, MAKE, self.id, None, {}, studio.owner.person_id)

    async def begin(self) -> None:
        row = {"id": self.id, "team_id": self.job.team_id, "project_id": None, "title": "The Moon", "created_by": None}
        await store.insert_video(self.transaction, {**row, "brief": encode(BRIEF), "origin": {}})
        await self.lay_out(BOARD)

    async def lay_out(self, board: Storyboard) -> None:
        await store.keep_board(self.transaction, self.id, encode(board), is_made=False, made_by=None)
        await store.settle(self.transaction, self.id)

    async def show(self, brief: FilmBrief) -> None:
        await store.VIDEOS.change(self.transaction, self.id, brief=encode(brief))
        await store.settle(self.transaction, self.id)

    async def bring(self, name: str, file: dict[str, Any] | None) -> None:
        await store.VIDEOS.change(self.transaction, self.id, origin={name: file})
        await store.settle(self.transaction, self.id)

    async def make(self, ends: JobState, *, with_film: bool = False) -> str:
        projection = VideosProjection()
        await projection.submitted(self.transaction, self.job)
        if with_film:
            output: dict[str, Any] = {"file": FILE}
            done = StepDone(self.job, FILM, "videos.film@1", {}, output, (), Origin.RUN, "", 1, 0)
            await projection.completed(self.transaction, [done])
        await projection.ended(self.transaction, self.job, ends)
        return await self.state()

    async def state(self) -> str:
        row = await store.VIDEOS.find(self.transaction, self.id)
        assert row is not None
        return str(row["state"])


async def test_a_film_that_is_there_stays_to_be_seen_and_says_when_it_is_not_of_what_stands_now(studio: Studio) -> None:
    changed = replace(BOARD, cards=(replace(BOARD.cards[0], take=1), BOARD.cards[1]))
    async with studio.transaction() as transaction:
        film = Film(transaction, studio)
        await film.begin()
        for ends, state in (
            (JobState.FAILED, "incomplete"),
            (JobState.CANCELLED, "cancelled"),
            (JobState.COMPLETED, "planned"),
        ):
            assert await film.make(ends) == state, "there is no film"
        assert await film.make(JobState.COMPLETED, with_film=True) == "ready"
        await film.lay_out(changed)
        assert await film.state() == "edited"
        assert await film.make(JobState.FAILED) == "edited", "the film of before is still there"
        assert await film.make(JobState.COMPLETED) == "edited", "an animatic of it makes no film"
        await film.lay_out(BOARD)
        assert await film.state() == "ready", "what was changed was taken back"
        assert await film.make(JobState.CANCELLED) == "ready"
        await film.show(replace(BRIEF, orientation=Orientation.PICTURE))
        assert await film.state() == "ready", "it follows no clip that could be turned"
        for name in ("driving", "lut"):
            for file, state in ((FILE, "edited"), (None, "ready")):
                await film.bring(name, file)
                assert await film.state() == state, f"it is to have a {name}, and then none again"
        await film.show(replace(BRIEF, fps=24))
        assert await film.state() == "edited"
        assert await film.make(JobState.FAILED, with_film=True) == "ready", "only another form of it failed"


async def test_a_storyboard_that_is_laid_out_anew_gives_no_id_again_that_one_before_had(studio: Studio) -> None:
    shorter = replace(BOARD, cards=BOARD.cards[:1])
    async with studio.transaction() as transaction:
        film = Film(transaction, studio)
        await film.begin()
        done = StepDone(film.job, STORYBOARD, "videos.storyboard@1", {}, encode(shorter), (), Origin.RUN, "", 1, 0)
        for _ in range(2):
            await VideosProjection().completed(transaction, [done])
        row = await store.find_board(transaction, film.id)
        assert row is not None and len(await store.list_boards(transaction, film.id)) == 2, "the same again is no other"
        board = decode(Storyboard, row["board"])
        assert board.gone_id == BOARD.cards[1].id and row["is_made"]
        added = boards.edited(board, [CardEdit(board.cards[0].id), CardEdit(words="He sings.")])
        assert added.cards[1].id == BOARD.cards[1].id + 1


@pytest.mark.parametrize("unseen", ["locked", "other forms"])
async def test_what_nobody_sees_in_a_film_leaves_it_as_it_is(studio: Studio, unseen: str) -> None:
    async with studio.transaction() as transaction:
        film = Film(transaction, studio)
        await film.begin()
        await film.make(JobState.COMPLETED, with_film=True)
        if unseen == "locked":
            await film.lay_out(replace(BOARD, cards=tuple(replace(card, is_locked=True) for card in BOARD.cards)))
        else:
            await film.show(replace(BRIEF, outputs=(Output.WEBM,), preset="Orbit"))
        assert await film.state() == "ready"
