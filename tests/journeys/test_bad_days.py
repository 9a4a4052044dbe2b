"""Bad days: what a book depends on breaks while it is made. A clear error, nothing lost, and again completes it."""

import asyncio
import hashlib
import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from overprint.db.embedded import Lease, attach
from tests.journeys.conftest import Finished
from tests.support import s3
from tests.support.bad_days import BRIEF, assert_every_asset_has_its_bytes, ended, steps_of, working_impatiently
from tests.support.command_here import run_here
from tests.support.command_line import PREMISE, files_in, free_port, listen, run, start, told
from tests.support.database import TestDatabase
from tests.support.house import client_of, house_on

BOOK = ("make", "book", PREMISE, "--pages", "6", "--chapters", "2", "--json")
SMALL = (*BOOK, "--dpi", "72")
BOOKS = {f"{before}{book}" for before in ("", "signed/") for book in ("pdf", "epub", "fixed-layout")}
FILE_MAX_BYTES = 250_000  # a picture fits, a book does not


def s3_settings(origin: str) -> dict[str, str]:
    return {
        "OVERPRINT_STORAGE_KIND": "s3",
        "OVERPRINT_STORAGE_ENDPOINT": origin,
        "OVERPRINT_STORAGE_BUCKET": s3.BUCKET,
        "OVERPRINT_STORAGE_ACCESS_KEY": s3.ACCESS_KEY_ID,
        "OVERPRINT_STORAGE_SECRET_KEY": s3.SECRET_ACCESS_KEY,
    }


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator["Bucket"]:
    with ExitStack() as servers:
        yield Bucket(tmp_path / "s3", servers)


class Bucket:
    """An S3 server that can go away and come back at the same address."""

    def __init__(self, directory: Path, servers: ExitStack) -> None:
        self._directory = directory
        self._servers = servers
        self._server = ExitStack()
        self.origin = f"http://127.0.0.1:{free_port()}"

    def open(self) -> None:
        port = urlsplit(self.origin).port or 0
        self._server = self._servers.enter_context(ExitStack())
        self._server.enter_context(s3.s3_server(self._directory, port=port))

    def close(self) -> None:
        self._server.close()


async def test_storage_that_goes_away_fails_the_job_in_plain_words_and_loses_nothing(
    database_urls: TestDatabase, bucket: Bucket, tmp_path: Path
) -> None:
    bucket.open()
    settings = s3_settings(bucket.origin)
    async with house_on(database_urls, tmp_path / "data", works=False, **settings) as house, client_of(house) as client:
        async with working_impatiently(house):
            started = (await client.post("/api/books", json={**BRIEF, "picture_dpi": 100})).json()
            while await house.database.system.fetchval("SELECT count(*) FROM assets") == 0:
                await asyncio.sleep(0.01)
            bucket.close()
            job = await ended(client, started["job_id"])
            assert job["state"] == "failed"
            failed = [step for step in (await steps_of(house, job["id"])).values() if step["state"] == "failed"]
            assert failed
            assert all("object store" in step["error"] for step in failed), [step["error"] for step in failed]
            assert "object store" in job["error"]
            bucket.open()
            assert await assert_every_asset_has_its_bytes(house) >= 1
            again = (await client.post(f"/api/books/{started['book_id']}/make")).json()
            job_again = await ended(client, again["job_id"])
        assert job_again["state"] == "completed"
        before, after = await steps_of(house, job["id"]), await steps_of(house, job_again["id"])
        untouched = {key for key, step in before.items() if step["state"] == "completed"} - {"compose", *BOOKS}
        assert {"plan", "text/1", "scenes/1"} <= untouched
        assert {after[key]["state"] for key in untouched} == {"reused"}
        assert await assert_every_asset_has_its_bytes(house) >= 9


def test_a_full_disk_is_named_and_the_same_command_completes_when_there_is_room(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    full = run(*SMALL, "--out", str(out), "--data", str(data), file_max_bytes=FILE_MAX_BYTES)
    assert full.returncode == 1
    assert "disk is full" in told(full.stdout)[-1]["error"]
    assert "Traceback" not in full.stderr
    assert not [name for name in files_in(out) if name.endswith((".pdf", ".epub", ".part"))]
    assert all(len(content) < FILE_MAX_BYTES for content in files_in(data / "objects").values()), "one was cut"
    again = run_here(*SMALL, "--out", str(out), "--data", str(data))
    assert again.returncode == 0, again.stderr
    ran = {line["key"] for line in told(again.stdout) if line["type"] == "step.completed"}
    assert ran == BOOKS
    assert_whole(out)


def test_an_out_folder_that_takes_nothing_keeps_the_book_safe_for_another(finished: Finished, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    out = tmp_path / "book"
    refused = run_here(*finished.again, "--out", str(tmp_path / "file" / "book"))
    full = run(*finished.again, "--out", str(out), file_max_bytes=FILE_MAX_BYTES)
    assert (refused.returncode, "Choose another folder with --out" in refused.stderr) == (2, True)
    assert (full.returncode, "The work itself is safe" in full.stderr) == (3, True)
    assert "Traceback" not in refused.stderr + full.stderr
    assert all(len(content) < FILE_MAX_BYTES for content in files_in(out).values())
    assert run_here(*finished.again, "--out", str(out)).returncode == 0
    assert_whole(out)


def assert_whole(book: Path) -> None:
    """Every file of the recipe is there, as it was made, and nothing else."""
    written = files_in(book)
    recipe = json.loads(written.pop("recipe.json"))
    assert {name: hashlib.sha256(content).hexdigest() for name, content in written.items()} == {
        name: file["sha256"] for name, file in recipe["files"].items()
    }
    assert {"01-01.jpg", "02-03.jpg", "cover.jpg"} <= {Path(name).name for name in written}


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[Lease]:
    """A database that keeps what it committed, as people have it: the one of other tests may be killed, but forgets."""
    with attach(tmp_path / "data", grace_seconds=0.0) as held:
        yield held


@pytest.mark.parametrize("victim", ["server", "holder"])
def test_a_killed_database_does_not_stop_the_book(victim: str, durable: Lease, tmp_path: Path) -> None:
    process = start(*BOOK, "--dpi", "100", "--out", str(tmp_path / "book"), "--data", str(tmp_path / "data"))
    completed: list[str] = []
    for line in listen(process):
        if line["type"] == "step.completed":
            completed.append(line["key"])
        if len(completed) == 4:
            os.kill(durable.ready.server_pid if victim == "server" else durable.ready.holder_pid, signal.SIGKILL)
            break
    rest, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    completed += [line["key"] for line in told(rest) if line["type"] == "step.completed"]
    assert len(completed) == len(set(completed)), "a finished step ran again"
    assert_whole(tmp_path / "book")


def test_two_commands_for_the_same_book_at_once_make_it_once(data: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "one", tmp_path / "two"]
    pair = [start(*SMALL, "--out", str(out), "--data", str(data)) for out in outs]
    heard = [process.communicate(timeout=120) for process in pair]
    assert [process.returncode for process in pair] == [0, 0], heard
    assert files_in(outs[0]) == files_in(outs[1])
    steps = {line["key"] for said, _ in heard for line in told(said) if "key" in line}
    for said, _ in heard:
        completed = [line["key"] for line in told(said) if line["type"] == "step.completed"]
        assert len(completed) == len(set(completed))
        assert set(completed) == steps >= {"plan", "pdf", "epub"}
