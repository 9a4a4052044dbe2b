"""The books room as a participant of the engine: what steps deliver becomes the book that people see."""

from collections.abc import Sequence

from overprint.core.codec import decode, encode
from overprint.core.files import SIGNED
from overprint.core.problems import NotFound
from overprint.core.story import Outline
from overprint.db.database import Transaction
from overprint.engine.job import JobState, Origin
from overprint.engine.participants import JobInfo, StepDone
from overprint.features.books import rules, store
from overprint.features.books.steps import COMPOSE, EPUB, NARRATED, PDF, PLAN, PRINT, PRINTED, ComposeOut, MakeBook
from overprint.steps.sign_files import SignOut

_STATES = {JobState.COMPLETED: "ready", JobState.FAILED: "incomplete", JobState.CANCELLED: "cancelled"}
_ROOM = "books."


class BooksProjection:
    """Keeps ``books`` and its parts in step with the jobs of each book."""

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None:
        if not job.kind.startswith(_ROOM):
            return
        if not await store.change_book(transaction, job.lineage, job_id=job.id, state="making"):
            raise NotFound("There is no such book.")

    async def completed(self, transaction: Transaction, steps: Sequence[StepDone]) -> None:
        for step in steps:
            await self._keep(transaction, step)

    async def _keep(self, transaction: Transaction, step: StepDone) -> None:
        if not step.job.kind.startswith(_ROOM):
            return
        book_id, team_id = step.job.lineage, step.job.team_id
        if step.key == PLAN:
            await self._keep_plan(transaction, step)
        elif step.key == COMPOSE:
            composed = decode(ComposeOut, step.output)
            await store.change_book(transaction, book_id, notes=list(composed.notes))
            await store.keep_alternative_texts(transaction, book_id, rules.alternative_texts(composed.doc))
        elif step.key.startswith("text/"):
            number = int(step.key.partition("/")[2])
            is_edited = step.origin is Origin.PERSON
            await store.keep_chapter(
                transaction, book_id, number, step.output["pages"], state="written", is_edited=is_edited
            )
        elif step.key.startswith("cast/"):
            await store.keep_sheet(transaction, book_id, step.key.partition("/")[2], step.output)
        elif step.key.startswith(("portrait/", NARRATED)):
            return  # an asset of the work, not a part of the book
        elif step.key == PRINT:
            for part in PRINTED:
                slot, file = f"{PRINT}/{part}", step.output[part]
                if file is None:
                    await store.delete_file(transaction, book_id, slot)
                else:
                    await store.keep_file(transaction, book_id, team_id, slot, file, "")
        elif step.key.startswith(SIGNED):
            signed = decode(SignOut, step.output)
            if signed.file is not None:
                slot = step.key.removeprefix(SIGNED)
                await store.keep_signed(transaction, book_id, slot, signed.of, encode(signed.file))
        elif "file" in step.output and step.output["file"] is None:
            await store.delete_file(transaction, book_id, step.key)
        elif "file" in step.output:
            alt = step.output.get("alt", "")
            await store.keep_file(transaction, book_id, team_id, step.key, step.output["file"], alt)

    async def _keep_plan(self, transaction: Transaction, step: StepDone) -> None:
        outline, sheets = step.output["outline"], step.output["sheets"]
        cast = [
            {
                "id": character["id"],
                "position": n,
                "name": character["name"],
                "description": character,
                "sheet": sheets[character["id"]],
            }
            for n, character in enumerate(outline["characters"])
        ]
        brief = decode(MakeBook, step.job.request).brief
        titles = rules.chapter_titles(decode(Outline, outline), brief.chapter_titles)
        await store.change_book(transaction, step.job.lineage, title=outline["title"])
        await store.keep_plan(transaction, step.job.lineage, step.job.team_id, titles, cast)

    async def ended(self, transaction: Transaction, job: JobInfo, state: JobState) -> None:
        if not job.kind.startswith(_ROOM):
            return
        slots = {row["slot"] for row in await store.list_files(transaction, job.lineage)}
        is_whole = state is not JobState.COMPLETED or {PDF, EPUB} <= slots
        await store.change_book(transaction, job.lineage, state=_STATES[state] if is_whole else "incomplete")
