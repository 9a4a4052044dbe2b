"""A film by a client that knows nothing but the source document: what it posts, and the messages that it understands.

Its preset has a motion of its own, so all four of the documented steps are in it. Then one word of it is changed: the
scene is spoken and finished anew, and filmed no more.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from overprint.wiring import House
from tests.support.compute import RememberingCompute
from tests.support.database import TestDatabase
from tests.support.films import film as moving_film
from tests.support.house import client_of, house_on

STEP_TYPES = {"IMAGE_GENERATION", "VIDEO_SYNTHESIS", "MOTION_TRANSFER", "POST_PROCESSING"}
JOB = {
    "prompt": "A fox looks for the moon",
    "presetId": "footsteps",
    "settings": {"aspectRatio": "1:1", "duration": 5, "style": "flat", "fps": 24},
}


@pytest.fixture
async def house(database_urls: TestDatabase, tmp_path: Any) -> AsyncIterator[House]:
    async with house_on(database_urls, tmp_path / "data", compute=RememberingCompute()) as opened:
        yield opened


async def heard_of(app: FastAPI, job_id: str) -> list[dict[str, Any]]:
    """What the socket tells a subscriber until the job ends."""
    wanted = json.dumps({"type": "subscribe", "channel": f"job:{job_id}"})
    incoming = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": wanted}]
    told: list[dict[str, Any]] = []
    ended = asyncio.Event()

    async def receive() -> Any:
        if incoming:
            return incoming.pop(0)
        await asyncio.wait_for(ended.wait(), 240)
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            told.append(json.loads(message["text"]))
            if told[-1]["type"] in ("job.completed", "job.failed", "error"):
                ended.set()

    scope = {
        "type": "websocket",
        "path": "/api/ws",
        "raw_path": b"/api/ws",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
        "subprotocols": [],
        "scheme": "ws",
        "server": ("localhost", 80),
        "extensions": {},
    }
    await app(scope, receive, send)
    return told


async def test_the_documented_client_makes_a_film_shares_it_and_changes_one_word_of_it_later(house: House) -> None:
    async with client_of(house) as client:
        project = (await client.post("/api/projects", json={"name": "Films"})).json()
        made = await client.post("/api/jobs", json={**JOB, "projectId": project["id"]})
        assert made.status_code == 202, made.text
        job = made.json()
        told = await heard_of(client._transport.app, job["id"])  # type: ignore[attr-defined]
        progress = [one for one in told if one["type"] == "job.progress"]
        steps = [one for one in told if one["type"] == "step.completed"]
        assert all(one["jobId"] == job["id"] and one["status"] == "RUNNING" for one in progress)
        assert {one["currentStep"] for one in progress} <= STEP_TYPES == {one["stepType"] for one in steps}
        assert [one["progress"] for one in progress] == sorted(int(one["progress"]) for one in progress)
        clip = next(one for one in steps if one["stepType"] == "VIDEO_SYNTHESIS")
        assert await media_type(client, clip["resultUrl"]) == "video/mp4"
        motion = next(one for one in steps if one["stepType"] == "MOTION_TRANSFER")
        assert await media_type(client, motion["resultUrl"]) == "application/json"
        assert told[-1]["type"] == "job.completed", told[-1]
        assert await media_type(client, told[-1]["videoUrl"]) == "video/mp4"
        assert (await media_type(client, told[-1]["thumbnailUrl"])).startswith("image/")
        shown = (await client.get(f"/api/jobs/{job['id']}")).json()
        assert shown["videoUrl"].partition("?")[0] == told[-1]["videoUrl"].partition("?")[0]
        assert (shown["currentStep"], shown["state"]) == (None, "completed")
        await share_it(client, job["lineage"])
        await change_one_word(client, f"/api/videos/{job['lineage']}")


async def media_type(client: httpx.AsyncClient, url: str) -> str:
    answer = await client.get(url, headers={"Range": "bytes=0-99"})
    assert (answer.status_code, len(answer.content)) == (206, 100)
    return answer.headers["content-type"]


async def share_it(client: httpx.AsyncClient, film_id: str) -> None:
    """Whoever has the link watches the film, with its chapters and captions; its files only where that was allowed."""
    link = (await client.put(f"/api/shares/{film_id}", json={})).json()["url"]
    path = httpx.URL(link).path
    assert path.startswith("/watch/")
    page = (await client.get(path)).text
    assert "<video" in page and "<track" in page and "data-seek" in page and 'href="/videos/' not in page
    assert " download>" not in page
    assert (await client.get(f"{path}/poster")).status_code == 302
    await client.put(f"/api/shares/{film_id}", json={"with_files": True})
    assert " download>" in (await client.get(path)).text
    scene = f"/api/videos/{film_id}/scenes/1"
    before = (await client.patch(scene, json={"words": "A draft of mine."})).json()["version"] - 1
    page = (await client.get(path)).text
    assert "A draft of mine." not in page and "data-seek" in page, "what is watched is the film, not what comes next"
    assert (
        await client.post(f"/api/videos/{film_id}/storyboard/versions", json={"version": before})
    ).status_code == 200
    assert (await client.get(path.replace("/watch/", "/read/"))).status_code == 404
    await client.delete(f"/api/shares/{film_id}")
    assert (await client.get(path)).status_code == 404


async def change_one_word(client: httpx.AsyncClient, film: str) -> None:
    assert (await client.get(film)).json()["state"] == "ready"
    await client.patch(film, json={"caption_style": "storybook"})
    quote = (await client.get(f"{film}/quote")).json()
    assert set(quote["steps"]) == {"finish/01", "film", "signed/film"}
    await follow_a_clip(client, film)
    await lay_a_look_over_it(client, film)
    words = (await client.get(f"{film}/storyboard")).json()["cards"][0]["words"]
    changed = await client.patch(f"{film}/scenes/1", json={"words": words.replace("moon", "sun")})
    assert changed.json()["cards"][0]["words"] != words
    rendered = (await client.post(f"{film}/render", json={})).json()
    assert rendered["quote_credits"] > 0
    while (shown := (await client.get(f"/api/jobs/{rendered['job_id']}")).json())["ended_at"] is None:
        await asyncio.sleep(0.2)
    ran = {step["key"] for step in shown["steps"] if step["state"] == "completed" and step["origin"] == "run"}
    assert ran == {"narrate/01", "cut", "sound", "finish/01", "film", "signed/film"}


async def lay_a_look_over_it(client: httpx.AsyncClient, film: str) -> None:
    """A look of somebody's own, a steady camera and clean clips film nothing anew; what is no look is refused."""
    said = "".join(f"{red} {green} {1 - blue}\n" for blue in (0, 1) for green in (0, 1) for red in (0, 1))
    kept, refused = [
        await client.post("/api/assets/upload", files={"file": ("look.cube", f"LUT_3D_SIZE 2\n{rows}".encode())})
        for rows in (said, said + "0 0 0\n")
    ]
    assert (kept.status_code, refused.status_code) == (201, 422)
    assert "says a size of 2 and has more rows" in refused.text
    wanted = {"lut_id": kept.json()["id"], "is_steadied": True, "denoise": 3}
    assert (await client.patch(film, json=wanted)).status_code == 200
    assert set((await client.get(f"{film}/quote")).json()["steps"]) == {"finish/01", "film", "signed/film"}


async def follow_a_clip(client: httpx.AsyncClient, film: str) -> None:
    """It would be filmed anew and not drawn, until it is to follow none again."""
    kept = (await client.post("/api/assets/upload", files={"file": ("walk.mp4", moving_film())})).json()
    assert (kept["kind"], kept["media_type"], kept["duration_seconds"]) == ("video", "video/mp4", 2)
    refused = await client.post("/api/assets/upload", files={"file": ("walk.mp4", moving_film(times=[0, 1, 900_000]))})
    assert refused.status_code == 413 and "longer than 600 seconds" in refused.text
    assert (await client.patch(film, json={"driving_id": kept["id"]})).status_code == 200
    steps = (await client.get(f"{film}/quote")).json()["steps"]
    assert set(steps) == {"motion", "clip/01", "finish/01", "film", "signed/film"}
    await client.patch(film, json={"driving_id": None})
    steps = (await client.get(f"{film}/quote")).json()["steps"]
    assert set(steps) == {"finish/01", "film", "signed/film"}
