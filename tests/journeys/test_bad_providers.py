"""A model on a bad day: it talks nonsense, is busy, breaks, locks us out. What it answered is never asked again."""

import dataclasses
import json
from pathlib import Path

import pytest

from overprint.core.codec import encode
from tests.support import stories
from tests.support.bad_days import BRIEF, asks, author, ended, good_answer, steps_of, working_impatiently
from tests.support.compute import RememberingCompute
from tests.support.database import TestDatabase
from tests.support.house import client_of, house_on
from tests.support.model_server import Drops, Fails, Refuses, Says, Sends

TOO_SHORT = json.dumps(encode(dataclasses.replace(stories.TEXT, pages=stories.TEXT.pages[:1])))
STRANGER = json.dumps(encode(stories.SCENES)).replace('"ada"', '"nobody"')
WRONG_SCHEMA = json.dumps({"chapters": "three", "title": 7})


async def test_a_model_with_every_bad_habit_still_gets_the_whole_book_written(
    database_urls: TestDatabase, tmp_path: Path
) -> None:
    async with author() as server:
        server.spoil("plan", Fails(500), Fails(503), Says(WRONG_SCHEMA))
        server.spoil("text/1", Says("Once upon a time …"), Drops())
        server.spoil("text/2", Says(TOO_SHORT), Fails(429, headers={"Retry-After": "1"}))
        server.spoil("scenes/1", Says(""), Sends(b"<html>Welcome to the hotel's network</html>", "text/html"))
        server.spoil("scenes/2", Says(STRANGER), Says(good_answer("scenes/2"), breaks_after=2))
        async with house_on(
            database_urls, tmp_path / "data", works=False, compute=RememberingCompute(), **asks(server)
        ) as house:
            async with client_of(house) as client, working_impatiently(house):
                started = (await client.post("/api/books", json=BRIEF)).json()
                job = await ended(client, started["job_id"])
                assert job["state"] == "completed", await steps_of(house, job["id"])
                book = (await client.get(f"/api/books/{started['book_id']}")).json()
                calls = {
                    row["key"]: (row["state"], row["calls"])
                    for row in await house.database.system.fetch("SELECT key, state, calls FROM step_calls")
                }
    assert len(book["files"]) == 10
    assert [len(chapter["pages"]) for chapter in book["chapters"]] == [3, 3]
    # A second turn that sets an answer right belongs to the same call.
    assert calls == {
        "plan": ("answered", 3),
        "text/1": ("answered", 2),
        "text/2": ("answered", 2),
        "scenes/1": ("answered", 2),
        "scenes/2": ("answered", 2),
    }
    assert dict(server.asked) == {"plan": 4, "text/1": 3, "text/2": 3, "scenes/1": 3, "scenes/2": 3}


NONSENSE = [Says("Once upon a time …")] * 6


async def test_a_chapter_that_cannot_be_written_fails_alone_and_is_all_that_is_asked_for_again(
    database_urls: TestDatabase, tmp_path: Path
) -> None:
    async with author() as server:
        server.spoil("text/2", *NONSENSE)
        async with house_on(
            database_urls, tmp_path / "data", works=False, compute=RememberingCompute(), **asks(server)
        ) as house:
            async with client_of(house) as client, working_impatiently(house):
                started = (await client.post("/api/books", json=BRIEF)).json()
                job = await ended(client, started["job_id"])
                book = (await client.get(f"/api/books/{started['book_id']}")).json()
                asked_before = dict(server.asked)
                again = (await client.post(f"/api/books/{started['book_id']}/make")).json()
                job_again = await ended(client, again["job_id"])
                whole = (await client.get(f"/api/books/{started['book_id']}")).json()
    assert job["state"] == "failed"
    assert {"pdf", "epub", "picture/1/1", "picture/cover"} <= {file["slot"] for file in book["files"]}
    assert asked_before == {"plan": 1, "text/1": 1, "scenes/1": 1, "text/2": len(NONSENSE)}
    assert job_again["state"] == "completed"
    assert dict(server.asked) == {**asked_before, "text/2": len(NONSENSE) + 1, "scenes/2": 1}
    assert len(whole["files"]) == 10


HOPELESS = {
    "nonsense": (NONSENSE, "in the wrong form"),
    "nothing": ([Says("")] * 6, "in the wrong form"),
    "too few pages": ([Says(TOO_SHORT)] * 6, "has 1 pages of text; its plan has 3"),
    "breakdowns": ([Fails(500)] * 3, "failed (500)"),
    "a refusal": ([Refuses()], "refused"),
}


@pytest.mark.parametrize(("habits", "said"), HOPELESS.values(), ids=HOPELESS.keys())
async def test_why_a_chapter_could_not_be_written_is_told_and_the_others_are_not_asked_for_again(
    database_urls: TestDatabase, tmp_path: Path, habits: list[Says | Fails | Refuses], said: str
) -> None:
    words = {"kind": "books.make@1", "request": {"brief": BRIEF, "target": "chapters"}}
    async with author() as server:
        server.spoil("text/2", *habits)
        async with house_on(
            database_urls, tmp_path / "data", works=False, compute=RememberingCompute(), **asks(server)
        ) as house:
            async with client_of(house) as client, working_impatiently(house):
                job = await ended(client, (await client.post("/api/jobs", json=words)).json()["id"])
                steps = await steps_of(house, job["id"])
                failed = await house.database.system.fetchrow("SELECT state FROM step_calls WHERE key = 'text/2'")
                asked_before = dict(server.asked)
                again = (await client.post(f"/api/books/{job['lineage']}/chapters")).json()
                job_again = await ended(client, again["job_id"])
    assert job["state"] == "failed"
    assert said in steps["text/2"]["error"]
    assert said in job["error"]
    assert failed["state"] == "failed"
    assert asked_before == {"plan": 1, "text/1": 1, "text/2": len(habits)}
    assert job_again["state"] == "completed"
    assert dict(server.asked) == {**asked_before, "text/2": len(habits) + 1}


async def test_a_wrong_key_is_named_and_the_right_one_finishes_the_book(
    database_urls: TestDatabase, tmp_path: Path
) -> None:
    async with author() as server:
        wrong = asks(server, OVERPRINT_TEXT_API_KEY="sk-wrong-0123456789")
        async with house_on(database_urls, tmp_path / "data", works=True, **wrong) as house, client_of(house) as client:
            started = (await client.post("/api/books", json=BRIEF)).json()
            job = await ended(client, started["job_id"])
        assert job["state"] == "failed"
        assert "does not accept our key" in job["error"]
        assert "sk-wrong" not in json.dumps(job)
        async with (
            house_on(database_urls, tmp_path / "data", works=True, **asks(server)) as house,
            client_of(house) as client,
        ):
            again = (await client.post(f"/api/books/{started['book_id']}/make")).json()
            assert (await ended(client, again["job_id"]))["state"] == "completed"
