"""The page of a book: while it waits, while it is made, paused, stopped or failed, and when it is finished."""

import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.core.story import Brief
from overprint.engine import claims
from overprint.features.books import Target
from overprint.features.books.web import router
from overprint.features.books.web.press import MadePage, bill_of, pages_of
from overprint.http.frame import Frame
from overprint.http.framing import FRAMED
from overprint.http.scope import always
from tests.support.studio import Studio

PAGES = ["cover", *(f"{chapter}-{page}" for chapter in (1, 2) for page in (1, 2, 3))]


async def _page(client: httpx.AsyncClient, book_id: UUID, path: str = "") -> str:
    answer = await client.get(f"/books/{book_id}{path}")
    assert answer.status_code == 200
    return answer.text


async def test_a_waiting_book_says_why_and_offers_to_pause_and_to_stop(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    book_id, _ = await studio.start()
    page = await _page(client, book_id)
    assert "No worker is running." in page and "data-waits" in page
    assert "You may close this page; the work goes on." in page
    assert f'action="/books/{book_id}/pause"' in page
    assert (await client.post(f"/books/{book_id}/cancel")).status_code == 303
    page = await _page(client, book_id)
    assert "No worker is running." not in page and "It was stopped." in page
    once = re.findall(f'action="/books/{book_id}/make".*?name="once" value="([^"]+)"', page)
    for _ in range(2):
        assert (await client.post(f"/books/{book_id}/make", data={"once": once[0]})).status_code == 303
    assert await studio.count("jobs") == 2, "pressed twice, it was made again once"


async def test_a_paused_book_says_so_and_goes_on_when_it_is_told_to(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id, job_id = await studio.start()
    for _ in range(2):
        assert (await client.post(f"/books/{book_id}/pause")).status_code == 303
    refused = await client.delete(f"/api/books/{book_id}")
    assert (refused.status_code, "is paused" in refused.text) == (409, True)
    page = await _page(client, book_id)
    assert "Paused. Nothing more is made until you go on." in page
    assert f'action="/books/{book_id}/pause"' not in page
    assert f'action="/books/{book_id}/resume"' in page and f'action="/books/{book_id}/cancel"' in page
    assert (await client.post(f"/books/{book_id}/resume")).status_code == 303
    await studio.finish(job_id)
    assert "Read it" in await _page(client, book_id)


async def test_nobody_can_steer_a_book_that_is_not_there(client: httpx.AsyncClient) -> None:
    for act in ("pause", "resume", "cancel", "make", "audio", "print"):
        assert (await client.post(f"/books/{new_id()}/{act}")).status_code == 404
    assert (await client.get(f"/books/{new_id()}/work")).status_code == 404


async def test_no_page_has_its_place_before_the_story_is_planned(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id, _ = await studio.start()
    page = await _page(client, book_id)
    assert 'class="plate"' not in page
    assert "as soon as the story is thought up" in page
    assert re.search(r'class="big">0</b> of 6 pages written and drawn', page)


async def test_each_planned_page_has_its_place_and_says_how_far_it_is(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    book_id, job_id = await studio.start()
    await studio.finish(job_id)
    await studio.engine.database.system.execute("UPDATE jobs SET state = 'running', ended_at = NULL")
    await studio.engine.database.system.execute(
        "UPDATE steps SET state = 'running', ended_at = NULL WHERE key IN ('picture/2/3', 'compose')"
    )
    await studio.engine.database.system.execute("UPDATE steps SET state = 'pending' WHERE key = 'pdf'")
    page = await _page(client, book_id)
    assert re.findall(r'id="plate-([^"]+)"', page) == PAGES
    assert 'aria-label="Page 6: being laid out"' in page and 'aria-label="Cover: being laid out"' in page
    assert page.count("<img") == 6 and page.count("blank drawing") == 1
    assert re.search(r'class="big">5</b> of 6 pages written and drawn', page)


async def test_words_are_shown_as_far_as_they_were_told_and_not_further_than_the_page_knows(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    book_id, job_id = await studio.start()
    await studio.finish(job_id)
    pool = studio.engine.database.system
    await pool.execute("UPDATE jobs SET state = 'running', ended_at = NULL")
    await pool.execute("UPDATE steps SET state = 'ready', ended_at = NULL WHERE key = 'text/1'")
    claim = await claims.claim(pool, job_id, "text/1", worker="test", team_limit=10)
    assert isinstance(claim, claims.Claim)
    await claims.speak(pool, claim, "step.text", {"text": "Once there was <b>.\n\nAnd"})
    await claims.speak(pool, claim, "step.text", {"text": " then."})
    page = await _page(client, book_id, "/work")
    chapter = page.partition('id="chapter-1"')[2].partition("</article>")[0]
    assert re.findall(r"<p[^>]*>(.*?)</p>", chapter) == ["Once there was &lt;b&gt;.", "And then."]
    seen = re.findall(r'data-se(?:en|q)="(\d+)"', page)
    assert len(set(seen)) == 1 and int(seen[0]) == await pool.fetchval("SELECT last_seq FROM jobs")
    await claims.speak(pool, claim, "step.text", {"text": " More."})
    assert "And then. More." in await _page(client, book_id)


async def test_a_finished_book_shows_its_cover_first_its_pages_in_order_and_what_can_be_taken_home(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    page = await _page(client, book_id := await studio.make())
    assert re.findall(r'id="plate-([^"]+)"', page) == PAGES
    assert page.count("<img") == len(PAGES) + 1
    assert page.index('class="front"') < page.index("<h1") < page.index("Read it") < page.index("The book as PDF")
    assert page.index("The book as PDF") < page.index("The e-book<") < page.index("Everything in one file")
    assert re.search(r"The book as PDF.*? (kB|MB)</small>", page)
    assert f'href="/books/{book_id}/edit"' in page and f'href="/make?again={book_id}"' in page
    assert "data-job" not in page and "<progress" not in page


async def test_the_page_without_its_frame_is_what_stands_in_the_frame(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    book_id, _ = await studio.start()
    alone = (await _page(client, book_id, "/work")).strip()
    assert alone.startswith('<div class="work" id="work"') and "<html" not in alone
    assert alone.partition("\n")[0] in await _page(client, book_id)


async def test_a_book_of_which_only_words_were_made_offers_to_make_the_rest(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    page = await _page(client, await studio.make(target=Target.CHAPTERS))
    assert "Try again" in page
    assert "The book as PDF" not in page


async def test_who_may_only_look_is_offered_nothing_that_changes_the_book(studio: Studio) -> None:
    app = FastAPI()
    app.state.identify, app.state.database = always(studio.viewer), studio.engine.database
    app.include_router(router(studio.books))
    waiting, job_id = await studio.start()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as viewer:
        assert 'action="/books' not in await _page(viewer, waiting)
        await studio.finish(job_id)
        page = await _page(viewer, waiting)
    assert "Read it" in page and "The book as PDF" in page
    assert 'action="/books' not in page and "/edit" not in page


@pytest.fixture
async def payer(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody whose credits are counted."""

    async def framing(_: Principal) -> Frame:
        return Frame(is_here=True, credits=7)

    app = FastAPI()
    app.state.identify, app.state.database = always(studio.owner), studio.engine.database
    app.state.framing = framing
    app.include_router(router(studio.books), dependencies=[FRAMED])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as opened:
        yield opened


async def test_what_failed_is_named_and_that_it_was_not_charged(
    client: httpx.AsyncClient, payer: httpx.AsyncClient, studio: Studio
) -> None:
    book_id = await studio.make()
    async with studio.transaction() as transaction:
        await transaction.driver.execute(
            "UPDATE steps SET state = 'failed', error = 'The line broke.', price_credits = 2 WHERE key = 'picture/1/2'"
        )
        await transaction.driver.execute("UPDATE jobs SET state = 'failed'")
        await transaction.driver.execute("UPDATE books SET state = 'incomplete'")
    page = await _page(client, book_id)
    assert "Not everything could be made." in page and "The line broke." in page and "charged" not in page
    assert 'aria-label="Page 2: its picture could not be drawn"' in page
    assert "Try again" in page
    assert "2 credits for it were not charged." in await _page(payer, book_id)


async def test_what_is_held_and_what_it_cost_is_said_to_who_pays(payer: httpx.AsyncClient, studio: Studio) -> None:
    book_id, job_id = await studio.start()
    held = await studio.engine.database.system.fetchval("SELECT (terms ->> 'quote_credits')::int FROM jobs")
    assert f"At most {held} credits are held for it" in await _page(payer, book_id)
    await studio.finish(job_id)
    cost = await studio.engine.database.system.fetchval("SELECT sum(price_credits) FROM steps WHERE origin = 'run'")
    assert f"It cost {cost} credits." in await _page(payer, book_id)
    assert f"It cost {cost} of the {held} credits that were held; {held - cost} were given back." in await _page(
        payer, book_id
    )


async def test_a_premise_that_the_writer_refuses_is_asked_for_differently_rather_than_tried_again(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    german = "Ein kleiner Fuchs & eine Eule möchten zum Mond fliegen und suchen dort einen Freund."
    page = await _page(client, book_id := await studio.make(Brief(german, pages=7, chapters=2)))
    assert "cannot be made as it was asked for" in page
    assert "Try again" not in page and "try again" not in page
    again = re.search(r'href="(/make\?again=[^"]+)"', page)
    assert again is not None and str(book_id) in again[1]
    form = (await client.get(again[1])).text
    assert german.replace("&", "&amp;") in form


def _step(key: str, state: str, **values: object) -> dict[str, object]:
    return {"key": key, "state": state, "origin": "run", "price_credits": 3, "cost_microdollars": 10, **values}


def test_only_what_was_delivered_here_is_charged() -> None:
    steps = [
        _step("plan", "completed"),
        _step("text/1", "reused", origin="reused"),
        _step("picture/1/1", "failed"),
        _step("picture/1/2", "pending", cost_microdollars=0),
    ]
    bill = bill_of({"quote_credits": 12}, steps)
    assert (bill.held, bill.charged, bill.spared, bill.paid_microdollars) == (12, 3, 3, 30)


@pytest.mark.parametrize(
    ("states", "inks", "says"),
    [
        ({}, ("", "", "", ""), "waiting"),
        ({"text/1": "cancelled", "scenes/1": "cancelled"}, ("", "", "", ""), "waiting"),
        ({"text/1": "running"}, ("now", "", "", ""), "being written"),
        ({"text/1": "failed", "scenes/1": "skipped"}, ("bad", "bad", "", ""), "its words could not be written"),
        ({"text/1": "completed", "picture/1/1": "running"}, ("on", "now", "", ""), "being drawn"),
        ({"text/1": "reused", "scenes/1": "failed"}, ("on", "bad", "", ""), "its picture could not be drawn"),
        (
            {"text/1": "completed", "picture/1/1": "reused", "compose": "running"},
            ("on", "on", "now", ""),
            "being laid out",
        ),
        (
            {"text/1": "completed", "picture/1/1": "completed", "compose": "completed", "pdf": "completed"},
            ("on",) * 4,
            "ready",
        ),
    ],
)
def test_the_inks_of_a_page_follow_its_steps(states: dict[str, str], inks: tuple[str, ...], says: str) -> None:
    steps = [{"key": "plan", "state": "completed"}, *({"key": key, "state": state} for key, state in states.items())]
    page: MadePage = pages_of(steps, [1], {})[1]
    assert (page.inks, page.says) == (inks, says)
