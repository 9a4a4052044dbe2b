"""Without a network: what the browser's worker is told to keep is there, and it changes when any of it does."""

import json
import re

import httpx


async def test_everything_the_worker_keeps_is_there(desk: httpx.AsyncClient) -> None:
    worker = await desk.get("/offline-worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
    kept = json.loads(re.findall(r"SHELL = (\[.*?\]);", worker.text)[0])
    assert len(kept) == 8
    for path in kept:
        assert (await desk.get(path)).status_code == 200


async def test_the_offline_page_needs_nothing_that_is_not_kept(desk: httpx.AsyncClient) -> None:
    kept = json.loads(re.findall(r"SHELL = (\[.*?\]);", (await desk.get("/offline-worker.js")).text)[0])
    page = (await desk.get("/offline")).text
    needed = re.findall(r'<link rel="(?:stylesheet|preload)" href="([^"]+)"', page)
    assert needed
    assert set(needed) <= set(kept)


async def test_the_manifest_names_what_is_there(desk: httpx.AsyncClient) -> None:
    manifest = (await desk.get("/app.webmanifest", headers={"Accept-Language": "de"})).json()
    assert (manifest["lang"], manifest["description"][:11]) == ("de", "Beschreibe ")
    assert (await desk.get(manifest["start_url"])).status_code == 200
    assert (await desk.get(manifest["icons"][0]["src"])).headers["content-type"] == "image/svg+xml"
    assert 'rel="manifest" href="/app.webmanifest"' in (await desk.get("/offline")).text
