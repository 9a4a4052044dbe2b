"""Films that travel, and files that lie."""

import asyncio
import hashlib
import io
import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from PIL import Image

from overprint.core.files import FileKind, FilmSize, StoredFile
from overprint.core.ids import new_id
from overprint.core.problems import LimitReached, Unavailable
from overprint.features.jobs import FilmHeader
from overprint.features.jobs.portable.opening import one_of_few
from overprint.features.library import Upload
from overprint.features.videos.portable.contents import refuse_large_own
from overprint.features.videos.portable.travelling import measures_of
from overprint.wiring import House
from tests.features.videos.test_pipeline import BOARD, BRIEF
from tests.support.film_server import film_of
from tests.support.house import client, house
from tests.support.zips import Members, members_of, zipped

__all__ = ["client", "house"]

SCRIPT = "A fox named Mira walks along the sea.\n\nShe finds a lamp."
LOOK = b"LUT_1D_SIZE 2\n0 0 0\n0.8 0.8 0.8\n"
TABLES = ("videos", "jobs", "assets", "step_edits", "audit_log", "video_boards")


def _picture(colour: tuple[int, int, int] = (200, 120, 60)) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (90, 70), colour).save(kept, "PNG")
    return kept.getvalue()


async def _ended(client: httpx.AsyncClient, job_id: str) -> dict[str, Any]:
    while True:
        job: dict[str, Any] = (await client.get(f"/api/jobs/{job_id}")).json()
        if job["ended_at"] is not None:
            return job
        await asyncio.sleep(0.05)


@pytest.fixture
async def film(client: httpx.AsyncClient) -> str:
    """The address of an animatic of two scenes: the first shows a person's own picture, the second is locked."""
    kept = [
        (await client.post("/api/assets", files={"file": file})).json()["id"]
        for file in (("mine.png", _picture()), ("dusk.cube", LOOK))
    ]
    asked = {"script": SCRIPT, "title": "The Lamp", "aspect": "1:1", "style": "flat", "fps": 24, "target": "animatic"}
    answer = await client.post("/api/videos", json={**asked, "picture_id": kept[0], "lut_id": kept[1]})
    assert (await _ended(client, answer.json()["job_id"]))["state"] == "completed"
    path = f"/api/videos/{answer.json()['video_id']}"
    locked = await client.patch(f"{path}/scenes/2", json={"is_locked": True})
    assert locked.status_code == 200, locked.text
    return path


@pytest.fixture
async def sent(client: httpx.AsyncClient, film: str) -> bytes:
    answer = await client.get(f"{film}/archive")
    assert answer.status_code == 200, answer.text
    return answer.content


