"""Books read aloud: what is spoken, what is spoken anew, and what becomes of a book that cannot be."""

import io
from dataclasses import replace
from uuid import UUID

import av
import httpx
import pytest

from overprint.core.book import BookDoc, Page, PageKind
from overprint.core.codec import decode, encode
from overprint.core.narration import NARRATOR
from overprint.core.story import Age, Trim
from overprint.engine.job import JobState
from overprint.engine.spec import StepSpec
from overprint.features.books import AUDIOBOOK, READ_ALOUD, READ_ALOUD_FIXED, Target
from overprint.features.books.stages.sound import narrations
from overprint.features.books.steps import NARRATED, ComposeOut, MakeBook, NarrateIn, narrate_key
from overprint.ports.errors import Refused
from tests.features.books.stories import BRIEF, everything_made
from tests.support.studio import BRIEF as ASKED
from tests.support.studio import Studio

SOUNDS = {READ_ALOUD, READ_ALOUD_FIXED, AUDIOBOOK}
PAGES = (
    Page(PageKind.COVER, heading="The Door"),
    Page(PageKind.TITLE, heading="The Door"),
    Page(PageKind.DEDICATION, ("To Bo",)),
    Page(PageKind.STORY, ("It rained.", "“A door!” said Fox."), heading="Out", chapter=1),
    Page(PageKind.STORY, ("* * *",), chapter=1),
    Page(PageKind.STORY, ("Owl blinked.",), chapter=1),
    Page(PageKind.COLOPHON, ("Made with Overprint.",)),
)
DOC = BookDoc("urn:uuid:1", "The Door", "Ann", "en", Trim.SQUARE, "", PAGES)
ALOUD = MakeBook(BRIEF, is_aloud=True)
SHORT = replace(ASKED, age=Age.EARLY)


def steps_for(doc: BookDoc, request: MakeBook = ALOUD) -> dict[str, StepSpec]:
    return {spec.key: spec for spec in narrations(request, everything_made(), ComposeOut(doc, {}))}


def spoken(steps: dict[str, StepSpec]) -> dict[str, object]:
    return {key: spec.input for key, spec in steps.items() if key.startswith(NARRATED)}


async def steps_of(studio: Studio, job_id: UUID, state: str = "completed") -> set[str]:
    async with studio.transaction() as transaction:
        return {step["key"] for step in await studio.jobs.list_steps(transaction, job_id) if step["state"] == state}


async def make_again(studio: Studio, book_id: UUID, target: Target = Target.BOOK) -> UUID:
    async with studio.transaction() as transaction:
        job = await studio.books.make(transaction, studio.owner, book_id, target)
    await studio.finish(job["id"])
    job_id: UUID = job["id"]
    return job_id


async def slots_of(studio: Studio, book_id: UUID) -> dict[str, dict[str, object]]:
    return {file["slot"]: file for file in (await studio.book(book_id))["files"]}


def test_only_pages_with_words_of_the_story_are_read() -> None:
    assert set(spoken(steps_for(DOC))) == {narrate_key(2), narrate_key(4), narrate_key(6)}


def test_nothing_is_read_unless_it_was_asked_for() -> None:
    assert steps_for(DOC, MakeBook(BRIEF)) == {}
    for target in set(Target) - {Target.BOOK, Target.AUDIO}:
        assert steps_for(DOC, replace(ALOUD, target=target)) == {}


def test_a_page_depends_on_its_own_words_and_on_who_speaks_on_it() -> None:
    steps = steps_for(DOC)
    voices = {key: steps[key].input["voices"] for key in spoken(steps)}
    assert set(voices[narrate_key(4)]) == {NARRATOR, "fox"}
    assert set(voices[narrate_key(6)]) == {NARRATOR}
    other = replace(DOC, pages=(*PAGES[:5], replace(PAGES[5], paragraphs=("Owl slept.",)), PAGES[6]))
    before, after = spoken(steps), spoken(steps_for(other))
    assert [key for key in before if before[key] != after[key]] == [narrate_key(6)]


