"""The videos room as a participant of the engine: what steps deliver becomes the film that people see."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from overprint.core.codec import decode, encode
from overprint.core.film import Storyboard
from overprint.core.problems import NotFound
from overprint.db.database import Transaction
from overprint.engine.job import JobState, Origin
from overprint.engine.participants import JobInfo, StepDone
from overprint.features.videos import store
from overprint.features.videos.rules.boards import following
from overprint.features.videos.steps import FILM, PACKAGE, PICTURE, SIGNED_FILM, SPOKEN, STORYBOARD, scene_key

_STATES = {JobState.FAILED: "incomplete", JobState.CANCELLED: "cancelled"}
_ROOM = "videos."
# What people find of a scene: the rest is on its way to the film.
_OF_SCENES = (PICTURE, SPOKEN)


class VideosProjection:
    """Keeps ``videos`` and its parts in step with the jobs of each film."""

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None:
        if not job.kind.startswith(_ROOM):
            return
        if not await store.VIDEOS.change(transaction, job.lineage, job_id=job.id, state="making"):
            raise NotFound("There is no such film.")

    async def completed(self, transaction: Transaction, steps: Sequence[StepDone]) -> None:
        for step in steps:
            if step.job.kind.startswith(_ROOM):
                await self._keep(transaction, step)

    async def _keep(self, transaction: Transaction, step: StepDone) -> None:
        video_id, output = step.job.lineage, step.output
        if step.key == STORYBOARD:
            await self._keep_board(transaction, step)
        elif step.key == FILM:
            slots = [row["slot"] for row in await store.list_files(transaction, video_id)]
            await store.delete_files(transaction, video_id, [slot for slot in slots if slot.startswith(PACKAGE)])
            for slot, file in _files_of(output):
                await store.keep_file(transaction, video_id, slot, file, "")
            await store.note_film(transaction, video_id)
        elif step.key == SIGNED_FILM:
            if output["file"] is not None:  # what people are given says how it was made
                await store.keep_file(transaction, video_id, FILM, output["file"], "")
        elif step.key.startswith(PACKAGE):
            for name, file in output["files"].items():
                await store.keep_file(transaction, video_id, f"{step.key}/{name}", file, "")
        elif step.key.startswith(_OF_SCENES):
            await store.keep_file(transaction, video_id, step.key, output["file"], output.get("alt", ""))

    async def _keep_board(self, transaction: Transaction, step: StepDone) -> None:
        video_id, board = step.job.lineage, decode(Storyboard, step.output)
        newest = await store.find_board(transaction, video_id)
        before = decode(Storyboard, newest["board"]) if newest else None
        if before is not None:  # one that is laid out anew counts from 1: what ids were given it cannot know
            board = following(before, board)
        if newest is not None and board == before:
            await store.mark_made(transaction, video_id, newest["version"])
        else:
            made_by = step.job.created_by if step.origin is Origin.PERSON else None
            await store.keep_board(transaction, video_id, encode(board), is_made=True, made_by=made_by)
        await store.VIDEOS.change(transaction, video_id, title=board.title)
        kept = {scene_key(part, card.id) for part in _OF_SCENES for card in board.cards}
        slots = [row["slot"] for row in await store.list_files(transaction, video_id)]
        gone = [slot for slot in slots if slot.startswith(_OF_SCENES) and slot not in kept]
        await store.delete_files(transaction, video_id, gone)

    async def ended(self, transaction: Transaction, job: JobInfo, state: JobState) -> None:
        if not job.kind.startswith(_ROOM):
            return
        await store.settle(transaction, job.lineage, without=_STATES.get(state, "planned"))


def _files_of(output: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The files of a joined film by their slots: the film itself, and the others by what they are."""
    for name, value in output.items():
        if isinstance(value, Mapping) and "content_hash" in value:
            yield (FILM if name == "file" else name), value