async def _taken_in(client: httpx.AsyncClient, data: bytes, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post("/api/videos/import", files={"file": ("film.overprint", data)}, headers=headers)


async def _traces(house: House) -> dict[str, int]:
    async with house.database.transaction(house.owner.team_id) as transaction:
        return {table: await transaction.driver.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES}


async def test_a_film_comes_out_as_it_was_once_however_often_it_is_sent_and_travels_on(
    client: httpx.AsyncClient, film: str, sent: bytes
) -> None:
    files_before = (await client.get("/api/assets", params={"limit": 200})).json()["items"]
    taken = await _taken_in(client, sent, "once")
    assert taken.status_code == 202, taken.text
    assert (await _taken_in(client, sent, "once")).json() == taken.json()
    assert (await _ended(client, taken.json()["job_id"]))["state"] == "completed"
    steps = (await client.get(f"/api/jobs/{taken.json()['job_id']}")).json()["steps"]
    assert [step["key"] for step in steps if step["origin"] == "run"] == []
    there = f"/api/videos/{taken.json()['video_id']}"
    boards = [(await client.get(f"{path}/storyboard")).json() for path in (film, there)]
    assert [[card[part] for part in ("words", "is_locked", "seconds")] for card in boards[0]["cards"]] == [
        [card[part] for part in ("words", "is_locked", "seconds")] for card in boards[1]["cards"]
    ]
    assert (await client.get(f"{there}/quote", params={"target": "animatic"})).json()["steps"] == []
    assert (await client.get(f"{there}/archive")).content == sent
    changed = await client.patch(f"{there}/scenes/1", json={"words": "A fox sings."})
    assert changed.status_code == 200, changed.text
    assert (await client.get(f"{there}/quote", params={"target": "animatic"})).json()["steps"] == ["narrate/01"]
    files = (await client.get("/api/assets", params={"limit": 200})).json()["items"]
    own = [file["name"] for file in files if file["name"] in ("mine.png", "dusk.cube")]
    assert sorted(own) == ["dusk.cube", "mine.png"], "the team had these, and has them once"
    assert len(files) > len(files_before)


def _header(change: Callable[[Any], Any]) -> Callable[[Members], Members]:
    return lambda members: _changed(members, "overprint.json", change)


def _changed(members: Members, name: str, change: Callable[[Any], Any]) -> Members:
    said = json.loads(members[name])
    change(said)
    return {**members, name: json.dumps(said).encode()}


def _with_file(members: Members, step: str, kind: str, answer: Any, data: bytes) -> Members:
    """A step more, whose file has these bytes."""
    content_hash = hashlib.sha256(data).hexdigest()
    file = {"content_hash": content_hash, "key": f"files/{content_hash}", "size_bytes": len(data), **answer.pop("file")}
    about = {"kind": kind, "made_of": "ab" * 32}
    told = _changed(members, "overprint.json", lambda said: said["steps"].update({step: about}))
    return {**told, f"steps/{step}.json": json.dumps({"file": file, **answer}).encode(), f"files/{content_hash}": data}


def _clip(members: Members) -> Members:
    """It begins as a film does, and is none."""
    shown = {"media_type": "video/mp4", "kind": "video", "name": "scene 1.mp4", "width_px": 720, "height_px": 720}
    data = b"\0\0\0\x18ftypisom" + b"\0" * 400
    return _with_file(members, "clip/01", "videos.clip@1", {"file": {**shown, "duration_seconds": 5.0}}, data)


def _one_clip_of_two_lengths(members: Members) -> Members:
    """Two scenes show it, and only the second says well how long it lasts."""
    shown = {"media_type": "video/mp4", "kind": "video", "name": "scene.mp4", "width_px": 160, "height_px": 90}
    for step, seconds in (("clip/01", 300.0), ("clip/02", 1.0)):
        clip = {"file": {**shown, "duration_seconds": seconds}}
        members = _with_file(members, step, "videos.clip@1", clip, film_of(1))
    return members


def _motion(members: Members) -> Members:
    """Farther than any picture has room."""
    data = json.dumps({"seconds": 2.0, "loops": False, "x": [1e9, 1e9]}).encode()
    shown = {"media_type": "application/json", "kind": "other", "name": "motion.json", "duration_seconds": 2.0}
    return _with_file(members, "motion", "videos.motion@1", {"file": shown, "seconds": 2.0}, data)


def _own(name: str, data: bytes) -> Callable[[Members], Members]:
    """A file of a person's own with other bytes."""

    def swapped(members: Members) -> Members:
        header = json.loads(members["overprint.json"])
        before = header[name]["content_hash"]
        after = hashlib.sha256(data).hexdigest()
        text = members["overprint.json"].decode().replace(before, after)
        kept = {key: content for key, content in members.items() if key != f"files/{before}"}
        told = {**kept, "overprint.json": text.encode(), f"files/{after}": data}
        return _changed(told, "overprint.json", lambda said: _sized(said, after, len(data)))

    return swapped


def _sized(value: Any, content_hash: str, size_bytes: int) -> None:
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(item, dict) and item.get("content_hash") == content_hash:
            item["size_bytes"] = size_bytes
        _sized(item, content_hash, size_bytes)


def _spoken_for_ever(members: Members) -> Members:
    def change(said: Any) -> None:
        said["seconds"] = said["file"]["duration_seconds"] = 1e9

    return _changed(members, "steps/narrate/01.json", change)


LIES: dict[str, tuple[Callable[[Members], Members], str]] = {
    "a clip that is no film": (_clip, "damaged or incomplete"),
    "a clip of two lengths": (_one_clip_of_two_lengths, "what a clip is"),
    "a motion that goes too far": (_motion, "cannot be followed"),
    "a look that is no .cube": (_own("lut", b"LUT_1D_SIZE 2\n0 0 0\n"), "has 1 rows"),
    "a look that is a picture": (_own("lut", _picture((1, 2, 3))), "no .cube file"),
    "a picture that is a look": (_own("picture", LOOK + b"\n"), "of another kind"),
    "a picture that is a program": (_own("picture", b"MZ" + b"\0" * 200), "cannot be kept"),
    "words that last for ever": (_spoken_for_ever, "how long it lasts"),
    "a step of no scene": (
        _header(lambda said: said["steps"].update({"picture/09": said["steps"].pop("picture/01")})),
        "is missing, or not told of",
    ),
    "another kind": (_header(lambda said: said["steps"]["picture/01"].update(kind="videos.film@1")), "of a kind"),
    "what is not locked stands for good": (
        _header(lambda said: said["board"]["cards"][1].update(is_locked=False)),
        "can stand for good",
    ),
    "two scenes of one id": (_header(lambda said: said["board"]["cards"][1].update(id=1)), "stands on the storyboard"),
    "a film of no words": (_header(lambda said: said["board"]["cards"][0].update(words="…")), "words that can be read"),
    "a rate that no film has": (_header(lambda said: said["brief"].update(fps=29)), "frames a second"),
    "a target that nobody knows": (_header(lambda said: said.update(target="moon")), "should be one of"),
    "a file of somebody else": (
        _header(lambda said: said["lut"].update(key="teams/1/uploads/x")),
        "a file that is not in it",
    ),
    "a preview of somebody else": (
        _header(lambda said: said["picture"].update(thumbnail_key="teams/1/uploads/x")),
        "a file that is not in it",
    ),
    "a preview of somebody else on a card": (
        _header(lambda said: said["board"]["cards"][0]["picture"].update(thumbnail_key="teams/1/uploads/x")),
        "a file that is not in it",
    ),
    "a file that is no part": (lambda members: {**members, f"files/{hashlib.sha256(b'x').hexdigest()}": b"x"}, "part"),
    "a field that nobody knows": (_header(lambda said: said.update(source="a book of others")), "no field called"),
    "a newer format": (_header(lambda said: said.update(format=2)), "reads format 1"),
    "another product": (_header(lambda said: said.update(product="opera")), "does not know"),
}


async def test_what_no_film_could_have_is_refused_in_a_sentence_and_leaves_nothing(
    client: httpx.AsyncClient, house: House, sent: bytes
) -> None:
    before, members = await _traces(house), members_of(sent)
    told: dict[str, str] = {}
    for name, (lie, said) in LIES.items():
        answer = await _taken_in(client, zipped(lie(members)))
        if answer.status_code != 422 or said not in answer.text or len(answer.json()["detail"]) > 400:
            told[name] = answer.text
    for data in (b"", sent[:-40], sent[: len(sent) // 2]):
        assert "cut short" in (await _taken_in(client, data)).text
    assert told == {}
    assert "holds a film" in (await client.post("/api/books/import", files={"file": ("x", sent)})).text
    assert await _traces(house) == before


async def test_a_film_of_which_a_file_is_gone_says_so_before_anything_is_sent(
    client: httpx.AsyncClient, house: House, film: str
) -> None:
    for name, path, none in (("dusk.cube", film, "lut_id"), ("mine.png", f"{film}/scenes/1", "picture_id")):
        async with house.database.transaction(house.owner.team_id) as transaction:
            key = await transaction.driver.fetchval("SELECT storage_key FROM assets WHERE name = $1", name)
        await house.videos.library.storage.delete(key)
        answer = await client.get(f"{film}/archive")
        assert answer.status_code == 409
        assert "is gone from storage" in answer.text
        assert (await client.patch(path, json={none: None})).status_code == 200
        assert (await client.get(f"{film}/archive")).status_code == 200, "the advice of the refusal helps"


async def test_what_did_not_come_along_is_told_with_its_price_and_made_only_for_who_agrees(
    client: httpx.AsyncClient, house: House, sent: bytes
) -> None:
    before = await _traces(house)
    other_words = _header(lambda said: said["board"]["cards"][0].update(words="A fox sings."))
    lacking = zipped(other_words(members_of(sent)))
    whole, looked = [
        (await client.post("/api/videos/import/quote", files={"file": ("a.overprint", data)})).json()
        for data in (sent, lacking)
    ]
    assert (whole["missing"], whole["steps"], whole["quote_credits"]) == ({}, [], 0)
    assert (looked["missing"], looked["steps"]) == ({"voices": 1}, ["narrate/01"])
    assert (looked["brought"], looked["quote_credits"]) == ({"pictures": 2, "voices": 1}, 1)
    refused = await _taken_in(client, lacking)
    assert refused.status_code == 409 and "most_credits=1" in refused.json()["detail"]
    form = {"data": {"once": "1"}, "files": {"file": ("a.overprint", lacking)}}
    shown = await client.post("/videos/import", **form)
    assert shown.status_code == 200 and "would be made here" in shown.text
    assert 'name="home" value="/make/film"' in shown.text, "who chooses a language here finds a page there"
    assert await _traces(house) == before
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w*)">', shown.text))
    cheaper = await client.post("/videos/import", data={**fields, "most_credits": "0"})
    assert "would be made here" in cheaper.text
    agreed = await asyncio.gather(*(client.post("/videos/import", data=fields) for _ in range(2)))
    assert [answer.status_code for answer in agreed] == [303, 303]
    assert agreed[0].headers["location"] == agreed[1].headers["location"]
    late = await client.post("/videos/import", data={**fields, "waiting": "ab" * 32})
    assert late.status_code == 404 and "waited too long" in late.text


async def test_only_a_few_come_in_at_a_time_and_of_each_team_one(house: House) -> None:
    greedy, other, third = new_id(), new_id(), new_id()

    async def again() -> None:
        async with one_of_few(house.jobs, greedy, 0.01):
            pass

    async with one_of_few(house.jobs, greedy, 0.01):
        waits = asyncio.create_task(again())
        async with one_of_few(house.jobs, other, 0.01):
            with pytest.raises(Unavailable, match="taken in right now"):
                async with one_of_few(house.jobs, third, 0.01):
                    pass
        assert not waits.done()
    await waits


async def test_a_film_goes_out_and_in_over_the_pages(client: httpx.AsyncClient, film: str, sent: bytes) -> None:
    page = film.removeprefix("/api")
    assert f"{film}/archive" in (await client.get(page)).text
    assert "A film from another Overprint" in (await client.get("/make/film")).text
    form = {"files": {"file": ("film.overprint", sent)}, "data": {"once": "1"}}
    first, again = [await client.post("/videos/import", **form) for _ in range(2)]
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    assert (await client.get(first.headers["location"])).status_code == 200
    refused = await client.post("/videos/import", files={"file": ("film.overprint", b"no film")})
    assert refused.status_code == 422 and "cut short" in refused.text


def _driving(seconds: float, size_bytes: int = 1000) -> StoredFile:
    content_hash = "ab" * 32
    place = f"files/{content_hash}"
    return StoredFile(place, content_hash, size_bytes, "video/mp4", FileKind.VIDEO, "a.mp4", 720, 720, seconds)


def test_a_clip_that_is_followed_lasts_to_the_frame_as_long_as_it_did() -> None:
    found = FilmSize(720, 720, 12.542)
    upload = Upload(new_id(), "a.mp4", None, b"", 0, "video/mp4", FileKind.VIDEO, "ab" * 32, found)
    for said, lasts in ((301 / 24, 301 / 24), (60.0, 12.542)):
        assert measures_of(_driving(said), upload) == {"width_px": 720, "height_px": 720, "duration_seconds": lasts}


def test_what_no_upload_may_be_is_not_sent() -> None:
    asked = {"format": 1, "made_with": "Overprint", "title": "A", "brief": BRIEF, "board": BOARD, "target": "film"}
    refuse_large_own(FilmHeader(**asked, driving=_driving(5.0, 50_000_000)))
    with pytest.raises(LimitReached, match="larger than 50 MB"):
        refuse_large_own(FilmHeader(**asked, driving=_driving(5.0, 50_000_001)))
