"""The room's pages: what is asked for, what is shown while it is made, and afterwards."""

import re
from uuid import UUID

import httpx
import pytest

from overprint.core.story import Brief
from overprint.features.books import Target
from tests.support.studio import Studio

FORM = {"premise": "A fox finds a door", "pages": "6", "chapters": "2", "trim": "a5", "author": "Ann"}


async def _page(client: httpx.AsyncClient, book_id: UUID) -> str:
    answer = await client.get(f"/books/{book_id}")
    assert answer.status_code == 200
    return answer.text


async def test_a_form_becomes_the_book_that_was_asked_for(client: httpx.AsyncClient, studio: Studio) -> None:
    answer = await client.post("/books", data={**FORM, "surprise": "x", "age": ""})
    assert answer.status_code == 303
    book = await studio.book(UUID(answer.headers["location"].removeprefix("/books/")))
    asked = {name: book["brief"][name] for name in (*FORM, "age")}
    assert asked == {**FORM, "pages": 6, "chapters": 2, "age": "6-8"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"premise": ""}, "premise"),
        ({"pages": "many"}, "pages"),
        ({"pages": "9" * 5000}, "pages"),
        ({"pages": "-6"}, "pages"),
        ({"chapters": "²"}, "chapters"),
        ({"trim": "huge"}, "trim"),
    ],
)
async def test_a_form_that_cannot_be_used_comes_back_as_it_was_filled_in(
    client: httpx.AsyncClient, studio: Studio, wrong: dict[str, str], said: str
) -> None:
    answer = await client.post("/books", data={**FORM, **wrong})
    assert answer.status_code == 422
    assert said in answer.text.partition('role="alert"')[2].partition("</p>")[0]
    assert 'value="Ann"' in answer.text
    assert '<option value="a5" selected>' in answer.text or "trim" in wrong
    assert await studio.count("books") == 0


async def test_a_file_in_place_of_a_word_is_no_word(client: httpx.AsyncClient) -> None:
    answer = await client.post("/books", data={"author": "Ann"}, files={"premise": ("a.txt", b"A fox finds a door")})
    assert answer.status_code == 422


async def test_a_waiting_book_says_why_and_offers_to_stop(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id, _ = await studio.start()
    page = await _page(client, book_id)
    assert "No worker is running." in page
    assert f'action="/books/{book_id}/cancel"' in page
    assert (await client.post(f"/books/{book_id}/cancel")).status_code == 303
    page = await _page(client, book_id)
    assert "No worker is running." not in page
    assert f'action="/books/{book_id}/make"' in page


async def test_a_finished_book_is_shown_in_the_order_of_its_pages(client: httpx.AsyncClient, studio: Studio) -> None:
    page = await _page(client, await studio.make())
    drawn = re.findall(r'data-key="(picture/[^"]+)"', page)
    assert drawn == ["picture/cover", *(f"picture/{chapter}/{number}" for chapter in (1, 2) for number in (1, 2, 3))]
    assert page.count("<img") == len(drawn)
    assert page.index("Read the PDF") < page.index("Take the e-book")
    assert "watch.js" not in page


async def test_a_book_of_which_only_words_were_made_offers_to_make_the_rest(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    page = await _page(client, await studio.make(target=Target.CHAPTERS))
    assert "Try again" in page
    assert "Read the PDF" not in page


async def test_a_premise_that_the_writer_refuses_is_asked_for_differently_rather_than_tried_again(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    german = "Ein kleiner Fuchs & eine Eule möchten zum Mond fliegen und suchen dort einen Freund."
    page = await _page(client, book_id := await studio.make(Brief(german, pages=7, chapters=2)))
    assert "cannot be made as it was asked for" in page
    assert "Try again" not in page and "try again" not in page
    again = re.search(r'href="(/\?again=[^"]+)"', page)
    assert again is not None and str(book_id) in again[1]
    form = (await client.get(again[1])).text
    assert german.replace("&", "&amp;") in form and 'name="pages" value="7"' in form