@pytest.mark.parametrize(
    ("words", "language"), [("השועל רץ אל הירח", "he"), ("狐狸跑向月亮。", "zh"), ("It ran.", "en")]
)
def test_a_book_in_another_script_gets_voices_for_the_language_of_its_letters(words: str, language: str) -> None:
    written = replace(DOC, pages=(Page(PageKind.STORY, (words * 20,), chapter=1), PAGES[6]))
    assert steps_for(written)["voices"].input["language"] == language


def test_a_page_that_moved_is_the_same_page() -> None:
    moved = replace(DOC, pages=(PAGES[0], Page(PageKind.HALF_TITLE), *PAGES[1:]))
    assert spoken(steps_for(moved))[narrate_key(7)] == spoken(steps_for(DOC))[narrate_key(6)]


def test_a_page_with_too_much_on_it_is_left_to_its_step_which_says_so() -> None:
    endless = replace(PAGES[5], paragraphs=("Owl slept. " * 2_001,))
    steps = steps_for(replace(DOC, pages=(*PAGES[:5], endless)))
    need = steps[narrate_key(6)].input
    assert need["lines"] is None
    assert decode(NarrateIn, {**need, "language": "en", "voices": {}}).lines is None


async def test_a_book_read_aloud_has_a_speaking_ebook_and_an_audiobook(studio: Studio) -> None:
    book_id = await studio.make(SHORT, target=Target.AUDIO)
    files = await slots_of(studio, book_id)
    assert set(files) > SOUNDS
    with av.open(io.BytesIO(await studio.storage.get(str(files[AUDIOBOOK]["key"])))) as opened:
        titles = [chapter["metadata"]["title"] for chapter in opened.chapters()]
        assert opened.duration / 1e6 == pytest.approx(files[AUDIOBOOK]["duration_seconds"], abs=0.05)
    assert titles[1:] == [chapter["title"] for chapter in (await studio.book(book_id))["chapters"]]
    assert len({request.voice for request in studio.speech.requests}) > 1
    assert await _lengths_of_sounds(studio) == 8  # the title page, six story pages, the audiobook


async def _lengths_of_sounds(studio: Studio) -> int:
    """How many sounds the library has; each of them has a length."""
    async with studio.transaction() as transaction:
        assets = await studio.library.list_assets(transaction, limit=200)
    seconds = [asset["duration_seconds"] for asset in assets if asset["kind"] == "audio"]
    assert all(length > 0 for length in seconds)
    return len(seconds)


async def test_a_changed_page_is_spoken_anew_and_no_other_and_a_new_look_speaks_nothing(studio: Studio) -> None:
    book_id = await studio.make(SHORT, target=Target.AUDIO)
    book = await studio.book(book_id)
    pages = [page["paragraphs"] for page in book["chapters"][0]["pages"]]
    pages[1] = ["Somebody rang a bell.", "Nobody came."]
    studio.speech.requests.clear()
    async with studio.transaction() as transaction:
        await studio.books.edit_chapter(transaction, studio.owner, book_id, 1, pages)
    ran = await steps_of(studio, await make_again(studio, book_id, Target.AUDIO))
    assert [request.text for request in studio.speech.requests] == ["Somebody rang a bell.", "Nobody came."]
    assert [key for key in ran if key.startswith(NARRATED)] == [narrate_key(4)]
    assert ran >= SOUNDS
    who = book["characters"][0]["id"]
    async with studio.transaction() as transaction:
        await studio.books.edit_character(transaction, studio.owner, book_id, who, {"body": "#3344aa"})
    ran = await steps_of(studio, await make_again(studio, book_id, Target.AUDIO))
    assert READ_ALOUD in ran
    assert not [key for key in ran if key.startswith(NARRATED)]


