"""A book is read in the browser: turned by keys, remembered between windows, and kept for when there is no network."""

from pathlib import Path
from uuid import uuid4

from tests.support.browser import Visitor
from tests.support.database import TestDatabase
from tests.support.screens import Studio, open_studio

WHERE = "document.querySelector('output').textContent"
PICTURES = "document.querySelectorAll('.leaf img').length"


async def press(window: Visitor, key: str) -> None:
    for kind in ("rawKeyDown", "keyUp"):
        await window.send("Input.dispatchKeyEvent", type=kind, key=key, code=key)


def reader_of(studio: Studio) -> tuple[Visitor, str]:
    """The window of who may read the book, and the book's address."""
    found = ((window, screen) for window, screen in studio.screens if screen.route.endswith("/read"))
    window, screen = next(found)
    return window, f"{studio.site}{screen.path}"


# Frames of two earlier programs before ours, and of a later one behind it.
FRAMES = """(async () => {
  const fill = async (name, all) => {
    const frame = await caches.open(name);
    for (const one of all) await frame.put(...one);
  };
  const sheet = name => fill(`overprint-frame-${name}`, [[`/static/${name}/reader.css`, new Response("")]]);
  const ours = (await caches.keys()).find(name => name.startsWith("overprint-frame-")), frame = await caches.open(ours);
  const files = await Promise.all((await frame.keys()).map(async key => [key, await frame.match(key)]));
  await caches.delete(ours);
  await sheet("needed"); await sheet("left"); await fill(ours, files); await sheet("coming");
})()"""


async def _a_book_that_is_gone_is_not_kept(window: Visitor, site: str, address: str) -> None:
    """As of a team that somebody left. The book that is still there stays, and of what earlier programs brought along
    only what a kept book needs to look like one; what a later program brings along is not ours to clear."""
    books, gone = "caches.open('overprint-books')", f"{site}/books/{uuid4()}/read"
    await window.goto(f"{site}/library")
    words = '<link rel="stylesheet" href="/static/needed/reader.css"><img src="/files/of-it.jpg">'
    await window.eval(f"{books}.then(kept => kept.put('{gone}', new Response('{words}')))")
    for name in ("of-it", "of-none"):
        await window.eval(f"{books}.then(kept => kept.put('/files/{name}.jpg', new Response('')))")
    await window.eval(FRAMES)
    await window.goto(address)
    await window.until("caches.has('overprint-frame-left').then(there => !there)", "the frame that nothing needs")
    assert await window.eval("caches.has('overprint-frame-needed')")
    assert await window.eval(f"{books}.then(kept => kept.match('/files/of-it.jpg')).then(found => !!found)")
    assert await window.eval(f"{books}.then(kept => kept.match('/files/of-none.jpg')).then(found => !found)")
    await window.goto(gone)
    await window.until(f"{books}.then(kept => kept.match('{gone}')).then(found => !found)", "the forgotten book")
    await window.until("caches.has('overprint-frame-needed').then(there => !there)", "the frame that it needed")
    assert await window.eval(f"{books}.then(kept => kept.match('/files/of-it.jpg')).then(found => !found)")
    assert await window.eval("caches.has('overprint-frame-coming')")


async def _keeps_a_shared_book(studio: Studio) -> Visitor:
    """A stranger with its link; answers their window."""
    stranger, screen = next((window, screen) for window, screen in studio.screens if screen.route == "/read/{token}")
    await stranger.goto(f"{studio.site}{screen.path}")
    await stranger.eval("document.querySelectorAll('.leaf img').forEach(image => image.loading = 'eager')")
    await stranger.eval("document.querySelector('[data-do=offline]').click()")
    await stranger.until("document.querySelector('[data-do=offline]').ariaPressed === 'true'", "the kept book")
    await stranger.until("navigator.serviceWorker.ready.then(() => true)", "the worker")
    return stranger


async def _shows_all_pictures(window: Visitor) -> None:
    await window.eval("document.querySelectorAll('.leaf img').forEach(image => image.loading = 'eager')")
    drawn = "[...document.querySelectorAll('.leaf img')].every(image => image.complete && image.naturalWidth > 0)"
    await window.until(drawn, "all pictures of the kept book")


async def test_a_reader_finds_their_place_again_and_reads_on_without_a_network(
    database_urls: TestDatabase, tmp_path: Path
) -> None:
    async with open_studio(database_urls, tmp_path) as studio:
        window, address = reader_of(studio)
        await window.goto(address)
        assert await window.eval(WHERE) == "the cover"
        assert await window.eval(
            "document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('.cover') !== null"
        )
        for place in ("the title page", "page 1 of 6", "page 2 of 6"):
            await press(window, "ArrowRight")
            await window.until(f"{WHERE} === {place!r}", place)
        kept = "fetch(document.querySelector('[data-reader]').dataset.reader).then(r => r.json()).then(r => r.place)"
        await window.until(f"{kept}.then(place => place === '1/2')", "the place that is kept")
        assert await window.eval(PICTURES) == 7, "turning leaves leaves them as they are"
        await press(window, "b")
        await window.until("document.querySelectorAll('.mark [aria-pressed=true]').length === 1", "the mark")

        await window.eval("document.querySelector('[data-do=offline]').click()")
        await window.until("document.querySelector('[data-do=offline]').ariaPressed === 'true'", "the kept book")
        await window.until("navigator.serviceWorker.ready.then(() => true)", "the worker")
        await window.goto(address)
        assert await window.eval(WHERE) == "page 2 of 6"
        assert await window.eval("document.querySelectorAll('.mark [aria-pressed=true]').length") == 1

        await _a_book_that_is_gone_is_not_kept(window, studio.site, address)
        shared = await _keeps_a_shared_book(studio)
        await studio.stop()
        await shared.goto(await shared.eval("location.href"))
        await _shows_all_pictures(shared)
        await window.goto(address)
        assert await window.eval("document.querySelectorAll('.leaf.page').length") == 6
        await _shows_all_pictures(window)
        await press(window, "ArrowRight")
        await window.until(f"{WHERE} === 'page 3 of 6'", "the next page")
        await window.goto(f"{studio.site}/billing")
        assert await window.eval("location.pathname") == "/billing"
        assert "offline" in (await window.text()).lower() or "network" in (await window.text()).lower()
