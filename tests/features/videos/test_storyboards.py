"""A storyboard over the API: laid out, looked at and changed; each change says what it redoes, and redoes no more."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from overprint.core.codec import encode
from overprint.wiring import House
from tests.features.videos.test_pipeline import BOARD
from tests.support.database import TestDatabase
from tests.support.house import client_of, house_on

SCRIPT = """
Scene 1
A fox named Mira walks along the sea.

Scene 2
[She looks up.]
MIRA: Where is the moon?
"""
CARD = encode(BOARD.cards[0])
FILM = {"script": SCRIPT, "title": "The Moon", "aspect": "1:1", "style": "flat", "fps": 24}


@pytest.fixture
async def house(database_urls: TestDatabase, tmp_path: Any) -> AsyncIterator[House]:
    async with house_on(database_urls, tmp_path / "data") as opened:
        yield opened


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(house) as opened:
        yield opened


async def seen_through(client: httpx.AsyncClient, job_id: str) -> str:
    while True:
        job = (await client.get(f"/api/jobs/{job_id}")).json()
        if job["ended_at"] is not None:
            return str(job["state"])
        await asyncio.sleep(0.1)


async def laid_out(client: httpx.AsyncClient, **asked: Any) -> str:
    """The address of a film that has a storyboard."""
    answer = await client.post("/api/videos", json={**FILM, **asked}, headers={"Idempotency-Key": "once"})
    assert answer.status_code == 202, answer.text
    assert await seen_through(client, answer.json()["job_id"]) == "completed"
    return f"/api/videos/{answer.json()['video_id']}"


async def runs(client: httpx.AsyncClient, film: str) -> set[str]:
    """The steps that an animatic would run now."""
    return set((await client.get(f"{film}/quote", params={"target": "animatic"})).json()["steps"])


async def changed(client: httpx.AsyncClient, path: str, **changes: Any) -> dict[str, Any]:
    answer = await client.patch(path, json=changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_change_on_a_storyboard_redoes_what_depends_on_it_and_nothing_else(client: httpx.AsyncClient) -> None:
    film = await laid_out(client, target="animatic")
    board = (await client.get(f"{film}/storyboard")).json()
    assert [card["words"] for card in board["cards"]] == [
        "A fox named Mira walks along the sea.",
        "“Where is the moon?” asked Mira.",
    ]
    assert all(card["picture_url"] and card["narration_url"] for card in board["cards"])
    assert (await client.get(film)).json()["state"] == "planned"
    assert await runs(client, film) == set()
    await changed(client, f"{film}/scenes/2", words="“Where are you, moon?” asked Mira.")
    assert await runs(client, film) == {"narrate/02"}
    await changed(client, f"{film}/scenes/1", move={"zoom": 9}, seconds=7)
    await changed(client, f"{film}/storyboard", cards=[{"id": 2}, {"id": 1}])
    assert await runs(client, film) == {"narrate/02"}
    await changed(client, f"{film}/scenes/1", scene={"time": "night"})
    assert await runs(client, film) == {"narrate/02", "picture/01"}
    added = await changed(client, f"{film}/storyboard", cards=[{"id": 2}, {"words": "The end.", "like": 1}])
    assert [card["id"] for card in added["cards"]] == [2, 3]
    assert await runs(client, film) == {"narrate/02", "narrate/03", "picture/03"}


async def test_a_locked_scene_stays_whatever_is_changed_around_it(house: House, client: httpx.AsyncClient) -> None:
    film = await laid_out(client, target="animatic")
    await changed(client, f"{film}/scenes/1", is_locked=True)
    await changed(client, film, style="ink")
    assert await runs(client, film) == {"picture/02"}
    async with house.database.transaction(house.owner.team_id) as transaction:
        await house.jobs.drop_edit(transaction, house.owner, UUID(film.rpartition("/")[2]), "picture/01")
    assert await runs(client, film) == {"picture/02"}, "it will stand as soon as anything is made"
    refused = await client.patch(f"{film}/scenes/1", json={"words": "Another fox."})
    assert refused.status_code == 409 and "is locked" in refused.text
    assert (await client.patch(f"{film}/storyboard", json={"cards": [{"id": 2}]})).status_code == 409
    assert (await client.patch(film, json={"fps": 30})).status_code == 409
    await changed(client, f"{film}/scenes/1", is_locked=False)
    assert await runs(client, film) == {"picture/01", "picture/02"}


async def test_edits_are_told_before_refused_when_outdated_and_taken_back(client: httpx.AsyncClient) -> None:
    film = await laid_out(client)
    first = await client.get(f"{film}/storyboard")
    tag, cards = first.headers["etag"], {"cards": [{"id": 1, "words": "A fox sings."}]}
    told = (await client.post(f"{film}/storyboard/quote", json=cards)).json()
    assert [one["scene"] for one in told["scenes"]] == [1] and told["quote_credits"] > 0
    assert set(told["scenes"][0]["parts"]) == {"picture", "narration", "clip", "finish"}
    assert (await client.get(f"{film}/storyboard")).json() == first.json(), "asking changes nothing"
    await client.patch(f"{film}/storyboard", json=cards, headers={"If-Match": tag})
    late = await client.patch(f"{film}/storyboard", json={"title": "Late"}, headers={"If-Match": tag})
    assert late.status_code == 412
    versions = (await client.get(f"{film}/storyboard/versions")).json()
    assert [(one["scenes"], one["is_made"]) for one in versions] == [(1, False), (2, True)]
    assert "· 2 scenes" in (await client.get(f"{film.removeprefix('/api')}/storyboard")).text
    await changed(client, f"{film}/storyboard", cards=[{"id": 1}, *[{"words": "A fox sings.", "like": 1}] * 20])
    full = (await client.get(f"{film}/quote")).json()["quote_credits"]
    assert full > told["quote_credits"], "what a person wrote costs"
    back = await client.post(f"{film}/storyboard/versions", json={"version": versions[1]["version"]})
    assert back.json()["cards"] == first.json()["cards"]
    again = await client.post("/api/videos", json=FILM, headers={"Idempotency-Key": "once"})
    assert film.endswith(again.json()["video_id"])
    other = await client.post("/api/videos", json={**FILM, "fps": 30}, headers={"Idempotency-Key": "once"})
    assert other.status_code == 409


async def test_a_card_that_was_taken_away_never_gives_its_id_to_another(client: httpx.AsyncClient) -> None:
    film = await laid_out(client)
    first = (await client.get(f"{film}/storyboard")).json()

    async def ids(*cards: dict[str, Any]) -> list[int]:
        board = await changed(client, f"{film}/storyboard", cards=list(cards))
        return [card["id"] for card in board["cards"]]

    another = {"words": "The end."}
    assert await ids({"id": 1}) == [1]
    assert await ids({"id": 1}, another) == [1, 3]
    await client.post(f"{film}/storyboard/versions", json={"version": first["version"]})
    assert await ids({"id": 1}, {"id": 2}, another) == [1, 2, 4]


async def test_a_film_is_renamed_and_nothing_of_it_is_planned_or_made_anew(client: httpx.AsyncClient) -> None:
    film = await laid_out(client, target="animatic")
    renamed = await changed(client, film, title="Where the Moon Sleeps")
    assert (renamed["title"], renamed["state"]) == ("Where the Moon Sleeps", "planned")
    board = (await client.get(f"{film}/storyboard")).json()
    assert board["title"] == "Where the Moon Sleeps" and [card["id"] for card in board["cards"]] == [1, 2]
    assert await runs(client, film) == set()


async def test_a_job_that_is_run_again_makes_the_film_as_it_stands_and_leaves_locked_scenes(
    client: httpx.AsyncClient,
) -> None:
    film = await laid_out(client, target="animatic")
    job = f"/api/jobs/{(await client.get(film)).json()['job_id']}"
    await changed(client, f"{film}/scenes/1", is_locked=True)
    await changed(client, film, style="ink")
    assert (await client.get(f"{job}/forecast")).json()["will_run"] == ["picture/02"]
    locked = await client.post(f"{job}/rerun", params={"step": "picture/01"})
    assert locked.status_code == 409 and "somebody wrote" in locked.text
    before = {card["id"]: card["picture_url"] for card in (await client.get(f"{film}/storyboard")).json()["cards"]}
    again = (await client.post(f"{job}/rerun")).json()
    assert await seen_through(client, again["id"]) == "completed"
    after = {card["id"]: card["picture_url"] for card in (await client.get(f"{film}/storyboard")).json()["cards"]}
    assert _file(after[1]) == _file(before[1]) and _file(after[2]) != _file(before[2])
    assert await runs(client, film) == set()


def _file(url: str) -> str:
    return url.partition("?")[0]


async def test_a_key_begins_one_thing_and_another_thing_under_it_is_refused(client: httpx.AsyncClient) -> None:
    film = await laid_out(client)
    key = {"Idempotency-Key": "twice"}
    begun = await client.post(f"{film}/render", json={"target": "animatic"}, headers=key)
    again = await client.post(f"{film}/render", json={"target": "animatic"}, headers=key)
    assert (begun.status_code, begun.json()["job_id"]) == (202, again.json()["job_id"])
    for path, asked in ((f"{film}/render", {"target": "film"}), (f"{film}/scenes/1/redo", {})):
        other = await client.post(path, json=asked, headers=key)
        assert other.status_code == 409 and "idempotency key" in other.text
    first = await client.post(f"{film}/render", json={"target": "storyboard"}, headers={"Idempotency-Key": "once"})
    assert first.status_code == 409, "that key began the film"


async def test_a_program_begins_a_film_of_a_storyboard_and_a_picture_of_its_team(client: httpx.AsyncClient) -> None:
    film = await laid_out(client, target="animatic")
    job = (await client.get("/api/jobs")).json()["items"][0]
    mine = (await client.get(f"/api/jobs/{job['id']}/history")).json()
    files = [file for event in mine for file in event["data"].get("files", []) if file["kind"] == "image"]
    asset = (await client.get("/api/assets", params={"kind": "image"})).json()["items"][0]
    row = next(file for file in files if file["content_hash"] == asset["content_hash"])
    picture = {**row, "size_bytes": asset["size_bytes"], "name": asset["name"], "kind": "image"}
    board = {"title": "Brought", "cards": [{**CARD, "id": 7, "is_locked": True, "picture": picture}, {**CARD, "id": 9}]}
    asked = {"brief": {"premise": "A fox"}, "board": board, "target": "storyboard"}
    begun = await client.post("/api/jobs", json={"kind": "videos.make@1", "request": asked})
    assert begun.status_code == 202, begun.text
    assert await seen_through(client, begun.json()["id"]) == "completed"
    made = (await client.get(f"/api/videos/{begun.json()['lineage']}/storyboard")).json()
    assert [(card["id"], card["has_own_picture"], card["is_locked"]) for card in made["cards"]] == [
        (7, True, False),
        (9, False, False),
    ]
    assert made["title"] == "Brought" and film
    for wrong in (
        {**asked, "lut": picture},
        {**asked, "picture": {**picture, "key": picture["key"].replace("teams/", "teams/0")}},
        {**asked, "board": {**board, "cards": [board["cards"][1]] * 2}},
        {**asked, "board": {**board, "cards": [{**CARD, "scene": {**CARD["scene"], "actors": [{"who": "x"}]}}]}},
    ):
        refused = await client.post("/api/jobs", json={"kind": "videos.make@1", "request": wrong})
        assert refused.status_code == 422, refused.text


async def test_a_button_that_is_pressed_twice_begins_one_film(client: httpx.AsyncClient) -> None:
    form = {"premise": "A fox looks for the moon", "seconds": "5", "act": "board", "once": "page-1"}
    answers = await asyncio.gather(*(client.post("/videos", data=form) for _ in range(2)))
    other = await client.post("/videos", data={**form, "seconds": "6"})
    paths = [answer.headers["location"] for answer in (*answers, other)]
    assert paths[0] == paths[1] != paths[2]
    assert 'name="once"' in (await client.get("/make/film")).text
    job_id = str((await client.get(f"/api{paths[0]}")).json()["job_id"])
    assert await seen_through(client, job_id) == "completed"
    for path, pressed in (
        (f"{paths[0]}/render", {"act": "animatic", "once": "1"}),
        (f"{paths[0]}/storyboard/1", {"act": "redo", "seen": "2"}),
    ):
        again = await asyncio.gather(*(client.post(path, data=pressed) for _ in range(2)))
        assert [answer.status_code for answer in again] == [303, 303], "nobody is told that it is being made already"
        newest = str((await client.get(f"/api{paths[0]}")).json()["job_id"])
        await client.post(f"/api/jobs/{newest}/cancel")
        await seen_through(client, newest)


BAD = {
    "cards": [{"cards": []}, {"cards": [{"id": 1}, {"id": 1}]}, {"cards": [{"id": 9}]}, {"cards": [{"id": 1}] * 37}],
    "scenes": [{"words": "…"}, {"seconds": 181}, {"move": {"zoom": 11}}, {"scene": {"colour": 1}}, {"picture_id": "x"}],
}


async def test_what_cannot_stand_on_a_storyboard_is_refused_and_nothing_is_lost(client: httpx.AsyncClient) -> None:
    film = await laid_out(client)
    before = (await client.get(f"{film}/storyboard")).json()
    answers = [await client.patch(f"{film}/storyboard", json=bad) for bad in BAD["cards"]]
    answers += [await client.patch(f"{film}/scenes/1", json=bad) for bad in BAD["scenes"]]
    assert all(answer.status_code in (404, 422) for answer in answers), [answer.text for answer in answers]
    assert (await client.get(f"{film}/storyboard")).json() == before
    wordy = {"cards": [{"words": "word " * 75, "seconds": 1}] * 8}
    assert (await client.patch(f"{film}/storyboard", json=wordy)).status_code in (413, 422, 429), "200 s of words"
    long = {"premise": "A fox", "script": "A line that is said.\n\n" * 30, "definition": "2160p"}
    told = {"premise": "A fox", "script": "A line that is said.\n\n" * 30}
    page = (await client.get("/make/film", params=told)).text
    assert "A film of about 76 seconds" in page, "what is asked for is a script, whatever the length says"
    for asked in ({"premise": ""}, {"script": "[A door closes.]"}, {"script": "Words. " * 900}, {"fps": 29}, long):
        assert (await client.post("/api/videos", json=asked)).status_code in (413, 422), asked


async def test_a_picture_too_large_to_be_opened_is_refused_before_anything_is_paid(client: httpx.AsyncClient) -> None:
    kept = io.BytesIO()
    Image.new("1", (9000, 9000)).save(kept, "PNG")
    asset = (await client.post("/api/assets", files={"file": ("wall.png", kept.getvalue())})).json()
    answer = await client.post("/api/videos", json={**FILM, "picture_id": asset["id"]})
    assert (answer.status_code, answer.json()["title"]) == (422, "This picture has more than 64 million pixels.")