async def test_a_finished_book_can_be_read_aloud_later_and_stays_so(studio: Studio) -> None:
    book_id = await studio.make(SHORT)
    before = await slots_of(studio, book_id)
    assert studio.speech.requests == []
    ran = await steps_of(studio, await make_again(studio, book_id, Target.AUDIO))
    assert {key.partition("/")[0] for key in ran} <= {"voices", "narrate", "signed", *SOUNDS}
    after = await slots_of(studio, book_id)
    assert set(after) == set(before) | SOUNDS
    assert after["pdf"]["content_hash"] == before["pdf"]["content_hash"]
    assert await steps_of(studio, await make_again(studio, book_id), "reused") >= SOUNDS


async def test_a_page_that_cannot_be_spoken_is_silent_and_stops_nothing(studio: Studio) -> None:
    studio.speech.fail_next(Refused("Not this one.", provider="fake"))
    book_id, job_id = await studio.start(SHORT, target=Target.AUDIO)
    assert await studio.finish(job_id) is JobState.FAILED
    files = await slots_of(studio, book_id)
    assert set(files) >= SOUNDS
    silent = await steps_of(studio, job_id, "failed")
    assert len(silent) == 1
    again = await make_again(studio, book_id, Target.AUDIO)
    assert {key for key in await steps_of(studio, again) if key.startswith(NARRATED)} == silent
    longer = (await slots_of(studio, book_id))[AUDIOBOOK]["duration_seconds"]
    assert float(str(longer)) > float(str(files[AUDIOBOOK]["duration_seconds"]))


async def test_a_language_that_no_voice_speaks_is_told_once_and_the_book_is_made(studio: Studio) -> None:
    studio.speech.languages = ("de",)
    book_id, job_id = await studio.start(SHORT, is_aloud=True)
    assert await studio.finish(job_id) is JobState.FAILED
    assert await steps_of(studio, job_id, "failed") == {"voices"}
    assert {"pdf", "epub"} <= set(await slots_of(studio, book_id))
    async with studio.transaction() as transaction:
        steps = {step["key"]: step for step in await studio.jobs.list_steps(transaction, job_id)}
    assert "No voice here can read the language of this book ('en')" in steps["voices"]["error"]


async def test_the_page_of_a_book_offers_to_read_it_aloud(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make(SHORT)
    assert "Have it read aloud" in (await client.get(f"/books/{book_id}")).text
    answer = await client.post(f"/books/{book_id}/audio")
    assert answer.status_code == 303
    assert "Have it read aloud" not in (await client.get(f"/books/{book_id}")).text


async def test_the_form_asks_for_it_with_a_tick(client: httpx.AsyncClient, studio: Studio) -> None:
    assert 'name="is_aloud"' in (await client.get("/make")).text
    answer = await client.post("/books", data={"premise": "A fox finds a door", "is_aloud": "yes"})
    book_id = UUID(answer.headers["location"].removeprefix("/books/"))
    async with studio.transaction() as transaction:
        job = await studio.jobs.find_newest(transaction, book_id)
    assert job is not None
    assert job["request"]["is_aloud"]


async def test_the_api_has_a_book_read_aloud_at_once_or_later(client: httpx.AsyncClient, studio: Studio) -> None:
    wanted = {"premise": "A fox finds a door", "is_aloud": True}
    started = (await client.post("/api/books", json=wanted)).json()
    book_id = await studio.make(target=Target.CHAPTERS)
    later = await client.post(f"/api/books/{book_id}/audio")
    assert later.status_code == 202
    async with studio.transaction() as transaction:
        jobs = [await studio.jobs.get(transaction, UUID(each["job_id"])) for each in (started, later.json())]
    assert [(job["request"]["target"], job["request"]["is_aloud"]) for job in jobs] == [("book", True), ("audio", True)]
    assert "is_aloud" not in encode(jobs[0]["request"]["brief"])
