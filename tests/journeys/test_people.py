"""In the browser, from the first visit on: a guest makes a book, registers, buys, and works with somebody else."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn

from overprint.wiring import House
from overprint.wiring.people import admissions_of
from overprint.wiring.web import web_app
from tests.support.browser import Browser, Visitor, open_browser
from tests.support.command_line import free_port
from tests.support.database import TestDatabase
from tests.support.house import CHEAP_PASSWORDS, house_on, writes_with

MIRA, TOM, KEEPER = "mira@example.org", "tom@example.org", "keeper@example.org"
MAIL_SECONDS = 30.0
PASSWORD = "three loud geese"
PRIVATE, SHARED = "A shy fox wants to find the lost moon", "Two otters want to build a boat"
WORK, TAKE = "document.querySelector('#work')", "document.querySelector('#take')"
WORDS = "[...document.querySelectorAll('#words .chapter p:not(.later)')].map(p => p.textContent).join('\\n')"


@asynccontextmanager
async def serving(house: House) -> AsyncIterator[str]:
    """The house behind a real socket; answers its address."""
    web = house.settings.web
    config = uvicorn.Config(
        web_app(house, passwords=CHEAP_PASSWORDS),
        host=web.host,
        port=web.port,
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield house.settings.site_url
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def house(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    opening = house_on(
        database_urls,
        tmp_path / "data",
        OVERPRINT_ACCOUNTS="open",
        OVERPRINT_ADMIN_SECOND_FACTOR="false",
        OVERPRINT_WEB_PORT=str(free_port()),
    )
    async with opening as opened:
        yield opened


async def keeper_of(house: House, browser: Browser) -> Visitor:
    """Whoever looks after the house, on the page with the mails that nobody delivers."""
    admission = await admissions_of(house.settings, house.database).set_site_admin(KEEPER, is_admin=True)
    keeper = await browser.visitor()
    await keeper.goto(str(admission.link))
    await keeper.fill(password=PASSWORD)
    await keeper.click("password")
    await sign_in(keeper, house.settings.site_url, KEEPER)
    await keeper.goto(f"{house.settings.site_url}/admin/mail")
    return keeper


async def sign_in(visitor: Visitor, site: str, email: str) -> None:
    await visitor.goto(f"{site}/login")
    await visitor.fill(email=email, password=PASSWORD)
    await visitor.click("Sign in")


async def link_of(keeper: Visitor, mail: str) -> str:
    """The link in the newest mail of which the page of mails says this."""
    newest = f"[...document.querySelectorAll('details')].find(one => one.innerText.includes({mail!r}))"
    href = f"({newest})?.querySelector('a[href*=\"token=\"]')?.href"
    async with asyncio.timeout(MAIL_SECONDS):
        while not await keeper.eval(href):
            await keeper.goto(await keeper.eval("location.href"))
    return str(await keeper.eval(href))


async def begin_book(visitor: Visitor, site: str, premise: str) -> str:
    """The address of the book's page."""
    await visitor.goto(f"{site}/")
    await visitor.fill(premise=premise, pages="6", chapters="1", style="flat")
    await visitor.click("Make it for")
    return str(await visitor.eval("location.href"))


async def begin_and_watch_book(house: House, author: Visitor, other: Visitor) -> str:
    """Somebody else of the team sees the words while they are written, and the book once it is there, as its author
    does. Its address."""
    writes_with(house, 0.1)
    address = await begin_book(author, house.settings.site_url, SHARED)
    await other.goto(address)
    for window in (author, other):
        await window.eval("window.stays = true")
        await window.until(f"{WORDS}.length > 0 && 'job' in {WORK}.dataset", "words of a book in the making")
    writes_with(house, 0.0)
    for window in (author, other):
        await window.until(f"{TAKE} !== null", "the finished book")
        assert await window.eval("window.stays"), "the page was loaded again"
    assert await author.eval(WORDS) == await other.eval(WORDS)
    return address


async def register(visitor: Visitor, keeper: Visitor, site: str, name: str, email: str) -> None:
    await visitor.goto(f"{site}/register")
    await visitor.fill(name=name, email=email, password=PASSWORD)
    await visitor.click("Open an account")
    await visitor.goto(await link_of(keeper, f"Confirm your address, to {email}"))
    await visitor.fill(password=PASSWORD)
    await visitor.click("Yes, this is my address")


async def test_a_guest_becomes_a_customer_and_shares_a_team_but_not_what_is_their_own(
    house: House, tmp_path: Path
) -> None:
    async with serving(house) as site, open_browser() as browser:
        mira = await browser.visitor()
        await mira.goto(f"{site}/")
        await mira.click("Try it without an account")
        own_book = await begin_book(mira, site, PRIVATE)
        assert re.fullmatch(f"{site}/books/[0-9a-f-]+", own_book)

        keeper = await keeper_of(house, browser)
        await register(mira, keeper, site, "Mira", MIRA)
        await mira.goto(own_book)
        await mira.until("document.body.innerText.includes('e-book')", "the book that the guest began")
        await mira.goto(f"{site}/notifications")
        assert "is ready" in await mira.text()

        await mira.goto(f"{site}/billing")
        await mira.click("Pro")
        await mira.click("Pay")
        assert "has the plan Pro" in await mira.text()

        await mira.goto(f"{site}/teams")
        await mira.fill(name="The Workshop")
        await mira.click("Make the team")
        await mira.goto(f"{site}/teams")
        await mira.click("The Workshop")
        await mira.fill(email=TOM)
        await mira.click("Send the invitation")

        tom = await browser.visitor()
        invitation = await link_of(keeper, f"to {TOM}")
        await tom.goto(invitation)
        await register(tom, keeper, site, "Tom", TOM)
        await sign_in(tom, site, TOM)
        await tom.goto(invitation)
        await tom.click("Join the team")
        shared_book = await begin_and_watch_book(house, mira, tom)
        await tom.goto(f"{site}/library")
        books = "new Set([...document.querySelectorAll('main a[href*=\"/books/\"]')].map(book => book.href))"
        assert await tom.eval(f"[...{books}]") == [shared_book]
        assert [one.complaints for one in (mira, tom, keeper)] == [[], [], []]
        await tom.goto(own_book)
        assert "There is no such book" in await tom.text()
