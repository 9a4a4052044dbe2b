"""The first page of a book, for nothing, before anybody decides: made by the same steps, some times a day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from overprint.core.codec import decode, digest, encode
from overprint.core.files import StoredFile
from overprint.core.principal import Principal
from overprint.core.problems import NotFound, TooOften
from overprint.core.story import Brief, ChapterText, Plan
from overprint.core.words import clean_text
from overprint.db.database import Transaction
from overprint.engine.job import JobState
from overprint.engine.schedule import ScheduleContext
from overprint.features.books.pipeline import SAMPLE
from overprint.features.books.service.books import Books, cleaned
from overprint.features.books.stages.sampling import PAGE
from overprint.features.books.steps import PLAN, IllustrateOut, SamplePage, signed_key, text_key
from overprint.features.jobs import is_going
from overprint.features.teams import Action, permit
from overprint.steps.sign_files import SignOut

SAMPLES_A_DAY, SAMPLES_OF_GUESTS = 5, 2
# Anybody is a new guest at any time, and drawing costs the house all the same.
SAMPLES_IN_HOUSE = 400
SAMPLES_KEPT = timedelta(days=2)
# Whoever looks at a first page is shown a whole chapter's words on the way; a book in one long chapter is no sample.
CHAPTER_PAGES_MAX = 12
_FORGOTTEN_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """A first page, as far as it is made. ``url`` is empty until it is drawn; ``error`` says why it will not be."""

    job_id: UUID
    is_going: bool
    title: str = ""
    chapter: str = ""
    paragraphs: tuple[str, ...] = ()
    url: str = ""
    alt: str = ""
    width_px: int = 0
    height_px: int = 0
    why_it_waits: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Samples:
    """First pages of books that nobody asked for yet. They are neither charged nor counted among a day's works."""

    books: Books

    async def begin(
        self, transaction: Transaction, principal: Principal, brief: Brief, photos: Sequence[UUID] = ()
    ) -> UUID:
        """The job that makes it; the one of before, if the same was asked for today and has not failed.

        Raises ``TooOften`` when the team had as many today (UTC) as it may, or the house about as many as it gives.
        """
        permit(principal, Action.MAKE_WORK)
        jobs = self.books.jobs
        if photos:
            brief = replace(brief, looks=await self.books.photos.get_looks(transaction, tuple(photos)))
        pages = min(brief.pages, CHAPTER_PAGES_MAX * brief.chapters)
        request = encode(SamplePage(replace(cleaned(brief), pages=pages, chapter_titles=())))
        key = f"sample:{jobs.plans.clock.now():%Y-%m-%d}:{digest(request)[:32]}"
        first = await jobs.get_by_key(transaction, key)
        if first is not None and JobState(first["state"]) not in (JobState.FAILED, JobState.CANCELLED):
            return UUID(str(first["id"]))
        if await jobs.count_begun(SAMPLE) >= SAMPLES_IN_HOUSE:
            raise TooOften(
                "So many first pages were drawn for nothing today that no more are.",
                "Come again after midnight UTC, or make the whole book.",
                retry_after_seconds=3600,
            )
        title = clean_text(brief.title) or clean_text(brief.premise)[:80]
        job = await jobs.submit(
            transaction,
            principal,
            SAMPLE,
            request,
            title=title,
            idempotency_key=None if first else key,
        )
        return UUID(str(job["id"]))

    async def forget(self, context: ScheduleContext) -> None:
        """Delete first pages some days after they were made, with their files: no book holds them."""
        jobs = self.books.jobs
        for job in await jobs.list_ended_before(context, SAMPLE, SAMPLES_KEPT, _FORGOTTEN_AT_ONCE):
            async with context.database.transaction(job["team_id"]) as transaction:
                await jobs.hold_work(transaction, job["lineage"])
                await jobs.delete_work(transaction, job["lineage"])
                await self.books.library.delete_lineage(transaction, job["lineage"])

    async def get(self, transaction: Transaction, job_id: UUID) -> Sample:
        """Raises ``NotFound`` for what is no sample of this team."""
        jobs = self.books.jobs
        job = await jobs.get(transaction, job_id)
        if job["kind"] != SAMPLE:
            raise NotFound("There is no such first page.")
        waiting = await jobs.find_outlook(transaction, job)
        made = {row["key"]: row["output"] for row in await jobs.list_outputs(transaction, job["lineage"])}
        sample = Sample(
            job_id, is_going(job), why_it_waits=waiting.words if waiting else "", error=str(job["error"] or "")
        )
        if PLAN in made:
            outline = decode(Plan, made[PLAN]).outline
            sample = replace(sample, title=outline.title, chapter=outline.chapters[0].title)
        if text_key(1) in made:
            words = decode(ChapterText, made[text_key(1)]).pages[0].paragraphs
            sample = replace(sample, paragraphs=tuple(map(clean_text, words)))
        if PAGE in made:
            drawn = decode(IllustrateOut, made[PAGE])
            signed = decode(SignOut, made[signed_key(PAGE)]).file if signed_key(PAGE) in made else None
            sample = self._with_picture(sample, signed or drawn.file, drawn.alt)
        return sample

    def _with_picture(self, sample: Sample, file: StoredFile, alt: str) -> Sample:
        url = self.books.library.links(file.key, None)["url"]
        return replace(sample, url=url, alt=alt, width_px=file.width_px or 0, height_px=file.height_px or 0)
