"""Sharing a book: whoever has the link reads it, and nobody else; it ends when it should."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from overprint.core.clock import SystemClock
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role, Via
from overprint.core.problems import Denied, NotFound
from overprint.engine.schedule import ScheduleContext
from overprint.features.reading import Reading
from overprint.features.reading import room as reading_room
from overprint.features.sharing import Share, Sharing
from overprint.features.sharing import room as sharing_room
from overprint.http.problems import answer_problems
from overprint.http.scope import always
from tests.support.clock import SetClock
from tests.support.made import database_urls, studio
from tests.support.studio import BRIEF, Studio

__all__ = ["database_urls", "studio"]


@dataclass
class Fair:
    """A studio with one finished book, and strangers who come to it by the link alone."""

    studio: Studio
    sharing: Sharing
    clock: SetClock
    team: httpx.AsyncClient
    strangers: httpx.AsyncClient
    book_id: UUID

    async def share(self, *, days: int | None = None, with_files: bool = False) -> str:
        """The path of the link."""
        answer = await self.team.put(f"/api/shares/{self.book_id}", json={"days": days, "with_files": with_files})
        assert answer.status_code == 200, answer.text
        return str(httpx.URL(answer.json()["url"]).path)

    async def found(self, sharing: Sharing, who: Principal) -> Share:
        async with self.studio.engine.database.transaction(who.team_id) as transaction:
            return (await sharing.share(transaction, who, self.book_id, days=None, with_files=False))[1]


def _app(studio: Studio, sharing: Sharing, *, is_open: bool) -> FastAPI:
    app = FastAPI()
    answer_problems(app)
    app.state.database = studio.engine.database
    if not is_open:
        app.state.identify = always(studio.owner)
    for room in (reading_room.room(Reading(studio.books), sharing), sharing_room.room(sharing)):
        for router in (*room.open_pages, *room.open_routers) if is_open else (*room.routers, *room.pages):
            app.include_router(router)
    return app


@pytest.fixture
async def fair(studio: Studio) -> AsyncIterator[Fair]:
    clock = SetClock()
    sharing = Sharing(studio.engine.database, clock, studio.books.library, "https://studio.example")
    team = httpx.ASGITransport(_app(studio, sharing, is_open=False))
    strangers = httpx.ASGITransport(_app(studio, sharing, is_open=True))
    async with (
        httpx.AsyncClient(transport=team, base_url="http://localhost") as first,
        httpx.AsyncClient(transport=strangers, base_url="http://localhost") as second,
    ):
        yield Fair(studio, sharing, clock, first, second, await studio.make())


async def test_whoever_has_the_link_reads_the_whole_book_and_is_counted(fair: Fair) -> None:
    path = await fair.share()
    page = await fair.strangers.get(path)
    assert page.status_code == 200
    book = await fair.studio.book(fair.book_id)
    assert book["title"] in page.text
    assert page.text.count("<img") == 7
    assert page.headers["x-robots-tag"] == "noindex"
    assert 'href="/books/' not in page.text
    assert 'name="mark"' not in page.text
    assert re.search(r'property="og:image" content="https://studio.example/read/[^"]+/cover"', page.text)
    cover = await fair.strangers.get(f"{path}/cover")
    assert cover.status_code == 302 and cover.headers["location"].startswith("/shared/")
    renewed = await fair.strangers.get(path, headers={"Sec-Fetch-Mode": "cors"})
    assert renewed.status_code == 200
    assert (await fair.team.get(f"/api/shares/{fair.book_id}")).json()["views"] == 1


async def test_files_may_be_taken_only_where_that_is_allowed_and_end_with_the_link(fair: Fair) -> None:
    assert "Print it: the PDF" not in (await fair.strangers.get(await fair.share())).text
    page = (await fair.strangers.get(await fair.share(with_files=True))).text
    assert "/files/" not in page
    pictures, pdf = re.findall(r'src="(/shared/[^"]+)"', page), re.findall(r'href="(/shared/[^"]+)"', page)[0]
    shown = await fair.strangers.get(pictures[0])
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "private, no-cache")
    part = await fair.strangers.get(pdf, headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, b"%PDF-")
    await fair.share(with_files=False)
    assert (await fair.strangers.get(pdf)).status_code == 404
    assert (await fair.strangers.get(f"{pictures[0][:-1]}x")).status_code == 404
    await fair.team.delete(f"/api/shares/{fair.book_id}")
    assert {(await fair.strangers.get(path)).status_code for path in pictures} == {404}


async def test_the_link_stays_the_same_until_it_is_taken_back(fair: Fair) -> None:
    path = await fair.share()
    assert await fair.share(days=7) == path
    assert (await fair.team.delete(f"/api/shares/{fair.book_id}")).status_code == 204
    assert (await fair.strangers.get(path)).status_code == 404
    assert (await fair.team.get(f"/api/shares/{fair.book_id}")).status_code == 404
    again = await fair.share()
    assert again != path
    assert (await fair.strangers.get(again)).status_code == 200


async def test_a_link_ends_when_its_days_are_over_and_is_another_afterwards(fair: Fair) -> None:
    path = await fair.share(days=7)
    fair.clock.ahead = timedelta(days=6, hours=23)
    assert (await fair.strangers.get(path)).status_code == 200
    fair.clock.ahead = timedelta(days=7)
    assert (await fair.strangers.get(path)).status_code == 404
    assert (await fair.team.get(f"/api/shares/{fair.book_id}")).status_code == 404
    again = await fair.share()
    assert again != path
    assert (await fair.strangers.get(again)).status_code == 200


async def test_what_is_in_the_trash_or_deleted_is_shown_to_nobody(fair: Fair) -> None:
    path = await fair.share()
    studio, owner = fair.studio, fair.studio.owner
    async with studio.engine.database.transaction(owner.team_id) as transaction:
        await studio.books.discard(transaction, owner, fair.book_id)
    assert (await fair.strangers.get(path)).status_code == 404
    async with studio.engine.database.transaction(owner.team_id) as transaction:
        await studio.books.restore(transaction, owner, fair.book_id)
    assert (await fair.strangers.get(path)).status_code == 200
    async with studio.engine.database.transaction(owner.team_id) as transaction:
        await studio.books.delete(transaction, owner, fair.book_id)
    assert (await fair.strangers.get(path)).status_code == 404
    pool = studio.engine.database.system
    await fair.sharing.forget(ScheduleContext(studio.engine.database, SystemClock(), 60))
    assert await pool.fetchval("SELECT count(*) FROM shares") == 0


@pytest.mark.parametrize("token", ["", "x", "x" * 22, "%00" * 7, "x" * 39, "' OR 1=1 --aaaaaaaaaaa"])
async def test_what_is_no_link_leads_nowhere(fair: Fair, token: str) -> None:
    await fair.share()
    assert (await fair.strangers.get(f"/read/{token}")).status_code == 404


async def test_who_may_not_make_works_and_guests_share_none(fair: Fair) -> None:
    owner = fair.studio.owner
    for who in (replace(owner, role=Role.VIEWER), replace(owner, via=Via.GUEST)):
        with pytest.raises(Denied):
            await fair.found(fair.sharing, who)
    with pytest.raises(NotFound):
        async with fair.studio.engine.database.transaction(owner.team_id) as transaction:
            await fair.sharing.share(transaction, owner, new_id(), days=None, with_files=False)


async def test_what_is_not_finished_cannot_be_shared(fair: Fair) -> None:
    waiting, _ = await fair.studio.start(replace(BRIEF, seed=99))
    answer = await fair.team.put(f"/api/shares/{waiting}", json={})
    assert answer.status_code == 409
    page = await fair.team.get(f"/share/{waiting}")
    assert "once it is finished" in page.text and f'action="/share/{waiting}"' not in page.text


async def test_where_sharing_is_off_links_lead_nowhere_and_none_are_made(fair: Fair) -> None:
    path = await fair.share()
    off = replace(fair.sharing, is_on=False)
    with pytest.raises(NotFound):
        await off.open(path.removeprefix("/read/"))
    with pytest.raises(Denied):
        await fair.found(off, fair.studio.owner)


async def test_the_page_makes_changes_and_takes_back_the_link_without_javascript(fair: Fair) -> None:
    at = f"/share/{fair.book_id}"
    assert "Make the link" in (await fair.team.get(at)).text
    assert (await fair.team.post(at, data={"days": "30", "with_files": "true"})).status_code == 303
    page = (await fair.team.get(at)).text
    address = re.search(r'id="link" href="https://studio.example(/read/[^"]+)"', page)
    assert address and "Good until" in page and "Nobody has opened it yet." in page
    assert (await fair.strangers.get(address[1])).status_code == 200
    assert (await fair.team.post(f"{at}/end")).status_code == 303
    assert (await fair.strangers.get(address[1])).status_code == 404
    assert (await fair.team.post(at, data={"days": "0"})).status_code == 422
    fair.clock.ahead = timedelta(days=3)
    await fair.share(days=45)
    page = (await fair.team.get(at)).text
    assert '<option value="45" selected>' in page, "what is sent again as it stands takes no link its end"
