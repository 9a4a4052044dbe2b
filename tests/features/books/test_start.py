"""Where books begin: what is asked for, and what is known before anybody decides."""

import asyncio
import re
from uuid import UUID

import httpx
import pytest

from overprint.core.codec import encode
from overprint.core.story import Brief, Style
from overprint.features.books import MAKE, MakeBook
from tests.support.studio import Studio

FORM = {"premise": "A fox finds a door", "pages": "6", "chapters": "2", "trim": "a5", "author": "Ann"}


async def test_a_form_becomes_the_book_that_was_asked_for(client: httpx.AsyncClient, studio: Studio) -> None:
    answer = await client.post("/books", data={**FORM, "surprise": "x", "age": "", "dedication": "For Tom"})
    assert answer.status_code == 303
    book = await studio.book(UUID(answer.headers["location"].removeprefix("/books/")))
    asked = {name: book["brief"][name] for name in (*FORM, "age", "dedication")}
    assert asked == {**FORM, "pages": 6, "chapters": 2, "age": "6-8", "dedication": "For Tom"}


async def test_a_form_that_is_sent_twice_begins_one_book_and_another_page_begins_another(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    once, other = [re.findall(r'name="once" value="([^"]+)"', (await client.get("/make")).text)[0] for _ in range(2)]
    answers = await asyncio.gather(*(client.post("/books", data={**FORM, "once": once}) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await studio.count("books") == await studio.count("jobs") == 1
    changed = await client.post("/books", data={**FORM, "once": once, "author": "Bob"})
    asked_anew = await client.post("/books", data={**FORM, "once": other})
    assert len({changed.headers["location"], asked_anew.headers["location"], answers[0].headers["location"]}) == 3


async def test_a_form_whose_book_is_in_the_trash_says_so_and_where_that_is(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    form = {**FORM, "once": "page-1"}
    path = (await client.post("/books", data=form)).headers["location"]
    job_id = UUID((await client.get(f"/api{path}")).json()["job_id"])
    async with studio.transaction() as transaction:
        await studio.jobs.cancel(transaction, studio.owner, job_id)
    assert (await client.delete(f"/api{path}")).is_success
    sent_again, gone = await client.post("/books", data=form), await client.get(f"/api{path}")
    assert (sent_again.status_code, gone.status_code, gone.json()["code"]) == (404, 404, "in_trash")
    assert "This book is in the trash." in sent_again.text and 'href="/library/trash"' in sent_again.text
    assert await studio.count("books") == 1


HOSTILE = [
    ({"premise": ""}, "premise"),
    ({"pages": "many"}, "pages"),
    ({"pages": "9" * 5000}, "pages"),
    ({"pages": "-6"}, "pages"),
    ({"chapters": "²"}, "chapters"),
    ({"trim": "huge"}, "trim"),
]


@pytest.mark.parametrize(("wrong", "said"), HOSTILE)
async def test_a_form_that_cannot_be_used_comes_back_as_it_was_filled_in(
    client: httpx.AsyncClient, studio: Studio, wrong: dict[str, str], said: str
) -> None:
    answer = await client.post("/books", data={**FORM, **wrong})
    assert answer.status_code == 422
    assert said in answer.text.partition('role="alert"')[2].partition("</p>")[0]
    assert 'value="Ann"' in answer.text
    assert 'value="a5" checked' in answer.text or "trim" in wrong
    assert await studio.count("books") == 0


async def test_a_file_in_place_of_a_word_is_not_taken(client: httpx.AsyncClient) -> None:
    answer = await client.post("/books", data={"author": "Ann"}, files={"premise": ("a.txt", b"A fox finds a door")})
    assert answer.status_code == 400


@pytest.mark.parametrize(("wrong", "said"), HOSTILE[1:])
async def test_a_price_is_not_told_of_what_cannot_be_made(
    client: httpx.AsyncClient, wrong: dict[str, str], said: str
) -> None:
    page = await client.post("/make/price", data={**FORM, **wrong})
    deal = page.text.partition('data-live="deal"')[2].partition('class="acts"')[0]
    assert page.status_code == 422 and said in deal and "pages with" not in deal


async def test_the_price_follows_what_is_chosen_before_a_premise_is_written(client: httpx.AsyncClient) -> None:
    page = (await client.post("/make/price", data={**FORM, "premise": "", "pages": "23"})).text
    assert re.search(r'class="big">23</span> pages', page) and "Nobody pays on their own machine." in page
    assert 'role="alert"' not in page


@pytest.mark.parametrize("asked", ["is_aloud", "plain"])
async def test_what_was_quoted_is_what_is_held(client: httpx.AsyncClient, studio: Studio, asked: str) -> None:
    form = {**FORM, asked: "yes"}
    brief = Brief(FORM["premise"], pages=6, chapters=2)
    quoted = studio.jobs.quotes.most(MAKE, encode(MakeBook(brief, is_aloud=asked == "is_aloud")))
    await client.post("/books", data=form)
    async with studio.transaction() as transaction:
        (job,) = await studio.jobs.list_jobs(transaction)
    assert job["quote_credits"] == quoted.credits > 0


async def test_the_settings_of_a_book_are_used_again(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id, _ = await studio.start(Brief("A fox & an owl find a door", pages=7, style=Style.INK, dedication="For Tom"))
    page = (await client.get("/make", params={"again": str(book_id)})).text
    assert "A fox &amp; an owl find a door</textarea>" in page and 'name="pages" value="7"' in page
    assert 'value="ink" checked' in page and 'value="For Tom"' in page


async def test_a_premise_can_be_brought_along(client: httpx.AsyncClient) -> None:
    page = (await client.get("/make", params={"premise": "<b>A fox</b>"})).text
    assert "&lt;b&gt;A fox&lt;/b&gt;</textarea>" in page
    assert (await client.get("/make", params={"premise": "x" * 2001})).status_code == 422
