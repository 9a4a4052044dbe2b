"""In the browser: a film is planned, changed card by card, made and seen, with JavaScript and without it."""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urljoin

import av
import httpx
import pytest

from overprint.wiring import House
from tests.support.browser import Visitor, open_browser
from tests.support.command_line import free_port
from tests.support.database import TestDatabase
from tests.support.house import house_on
from tests.support.screens import serving, until_ended

PREMISE = "A lighthouse keeper befriends a storm"
WORDS = "[...document.querySelectorAll('.card textarea')].map(field => field.value)"
SAID = "The storm only wanted somebody to talk to."


@pytest.fixture
async def house(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    async with house_on(database_urls, tmp_path / "data", OVERPRINT_WEB_PORT=str(free_port())) as opened:
        yield opened


async def test_a_film_is_planned_and_changed_without_javascript_then_made_live_and_seen(
    house: House, tmp_path: Path
) -> None:
    async with serving(house) as (site, _, _), open_browser() as browser:
        plain, live = await browser.visitor(), await browser.visitor()
        await plain.send("Emulation.setScriptExecutionDisabled", value=True)
        address = await _asks_for_a_storyboard(plain, site)
        await _changes_it(plain)
        await live.goto(f"{address}/storyboard")
        await live.click("Make the film")
        await live.eval("window.stays = true")
        async with httpx.AsyncClient(base_url=site) as client:
            await until_ended(
                client, (await live.eval("document.querySelector('#work').dataset.job")).rpartition("/")[2]
            )
        await live.until("document.querySelector('#screen')?.readyState >= 1", "the film")
        assert await live.eval("window.stays"), "the page was loaded again"
        assert await live.eval("document.querySelector('#screen').duration") > 4
        assert await live.eval("document.querySelectorAll('#cinema track[kind=captions]').length") == 1
        await live.eval("document.querySelector('[data-seek]:last-child').click()")
        async with httpx.AsyncClient(base_url=site) as client:
            film = await client.get(await live.eval("document.querySelector('.files a').href"))
            assert film.content[4:8] == b"ftyp"
            assert film.headers["content-disposition"].endswith(".mp4")
            await _is_streamed(client, await live.eval("document.querySelector('#screen source').src"))
        await _is_shared_and_taken_back(live, address)
        await _changes_only_how_it_is_shown(plain, address)
        assert [window.complaints for window in (plain, live)] == [[], []]


async def _asks_for_a_storyboard(plain: Visitor, site: str) -> str:
    """Answers the address of the film, which has a storyboard."""
    await plain.goto(f"{site}/make")
    await plain.click("A film")
    await plain.fill(premise=PREMISE, seconds="5")
    await plain.eval("document.querySelectorAll('[value=flat], [value=\"1:1\"]').forEach(one => one.checked = true)")
    await plain.eval("document.querySelector('[name=outputs][value=hls]').checked = true")
    await plain.click("Reckon again")
    assert "A film of about 5 seconds" in await plain.text()
    await plain.click("Show me the storyboard")
    address = str(await plain.eval("location.href"))
    is_there = "document.querySelector('#edit') !== null && document.readyState === 'complete'"
    await plain.until(is_there, "the storyboard on a page that loads itself again")
    await plain.click("Look at the storyboard")
    return address


async def _is_streamed(client: httpx.AsyncClient, address: str) -> None:
    """Whoever follows the playlist comes to a film of as many seconds as it says."""
    sizes = [line for line in (await client.get(address)).text.splitlines() if not line.startswith("#")]
    assert sizes == ["720p.m3u8", "480p.m3u8", "288p.m3u8"]
    playlist = (await client.get(urljoin(address, sizes[-1]))).text
    pieces = re.findall(r'BYTERANGE[=:]"?(\d+)@(\d+)', playlist)
    [link] = set(re.findall(r'/files/[^"\s]+', playlist))
    read = [
        await client.get(link, headers={"Range": f"bytes={first}-{int(first) + int(size) - 1}"})
        for size, first in pieces
    ]
    assert {answer.status_code for answer in read} == {206}
    with av.open(io.BytesIO(b"".join(answer.content for answer in read))) as film:
        lasts = sum(float(seconds) for seconds in re.findall(r"#EXTINF:([\d.]+)", playlist))
        shown = sum(1 for frame in film.decode(video=0))
        assert shown == pytest.approx(lasts * 30, abs=2)


async def _is_shared_and_taken_back(live: Visitor, address: str) -> None:
    """A stranger sees it for as long as the link is good: not even the stream that plays goes on after that."""
    await live.goto(address.replace("/videos/", "/share/"))
    await live.click("Make the link")
    shared = str(await live.eval("document.querySelector('#link').href"))
    await live.goto(shared)
    await live.until("document.querySelector('#screen').readyState >= 1", "the shared film")
    async with httpx.AsyncClient() as stranger:
        sources = await live.eval("[...document.querySelectorAll('#screen source')].map(source => source.src)")
        playlist = (await stranger.get(urljoin(sources[0], "288p.m3u8"))).text
        [segments] = set(re.findall(r"/shared/[^\"\s]+", playlist))
        links = [*sources, urljoin(shared, segments)]
        assert [(await stranger.get(link)).status_code for link in links] == [200] * 3
        await live.goto(address.replace("/videos/", "/share/"))
        await live.click("Take the link back")
        assert [(await stranger.get(link)).status_code for link in links] == [404] * 3
    await live.goto(address)


async def _changes_it(plain: Visitor) -> None:
    """Other words on the first card, and the last one out; one more behind it, moved before it with words of its own;
    the old one out."""
    await plain.fill(words="The storm was late.", move="nearer")
    await plain.click("Save")
    assert await plain.eval(WORDS) == ["The storm was late.", "“We did it.”"]
    await _press(plain, 1, "remove")
    await _press(plain, 0, "add")
    await plain.eval(f"document.querySelectorAll('.card textarea')[1].value = {SAID!r}")
    await _press(plain, 1, "up")
    assert await plain.eval(WORDS) == [SAID, "The storm was late."]
    await _press(plain, 1, "remove")
    assert await plain.eval(WORDS) == [SAID]


async def _press(plain: Visitor, card: int, act: str) -> None:
    plain.loaded.clear()
    await plain.eval(f"document.querySelectorAll('.card')[{card}].querySelector('button[value={act}]').click()")
    await plain.until_loaded(f"the page after {act}")


async def _changes_only_how_it_is_shown(plain: Visitor, address: str) -> None:
    """Captions in another dress: nothing is drawn, spoken or moved again."""
    await plain.goto(f"{address}/storyboard")
    assert "Everything is made as it stands here." in await plain.text()
    await plain.fill(caption_style="outline")
    await plain.eval("document.querySelector('.shown-as').open = true")
    plain.loaded.clear()
    await plain.eval("document.querySelector('.shown-as form').requestSubmit()")
    await plain.until_loaded("the storyboard")
    ahead = str(await plain.eval("document.querySelector('.ahead details').textContent"))
    assert "captions and colours" in ahead
    assert "picture" not in ahead
    assert "voice" not in ahead
    assert "motion" not in ahead
