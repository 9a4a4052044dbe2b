"""Reading a book: its page is whole without JavaScript, and everybody has a place of their own in it."""

import re
from dataclasses import replace

import httpx
import pytest
from markupsafe import escape

from overprint.core.ids import new_id
from overprint.core.problems import Denied, NotFound
from overprint.features.reading import Reading
from tests.support.studio import Studio


async def test_the_page_shows_the_whole_book_with_its_pictures_in_order(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    waiting, _ = await studio.start()
    assert f'href="/books/{waiting}/read"' not in (await client.get(f"/books/{waiting}")).text
    book_id = await studio.make()
    assert f'href="/books/{book_id}/read"' in (await client.get(f"/books/{book_id}")).text
    answer = await client.get(f"/books/{book_id}/read")
    assert answer.status_code == 200
    keys = re.findall(r'data-key="([^"]+)"', answer.text)
    assert keys == ["cover", "title", *(f"{chapter}/{page}" for chapter in (1, 2) for page in (1, 2, 3)), "end"]
    book = await studio.book(book_id)
    words = [line for chapter in book["chapters"] for page in chapter["pages"] for line in page["paragraphs"]]
    assert re.findall(r"<p>(.*?)</p>", answer.text) == [escape(line) for line in words]
    alts = [file["alt"] for file in book["files"] if file["slot"].startswith("picture/")]
    assert answer.text.count("<img") == len(alts) == 7
    assert all(f'alt="{escape(alt)}"' in answer.text for alt in alts)
    await client.put(f"/api/reading/{book_id}", json={"place": "2/1", "marks": ["2/2", "1/1"]})
    page = (await client.get(f"/books/{book_id}/read")).text
    assert 'data-place="2/1"' in page
    assert re.findall(r'value="([^"]+)" aria-pressed="true"', page) == ["1/1", "2/2"]


async def test_who_comes_back_is_where_they_stopped(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id, _ = await studio.start()
    at = f"/api/reading/{book_id}"
    assert (await client.get(at)).json() == {"place": "cover", "marks": []}
    assert (await client.put(at, json={"place": "2/1"})).json() == {"place": "2/1", "marks": []}
    assert (await client.put(at, json={"marks": ["2/2", "1/1"]})).json() == {"place": "2/1", "marks": ["1/1", "2/2"]}
    again = (await client.get(at)).json()
    assert again == {"place": "2/1", "marks": ["1/1", "2/2"]}


async def test_a_mark_is_made_and_taken_away_without_javascript(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id, _ = await studio.start()
    for marks in (["1/2"], []):
        answer = await client.post(f"/books/{book_id}/read", data={"mark": "1/2"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/books/{book_id}/read#leaf-1-2")
        assert (await client.get(f"/api/reading/{book_id}")).json()["marks"] == marks


@pytest.mark.parametrize("body", [{"place": "9 3/4"}, {"marks": ["<script>"]}, {"marks": ["1/1"] * 300}, {"place": 3}])
async def test_what_is_no_place_changes_nothing(
    client: httpx.AsyncClient, studio: Studio, body: dict[str, object]
) -> None:
    book_id, _ = await studio.start()
    assert (await client.put(f"/api/reading/{book_id}", json=body)).status_code == 422
    assert (await client.get(f"/api/reading/{book_id}")).json() == {"place": "cover", "marks": []}


async def test_a_place_that_is_gone_is_the_cover(studio: Studio, reading: Reading) -> None:
    book_id, _ = await studio.start()
    async with studio.transaction() as transaction:
        await reading.keep_place(transaction, studio.owner, book_id, place="7/9", marks=["cover", "7/9"])
        opened = await reading.open(transaction, studio.owner, book_id)
    assert (opened.place, opened.marks) == ("cover", ["cover"])


async def test_readers_of_a_team_have_places_of_their_own(studio: Studio, reading: Reading) -> None:
    book_id, _ = await studio.start()
    reader = studio.viewer
    await studio.engine.database.system.execute("INSERT INTO people (id, name) VALUES ($1, 'Vi')", reader.person_id)
    async with studio.transaction() as transaction:
        await reading.keep_place(transaction, studio.owner, book_id, place="1/2")
        await reading.keep_place(transaction, reader, book_id, place="2/3")
        assert (await reading.place(transaction, studio.owner, book_id))["place"] == "1/2"
        assert (await reading.place(transaction, reader, book_id))["place"] == "2/3"


async def test_a_key_that_may_not_see_work_reads_nothing(studio: Studio, reading: Reading) -> None:
    book_id, _ = await studio.start()
    async with studio.transaction() as transaction:
        with pytest.raises(Denied):
            await reading.open(transaction, replace(studio.owner, scopes=frozenset({"keys:write"})), book_id)


async def test_there_is_no_place_in_a_book_that_is_not_there(studio: Studio, reading: Reading) -> None:
    async with studio.transaction() as transaction:
        with pytest.raises(NotFound):
            await reading.keep_place(transaction, studio.owner, new_id(), place="1/1")


async def test_a_deleted_book_takes_its_places_along(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id, _ = await studio.start()
    await client.put(f"/api/reading/{book_id}", json={"place": "1/1"})
    assert await studio.count("reading_places") == 1
    assert (await client.post(f"/books/{book_id}/cancel")).status_code == 303
    assert (await client.delete(f"/api/books/{book_id}", params={"for_good": True})).status_code == 204
    assert await studio.count("reading_places") == 0
