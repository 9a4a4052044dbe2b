"""In the browser: a finished book is changed, and only what was changed is made again."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from overprint.wiring import House
from tests.support.browser import Visitor, open_browser
from tests.support.command_line import free_port
from tests.support.compute import RememberingCompute
from tests.support.database import TestDatabase
from tests.support.house import house_on
from tests.support.screens import serving, until_ended

PAGES = 6
ORDER = {"premise": "A shy fox and an owl look for the lost moon", "pages": PAGES, "chapters": 1, "picture_dpi": 72}
FIELD = "document.querySelector('form[data-words=\"1-1\"] textarea').value"
WRITE = """((words) => {
  const line = document.querySelector('.set[data-place="1-1"] > p:not(.head)[contenteditable]');
  line.textContent = words;
  line.dispatchEvent(new Event('input', {bubbles: true}));
})"""


@pytest.fixture
async def house(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    variables = {"OVERPRINT_WEB_PORT": str(free_port())}
    async with house_on(database_urls, tmp_path / "data", compute=RememberingCompute(), **variables) as opened:
        yield opened


async def _book(client: httpx.AsyncClient, book_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/api/books/{book_id}")).json()
    return found


def _pictures(book: Mapping[str, Any]) -> dict[str, str]:
    return {file["slot"]: file["unsigned_hash"] for file in book["files"] if file["slot"].startswith("picture/")}


async def _showing(client: httpx.AsyncClient, book_id: str, who: str) -> set[str]:
    """The pictures that a character is on."""
    found = set()
    for place in ("cover", *(f"1-{page}" for page in range(1, ORDER["pages"] + 1))):  # type: ignore[operator]
        scene = (await client.get(f"/api/books/{book_id}/pages/{place}")).json()["scene"]
        if who in {actor["who"] for actor in scene["actors"]}:
            found.add(f"picture/{place.replace('-', '/')}")
    return found


async def _make(window: Visitor, client: httpx.AsyncClient, book_id: str) -> None:
    await window.click("Make it")
    await until_ended(client, (await _book(client, book_id))["job_id"])


async def test_one_changed_look_draws_its_own_pages_and_two_tabs_lose_no_word(house: House, tmp_path: Path) -> None:
    async with serving(house) as (site, _, _), open_browser() as browser:
        async with httpx.AsyncClient(base_url=site, timeout=60) as client:
            begun = (await client.post("/api/books", json=ORDER)).json()
            book_id = begun["book_id"]
            await until_ended(client, begun["job_id"])
            window, watcher = await browser.visitor(), await browser.visitor()
            await watcher.goto(f"{site}/books/{book_id}")
            await _see_that_words_fit(await browser.visitor(), f"{site}/books/{book_id}/edit?page=1-4")
            await _change_a_look(window, client, f"{site}/books/{book_id}/edit", book_id)
            await _write_in_two_tabs(window, await browser.visitor(), f"{site}/books/{book_id}/edit?page=1-1")
            await window.click("Make it")
            await _followed(watcher)
            said = (await _book(client, book_id))["chapters"][0]["pages"][0]["paragraphs"]
            assert said[0] == "Nobody had asked the boots."
            told = "412 (Precondition Failed)"  # what the browser itself says of the page that told the second tab
            assert watcher.complaints == []
            assert [said for said in window.complaints if told not in said] == []


async def _followed(window: Visitor) -> None:
    """A window on the finished book, once somebody looks at it again, shows the new run to its end."""
    job = "'job' in document.querySelector('#work').dataset"
    assert not await window.eval(job)
    await window.eval("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    await window.until(job, "the new run")
    await window.until(f"!({job})", "its end")


async def _see_that_words_fit(window: Visitor, page: str) -> None:
    """Of a page full of words, to a browser that has not got the book's letters yet."""
    await window.goto(page)
    told = "Array.from(document.querySelectorAll('.fit'), one => one.textContent).join('')"
    assert await window.eval(f"document.fonts.ready.then(() => {told})") == ""


async def _change_a_look(window: Visitor, client: httpx.AsyncClient, editor: str, book_id: str) -> None:
    before = await _book(client, book_id)
    on = {one["id"]: await _showing(client, book_id, one["id"]) for one in before["characters"]}
    who = min(on, key=lambda one: len(on[one]))
    name = next(one["name"] for one in before["characters"] if one["id"] == who)
    await window.goto(f"{editor}/cast")
    await window.fill(**{f"#{who} [name=body]": "#2244cc"})
    await window.click(f"Save the look of {name}")
    assert f"{len(on[who])} page" in await window.text()
    await _make(window, client, book_id)
    drawn = _pictures(await _book(client, book_id))
    assert {slot for slot, made in _pictures(before).items() if drawn[slot] != made} == on[who]


async def _write_in_two_tabs(one: Visitor, other: Visitor, address: str) -> None:
    for window in (one, other):
        await window.goto(address)
        await window.until("document.querySelector('[contenteditable]') !== null", "a page to write on")
    await other.eval(f"{WRITE}('Theirs was first.')")
    await other.click("Save the words")
    await one.eval(f"{WRITE}('Nobody had asked the boots.')")
    assert "Nobody had asked the boots." in await one.eval(FIELD)
    await one.click("Save the words")
    assert "Somebody else changed this page" in await one.text()
    assert "Theirs was first." in await one.text()
    assert "Nobody had asked the boots." in await one.eval(FIELD)
    await one.click("Save the words")
