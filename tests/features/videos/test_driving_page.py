"""The page where films begin takes a clip to follow, and keeps it only once it was judged."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from overprint.core.files import FileKind, StoredFile
from overprint.features.videos.stages.motion import notes_of
from overprint.features.videos.steps import MotionOut
from overprint.main.making import working
from overprint.wiring import House
from tests.features.videos.test_storyboards import laid_out
from tests.support.database import TestDatabase
from tests.support.films import film as clip
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


async def followed(house: House, job_id: str) -> str:
    """The name of the clip that a job follows."""
    async with house.database.transaction(house.owner.team_id) as transaction:
        job = await house.jobs.get(transaction, UUID(job_id))
    return str(job["request"]["driving"]["name"])


def test_a_film_says_in_words_how_far_its_clip_could_be_followed() -> None:
    motion = MotionOut(StoredFile("key", "hash", 1, "application/json", FileKind.OTHER, "motion.json"), 2.0)
    assert notes_of(None) == notes_of(motion) == ()
    assert "could not be followed" in notes_of(replace(motion, seen_share=0.1))[0]
    assert "in part only" in notes_of(replace(motion, seen_share=0.5))[0]
    assert "Nothing moves in its clip" in notes_of(replace(motion, is_followed=False))[0]


async def test_a_clip_is_brought_and_followed_and_the_rest_of_the_form_stays(
    house: House, client: httpx.AsyncClient
) -> None:
    answer = await client.post("/make/film/price", data=ASKED, files={"clip_file": ("walk.mp4", clip())})
    assert answer.status_code == 200 and ">walk.mp4<" in answer.text and ASKED["premise"] in answer.text
    (driving,) = re.findall(r'name="driving" value="([^"]+)" checked', answer.text)
    assert re.search(r'value="picture" selected', answer.text)
    begun = await client.post("/videos", data={**ASKED, "driving": driving})
    video = (await client.get(f"/api{begun.headers['location']}")).json()
    assert await followed(house, video["job_id"]) == "walk.mp4" and video["brief"]["orientation"] == "picture"
    assert [move["zoom"] for move in video["brief"]["camera"]] == [0]
    documented = {"prompt": ASKED["premise"], "settings": {"duration": 5, "driving_id": driving}}
    prompted = await client.post("/api/jobs", json=documented)
    assert await followed(house, prompted.json()["id"]) == "walk.mp4"
    documented["settings"] = {"drivingId": "018f0000-0000-7000-8000-000000000000"}
    assert (await client.post("/api/jobs", json=documented)).status_code == 404


async def test_what_is_no_clip_is_refused_there_and_nothing_of_it_is_kept(client: httpx.AsyncClient) -> None:
    bad = {
        "no film that can be opened": b"\x00\x00\x00\x20ftypisom" + bytes(99),
        "longer than 600 seconds": clip(times=[0, 1, 25 * 36_000]),
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


async def test_a_film_that_is_there_is_given_another_clip_or_none_and_is_told_what_that_redoes(
    house: House, client: httpx.AsyncClient
) -> None:
    async with working(house):
        film = await laid_out(client)
    page, shown = f"{film.removeprefix('/api')}/storyboard", f"{film.removeprefix('/api')}/shown"

    async def saved(files: dict[str, Any] | None = None, **fields: str) -> tuple[str, list[str]]:
        """What the page says is followed then, and what a film would be made of."""
        answer = await client.post(shown, data=fields, files=files)
        assert answer.status_code == 303 and answer.headers["location"] == page, answer.text
        steps = (await client.get(f"{film}/quote")).json()["steps"]
        ticked = re.findall(
            r'name="driving" value="as it is" checked.*?data-name[^>]*>([^<]*)<', (await client.get(page)).text
        )
        return "".join(ticked), [step for step in steps if step == "motion"]

    assert await saved({"clip_file": ("walk.mp4", clip())}, driving="") == ("walk.mp4", ["motion"])
    assert await saved(driving="as it is", orientation="picture") == ("walk.mp4", ["motion"]), "it stays"
    assert await saved(grade="noir") == ("walk.mp4", ["motion"]), "another form says nothing of it"
    assert await saved(driving="", denoise="3", is_steadied="true") == ("", []), "it follows nothing any more"
    brief = (await client.get(film)).json()["brief"]
    assert [brief[name] for name in ("orientation", "grade", "denoise", "is_steadied")] == ["picture", "noir", 3, True]
    for field, value, said in (
        ("driving", "no id", "There is no such asset."),
        ("clip_file", b"%PDF-1.7", "This file is no film."),
        ("lut_file", b"%PDF-1.7", "This file is no .cube file."),
        ("denoise", "11", "denoise"),
    ):
        sent = {"data": {field: value}} if isinstance(value, str) else {"files": {field: ("a.bin", value)}}
        refused = await client.post(shown, **sent)
        assert refused.status_code in (404, 422) and said in refused.text and "Scene 1" in refused.text, field
