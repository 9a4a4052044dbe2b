"""In the browser: a guest watches a book being made over a network that breaks off all the time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn

from overprint.wiring import House
from overprint.wiring.web import web_app
from tests.support.browser import Visitor, open_browser
from tests.support.command_line import free_port
from tests.support.compute import RememberingCompute
from tests.support.database import TestDatabase
from tests.support.house import CHEAP_PASSWORDS, house_on, writes_with
from tests.support.proxy import Network, network_to

CUTS = 8
DELAY_SECONDS = 0.16  # a few words each time, so that they are still being written when the line is cut the last time
BEGIN = """(async () => {
  await fetch('/guest', {method: 'POST'});
  const asked = {premise: 'A shy fox wants to find the lost moon', pages: 6, chapters: 1, style: 'flat'};
  const headers = {'Content-Type': 'application/json'};
  const answer = await fetch('/api/books', {method: 'POST', headers, body: JSON.stringify(asked)});
  return (await answer.json()).book_id;
})()"""
WORDS = "[...document.querySelectorAll('#words .chapter p:not(.later)')].map(p => p.textContent).join('\\n')"
DRAWN = "[...document.querySelectorAll('#plates img')]"


@asynccontextmanager
async def reached_over(house: House) -> AsyncIterator[Network]:
    """The house's pages at their address, behind a network that can be cut."""
    behind = free_port()
    config = uvicorn.Config(
        web_app(house, passwords=CHEAP_PASSWORDS), port=behind, log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        async with network_to(f"http://127.0.0.1:{behind}", house.settings.web.port) as network:
            yield network
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def house(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    variables = {"OVERPRINT_ACCOUNTS": "open", "OVERPRINT_WEB_PORT": str(free_port())}
    opening = house_on(database_urls, tmp_path / "data", compute=RememberingCompute(), **variables)
    async with opening as opened:
        writes_with(opened, DELAY_SECONDS)
        yield opened


async def test_a_book_appears_whole_and_once_however_often_the_line_is_cut_and_in_a_second_window_too(
    house: House, tmp_path: Path
) -> None:
    async with reached_over(house) as network, open_browser() as browser:
        guest = await browser.visitor()
        await guest.goto(f"{house.settings.site_url}/login")
        address = f"{house.settings.site_url}/books/{await guest.eval(BEGIN)}"
        second = await browser.visitor(beside=guest)
        for window in (guest, second):
            await window.goto(address)
            await window.eval("window.stays = true")

        samples, heard = [], 0
        for _ in range(CUTS):
            await guest.until(f"{WORDS}.length > {heard}", "more words")
            samples.append(str(await guest.eval(WORDS)))
            heard = len(samples[-1])
            while not network.cut():
                await asyncio.sleep(0.01)
        assert await guest.eval("'job' in document.querySelector('#work').dataset"), "it was made before the last cut"
        writes_with(house, 0.0)

        for window in (guest, second):
            await _finished(window)
        whole = str(await guest.eval(WORDS))
        assert whole == await second.eval(WORDS)
        told = await guest.eval(f"fetch('/api{address.partition(house.settings.site_url)[2]}').then(r => r.json())")
        paragraphs = [line for page in told["chapters"][0]["pages"] for line in page["paragraphs"]]
        assert whole == "\n".join(paragraphs)
        assert all(whole.startswith(sample.rstrip()) for sample in samples), "nothing was said twice meanwhile either"
        for window in (guest, second):
            assert [one for one in window.complaints if "net::ERR_" not in one] == []


async def _finished(window: Visitor) -> None:
    """The finished book, with all its pictures, on the page that was there all the time."""
    await window.until("document.querySelector('#take') !== null", "the finished book")
    await window.eval(f"{DRAWN}.forEach(image => image.loading = 'eager')")
    await window.until(f"{DRAWN}.every(image => image.complete && image.naturalWidth > 0)", "all pictures")
    assert await window.eval(f"new Set({DRAWN}.map(image => image.src)).size") == 7
    assert await window.eval("window.stays === true"), "the page was loaded again"
