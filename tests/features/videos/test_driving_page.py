"""The page where films begin takes a clip to follow, and keeps it only once it was judged."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from overprint.wiring import House
from tests.support.database import TestDatabase
from tests.support.films import film
from tests.support.house import client_of, house_on

ASKED = {"premise": "A fox looks for the moon", "seconds": "5", "orientation": "picture", "style": "flat"}


@pytest.fixture
async def house(database_urls: TestDatabase, tmp_path: Any) -> AsyncIterator[House]:
    async with house_on(database_urls, tmp_path / "data", works=False) as opened:
        yield opened


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(house) as opened:
        yield opened


async def test_a_clip_is_brought_and_followed_and_the_rest_of_the_form_stays(
    house: House, client: httpx.AsyncClient
) -> None:
    answer = await client.post("/make/film/price", data=ASKED, files={"clip_file": ("walk.mp4", film())})
    assert answer.status_code == 200 and ">walk.mp4<" in answer.text and ASKED["premise"] in answer.text
    (driving,) = re.findall(r'name="driving" value="([^"]+)" checked', answer.text)
    assert re.search(r'value="picture" selected', answer.text)
    begun = await client.post("/videos", data={**ASKED, "driving": driving})
    video = (await client.get(f"/api{begun.headers['location']}")).json()
    async with house.database.transaction(house.owner.team_id) as transaction:
        job = await house.jobs.get(transaction, UUID(video["job_id"]))
    assert job["request"]["driving"]["name"] == "walk.mp4" and video["brief"]["orientation"] == "picture"
    assert [move["zoom"] for move in video["brief"]["camera"]] == [0]


async def test_what_is_no_clip_is_refused_there_and_nothing_of_it_is_kept(client: httpx.AsyncClient) -> None:
    bad = {
        "no film that can be opened": b"\x00\x00\x00\x20ftypisom" + bytes(99),
        "longer than 600 seconds": film(times=[0, 1, 25 * 36_000]),
        "This file is empty": b"",
    }
    for said, data in bad.items():
        answer = await client.post("/make/film/price", data=ASKED, files={"clip_file": ("walk.mp4", data)})
        assert answer.status_code in (413, 422) and ASKED["premise"] in answer.text, said
        assert re.search("damaged|longer than 600|is empty", answer.text), said
    assert (await client.get("/api/assets")).json()["items"] == []
    paper = await client.post("/make/film/price", data=ASKED, files={"clip_file": ("walk.mp4", b"%PDF-1.7")})
    assert paper.status_code == 422 and "This file is no film" in paper.text
    gone = await client.post("/videos", data={**ASKED, "driving": "018f0000-0000-7000-8000-000000000000"})
    assert gone.status_code == 404
