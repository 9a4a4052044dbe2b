"""In the browser: a guest goes all the way by keys alone, goes it again without JavaScript, and tidies the library."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from overprint.wiring import House
from tests.support.browser import Visitor, open_browser
from tests.support.command_line import free_port
from tests.support.compute import RememberingCompute
from tests.support.database import TestDatabase
from tests.support.house import house_on
from tests.support.keys import press, reach, write
from tests.support.screens import serving

PREMISE = "A shy fox wants to find the lost moon"
SECOND_TITLE = "The Zeppelin Year"
PAGES = 6
WHERE = "document.querySelector('output').textContent"
TITLES = "[...document.querySelectorAll('.covers strong, .bin strong')].map(title => title.innerText)"


@pytest.fixture
async def house(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """A house that lets guests begin two books a day."""
    connection = await asyncpg.connect(database_urls.superuser)
    await connection.execute("UPDATE plans SET daily_jobs = 2 WHERE key = 'guest'")
    await connection.close()
    variables = {"OVERPRINT_ACCOUNTS": "open", "OVERPRINT_WEB_PORT": str(free_port())}
    async with house_on(database_urls, tmp_path / "data", compute=RememberingCompute(), **variables) as opened:
        yield opened


async def test_a_guest_makes_and_reads_books_by_keys_alone_and_without_javascript_and_tidies_the_library(
    house: House, tmp_path: Path
) -> None:
    async with serving(house) as (site, _, _), open_browser() as browser:
        guest = await browser.visitor()
        await guest.goto(f"{site}/")
        await _makes_a_book_by_keys(guest)
        await _reads_it_by_keys(guest)
        plain = await browser.visitor(beside=guest)
        await plain.send("Emulation.setScriptExecutionDisabled", value=True)
        await _makes_another_without_javascript(plain, site)
        await _reads_it_without_javascript(plain)
        await _finds_and_throws_away(guest, site)
        await _brings_back_without_javascript(plain, site)
        assert [window.complaints for window in (guest, plain)] == [[], []]


async def _makes_a_book_by_keys(guest: Visitor) -> None:
    """From the door to the finished book."""
    await reach(guest, "Try it without an account")
    await press(guest, "Enter", leads_on=True)
    await reach(guest, "[name=premise]")
    await write(guest, PREMISE)
    await _goes_on_to(guest, "#look")
    await reach(guest, "[name=style]")
    while await guest.eval("document.activeElement.value") != "flat":
        await press(guest, "ArrowRight")
    await _goes_on_to(guest, "#length")
    await reach(guest, "[name=pages]")
    await write(guest, str(PAGES))
    await reach(guest, "Make it for")
    await press(guest, "Enter", leads_on=True)
    assert re.fullmatch("/books/[0-9a-f-]{36}", await guest.path())
    await guest.until("document.querySelector('#take') !== null", "the finished book")


async def _goes_on_to(guest: Visitor, stage: str) -> None:
    """Step by step, as somebody does who never touches the row of steps."""
    while await guest.eval(f"document.querySelector({stage!r}).hidden"):
        await reach(guest, "Next")
        await press(guest, "Enter")


async def _reads_it_by_keys(guest: Visitor) -> None:
    """From the cover to the end, and out into the library."""
    await reach(guest, "Read it")
    await press(guest, "Enter", leads_on=True)
    for place in ("the title page", *(f"page {number} of {PAGES}" for number in range(1, PAGES + 1)), "the end"):
        await press(guest, "ArrowRight")
        await guest.until(f"{WHERE} === {place!r}", place)
    await reach(guest, "[aria-label='Close the book']")
    await press(guest, "Enter", leads_on=True)
    await reach(guest, "Library")
    await press(guest, "Enter", leads_on=True)
    assert len(await guest.eval(TITLES)) == 1


async def _makes_another_without_javascript(plain: Visitor, site: str) -> None:
    """Of the same brief but for its title, so that pictures and words of the first one serve again."""
    await plain.goto(f"{site}/make")
    await plain.fill(premise=PREMISE, title=SECOND_TITLE, pages=str(PAGES))
    await plain.eval("document.querySelector('[name=style][value=flat]').checked = true")
    await plain.click("Reckon again")
    assert f"{PAGES} pages with their pictures" in await plain.text()
    await plain.click("Make it for")
    is_there = "document.querySelector('#take') !== null && document.readyState === 'complete'"
    await plain.until(is_there, "the book on a page that loads itself again")
    assert await plain.eval("document.querySelector('h1').innerText") == SECOND_TITLE


async def _reads_it_without_javascript(plain: Visitor) -> None:
    await plain.click("Read it")
    leaves = "[...document.querySelectorAll('.leaf')]"
    assert await plain.eval(f"{leaves}.length") == PAGES + 3  # with the cover, the title and the end
    assert await plain.eval(f"{leaves}.every(leaf => leaf.checkVisibility())")
    assert not await plain.eval("document.querySelector('[data-tools]').checkVisibility()"), "tools that do nothing"


async def _finds_and_throws_away(guest: Visitor, site: str) -> None:
    """Searches, filters, throws both away, thinks better of it, and throws one away after all."""
    await guest.goto(f"{site}/library")
    await reach(guest, "[name=words]")
    await write(guest, "zeppelin")
    await press(guest, "Enter", leads_on=True)
    assert await guest.eval(TITLES) == [SECOND_TITLE]
    await guest.goto(f"{site}/library?state=making")
    assert "Nothing here is like that." in await guest.text()
    await guest.click("Show everything again")
    await guest.eval("document.querySelectorAll('[name=pick]').forEach(box => box.click())")
    assert "2 chosen" in await guest.text()
    await guest.click("To the trash")
    assert "2 things are in the trash." in await guest.text()
    assert await guest.eval(TITLES) == []
    await guest.click("Undo")
    assert len(await guest.eval(TITLES)) == 2
    await guest.eval("document.querySelector('[name=pick]').click()")
    await guest.click("To the trash")
    assert len(await guest.eval(TITLES)) == 1


async def _brings_back_without_javascript(plain: Visitor, site: str) -> None:
    await plain.goto(f"{site}/library/trash")
    assert await plain.eval(TITLES) == [SECOND_TITLE]
    await plain.eval("document.querySelector('[name=pick]').checked = true")
    await plain.click("Bring back")
    await plain.goto(f"{site}/library")
    assert SECOND_TITLE in await plain.eval(TITLES)
