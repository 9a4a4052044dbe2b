"""The jobs pages: the queue, the history, one job with its steps, and doing it again after its price was told."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest

from overprint.core.ids import new_id
from tests.features.jobs.tiny import KIND
from tests.support.studio import Studio


async def _begin(studio: Studio, name: str = "a", **wanted: Any) -> dict[str, Any]:
    async with studio.transaction() as transaction:
        return await studio.jobs.submit(transaction, studio.owner, KIND, {"name": name, **wanted}, title=f"Tiny {name}")


async def _page(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_nothing_made_yet_is_said_with_a_way_to_begin(client: httpx.AsyncClient) -> None:
    page = await _page(client, "/jobs")
    assert "Nothing is being made right now." in page
    assert 'href="/make"' in page
    assert "hx-get" not in page


async def test_the_queue_says_why_a_job_waits_and_looks_again_by_itself(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    job = await _begin(studio)
    page = await _page(client, "/jobs")
    assert "No worker is running." in page
    assert 'hx-get="/jobs"' in page
    assert f'action="/jobs/{job["id"]}/pause"' in page
    assert (await client.post(f"/jobs/{job['id']}/pause")).status_code == 303
    assert f'action="/jobs/{job["id"]}/resume"' in await _page(client, "/jobs")
    assert (await client.post(f"/jobs/{job['id']}/resume")).status_code == 303
    assert (await client.post(f"/jobs/{job['id']}/cancel")).status_code == 303
    page = await _page(client, "/jobs")
    assert "hx-get" not in page
    assert "Stopped" in page


async def test_the_history_is_filtered_and_paged(
    client: httpx.AsyncClient, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overprint.features.jobs.web.PER_PAGE", 1)
    made, failed = await _begin(studio), await _begin(studio, "b", fails=True)
    for job in (made, failed):
        await studio.finish(job["id"])
    first = await _page(client, "/jobs")
    assert ("Tiny b" in first, "Tiny a" in first) == (True, False)
    (later,) = re.findall(r'href="(/jobs\?cursor=[^"]+)"', first)
    assert "Tiny a" in await _page(client, later)
    assert "Tiny a" in await _page(client, "/jobs?state=completed")
    assert "No job is like that." in await _page(client, "/jobs?state=cancelled")
    assert "Tiny b" in await _page(client, "/jobs?state=rubbish&kind=%00&cursor=x")


async def test_a_job_shows_each_step_with_its_log_and_its_error(client: httpx.AsyncClient, studio: Studio) -> None:
    job = await _begin(studio, fails=True)
    await studio.finish(job["id"])
    page = await _page(client, f"/jobs/{job['id']}")
    assert re.findall(r'<li id="step-(\w+)" data-state="(\w+)"', page) == [("word", "failed"), ("picture", "completed")]
    assert "There is no word for it." in page
    assert re.search(r'href="/library/files/[0-9a-f-]+">a.png</a>', page)
    assert (await client.get(f"/jobs/{new_id()}")).status_code == 404


async def test_what_would_be_made_again_is_told_before_it_is(client: httpx.AsyncClient, studio: Studio) -> None:
    job = await _begin(studio)
    await studio.finish(job["id"])
    page = await _page(client, f"/jobs/{job['id']}/again?step=picture")
    assert re.findall(r"<li>(.+?)</li>", page.partition("forecast")[2]) == ["Drawing it", "Naming it"]
    assert "so nothing would be made" in await _page(client, f"/jobs/{job['id']}/again")
    assert (await client.get(f"/jobs/{job['id']}/again", params={"step": "nothing"})).status_code == 409
    assert (await client.get(f"/jobs/{job['id']}/again", params={"step": "<b>"})).status_code == 422
    once = {"once": re.findall(r'name="once" value="([^"]+)"', page)[0]}
    answer = await client.post(f"/jobs/{job['id']}/again", data={**once, "step": "picture"})
    assert answer.status_code == 303
    assert answer.headers["location"] != f"/jobs/{job['id']}"
    again = await client.post(f"/jobs/{job['id']}/again", data={**once, "step": "word"})
    assert (again.status_code, "being made right now" in again.text) == (409, True)
    await studio.finish(UUID(answer.headers["location"].removeprefix("/jobs/")))
    said_twice = await client.post(f"/jobs/{job['id']}/again", data={**once, "step": "picture"})
    assert said_twice.headers["location"] == answer.headers["location"] and await studio.count("jobs") == 2
    refused_before = await client.post(f"/jobs/{job['id']}/again", data={**once, "step": "word"})
    assert refused_before.status_code == 303 and await studio.count("jobs") == 3, "what was refused can be sent again"
